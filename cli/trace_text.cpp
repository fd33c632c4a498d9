// Long vectors are cut where a line ends; what is cut stands in the JSON.
#include "cli/trace_text.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "cli/inputs_text.h"
#include "cli/text_table.h"
#include "neurone/core/shown.h"
#include "neurone/model/prediction_text.h"

namespace neurone::cli {
namespace {

constexpr std::size_t numbers_of_a_line = 6, most_named = 20, most_networks = 6;

double norm_of(std::span<const double> numbers) {
  double sum = 0;
  for (const double each : numbers) sum += each * each;
  return std::sqrt(sum);
}

std::string shape_text(const Matrix<double>& M) {
  return fmt::format("{} × {}", M.rows(), M.columns());
}

// The shape, the norm, and as many numbers as a line takes.
std::string line_of(std::string_view name, std::string_view shape, std::span<const double> numbers) {
  std::string text = fmt::format("  {:<10} {:>12}  norm {:<9.4g} ", name, shape, norm_of(numbers));
  for (std::size_t i = 0; i < std::min(numbers.size(), numbers_of_a_line); ++i)
    text += fmt::format(" {:.5g}", numbers[i] + 0.0);  // −0 is 0
  return text + (numbers.size() > numbers_of_a_line ? " …\n" : "\n");
}
std::string line_of(std::string_view name, const Matrix<double>& M) {
  return line_of(name, shape_text(M), M.elements());
}

// Of a sample that is several rows the one that is shown.
std::string row_of(std::string_view name, const Matrix<double>& M, std::size_t member) {
  return line_of(name, shape_text(M), M[M.rows() == 1 ? 0 : member]);
}

std::string layer_head(const Trace& trace, std::size_t l) {
  return fmt::format("\nlayer {}: {}, {} → {}\n", l + 1, trace.layers[l].text, trace.A(l).columns(),
                     trace.layers[l].A.columns());
}

std::string activation_text(const Activation& activation) {
  return fmt::format("A = {}(Z), {}", activation.name(), activation.formula());
}

std::string layer_text(const Traced& traced, std::size_t l) {
  const TracedLayer& layer = traced.trace.layers[l];
  const bool bends = !layer.activation.is_identity();
  std::string text = layer_head(traced.trace, l);
  text += fmt::format("  Z = {}; {}\n", formula_of(layer.spec), bends ? activation_text(layer.activation) : "A = Z");
  for (const auto* const kind : {&layer.parameters, &layer.statistics})
    for (const TracedMatrix& each : *kind) text += line_of(each.name, each.values);
  text += row_of("Z", layer.Z, traced.member);
  return bends ? text + row_of("A", layer.A, traced.member) : text;
}

// Named numbers below each other, of many the largest.
std::string named_text(std::span<const std::string> names, std::span<const double> numbers) {
  std::vector<std::size_t> order(numbers.size());
  for (std::size_t j = 0; j < order.size(); ++j) order[j] = j;
  if (order.size() > most_named)
    std::ranges::sort(order, {}, [&](std::size_t j) { return std::pair(-sorting_size(numbers[j]), j); });
  TextTable table({{.least = 40, .gap = 2}, {}});
  for (std::size_t k = 0; k < std::min(order.size(), most_named); ++k)
    table.add({names[order[k]], fmt::format("{:.7g}", numbers[order[k]])});
  std::string text = table.text();
  if (order.size() > most_named) text += fmt::format("  … and {} smaller ones\n", order.size() - most_named);
  return text;
}

std::string meaning_text(const Traced& traced) {
  const Trace& trace = traced.trace;
  const double temperature = traced.model.calibration.temperature;
  std::string text;
  if (const auto* number = std::get_if<NumberTarget>(&traced.model.target))
    text += fmt::format("  a network says {:.7g} + {:.7g} · output; predictions stay within {:.7g} to {:.7g}\n",
                        number->mean, number->deviation, number->lowest, number->highest);
  if (temperature != 1)
    text += fmt::format("  calibrated: the logits of a network are divided by {:.4g} and become probabilities\n",
                        temperature);
  if (trace.networks > 1) text += fmt::format("  the model says the mean of its {} networks\n", trace.networks);
  return text;
}

// What each network says, and all of them together.
std::string says_text(const Traced& traced) {
  const Trace& trace = traced.trace;
  const std::vector<std::string> names = value_names(traced.model);
  const std::size_t some = std::min(trace.networks, most_networks);
  const bool calibrated = traced.model.calibration.temperature != 1;
  std::vector<TextColumn> columns(some + (calibrated ? 3 : 2), {.side = TextColumn::Side::right, .least = 14});
  columns.front() = {.least = 34, .gap = 2};
  TextTable table(columns);
  const auto digits = [](double value) { return fmt::format("{:.7g}", value); };
  std::vector<std::string> head{""};
  if (calibrated) head.push_back(fmt::format("uncalibrated {}", trace.network + 1));
  for (std::size_t k = 0; k < some; ++k) head.push_back(fmt::format("network {}", k + 1));
  head.emplace_back(trace.networks > some ? "… all" : "the model");
  table.add(head);
  for (std::size_t j = 0; j < std::min(names.size(), most_named); ++j) {
    std::vector<std::string> row{names[j]};
    if (calibrated) row.push_back(digits(trace.values(0, j)));
    for (std::size_t k = 0; k < some; ++k) row.push_back(digits(trace.of_networks(k, j)));
    row.push_back(digits(trace.predictions.values(0, j)));
    table.add(row);
  }
  return table.text();
}

// Two lines, of which the last ends with a newline.
std::string indented(const std::string& head, const std::string& line) {
  const auto one = [](std::string_view text) {
    return "  " + shown_sentence(text.substr(0, text.size() - 1)) + "\n";
  };
  return one(head) + one(line);
}

std::string backward_text(const Traced& traced) {
  const Trace& trace = traced.trace;
  std::string text =
      fmt::format("\nthe way back: {} is {}, loss {} of this row {:.7g}\n", shown(target_name(traced.model.target)),
                  shown(trace.truth), traced.model.loss.text(), trace.loss);
  text += "  as the network predicts: nothing is dropped, running statistics, labels as they are\n";
  for (std::size_t l = trace.depth(); l-- > 0;) {
    const TracedLayer& layer = trace.layers[l];
    text += layer_head(trace, l);
    if (layer.dA.empty())
      text += fmt::format("  dL/dZ at once: the loss is one of Z and has {} in it\n", layer.activation.name());
    else if (!layer.activation.is_identity())
      text += row_of("dL/dA", layer.dA, traced.member);
    text += row_of("dL/dZ", layer.dZ, traced.member);
    for (const TracedMatrix& each : layer.parameters) text += line_of("dL/d" + each.name, each.gradient);
  }
  return text + "\ndL/dx\n" + named_text(trace.input_names, trace.dx[0]);
}

}  // namespace

std::string row_text(const Traced& traced) {
  const Trace& trace = traced.trace;
  std::string text;
  if (const auto* table = std::get_if<Table>(&trace.source))
    text = fmt::format("row {} of {} (line {})", trace.row + 1, shown(traced.data_name), table->line(0));
  else
    text = fmt::format("image {} of {}", trace.row + 1, shown(traced.data_name));
  text += fmt::format(" through network {} of {} of {}, in {}\n", trace.network + 1, trace.networks,
                      shown(traced.model_name), trace.in_float ? "float" : "double");
  if (trace.members() > 1)
    text += fmt::format(
        "the sample is {} rows behind the members layer: row {} is shown (--member), outputs are the mean\n",
        trace.members(), traced.member + 1);
  return text;
}

std::string trace_text(const Traced& traced) {
  const Trace& trace = traced.trace;
  std::string text = row_text(traced) + "\n";
  text += inputs_text(traced.model.preparation, trace);
  text += line_of("x", trace.x);
  for (std::size_t l = 0; l < trace.depth(); ++l) text += layer_text(traced, l);
  text += fmt::format("\noutputs{}\n", trace.members() == 1 ? "" : ", the mean of the members");
  text += named_text(trace.output_names, trace.outputs[0]);
  text += "\nwhat they mean\n" + meaning_text(traced) + says_text(traced);
  text += "\nneurone predict says\n" + indented(csv_head(traced.model), csv_lines(traced.model, trace.predictions));
  return trace.backward() ? text + backward_text(traced) : text;
}

}  // namespace neurone::cli
