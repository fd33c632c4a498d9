// What is followed, which sections there are, and the style that shows a link's target.
#include "neurone/report/trace_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "neurone/report/markup.h"
#include "neurone/report/trace_sections.h"

namespace neurone::report {
namespace {

constexpr std::string_view target_style = R"css(
.unit { display: none; scroll-margin-top: 1rem; }
.unit:target { display: block; background: var(--faint); border-left: .25rem solid var(--c0); border-radius: .3rem;
  padding: .8rem 1rem .1rem; margin: 1rem 0; }
.numbers td { text-align: right; white-space: nowrap; } .numbers thead th + th { text-align: right; }
.numbers td:last-child, .numbers thead th:last-child { padding-right: 0; }
@media (max-width: 34rem) { .numbers { font-size: .82rem; } .numbers th, .numbers td { padding-right: .5rem; }
  .unit:target { padding: .6rem .6rem .1rem; } }
.pixels { width: min(14rem, 60vw); image-rendering: pixelated; border: 1px solid var(--rule); }
)css";

std::string above(const TraceSubject& subject) {
  const Trace& trace = subject.trace;
  const auto* table = std::get_if<Table>(&trace.source);
  const std::string row = fmt::format("{} {}", table != nullptr ? "Row" : "Image", trace.row + 1);
  std::string text = fmt::format(
      "<header><h1>{} of {}</h1><p class=\"soft\">{}its way through network {} of {} of {}", row,
      escaped(subject.data_name), table != nullptr ? fmt::format("line {} of the file; ", table->line(0)) : "",
      trace.network + 1, trace.networks, escaped(subject.model_name));
  text += fmt::format(", in {}; neurone {}</p></header>\n", trace.in_float ? "float" : "double",
                      escaped(subject.version));
  text +=
      "<p>Each number is a link: it opens the sum that made it, and the terms of the sum lead on to the layer "
      "before, "
      "down to the cells of the row. The way back is your browser's.</p>\n";
  if (trace.members() > 1)
    text += fmt::format(
        "<p>Behind its members layer the sample is {} rows, whose outputs are averaged; this page "
        "follows row {} (--member).</p>\n",
        trace.members(), subject.member + 1);
  return text;
}

}  // namespace

bool Trail::follows(const Place& place) const {
  return place == at(place.depth, place.unit) && std::ranges::binary_search(followed[place.depth], place.unit);
}

std::string digits(double number) {
  return fmt::format("{:.6g}", number + 0.0);  // −0 is 0
}

std::string link_to(const Trail& trail, const Place& place, const std::string& content) {
  if (!trail.follows(place)) return content;
  return fmt::format("<a href=\"#u{}-{}\">{}</a>", place.depth, place.unit + 1, content);
}

std::string unit_name(const Trail& trail, const Place& place) {
  return escaped(neurone::unit_name(trail.trace(), place.depth, place.unit));
}

std::string trace_page(const TraceSubject& subject) {
  const Trace& trace = subject.trace;
  const Trail trail{.subject = subject, .followed = followed_units(trace, subject.member, subject.wanted)};
  std::vector<Section> sections{says_section(trail)};
  if (trace.backward()) sections.push_back(loss_section(trail));
  sections.push_back(inputs_section(trail));
  for (std::size_t depth = 1; depth <= trace.depth(); ++depth) sections.push_back(layer_section(trail, depth));
  return framed({.title = fmt::format("Row {} of {}", trace.row + 1, escaped(subject.data_name)),
                 .above = above(subject),
                 .more_style = target_style},
                sections);
}

}  // namespace neurone::report
