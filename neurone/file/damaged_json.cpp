#include "neurone/file/damaged_json.h"

#include <string_view>

namespace neurone {

// https://json.nlohmann.me/home/exceptions: the numbers say what is wrong, the texts are for programmers. The one of
// a key that is not there has its name in quotes.
std::string damage_of(const nlohmann::json::exception& error) {
  constexpr int no_such_key = 403, number_too_large = 406, wrong_type = 302, no_member_of = 304;
  if (const auto* parsing = dynamic_cast<const nlohmann::json::parse_error*>(&error))
    return "no JSON from byte " + std::to_string(parsing->byte) + " on";
  if (error.id == no_such_key) {
    const std::string_view text = error.what();
    const std::size_t first = text.find('\''), last = text.rfind('\'');
    return std::string(text.substr(first, last + 1 - first)) + " is missing";
  }
  if (error.id == number_too_large) return "a number that is too large";
  if (error.id == wrong_type || error.id == no_member_of) return "a value of another type than it should have";
  return "a value that it should not have";
}

}  // namespace neurone
