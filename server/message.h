// What is asked and what is answered, without sockets: routes are functions from one to the other.
// Reading and writing them as HTTP is left to http_reader.h and http_writer.h.
#pragma once

#include <cstddef>
#include <memory>
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
  /// A body that others have as well, instead: what is long and the same for all is not copied.
  std::shared_ptr<const std::string> document{};
  std::string_view content_type = content::json;
  std::vector<std::pair<std::string_view, std::string>> headers{};

  const std::string& content() const { return document != nullptr ? *document : body; }
};

/// A request that cannot be granted, and the HTTP status that says so.
class Refusal : public Error {
 public:
  Refusal(unsigned status, const std::string& what) : Error(what), status_(status) {}
  unsigned status() const { return status_; }

 private:
  unsigned status_;
};

/// {"error": "…"}; a message that quotes a long cell is cut. 429 and 503 say when to ask again.
Response error_response(unsigned status, std::string_view message);

/// "Not Found"
std::string_view reason_of(unsigned status);

}  // namespace neurone::server
