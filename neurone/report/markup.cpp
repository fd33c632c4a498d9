#include "neurone/report/markup.h"

#include <fmt/format.h>

#include "neurone/data/cells.h"

namespace neurone::report {

std::string escaped(std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  const bool utf8 = is_utf8(text);
  std::string safe;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '"')
      safe += "&quot;";
    else if (c == '\'')
      safe += "&#39;";
    else if ((byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7F || (byte >= 0x80 && !utf8))
      safe += replacement;
    else
      safe += c;
  }
  return safe;
}

std::string element(std::string_view name, std::string_view attributes, std::string_view content) {
  return fmt::format("<{0}{1}>{2}</{0}>", name, attributes, content);
}

std::string number_text(double value) {
  return fmt::format("{:.4g}", value);
}
std::string percent_text(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

std::string Rows::html(std::string_view css_class) const {
  std::string text = css_class.empty() ? "<table>" : fmt::format("<table class=\"{}\">", css_class);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    text += i == 0 ? "<thead><tr>" : "<tr>";
    for (std::size_t j = 0; j < cells[i].size(); ++j)
      text += i == 0   ? element("th", " scope=\"col\"", cells[i][j])
              : j == 0 ? element("th", " scope=\"row\"", cells[i][j])
                       : element("td", "", cells[i][j]);
    text += i == 0 ? "</tr></thead><tbody>" : "</tr>";
    text += '\n';
  }
  return element("div", " class=\"wide\" tabindex=\"0\"", text + (cells.empty() ? "</table>" : "</tbody></table>"));
}

std::string folded(std::string_view title, const Rows& rows) {
  return element("details", "", element("summary", "", title) + rows.html());
}

}  // namespace neurone::report
