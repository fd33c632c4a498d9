// The list of all activations as values, looked up by name; the Jacobian of softmax as a matrix.
// The formulas are in activations.h.
#include "neurone/activation/activation.h"

#include "neurone/core/suggestion.h"
#include "neurone/math/widest_row.h"

namespace neurone {
namespace {

template <class... F> std::vector<Activation> list_all(activations::List<F...>) {
  return {Activation::of<F>()...};
}

}  // namespace

const std::vector<Activation>& all_activations() {
  static const std::vector<Activation> all = list_all(activations::All{});
  return all;
}

Activation find_activation(std::string_view name, std::span<const Activation> own) {
  std::vector<std::string> names;
  for (const std::span<const Activation> list : {own, std::span<const Activation>(all_activations())}) {
    for (const Activation& each : list) {
      if (each.name() == name) return each;
      names.emplace_back(each.name());
    }
  }
  throw unknown_name("activation", name, names);
}

bool Activation::runs_over_lanes(std::size_t columns) const {
  return entry_->place >= 0 && (!entry_->rowwise || columns <= widest_row_in_lanes);
}

template <> const ActivationPasses<float>& Activation::passes<float>(std::size_t columns) const {
  if (!runs_over_lanes(columns)) return entry_->in_float;
  return NEURONE_KERNELS(activations_in_float).of_sheet[static_cast<std::size_t>(entry_->place)];
}
template <> const ActivationPasses<double>& Activation::passes<double>(std::size_t columns) const {
  if (!runs_over_lanes(columns)) return entry_->in_double;
  return NEURONE_KERNELS(activations_in_double).of_sheet[static_cast<std::size_t>(entry_->place)];
}

Matrix<double> softmax_jacobian(std::span<const double> S) {
  Matrix<double> D(S.size(), S.size());
  for (std::size_t i = 0; i < S.size(); ++i)
    for (std::size_t j = 0; j < S.size(); ++j) D(i, j) = activations::Softmax::jacobian(S, i, j);
  return D;
}

}  // namespace neurone
