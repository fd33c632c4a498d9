// From the outputs of the network to what the model says, and to the loss.
#include <fmt/format.h>

#include <algorithm>

#include "neurone/report/markup.h"
#include "neurone/report/trace_sections.h"

namespace neurone::report {
namespace {

constexpr std::size_t most_outputs = 48, most_columns = 8;

// What the model says of the row, in words.
std::string verdict(const TraceSubject& subject) {
  const Predictions& said = subject.trace.predictions;
  std::string text = escaped(target_name(subject.model.target)) + ": ";
  if (const auto* classes = std::get_if<ClassTarget>(&subject.model.target))
    text += fmt::format("<b>{}</b>, {} {}", escaped(classes->classes[said.classes.front()]),
                        gives_probabilities(subject.model) ? "probability" : "score",
                        digits(said.values(0, said.classes.front())));
  else
    text += fmt::format("<b>{}</b>", digits(said.values(0, 0)));
  if (!subject.trace.truth.empty()) text += fmt::format("; in truth {}", escaped(subject.trace.truth));
  return element("p", " class=\"lead\"", text);
}

// How the numbers of the table follow from each other.
std::string steps(const TraceSubject& subject) {
  const Trace& trace = subject.trace;
  const double temperature = subject.model.calibration.temperature;
  std::string text = "The last column is what <code>neurone predict</code> says. ";
  if (trace.networks > 1) text += fmt::format("It is the mean of {} networks. ", trace.networks);
  if (const auto* number = std::get_if<NumberTarget>(&subject.model.target))
    text +=
        fmt::format("A network says {} + {} · output; predictions stay within {} to {}, which training has seen.",
                    digits(number->mean), digits(number->deviation), digits(number->lowest), digits(number->highest));
  if (temperature != 1)
    text += fmt::format(
        "Before that, the logits of each network are divided by {} and become probabilities: it was calibrated on "
        "rows that it did not learn from.",
        digits(temperature));
  return element("p", "", text);
}

std::string values_table(const TraceSubject& subject) {
  const Trace& trace = subject.trace;
  const std::vector<std::string> names = value_names(subject.model);
  const bool calibrated = subject.model.calibration.temperature != 1;
  const std::size_t networks = std::min(trace.networks, most_columns);
  Rows rows{{{""}}};
  std::vector<std::string>& head = rows.cells.front();
  if (calibrated) head.push_back(fmt::format("network {}, not calibrated", trace.network + 1));
  for (std::size_t k = 0; k < networks; ++k) head.push_back(fmt::format("network {}", k + 1));
  head.emplace_back(trace.networks > networks ? fmt::format("mean of all {}", trace.networks) : "the model");
  for (const std::size_t j : largest_of(trace.predictions.values[0], most_outputs)) {
    std::vector<std::string> cells{escaped(names[j])};
    if (calibrated) cells.push_back(digits(trace.values(0, j)));
    for (std::size_t k = 0; k < networks; ++k) cells.push_back(digits(trace.of_networks(k, j)));
    cells.push_back(element("b", "", digits(trace.predictions.values(0, j))));
    rows.cells.push_back(std::move(cells));
  }
  return rows.html("numbers");
}

// The outputs of the network, each member's where there are several.
std::string outputs_table(const Trail& trail) {
  const Trace& trace = trail.trace();
  const Matrix<double>& A = trace.layers.back().A;
  const std::vector<std::size_t> shown = trail.followed[trace.depth()];
  Rows rows{{{"output"}}};
  for (std::size_t m = 0; m < A.rows(); ++m)
    rows.cells.front().push_back(A.rows() == 1 ? "a" : fmt::format("member {}", m + 1));
  if (A.rows() > 1) rows.cells.front().emplace_back("mean");
  for (const std::size_t j : shown) {
    std::vector<std::string> cells{link_to(trail, trail.at(trace.depth(), j), escaped(trace.output_names[j]))};
    for (std::size_t m = 0; m < A.rows(); ++m)
      cells.push_back(link_to(trail, {.depth = trace.depth(), .row = m, .unit = j}, digits(A(m, j))));
    if (A.rows() > 1) cells.push_back(digits(trace.outputs(0, j)));
    rows.cells.push_back(std::move(cells));
  }
  return rows.html("numbers");
}

}  // namespace

Section says_section(const Trail& trail) {
  Section section{.id = "says", .heading = "What it says"};
  section.content = verdict(trail.subject) + steps(trail.subject) + values_table(trail.subject) +
                    element("h3", "", fmt::format("The outputs of network {}", trail.trace().network + 1)) +
                    outputs_table(trail);
  return section;
}

Section loss_section(const Trail& trail) {
  const Trace& trace = trail.trace();
  const TracedLayer& last = trace.layers.back();
  const Loss& loss = trail.subject.model.loss;
  const std::string formula = std::visit([](const auto& each) { return std::string(each.formula); }, loss.formula);
  Section section{.id = "loss", .heading = "The loss"};
  section.content = element(
      "p", "",
      fmt::format(
          "L = {} = <code>{}</code> = <b>{}</b>, of this row alone{}. The gradients are those of the network as "
          "it predicts: nothing is dropped, labels are not smoothed.",
          escaped(loss.text()), escaped(formula), digits(trace.loss),
          trace.members() > 1 ? ", the mean of its members'" : ""));
  Rows rows{{{"output", "z", "a", last.dA.empty() ? "dL/dz" : "dL/da"}}};
  const Matrix<double>& slope = last.dA.empty() ? last.dZ : last.dA;
  const bool one_each = trace.targets.columns() == last.A.columns();
  if (one_each) rows.cells.front().insert(rows.cells.front().begin() + 3, "target t");
  for (const std::size_t j : trail.followed[trace.depth()]) {
    const Place at = trail.at(trace.depth(), j);
    const auto link = [&](double number) { return link_to(trail, at, digits(number)); };
    std::vector<std::string> cells{link_to(trail, at, unit_name(trail, at)), link(last.Z(at.row, j)),
                                   link(last.A(at.row, j))};
    if (one_each) cells.push_back(digits(trace.targets(0, j)));
    cells.push_back(link(slope(at.row, j)));
    rows.cells.push_back(std::move(cells));
  }
  section.content += rows.html("numbers");
  if (!one_each)
    section.content +=
        element("p", "", fmt::format("The target is {} as the loss sees it.", digits(trace.targets(0, 0))));
  return section;
}

}  // namespace neurone::report
