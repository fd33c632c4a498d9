#include "server/admission.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "server/http_grammar.h"

namespace neurone::server {
namespace {

constexpr std::string_view all_of_them = "*";

// "https://example.org:8443"
struct Origin {
  std::string scheme;
  Authority authority;
  bool operator==(const Origin&) const = default;
};

std::optional<std::uint16_t> default_port(std::string_view scheme) {
  constexpr std::uint16_t http = 80, https = 443;
  if (scheme == "http") return http;
  if (scheme == "https") return https;
  return {};
}

// None for "null", which pages without an origin send, and for what browsers do not send.
std::optional<Origin> origin_of(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return {};
  Origin origin{.scheme = std::string(text.substr(0, colon)), .authority = {}};
  std::ranges::transform(origin.scheme, origin.scheme.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  std::optional<Authority> authority = authority_of(text.substr(colon + 3));
  if (!is_token(origin.scheme) || !authority || authority->host.empty()) return {};
  origin.authority = *std::move(authority);
  if (!origin.authority.port) origin.authority.port = default_port(origin.scheme);
  return origin;
}

// The page came from the host that it asks, perhaps through a proxy that speaks https.
bool is_same(const Origin& origin, std::string_view host) {
  if (!default_port(origin.scheme)) return false;
  std::optional<Authority> asked = authority_of(host);
  if (asked && !asked->port) asked->port = default_port(origin.scheme);
  return asked == origin.authority;
}

// localhost and what is below it, 127.0.0.0/8, ::1
bool is_this_machine(std::string_view host) {
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  if (host.starts_with('[')) {
    in6_addr address{};
    if (inet_pton(AF_INET6, std::string(host.substr(1, host.size() - 2)).c_str(), &address) != 1) return false;
    constexpr int first = 12;  // byte of an address of IPv4 that is written as one of IPv6
    return IN6_IS_ADDR_LOOPBACK(&address) || (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[first] == 127);
  }
  in_addr address{};
  constexpr unsigned first_byte = 24;
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 &&
         ntohl(address.s_addr) >> first_byte == IN_LOOPBACKNET;
}

// A name without a dot, "models": nobody outside can own one, since the root of DNS gives none an address, so that no
// page comes from it. In a network of one's own, of containers say, machines are called so.
bool is_undotted_name(std::string_view host) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto fits = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !host.empty() && is_letter(host.front()) && std::ranges::all_of(host, fits);
}

}  // namespace

AdmissionOptions checked(AdmissionOptions options) {
  for (const std::string& host : options.hosts) {
    const std::optional<Authority> authority = authority_of(host);
    const bool is_name = authority && !authority->port && !host.empty() && !host.ends_with(':');
    if (host != all_of_them && (!is_name || host.find('*') != std::string::npos || host.starts_with('.')))
      throw UsageError(
          fmt::format("--allow-host: expected a name as in example.org, without a port, or *, found '{}'", host));
  }
  for (const std::string& origin : options.origins)
    if (origin != all_of_them && (!origin_of(origin) || origin.find('*') != std::string::npos))
      throw UsageError(
          fmt::format("--allow-origin: expected an origin as in https://example.org or "
                      "http://localhost:3000, without a path, or *, found '{}'",
                      origin));
  return options;
}

Admission::Admission(AdmissionOptions options, std::string_view address, bool this_machine_alone)
    : options_(checked(std::move(options))),
      address_(address),
      any_host_(std::ranges::find(options_.hosts, all_of_them) != options_.hosts.end() ||
                (options_.hosts.empty() && !this_machine_alone)) {}

bool Admission::answers_as(std::string_view text) const {
  if (any_host_) return true;
  const std::optional<Authority> asked = authority_of(text);
  if (!asked) return false;
  std::string_view host = asked->host;
  if (host.ends_with('.')) host.remove_suffix(1);  // "localhost." is the same name, said in full
  const auto is_named = [&](const std::string& name) {
    const std::optional<Authority> known = authority_of(name);
    return known && known->host == host;
  };
  return is_this_machine(host) || is_undotted_name(host) || is_named(address_) || is_named('[' + address_ + ']') ||
         std::ranges::any_of(options_.hosts, is_named);
}

bool Admission::allows(std::string_view text) const {
  const std::optional<Origin> origin = origin_of(text);
  return std::ranges::any_of(options_.origins, [&](const std::string& each) {
    return each == all_of_them || (origin && origin_of(each) == origin);
  });
}

std::optional<Response> Admission::refusal_of(const Request& head) const {
  if (head.host && !answers_as(*head.host)) {
    const std::string name = authority_of(*head.host).value_or(Authority{}).host;
    return error_response(421,
                          fmt::format("'{0}' is not this machine: --allow-host {0} lets requests for it in", name));
  }
  if (!head.origin || allows(*head.origin)) return {};
  const bool changes_nothing =
      head.method == "GET" || head.method == "HEAD" || (head.method == "OPTIONS" && head.wanted_method.empty());
  const std::optional<Origin> origin = origin_of(*head.origin);
  if (changes_nothing || (origin && head.host && is_same(*origin, *head.host))) return {};
  return error_response(
      403, fmt::format("a page of {0} may not ask this server: --allow-origin {0} lets it", *head.origin));
}

std::string Admission::fields_for(const Request& request) const {
  if (options_.origins.empty()) return {};
  const bool for_all = std::ranges::find(options_.origins, all_of_them) != options_.origins.end();
  std::string fields = for_all ? "" : "Vary: Origin\r\n";
  if (!request.origin || !allows(*request.origin)) return fields;
  fields += fmt::format("Access-Control-Allow-Origin: {}\r\n", for_all ? all_of_them : *request.origin);
  fields += request.method == "OPTIONS" && !request.wanted_method.empty()
                ? "Access-Control-Allow-Methods: GET, HEAD, POST\r\n"
                  "Access-Control-Allow-Headers: Authorization, Content-Type, Inference-Header-Content-Length\r\n"
                  "Access-Control-Max-Age: 600\r\n"
                : "Access-Control-Expose-Headers: Inference-Header-Content-Length, Retry-After\r\n";
  return fields;
}

}  // namespace neurone::server
