// What stands behind the host in a URL: its path cut at the slashes, and the parameters behind the question mark.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace neurone::server {

struct Target {
  std::vector<std::string> path;  ///< "/models/a%20b/predict" is models, "a b", predict; "/" is none
  std::string_view query;         ///< "interval=0.9&format=csv"
};

/// Throws Refusal 400 for a percent sign without two hexadecimal digits, and for a path that does not begin with /.
Target parse_target(std::string_view text);

/// The value of a parameter; the first of several.
std::optional<std::string> parameter(std::string_view query, std::string_view name);

}  // namespace neurone::server
