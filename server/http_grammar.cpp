#include "server/http_grammar.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace neurone::server {
namespace {

char small_letter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_letter_or_digit(char c) {
  return (small_letter(c) >= 'a' && small_letter(c) <= 'z') || (c >= '0' && c <= '9');
}

// *( unreserved / pct-encoded / sub-delims ): a name, or four numbers with points between them.
bool is_host_name(std::string_view text) {
  constexpr std::string_view others = "-._~!$&'()*+,;=", hexadecimal = "0123456789abcdefABCDEF";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || text.substr(i + 1, 2).find_first_not_of(hexadecimal) != std::string_view::npos)
        return false;
      i += 2;
    } else if (!is_letter_or_digit(text[i]) && others.find(text[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool is_ipv6(std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET6, std::string(text).c_str(), bytes.data()) == 1;
}

}  // namespace

bool is_token(std::string_view text) {
  static constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
  });
}

bool is_word(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) { return small_letter(a) == b; });
}

std::string_view without_space(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> parts_of(std::string_view list, char mark) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at != std::string_view::npos;) {
    at = list.find(mark);
    parts.push_back(without_space(list.substr(0, at)));
    if (at != std::string_view::npos) list.remove_prefix(at + 1);
  }
  return parts;
}

std::optional<Authority> authority_of(std::string_view text) {
  const bool in_brackets = text.starts_with('[');
  const std::size_t bracket = text.find(']');
  if (in_brackets && (bracket == std::string_view::npos || !is_ipv6(text.substr(1, bracket - 1)))) return {};
  const std::size_t colon = text.find(':', in_brackets ? bracket : 0);
  const std::string_view host = text.substr(0, colon);
  if (in_brackets ? host.size() != bracket + 1 : !is_host_name(host)) return {};
  Authority authority{.host = std::string(host), .port = {}};
  std::ranges::transform(authority.host, authority.host.begin(), small_letter);
  if (colon == std::string_view::npos || colon + 1 == text.size()) return authority;  // "host:" has no port either
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size()) return {};
  authority.port = port;
  return authority;
}

}  // namespace neurone::server
