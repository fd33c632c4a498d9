// Small pieces of HTML: text made safe, tables, folded-away numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace neurone::report {

/// Text for an element or a quoted attribute: no character of it is markup. Control characters, and bytes that are no
/// UTF-8, become U+FFFD.
std::string escaped(std::string_view text);

/// <name attributes>content</name>; the content is markup already, `attributes` begins with a space or is empty.
std::string element(std::string_view name, std::string_view attributes, std::string_view content);

/// "0.8597", "1.23e-05": four significant digits.
std::string number_text(double value);
/// "86.0 %"
std::string percent_text(double share);

/// Cells are markup already. The first row is the head.
struct Rows {
  std::vector<std::vector<std::string>> cells{};
  std::string html(std::string_view css_class = "") const;
};

/// The numbers behind a picture, folded away until somebody asks.
std::string folded(std::string_view title, const Rows& rows);

}  // namespace neurone::report
