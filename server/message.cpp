#include "server/message.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace neurone::server {

Response error_response(unsigned status, std::string_view message) {
  constexpr std::size_t most = 1000;
  std::string text(message.substr(0, most));
  if (message.size() > most) text += "…";
  // bytes that are no UTF-8, a letter cut in two among them, become U+FFFD
  const std::string quoted =
      nlohmann::json(std::move(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  Response response{.status = status, .body = "{\"error\":" + quoted + "}\n"};
  constexpr unsigned too_many = 429, unavailable = 503;
  if (status == too_many || status == unavailable) response.headers.emplace_back("Retry-After", "1");
  return response;
}

std::string_view reason_of(unsigned status) {
  constexpr std::array<std::pair<unsigned, std::string_view>, 22> reasons{{{200, "OK"},
                                                                           {204, "No Content"},
                                                                           {400, "Bad Request"},
                                                                           {401, "Unauthorized"},
                                                                           {403, "Forbidden"},
                                                                           {404, "Not Found"},
                                                                           {405, "Method Not Allowed"},
                                                                           {406, "Not Acceptable"},
                                                                           {408, "Request Timeout"},
                                                                           {411, "Length Required"},
                                                                           {413, "Content Too Large"},
                                                                           {414, "URI Too Long"},
                                                                           {415, "Unsupported Media Type"},
                                                                           {417, "Expectation Failed"},
                                                                           {421, "Misdirected Request"},
                                                                           {422, "Unprocessable Content"},
                                                                           {429, "Too Many Requests"},
                                                                           {431, "Request Header Fields Too Large"},
                                                                           {500, "Internal Server Error"},
                                                                           {501, "Not Implemented"},
                                                                           {503, "Service Unavailable"},
                                                                           {505, "HTTP Version Not Supported"}}};
  const auto* const found = std::ranges::find(reasons, status, [](const auto& each) { return each.first; });
  return found == reasons.end() ? "Unknown" : found->second;
}

}  // namespace neurone::server
