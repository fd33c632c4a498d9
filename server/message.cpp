#include "server/message.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace neurone::server {

nlohmann::json parse_json(std::string_view text) {
  constexpr int deepest = 12;
  const auto check_depth = [](int depth, nlohmann::json::parse_event_t, const nlohmann::json&) {
    if (depth > deepest) throw Refusal(400, "the body is JSON of too many levels");
    return true;
  };
  try {
    return nlohmann::json::parse(text, check_depth);
  } catch (const nlohmann::json::exception& error) {
    throw Refusal(400, "the body is no JSON: " + without_code(error.what()));
  }
}

std::string without_code(std::string_view message) {
  const std::size_t bracket = message.find("] ");
  return std::string(bracket == std::string_view::npos ? message : message.substr(bracket + 2));
}

Response error_response(unsigned status, std::string_view message) {
  constexpr std::size_t most = 1000;
  std::string text(message.substr(0, most));
  if (message.size() > most) text += "…";
  // bytes that are no UTF-8, a letter cut in two among them, become U+FFFD
  const std::string quoted =
      nlohmann::json(std::move(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return {.status = status, .body = "{\"error\":" + quoted + "}\n"};
}

std::string_view reason_of(unsigned status) {
  constexpr std::array<std::pair<unsigned, std::string_view>, 17> reasons{{{200, "OK"},
                                                                           {400, "Bad Request"},
                                                                           {401, "Unauthorized"},
                                                                           {404, "Not Found"},
                                                                           {405, "Method Not Allowed"},
                                                                           {406, "Not Acceptable"},
                                                                           {408, "Request Timeout"},
                                                                           {411, "Length Required"},
                                                                           {413, "Content Too Large"},
                                                                           {415, "Unsupported Media Type"},
                                                                           {417, "Expectation Failed"},
                                                                           {422, "Unprocessable Content"},
                                                                           {429, "Too Many Requests"},
                                                                           {431, "Request Header Fields Too Large"},
                                                                           {500, "Internal Server Error"},
                                                                           {501, "Not Implemented"},
                                                                           {503, "Service Unavailable"}}};
  const auto* const found = std::ranges::find(reasons, status, [](const auto& each) { return each.first; });
  return found == reasons.end() ? "Unknown" : found->second;
}

}  // namespace neurone::server
