// What is asked and what is answered, without sockets: routes are functions from one to the other.
// Reading and writing them as HTTP is left to http_reader.h and http_writer.h.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "neurone/core/error.h"

namespace neurone::server {

/// Views into what the connection has read: they live as long as the call that gets them.
struct Request {
  std::string_view method;
  std::string_view target;  ///< "/predict?interval=0.9"
  std::string_view content_type{}, accept{}, authorization{};
  std::optional<std::string_view> host{};    ///< "example.org:8080", of the address or the field
  std::optional<std::string_view> origin{};  ///< "http://example.org", of the page that asks
  std::string_view wanted_method{};          ///< Access-Control-Request-Method: what the page is about to ask
  /// Inference-Header-Content-Length: the size of the JSON that stands before binary tensors.
  std::optional<std::string_view> json_size{};
  std::string_view body{};
};

namespace content {
inline constexpr std::string_view json = "application/json";
inline constexpr std::string_view csv = "text/csv; charset=utf-8";
inline constexpr std::string_view html = "text/html; charset=utf-8";
inline constexpr std::string_view css = "text/css; charset=utf-8";
inline constexpr std::string_view script = "text/javascript; charset=utf-8";
inline constexpr std::string_view metrics = "text/plain; version=0.0.4; charset=utf-8";
inline constexpr std::string_view bytes = "application/octet-stream";
}  // namespace content

struct Response {
  unsigned status = 200;
  std::string body{};
  std::string_view content_type = content::json;
  std::vector<std::pair<std::string_view, std::string>> headers{};
};

/// A request that cannot be granted, and the HTTP status that says so.
class Refusal : public Error {
 public:
  Refusal(unsigned status, const std::string& what) : Error(what), status_(status) {}
  unsigned status() const { return status_; }

 private:
  unsigned status_;
};

/// A tree of JSON that is no deeper than any request of ours needs: one of many levels takes a hundred times its
/// text. Throws Refusal 400.
nlohmann::json parse_json(std::string_view text);

/// "[json.exception.parse_error.101] parse error at line 1, …" without what is for programmers.
std::string without_code(std::string_view message);

/// {"error": "…"}; a message that quotes a long cell is cut.
Response error_response(unsigned status, std::string_view message);

/// "Not Found"
std::string_view reason_of(unsigned status);

}  // namespace neurone::server
