#include "server/http_writer.h"

#include <fmt/format.h>

#include <iterator>

namespace neurone::server {

void append_head(std::string& text, const Response& response, const HeadLines& lines) {
  fmt::format_to(std::back_inserter(text),
                 "HTTP/1.1 {} {}\r\nDate: {}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n",
                 response.status, reason_of(response.status), lines.date);
  constexpr unsigned no_content = 204;
  if (response.status != no_content)
    fmt::format_to(std::back_inserter(text), "Content-Type: {}\r\nContent-Length: {}\r\n", response.content_type,
                   response.content().size());
  for (const auto& [name, value] : response.headers)
    fmt::format_to(std::back_inserter(text), "{}: {}\r\n", name, value);
  text += lines.fields;
  text += lines.closes ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n";
}

}  // namespace neurone::server
