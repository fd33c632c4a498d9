#include "server/http_writer.h"

#include <fmt/format.h>

#include <iterator>

namespace neurone::server {

void append_head(std::string& text, const Response& response, std::string_view date, bool closes) {
  fmt::format_to(std::back_inserter(text),
                 "HTTP/1.1 {} {}\r\nDate: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n"
                 "X-Content-Type-Options: nosniff\r\n",
                 response.status, reason_of(response.status), date, response.content_type, response.content().size());
  for (const auto& [name, value] : response.headers)
    fmt::format_to(std::back_inserter(text), "{}: {}\r\n", name, value);
  text += closes ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n";
}

}  // namespace neurone::server
