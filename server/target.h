// What stands behind the host in a URL: its path cut at the slashes, and the parameters behind the question mark.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace neurone::server {

struct Parameter {
  std::string name, value;
};

struct Target {
  std::vector<std::string> path;      ///< "/models/a%20b/predict" is models, "a b", predict; "/" is none
  std::vector<Parameter> parameters;  ///< "interval=0.9&format=csv"

  std::optional<std::string> parameter(std::string_view name) const;
};

/// Throws Refusal 400 for a percent sign without two hexadecimal digits, for a path that does not begin with /, and
/// for a parameter that stands twice.
Target parse_target(std::string_view text);

}  // namespace neurone::server
