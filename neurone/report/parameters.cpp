// What the parameters are worth, where that is known.
#include <fmt/format.h>

#include <algorithm>

#include "neurone/report/markup.h"
#include "neurone/report/sections.h"

namespace neurone::report {

Section parameters_section(const Subject& subject) {
  Section section{.id = "parameters", .heading = "What the parameters are worth"};
  const Model& model = subject.made.model;
  if (!model.record.estimates) return section;
  const Estimates& estimates = *model.record.estimates;
  std::string& text = section.content;
  const bool of_classes =
      std::ranges::any_of(estimates.parameters, [](const Estimate& each) { return !each.of_class.empty(); });
  if (!estimates.parameters.empty()) {
    const std::string target = escaped(target_name(model.target));
    Rows rows{{{of_classes || !estimates.in_users_unit ? "parameter" : target, "estimate", "standard error",
                estimates.is_likelihood ? "z" : "t", "p"}}};
    if (of_classes) rows.cells.front().insert(rows.cells.front().begin(), target);
    for (const Estimate& each : estimates.parameters) {
      rows.cells.push_back({escaped(each.name), number_text(each.value), number_text(each.error),
                            fmt::format("{:.2f}", each.statistic), escaped(p_text(each.p))});
      if (of_classes)
        rows.cells.back().insert(rows.cells.back().begin(), escaped(heading_of(estimates, each.of_class)));
    }
    text += rows.html();
  }
  for (const std::string& line : fit_lines(estimates)) text += element("p", "", escaped(line));
  if (!estimates.parameters.empty())
    text +=
        element("p", " class=\"soft\"",
                fmt::format("Estimates are {}. p is the probability of one as far from 0 if the parameter were 0, "
                            "the model being right otherwise.",
                            estimates.in_users_unit ? "in the units of the columns as they are"
                                                    : "of the numbers as the network sees them"));
  return section;
}

}  // namespace neurone::report
