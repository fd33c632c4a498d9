// A layer as a table of its units, and behind each unit what its numbers are made of.
#include <fmt/format.h>

#include <algorithm>

#include "neurone/report/markup.h"
#include "neurone/report/trace_sections.h"

namespace neurone::report {
namespace {

// "unit 17 of layer 3" where it leads somewhere else.
std::string named_link(const Trail& trail, const Place& place) {
  const std::string member =
      place.row == trail.at(place.depth, place.unit).row ? "" : fmt::format(", member {}", place.row + 1);
  return link_to(trail, place, unit_name(trail, place) + member);
}

/// What a table of terms is of.
struct SumOf {
  std::string value, weight, made;  // the heads of its columns, and the name of the sum
  double number = 0;                // as the network has it
  std::optional<double> dZ{};       // fills a column dL/dweight
};

// A line for each term that is followed, one for all others together.
std::string sum_table(const Trail& trail, const WeightedSum& sum, const SumOf& of) {
  std::vector<Term> terms = sum.terms;
  put_largest_first(terms);
  const std::size_t depth = terms.front().from.depth;
  Rows rows{{{depth == 0 ? "from x" : fmt::format("from layer {}", depth), of.value, of.weight, "product"}}};
  const bool gradients = of.dZ && sum.learnt;
  if (gradients)
    rows.cells.front().emplace_back(trail.trace().members() == 1 ? "dL/dw" : "this member's part of dL/dw");
  const auto add = [&](std::vector<std::string> cells, std::optional<double> gradient) {
    if (gradients) cells.push_back(gradient ? digits(*gradient) : "");
    rows.cells.push_back(std::move(cells));
  };
  std::size_t others = 0;
  double rest = 0;
  for (const Term& term : terms) {
    if (terms.size() > 1 && !trail.follows(term.from) && trail.at(term.from.depth, term.from.unit) == term.from) {
      ++others;
      rest += term.product();
      continue;
    }
    add({named_link(trail, term.from), link_to(trail, term.from, digits(term.value)), digits(term.weight),
         digits(term.product())},
        of.dZ ? std::optional(term.value * *of.dZ) : std::nullopt);
  }
  if (others > 0) add({fmt::format("{} others together", others), "", "", digits(rest)}, {});
  if (sum.bias) add({"bias", "", "", digits(*sum.bias)}, of.dZ);
  add({of.made, "", "", element("b", "", digits(of.number))}, {});
  return rows.html("numbers");
}

std::string origin_block(const Trail& trail, const WeightedSum& sum, const SumOf& of) {
  return sum_table(trail, sum, of);
}
std::string origin_block(const Trail& trail, const Normalisation& from, const SumOf& of) {
  std::string text =
      element("p", "",
              fmt::format("{} = gain (x − mean) / deviation + shift = {} ({} − {}) / {} + {} = <b>{}</b>", of.made,
                          digits(from.gain), link_to(trail, from.from, digits(from.x)), digits(from.mean),
                          digits(from.deviation), digits(from.shift), digits(of.number)));
  if (of.dZ)
    text += element("p", "",
                    fmt::format("dL/dgain = dL/dz (x − mean) / deviation = {}, dL/dshift = dL/dz = {}",
                                digits(*of.dZ * (from.x - from.mean) / from.deviation), digits(*of.dZ)));
  return text;
}
std::string origin_block(const Trail& trail, const NormalisationGradient& from, const SumOf& of) {
  return element(
      "p", "",
      fmt::format("{} = (gain · dL/dz − m − ẑ k) / deviation = ({} · {} − {} − {} · {}) / {} = <b>{}</b>, with "
                  "ẑ the normalised value, m the mean of gain · dL/dz over the row and k that of gain · "
                  "dL/dz · ẑ",
                  of.made, digits(from.gain), link_to(trail, from.from, digits(from.dZ)), digits(from.mean),
                  digits(from.z), digits(from.along), digits(from.deviation), digits(of.number)));
}

std::string origin_block(const Trail& trail, const Origin& origin, const SumOf& of) {
  return std::visit([&](const auto& each) { return origin_block(trail, each, of); }, origin);
}

// The numbers of a unit in one line, above what they are made of.
std::string numbers_line(const TracedLayer& layer, const Place& at) {
  std::string text;
  const auto add = [&](std::string_view name, const Matrix<double>& M) {
    if (!M.empty())
      text += fmt::format("{}{} = <b>{}</b>", text.empty() ? "" : ", ", name, digits(M(at.row, at.unit)));
  };
  add("z", layer.Z);
  if (!layer.activation.is_identity()) add("a", layer.A);
  add("dL/da", layer.dA);
  add("dL/dz", layer.dZ);
  return element("p", "", text);
}

// a from z.
std::string activation_block(const TracedLayer& layer, const Place& at) {
  if (layer.activation.is_identity()) return "";
  const bool rowwise = layer.activation.is_rowwise();
  return element("p", "",
                 fmt::format("a = {}({}) = <code>{}</code> = <b>{}</b>", layer.activation.name(),
                             rowwise ? fmt::format("<a href=\"#layer-{}\">z of all units</a>", at.depth)
                                     : digits(layer.Z(at.row, at.unit)),
                             escaped(layer.activation.formula()), digits(layer.A(at.row, at.unit))));
}

// dL/dz from dL/da.
std::string slope_block(const TracedLayer& layer, const Place& at) {
  const std::string dZ = element("b", "", digits(layer.dZ(at.row, at.unit)));
  if (layer.dA.empty())
    return element("p", "",
                   fmt::format("dL/dz = {}: the loss is one of z, with {} in it, and this is its slope (<a "
                               "href=\"#loss\">the loss</a>)",
                               dZ, layer.activation.name()));
  if (layer.activation.is_identity()) return element("p", "", "dL/dz = dL/da");
  if (layer.activation.is_rowwise())
    return element("p", "",
                   fmt::format("dL/dz = {}: the Jacobian of {}, <code>{}</code>, times dL/da of all units", dZ,
                               layer.activation.name(), escaped(layer.activation.derivative())));
  return element(
      "p", "",
      fmt::format("dL/dz = dL/da · σ'(z) = {} · {} = {}, σ' = <code>{}</code>", digits(layer.dA(at.row, at.unit)),
                  digits(slope_at(layer.activation, layer.Z(at.row, at.unit))), dZ,
                  escaped(layer.activation.derivative())));
}

// dL/da of a layer, or dL/dx.
std::string backward_block(const Trail& trail, const Place& at) {
  const Trace& trace = trail.trace();
  const std::string name = at.depth == 0 ? "dL/dx" : "dL/da";
  std::string text;
  if (at.depth < trace.depth())
    text +=
        origin_block(trail, origin_of_gradient(trace, at),
                     {.value = "dL/dz", .weight = "w", .made = name, .number = trace.dA(at.depth)(at.row, at.unit)});
  else if (!trace.dA(at.depth).empty())
    text += element("p", "",
                    fmt::format("dL/da = <b>{}</b>, the slope of <a href=\"#loss\">the loss</a>",
                                digits(trace.dA(at.depth)(at.row, at.unit))));
  return at.depth == 0 ? text : text + slope_block(trace.layers[at.depth - 1], at);
}

// The line of a unit in the table of its layer.
std::vector<std::string> unit_line(const Trail& trail, const Place& at) {
  const TracedLayer& layer = trail.trace().layers[at.depth - 1];
  std::vector<std::string> cells{named_link(trail, at)};
  const auto add = [&](const Matrix<double>& M) {
    if (!M.empty()) cells.push_back(link_to(trail, at, digits(M(at.row, at.unit))));
  };
  add(layer.Z);
  if (!layer.activation.is_identity()) add(layer.A);
  if (!layer.activation.is_identity()) add(layer.dA);
  add(layer.dZ);
  return cells;
}

std::string layer_words(const Trail& trail, std::size_t depth) {
  const TracedLayer& layer = trail.trace().layers[depth - 1];
  const std::size_t units = layer.A.columns(), followed = trail.followed[depth].size();
  std::string text = element("p", "",
                             fmt::format("{}, {} → {}: Z = {}{}", escaped(layer.text),
                                         trail.trace().A(depth - 1).columns(), units, formula_of(layer.spec),
                                         layer.activation.is_identity()
                                             ? ""
                                             : fmt::format("; A = {}(Z) = <code>{}</code>", layer.activation.name(),
                                                           escaped(layer.activation.formula()))));
  if (followed == units) return text;
  return text +
         element("p", " class=\"soft\"",
                 fmt::format("{} of its {} units are followed, those with the largest share in what is followed "
                             "behind them, Σ |value · weight|. The sums hold the others together in one line; "
                             "neurone explain --neuron shows each of them.",
                             followed, units));
}

}  // namespace

std::string unit_block(const Trail& trail, const Place& at) {
  const Trace& trace = trail.trace();
  std::string text = element(
      "h3", "", at.depth == 0 ? unit_name(trail, at) : fmt::format("layer {}, {}", at.depth, unit_name(trail, at)));
  if (at.depth == 0) {
    text += element(
        "p", "", fmt::format("x = <b>{}</b>: {}", digits(trace.x(0, at.unit)), input_origin(trail.subject, at.unit)));
  } else {
    const TracedLayer& layer = trace.layers[at.depth - 1];
    text += numbers_line(layer, at);
    text += origin_block(trail, origin_of_z(trace, at),
                         {.value = "value",
                          .weight = "w",
                          .made = "z",
                          .number = layer.Z(at.row, at.unit),
                          .dZ = trace.backward() ? std::optional(layer.dZ(at.row, at.unit)) : std::nullopt});
    text += activation_block(layer, at);
  }
  if (trace.backward()) text += backward_block(trail, at);
  return fmt::format("<div class=\"unit\" id=\"u{}-{}\">{}</div>\n", at.depth, at.unit + 1, text);
}

Section layer_section(const Trail& trail, std::size_t depth) {
  const TracedLayer& layer = trail.trace().layers[depth - 1];
  const bool bends = !layer.activation.is_identity();
  Section section{.id = fmt::format("layer-{}", depth), .heading = fmt::format("Layer {}", depth)};
  Rows rows{{{"", "z"}}};
  std::vector<std::string>& head = rows.cells.front();
  if (bends) head.emplace_back("a");
  if (bends && !layer.dA.empty()) head.emplace_back("dL/da");
  if (!layer.dZ.empty()) head.emplace_back("dL/dz");
  std::string blocks;
  for (const std::size_t unit : trail.followed[depth]) {
    rows.cells.push_back(unit_line(trail, trail.at(depth, unit)));
    blocks += unit_block(trail, trail.at(depth, unit));
  }
  section.content = layer_words(trail, depth) + blocks + rows.html("numbers");
  return section;
}

}  // namespace neurone::report
