// The head of an answer in HTTP/1.1.
#pragma once

#include <string>
#include <string_view>

#include "server/message.h"

namespace neurone::server {

struct HeadLines {
  std::string_view date;    ///< "Sat, 31 Jan 2026 12:00:00 GMT"
  std::string_view fields;  ///< lines for the browser of the page that asked
  bool closes = false;      ///< the connection, behind the answer
};

void append_head(std::string& text, const Response& response, const HeadLines& lines);

}  // namespace neurone::server
