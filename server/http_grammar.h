// Words of HTTP's grammar: tokens and lists (RFC 9110, 5.6), the host and the port of an address (RFC 3986, 3.2).
// What they mean in a request is left to http_head.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace neurone::server {

/// Letters, digits and !#$%&'*+-.^_`|~, at least one.
bool is_token(std::string_view text);

/// Is the text this word, which is written in small letters?
bool is_word(std::string_view text, std::string_view lower);

/// Without the spaces and tabs around it.
std::string_view without_space(std::string_view text);

/// "a, b" cut at the mark, each part without the spaces around it; "" is one empty part.
std::vector<std::string_view> parts_of(std::string_view list, char mark);

/// "example.org:8080", "[::1]"
struct Authority {
  std::string host;                   ///< in small letters; an address of IPv6 stands in brackets
  std::optional<std::uint16_t> port;  ///< none where none is given
  bool operator==(const Authority&) const = default;
};

/// None where the text is no host with or without a port. The host may be empty.
std::optional<Authority> authority_of(std::string_view text);

}  // namespace neurone::server
