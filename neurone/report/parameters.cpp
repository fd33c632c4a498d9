// What the parameters are worth, where that is known.
#include <fmt/format.h>

#include "neurone/report/markup.h"
#include "neurone/report/sections.h"

namespace neurone::report {

Section parameters_section(const Subject& subject) {
  Section section{.id = "parameters", .heading = "What the parameters are worth"};
  const Model& model = subject.made.model;
  if (!model.record.estimates) return section;
  const Estimates& estimates = *model.record.estimates;
  std::string& text = section.content;
  if (!estimates.parameters.empty()) {
    Rows rows{{{estimates.in_users_unit ? escaped(target_name(model.target)) : "parameter", "estimate",
                "standard error", estimates.is_likelihood ? "z" : "t", "p"}}};
    for (const Estimate& each : estimates.parameters)
      rows.cells.push_back({escaped(each.name), number_text(each.value), number_text(each.error),
                            fmt::format("{:.2f}", each.statistic), escaped(p_text(each.p))});
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
