// What is wrong with JSON that a file holds, in words for whoever has the file.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace neurone {

/// "no JSON from byte 12 on", "'loss' is missing"
std::string damage_of(const nlohmann::json::exception& error);

}  // namespace neurone
