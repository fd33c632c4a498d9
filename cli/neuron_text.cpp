// One neuron with every term of its sum; the text about the whole way is in trace_text.cpp.
#include <fmt/format.h>

#include "cli/trace_text.h"
#include "neurone/core/shown.h"

namespace neurone::cli {
namespace {

std::string digits(double number) {
  return fmt::format("{:.7g}", number + 0.0);  // −0 is 0
}

std::string name_at(const Trace& trace, const Place& at) {
  const std::string name = shown(unit_name(trace, at.depth, at.unit));
  return at.depth == 0 ? name
                       : fmt::format("{}:{}{}", at.depth, at.unit + 1, name.starts_with("unit ") ? "" : " " + name);
}

// What value · dZ is: the weight's gradient, or what this row of the sample adds to it.
std::string_view gradient_head(const Trace& trace) {
  return trace.members() == 1 ? "dL/dweight" : "of dL/dweight";
}

// A line for each term; `dZ` fills a column with the gradients of the weights.
std::string terms_text(const Trace& trace, std::vector<Term> terms, std::string_view value_head,
                       std::optional<double> dZ) {
  put_largest_first(terms);
  std::string text = fmt::format("  {:>13} {:>13} {:>13}{}  from\n", value_head, "weight", "product",
                                 dZ ? fmt::format(" {:>13}", gradient_head(trace)) : "");
  for (const Term& term : terms)
    text += fmt::format("  {:>13} {:>13} {:>13}{}  {}{}\n", digits(term.value), digits(term.weight),
                        digits(term.product()), dZ ? fmt::format(" {:>13}", digits(term.value * *dZ)) : "",
                        name_at(trace, term.from),
                        term.from.row == 0 ? "" : fmt::format(", member {}", term.from.row + 1));
  return text;
}

std::string origin_text(const Trace& trace, const WeightedSum& sum, std::string_view head, std::optional<double> dZ) {
  if (!sum.learnt) dZ.reset();
  std::string text = terms_text(trace, sum.terms, head, dZ);
  if (sum.bias)
    text += fmt::format("  {:>13} {:>13} {:>13}{}  bias\n", "", "", digits(*sum.bias),
                        dZ ? fmt::format(" {:>13}", digits(*dZ)) : "");
  return text;
}
std::string origin_text(const Trace& trace, const Normalisation& of, std::string_view, std::optional<double> dZ) {
  std::string text =
      fmt::format("  gain (x − mean) / deviation + shift = {:.7g} ({:.7g} − {:.7g}) / {:.7g} + {:.7g}, x from {}\n",
                  of.gain, of.x, of.mean, of.deviation, of.shift, name_at(trace, of.from));
  if (dZ) text += fmt::format("  dL/dgain {:.7g}, dL/dshift {:.7g}\n", *dZ * (of.x - of.mean) / of.deviation, *dZ);
  return text;
}
std::string origin_text(const Trace& trace, const NormalisationGradient& of, std::string_view,
                        std::optional<double>) {
  return fmt::format(
      "  (gain dZ − mean − ẑ along) / deviation = ({:.7g} · {:.7g} − {:.7g} − {:.7g} · {:.7g}) / {:.7g}, dZ of {}\n",
      of.gain, of.dZ, of.mean, of.z, of.along, of.deviation, name_at(trace, of.from));
}

std::string origin_text(const Trace& trace, const Origin& origin, std::string_view head, std::optional<double> dZ) {
  return std::visit([&](const auto& each) { return origin_text(trace, each, head, dZ); }, origin);
}

std::string gradient_text(const Trace& trace, const Place& at) {
  const TracedLayer& layer = trace.layers[at.depth - 1];
  std::string text = "\nthe way back\n";
  if (at.depth < trace.depth()) text += origin_text(trace, origin_of_gradient(trace, at), "dL/dZ", {});
  if (!layer.dA.empty()) text += fmt::format("  dL/dA = {:.9g}\n", layer.dA(at.row, at.unit));
  text += fmt::format("  dL/dZ = {:.9g}", layer.dZ(at.row, at.unit));
  if (layer.dA.empty()) {
    text += ", the slope of the loss, which has the activation in it";
  } else if (!layer.activation.is_rowwise() && !layer.activation.is_identity()) {
    text += fmt::format(" = dL/dA · {:.7g}, the slope of {}", slope_at(layer.activation, layer.Z(at.row, at.unit)),
                        layer.activation.name());
  }
  return text + "\n";
}

}  // namespace

std::string neuron_text(const Traced& traced, const Place& at) {
  const Trace& trace = traced.trace;
  const TracedLayer& layer = trace.layers[at.depth - 1];
  std::string text = row_text(traced);
  text += fmt::format("layer {}: {}, unit {} of {}{}\n\n", at.depth, layer.text, at.unit + 1, layer.A.columns(),
                      at.depth == trace.depth() ? ", " + shown(trace.output_names[at.unit]) : "");
  const std::optional<double> dZ =
      trace.backward() ? std::optional(layer.dZ(at.row, at.unit)) : std::optional<double>();
  text += origin_text(trace, origin_of_z(trace, at), "value", dZ);
  text += fmt::format("  Z = {:.9g}\n", layer.Z(at.row, at.unit));
  if (!layer.activation.is_identity())
    text += fmt::format("  {} = {:.9g}\n",
                        fmt::format("A = {}(Z), {}", layer.activation.name(), layer.activation.formula()),
                        layer.A(at.row, at.unit));
  return trace.backward() ? text + gradient_text(trace, at) : text;
}

}  // namespace neurone::cli
