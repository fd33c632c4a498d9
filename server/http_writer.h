// The head of an answer in HTTP/1.1.
#pragma once

#include <string>
#include <string_view>

#include "server/message.h"

namespace neurone::server {

void append_head(std::string& text, const Response& response, std::string_view date, bool closes);

}  // namespace neurone::server
