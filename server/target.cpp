#include "server/target.h"

#include <charconv>

#include "server/message.h"

namespace neurone::server {
namespace {

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    constexpr std::size_t digits = 2;
    constexpr int hexadecimal = 16;
    const std::string_view number = text.substr(i + 1, digits);
    unsigned char value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value, hexadecimal);
    if (error != std::errc() || number.size() != digits || end != number.data() + digits)
      throw Refusal(400, "the address has a % without two hexadecimal digits behind it");
    plain += static_cast<char>(value);
    i += digits;
  }
  return plain;
}

}  // namespace

Target parse_target(std::string_view text) {
  if (!text.starts_with('/')) throw Refusal(400, "expected an address that begins with /");
  const std::size_t mark = text.find('?');
  Target target{.path = {}, .query = mark == std::string_view::npos ? std::string_view() : text.substr(mark + 1)};
  std::string_view path = text.substr(1, mark == std::string_view::npos ? mark : mark - 1);
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    target.path.push_back(decoded(path.substr(0, slash)));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return target;
}

std::optional<std::string> parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    const std::size_t equals = pair.find('=');
    if (pair.substr(0, equals) == name)
      return decoded(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    query = pair.size() == query.size() ? std::string_view() : query.substr(pair.size() + 1);
  }
  return {};
}

}  // namespace neurone::server
