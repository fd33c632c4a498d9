// neurone activations [NAME]: the sheet of activations, each slope compared with the complex step on the spot.
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/terminal.h"
#include "cli/text_plot.h"
#include "cli/verbs.h"
#include "neurone/activation/slope_check.h"

namespace neurone::cli {
namespace {

struct ActivationsOptions {
  std::string name;
  bool plot = false, json = false;
};

std::string start_text(activations::Start start) {
  switch (start) {
    case activations::Start::glorot:
      return "glorot: variance 2 / (inputs + outputs)";
    case activations::Start::he:
      return "he: variance 2 / inputs";
    case activations::Start::lecun:
      return "lecun: variance 1 / inputs";
  }
  return "";
}

std::string check_text(const SlopeCheck& check) {
  return fmt::format("{} slopes, relative error at most {:.2g}{}", check.compared, check.largest_error,
                     check.holds() ? "" : ": WRONG");
}

// The value at z and the slope there, as layers compute them. Of a whole row: of its first element, beside zeros.
std::pair<double, double> value_and_slope(const Activation& activation, double z) {
  const std::size_t n = activation.is_rowwise() ? 3 : 1;
  Matrix<double> Z(1, n), A(1, n), dZ(1, n);
  Z(0, 0) = z;
  dZ(0, 0) = 1;
  activation.forward(Z, A);
  activation.backward(Z, A, dZ, dZ);
  return {A(0, 0), dZ(0, 0)};
}

void print_plot(const Activation& activation) {
  const std::array curves{
      TextCurve{'*', [&](double z) { return value_and_slope(activation, z).first; }},
      TextCurve{'o', [&](double z) { return value_and_slope(activation, z).second; }},
  };
  fmt::print("\n{}", draw({.width = terminal_width(STDOUT_FILENO)}, curves));
  fmt::print("{}\n", activation.is_rowwise() ? "        z of a row (z, 0, 0)   * its first a   o da/dz   @ both"
                                             : "        z   * value a   o slope da/dz   @ both");
}

void print_values(const Activation& activation) {
  fmt::print("\n{:>6}  {:>11}  {:>11}\n", "z", "a", "da/dz");
  for (const double z : {-4.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 4.0}) {
    const auto [a, slope] = value_and_slope(activation, z);
    fmt::print("{:>6}  {:>11.6f}  {:>11.6f}\n", z, a + 0.0, slope + 0.0);  // no −0
  }
}

// For one row, its values and its Jacobian: row i is what backward makes of dA = e_i.
void print_jacobian(const Activation& activation) {
  constexpr std::array row{1.0, 2.0, 3.0, 0.0};
  constexpr std::size_t n = row.size();
  Matrix<double> z(1, n), a(1, n);
  std::ranges::copy(row, z.elements().begin());
  activation.forward(z, a);
  fmt::print("\nz  [ {} ]\na  [", fmt::join(row, " "));
  for (const double each : a.elements()) fmt::print(" {:.4f}", each);
  fmt::print(" ]\n\nJacobian there, da_i/dz_j in row i, column j\n");
  for (std::size_t i = 0; i < n; ++i) {
    Matrix<double> D(1, n);
    D(0, i) = 1;
    activation.backward(z, a, D, D);
    for (const double each : D.elements()) fmt::print(" {:>9.4f}", each);
    fmt::print("\n");
  }
}

void print_one(const CheckedActivation& each, bool plot) {
  const auto& [activation, check] = each;
  fmt::print("{}\n\n  value       {}\n  derivative  {}\n  range       {}\n  weights     {}\n", activation.name(),
             activation.formula(), activation.derivative(), activation.range(), start_text(activation.start()));
  if (activation.is_rowwise())
    print_jacobian(activation);
  else
    print_values(activation);
  if (plot) print_plot(activation);
  fmt::print("\nThe derivative against the complex step, Im f(z + ih) / h:\n{}", check_text(check));
  if (!check.where.empty()) fmt::print(", at z = {}", fmt::join(check.where, " "));
  fmt::print("\n");
}

void print_sheet(const std::vector<CheckedActivation>& sheet, bool plot) {
  fmt::print(
      "z is the pre-activation, a the value. Every derivative was compared just now, in\n"
      "double, with the complex step Im f(z + ih) / h. Errors are relative to it, and\n"
      "to 0.001 where it is smaller.\n");
  for (const auto& [activation, check] : sheet) {
    fmt::print("\n{:<13}a     {}\n{:<13}da/dz {}\n{:<13}range {}\n{:<13}check {}\n", activation.name(),
               activation.formula(), "", activation.derivative(), "", activation.range(), "", check_text(check));
    if (plot) print_plot(activation);
  }
}

void print_json(const CheckedActivation& each) {
  const auto& [activation, check] = each;
  const nlohmann::ordered_json object{{"name", activation.name()},
                                      {"formula", activation.formula()},
                                      {"derivative", activation.derivative()},
                                      {"range", activation.range()},
                                      {"of_a_row", activation.is_rowwise()},
                                      {"compared", check.compared},
                                      {"largest_error", check.largest_error},
                                      {"where", check.where},
                                      {"holds", check.holds()}};
  fmt::print("{}\n", object.dump());
}

int run_activations(const ActivationsOptions& options) {
  std::vector<CheckedActivation> sheet = check_sheet();
  if (!options.name.empty()) {
    const Activation wanted = find_activation(options.name);
    std::erase_if(sheet, [&](const CheckedActivation& each) { return each.activation != wanted; });
  }
  if (options.json)
    for (const CheckedActivation& each : sheet) print_json(each);
  else if (options.name.empty())
    print_sheet(sheet, options.plot);
  else
    print_one(sheet.front(), options.plot);
  for (const auto& [activation, check] : sheet)
    if (!check.holds())
      throw Error("activation " + std::string(activation.name()), "its slope is not the derivative of its value");
  return 0;
}

}  // namespace

VerbPointer activations_verb(const std::string& word) {
  const auto options = std::make_shared<ActivationsOptions>();
  auto verb = std::make_unique<Verb>(word, "Show every activation, and check its derivative");
  verb->add_option("NAME", options->name, "Only this one, with more about it");
  CLI::Option* plot = verb->add_flag("--plot", options->plot, "Draw value and slope, as wide as the terminal");
  verb->add_flag("--json", options->json, "One JSON object a line instead of text")->excludes(plot);
  std::vector<std::string> names;
  for (const Activation& each : all_activations()) names.emplace_back(each.name());
  verb->offer("NAME", names);
  verb->action = [options] { return run_activations(*options); };
  return verb;
}

}  // namespace neurone::cli
