#include "neurone/report/frame.h"

#include <fmt/format.h>

#include "neurone/report/markup.h"
#include "neurone/report/page.h"
#include "neurone/report/style.h"

namespace neurone::report {
namespace {

std::string navigation(std::span<const Section> sections) {
  std::string text;
  for (const Section& each : sections) text += fmt::format("<a href=\"#{}\">{}</a>", each.id, each.heading);
  return element("nav", " aria-label=\"Sections\"", text);
}

}  // namespace

std::string framed(const PageFrame& frame, std::span<const Section> sections) {
  std::string body;
  for (const auto& [id, heading, content] : sections)
    body += fmt::format("<section id=\"{}\"><h2>{}</h2>{}</section>\n", id, heading, content);
  return fmt::format(
      "{}<meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src "
      "data:\"><title>{}</title><link rel=\"icon\" href=\"data:,\"><style>{}{}{}{}</style></head>\n<body>"
      "{}{}{}</body></html>\n",
      beginning, frame.title, palette_rules(), style_sheet, drawing_rules, frame.more_style, frame.above,
      navigation(sections), body);
}

}  // namespace neurone::report
