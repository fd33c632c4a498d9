#include "server/http_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "server/http_grammar.h"

namespace neurone::server {
namespace {

struct KnownField {
  std::string_view name;
  std::optional<std::string> Fields::* value;
  bool is_list = false;  ///< several lines are one list; of others there is one at most
};

constexpr std::array<KnownField, 12> known_fields{{{"host", &Fields::host},
                                                   {"content-length", &Fields::content_length},
                                                   {"transfer-encoding", &Fields::transfer_encoding, true},
                                                   {"connection", &Fields::connection, true},
                                                   {"expect", &Fields::expect, true},
                                                   {"content-type", &Fields::content_type},
                                                   {"content-encoding", &Fields::content_encoding, true},
                                                   {"accept", &Fields::accept, true},
                                                   {"authorization", &Fields::authorization},
                                                   {"inference-header-content-length", &Fields::json_size},
                                                   {"origin", &Fields::origin},
                                                   {"access-control-request-method", &Fields::wanted_method}}};

const KnownField* known_field(std::string_view name) {
  const auto* const found =
      std::ranges::find_if(known_fields, [name](const KnownField& each) { return is_word(name, each.name); });
  return found == known_fields.end() ? nullptr : found;
}

// field-line = field-name ":" OWS field-value OWS, on one line
std::pair<std::string_view, std::string_view> name_and_value(std::string_view line) {
  if (line.starts_with(' ') || line.starts_with('\t'))
    throw Refusal(400, "a field goes on over several lines, which HTTP has given up");
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (colon == std::string_view::npos || !is_token(name))
    throw Refusal(400, "expected a field as in 'Name: value', without a space before the colon");
  return {name, without_space(line.substr(colon + 1))};
}

// Characters of RFC 3986; all others stand in an address as %XX.
bool is_address_character(char c) {
  constexpr std::string_view others = "-._~!$&'()*+,;=:@/?%";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

std::uint64_t body_size_of(std::string_view digits) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (error != std::errc() || end != digits.data() + digits.size())
    throw Refusal(400, fmt::format("Content-Length: expected one whole number, found '{}'", digits));
  return size;
}

}  // namespace

// --- the request line --------------------------------------------------------------------------------------------

void HttpHead::take_request_line(std::string_view line) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    throw Refusal(400, "not HTTP: expected a line as in 'GET /models HTTP/1.1'");
  const std::string_view method = line.substr(0, first), target = line.substr(first + 1, last - first - 1),
                         version = line.substr(last + 1);
  constexpr std::string_view form = "HTTP/1.1";
  constexpr std::size_t major = 5, minor = 7;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() != form.size() || !version.starts_with("HTTP/") || version[major + 1] != '.' ||
      !is_digit(version[major]) || !is_digit(version[minor]))
    throw Refusal(400, "not HTTP: expected a line that ends with HTTP/1.1");
  if (!is_token(method)) throw Refusal(400, "not HTTP: the method is no word");
  method_ = method;
  if (version[major] != '1') throw Refusal(505, "expected HTTP/1.1 or HTTP/1.0");
  is_1_0_ = version[minor] == '0';
  take_target(target);
}

void HttpHead::take_target(std::string_view text) {
  if (method_ == "CONNECT") throw Refusal(501, "CONNECT: the server is no proxy");
  if (method_ == "OPTIONS" && text == "*") {
    target_ = text;
    return;
  }
  if (!text.starts_with('/')) {  // http://host:port/path
    const std::size_t colon = text.find(':');
    const std::string_view scheme = text.substr(0, colon);
    if (colon == std::string_view::npos || (!is_word(scheme, "http") && !is_word(scheme, "https")) ||
        !text.substr(colon).starts_with("://"))
      throw Refusal(400, "expected an address that begins with / or http://");
    text.remove_prefix(colon + 3);
    const std::size_t end = std::min(text.find_first_of("/?"), text.size());
    authority_ = text.substr(0, end);
    if (authority_->empty()) throw Refusal(400, "the address has no host");
    text.remove_prefix(end);
    if (!text.starts_with('/')) target_ = "/";
  }
  if (!std::ranges::all_of(text, is_address_character))
    throw Refusal(400, "the address has a character that has to be written as %XX");
  target_ += text;
}

// --- the fields --------------------------------------------------------------------------------------------------

void HttpHead::take_field(std::string_view line) {
  const auto [name, value] = name_and_value(line);
  const KnownField* const known = known_field(name);
  if (known == nullptr) return;
  std::optional<std::string>& field = fields_.*(known->value);
  if (!field)
    field = value;
  else if (known->is_list)
    *field += fmt::format(", {}", value);
  else
    throw Refusal(400, fmt::format("the field {} stands twice", name));
}

void HttpHead::check_trailer(std::string_view line) {
  const std::string_view name = name_and_value(line).first;
  if (known_field(name) != nullptr)
    throw Refusal(400, fmt::format("the field {} stands behind the body, expected before it", name));
}

void HttpHead::finish() {
  check_host();
  check_framing();
  std::vector<std::string_view> connection;
  if (fields_.connection) connection = parts_of(*fields_.connection, ',');
  const auto says = [&](std::string_view word) {
    return std::ranges::any_of(connection, [word](std::string_view each) { return is_word(each, word); });
  };
  keeps_alive_ = !says("close") && (!is_1_0_ || says("keep-alive"));
  check_expectations();
}

void HttpHead::check_host() {
  if (!fields_.host && !is_1_0_) throw Refusal(400, "the field Host is missing");
  for (const std::optional<std::string>* each : {&std::as_const(fields_.host), &std::as_const(authority_)})
    if (*each && !authority_of(**each)) throw Refusal(400, fmt::format("'{}' is no host", **each));
  if (authority_) fields_.host = *authority_;  // RFC 9112, 3.2.2: of the two, the address says who is asked
}

// RFC 9112, 6.3. Where two readers might see the end of the body in two places, nobody's reading is taken.
void HttpHead::check_framing() {
  if (fields_.content_length && fields_.transfer_encoding)
    throw Refusal(400, "Content-Length and Transfer-Encoding in one request");
  if (fields_.content_length) body_size_ = body_size_of(*fields_.content_length);
  if (!fields_.transfer_encoding) return;
  if (is_1_0_) throw Refusal(400, "Transfer-Encoding in HTTP/1.0, which has none");
  const std::vector<std::string_view> codings = parts_of(*fields_.transfer_encoding, ',');
  if (codings.size() == 1 && is_word(codings.front(), "chunked")) return;
  for (const std::string_view coding : codings) {
    const std::string_view name = without_space(coding.substr(0, coding.find(';')));
    if (!is_token(name)) throw Refusal(400, "Transfer-Encoding: expected chunked");
    if (!is_word(name, "chunked"))
      throw Refusal(501, fmt::format("Transfer-Encoding: expected chunked alone, found '{}'", name));
  }
  throw Refusal(400, "Transfer-Encoding: expected chunked once, without parameters");
}

void HttpHead::check_expectations() {
  if (fields_.expect && !is_1_0_) {  // which does not know the field
    for (const std::string_view each : parts_of(*fields_.expect, ','))
      if (!is_word(each, "100-continue")) throw Refusal(417, "Expect: the server knows 100-continue alone");
    expects_continue_ = true;
  }
  if (!fields_.content_encoding) return;
  for (const std::string_view each : parts_of(*fields_.content_encoding, ','))
    if (!is_word(each, "identity")) throw Refusal(415, "Content-Encoding: the server reads bodies as they are");
}

Request HttpHead::request() const {
  const auto view = [](const std::optional<std::string>& field) {
    return field ? std::string_view(*field) : std::string_view();
  };
  Request request{.method = method_,
                  .target = target_,
                  .content_type = view(fields_.content_type),
                  .accept = view(fields_.accept),
                  .authorization = view(fields_.authorization),
                  .wanted_method = view(fields_.wanted_method)};
  if (fields_.json_size) request.json_size = *fields_.json_size;
  if (fields_.host) request.host = *fields_.host;
  if (fields_.origin) request.origin = *fields_.origin;
  return request;
}

}  // namespace neurone::server
