// Reads JSON (RFC 8259) value by value where it stands: a text without escapes is a view of the body, a number is its
// digits. No tree is built. What the values mean is left to the caller.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

namespace neurone::server {

/// A member of an object, and who reads its value.
struct JsonMember {
  std::string_view name;
  std::function<void()> read;
};

class JsonScanner {
 public:
  /// Throws Refusal 400 where the body is not UTF-8; so do all others where it is no JSON.
  explicit JsonScanner(std::string_view body);

  /// The first letter of what comes next, behind white space; NUL at the end.
  char next();
  /// Takes this letter where it comes next.
  bool take(char letter);
  /// Takes this letter, or refuses.
  void expect(char letter, const char* what);

  /// A text in quotes, its escapes resolved; the view lives until the next text is read.
  std::string_view text();
  /// "-1.5e3", as it was written.
  std::string_view number();
  /// The same, where it has to be a double: nearer to 0 than any it is "0", beyond all it is refused.
  std::string_view finite_number();
  /// true, false or null.
  std::string_view word();
  /// An object. A member that is known and stands twice is refused; others are skipped.
  void object(std::initializer_list<JsonMember> known);
  /// Any value.
  void skip(int depth = 0);
  /// Refuses what stands behind the last value.
  void end();

  /// Where it stands, for coming back: a value may have to wait for what is said behind it.
  std::size_t place() const { return at_; }
  void go_to(std::size_t place) { at_ = place; }

 private:
  [[noreturn]] void refuse(const char* expected) const;
  std::string_view text_with_escapes(std::size_t begin);
  unsigned code_unit();
  bool takes_digits();

  std::string_view body_;
  std::size_t at_ = 0;
  bool has_exponent_ = false;  // the last number
  std::string resolved_;       // the last text that had escapes
};

}  // namespace neurone::server
