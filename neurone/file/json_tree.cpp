// The text is read by nlohmann's events, and its numbers are written by its rule: the shortest digits that give the
// same number.
#include "neurone/file/json_tree.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "neurone/core/error.h"
#include "neurone/data/cells.h"
#include "neurone/file/safetensors_header.h"

namespace neurone {
namespace {

constexpr std::size_t most_levels = 100;

void dump_text(const std::string& text, std::string& out) {
  if (!is_utf8(text)) throw Error(quoted_name(text) + " is not UTF-8");
  constexpr std::string_view signs = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
  constexpr unsigned char first_printable = 0x20;
  out += '"';
  for (const char c : text) {
    if (const std::size_t sign = signs.find(c); sign != std::string_view::npos) {
      out += '\\';
      out += letters[sign];
    } else if (static_cast<unsigned char>(c) < first_printable) {
      out += "\\u00";
      out += c < 0x10 ? '0' : '1';
      out += "0123456789abcdef"[c & 0xF];
    } else {
      out += c;
    }
  }
  out += '"';
}

void dump_number(double number, std::string& out) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 64> digits{};
  char* const end = nlohmann::detail::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end);
}

void check_names(const JsonTree::Members& members, const std::string& what) {
  std::vector<std::string_view> names(members.size());
  std::ranges::transform(members, names.begin(), [](const auto& each) { return std::string_view(each.first); });
  std::ranges::sort(names);
  if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
    throw Error(what + ": " + quoted_name(*twice) + " comes twice");
}

// Takes the JSON event by event. `open_` are the lists and objects around the place.
class TreeReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit TreeReader(const std::string& what) : what_(what) {}
  JsonTree take() { return std::move(root_); }

  bool null() override { return put({}); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) override { return put(std::uint64_t{value}); }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return put({}); }
  bool start_object(std::size_t) override { return open({JsonTree::Members(), {}}); }
  bool start_array(std::size_t) override { return open({JsonTree::List(), {}}); }
  bool key(string_t& name) override {
    open_.back().name = std::move(name);
    return true;
  }
  bool end_object() override {
    check_names(*open_.back().tree.members(), what_);
    return close();
  }
  bool end_array() override { return close(); }

  bool parse_error(std::size_t characters, const std::string&, const nlohmann::json::exception& error) override {
    if (dynamic_cast<const nlohmann::json::out_of_range*>(&error) != nullptr)
      throw Error(what_ + " holds a number that is too large");
    throw Error(what_ + " is no JSON from byte " + std::to_string(characters) + " on");
  }

 private:
  struct Open {
    JsonTree tree;
    std::string name;  // of the member that comes next
  };

  bool open(Open opened) {
    if (open_.size() == most_levels) throw Error(what_ + " is JSON of too many levels");
    open_.push_back(std::move(opened));
    return true;
  }
  bool close() {
    JsonTree closed = std::move(open_.back().tree);
    open_.pop_back();
    return put(std::move(closed));
  }
  bool put(JsonTree value) {
    if (open_.empty())
      root_ = std::move(value);
    else if (open_.back().tree.list() != nullptr)
      open_.back().tree.append(std::move(value));
    else
      open_.back().tree.add(std::move(open_.back().name), std::move(value));
    return true;
  }

  const std::string& what_;
  JsonTree root_;
  std::vector<Open> open_;
};

}  // namespace

double JsonTree::number() const {
  if (const std::uint64_t* whole = count()) return static_cast<double>(*whole);
  return std::get<double>(value_);
}

const JsonTree* JsonTree::find(std::string_view name) const {
  const Members* all = members();
  if (all == nullptr) return nullptr;
  const auto found = std::ranges::find(*all, name, &Members::value_type::first);
  return found == all->end() ? nullptr : &found->second;
}

JsonTree& JsonTree::add(std::string name, JsonTree value) {
  if (is_null()) value_ = Members();
  std::get<Members>(value_).emplace_back(std::move(name), std::move(value));
  return *this;
}

JsonTree& JsonTree::append(JsonTree value) {
  if (is_null()) value_ = List();
  std::get<List>(value_).push_back(std::move(value));
  return *this;
}

void JsonTree::dump_to(std::string& out) const {
  if (is_null()) out += "null";
  if (const bool* is_true = truth()) out += *is_true ? "true" : "false";
  if (const double* number = std::get_if<double>(&value_)) dump_number(*number, out);
  if (const std::uint64_t* whole = count()) out += std::to_string(*whole);
  if (text() != nullptr) dump_text(*text(), out);
  if (list() != nullptr) {
    out += '[';
    for (const JsonTree& each : *list()) {
      if (&each != list()->data()) out += ',';
      each.dump_to(out);
    }
    out += ']';
  }
  if (members() != nullptr) {
    out += '{';
    for (const auto& each : *members()) {
      if (&each != members()->data()) out += ',';
      dump_text(each.first, out);
      out += ':';
      each.second.dump_to(out);
    }
    out += '}';
  }
}

std::string JsonTree::dump() const {
  std::string out;
  dump_to(out);
  return out;
}

JsonTree parse_json_tree(std::string_view text, const std::string& what) {
  TreeReader reader(what);
  nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
  return reader.take();
}

}  // namespace neurone
