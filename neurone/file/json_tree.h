// JSON as a value, read, changed and written. Nothing is allocated where a tree is taken apart, so that a program
// that is out of memory gets as far as its message; nlohmann's, which reads the text here, allocates there. What a
// tree should hold is left to json_members.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace neurone {

class JsonTree {
 public:
  using List = std::vector<JsonTree>;
  using Members = std::vector<std::pair<std::string, JsonTree>>;  // in their order, each name once

  JsonTree() = default;  ///< null
  JsonTree(bool truth) : value_(truth) {}
  JsonTree(double number) : value_(number) {}
  JsonTree(std::uint64_t number) : value_(number) {}
  JsonTree(std::string text) : value_(std::move(text)) {}
  JsonTree(std::string_view text) : value_(std::string(text)) {}
  JsonTree(const char* text) : value_(std::string(text)) {}
  JsonTree(List list) : value_(std::move(list)) {}
  JsonTree(Members members) : value_(std::move(members)) {}
  template <class T> explicit JsonTree(const std::vector<T>& each) : value_(List(each.begin(), each.end())) {}

  // Only moved: a tree is large.
  JsonTree(JsonTree&&) = default;
  JsonTree& operator=(JsonTree&&) = default;
  JsonTree(const JsonTree&) = delete;
  JsonTree& operator=(const JsonTree&) = delete;
  ~JsonTree() = default;

  bool is_null() const { return holds<std::monostate>(); }
  const bool* truth() const { return std::get_if<bool>(&value_); }
  const std::string* text() const { return std::get_if<std::string>(&value_); }
  const List* list() const { return std::get_if<List>(&value_); }
  const Members* members() const { return std::get_if<Members>(&value_); }
  /// A whole number from 0 on, below 2⁶⁴.
  const std::uint64_t* count() const { return std::get_if<std::uint64_t>(&value_); }
  bool is_number() const { return holds<double>() || holds<std::uint64_t>(); }
  /// Of a number.
  double number() const;

  /// A member of an object; null where it has none of that name, or is no object.
  const JsonTree* find(std::string_view name) const;
  /// Adds to an object or a list; null becomes one. The name is new.
  JsonTree& add(std::string name, JsonTree value);
  JsonTree& append(JsonTree value);

  /// On one line; a number that is not finite is null. Throws Error for what is not UTF-8.
  std::string dump() const;

 private:
  template <class T> bool holds() const { return std::holds_alternative<T>(value_); }
  void dump_to(std::string& out) const;

  std::variant<std::monostate, bool, double, std::uint64_t, std::string, List, Members> value_;
};

/// Throws Error for a text that is no JSON, or of more than 100 levels, or in which a name comes twice:
/// "the description is no JSON from byte 17 on".
JsonTree parse_json_tree(std::string_view text, const std::string& what);

}  // namespace neurone
