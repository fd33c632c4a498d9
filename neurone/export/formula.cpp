// Walks the list at the foot of the formula sheet.
#include "neurone/export/formula.h"

#include <string>

#include "neurone/activation/activation.h"
#include "neurone/core/error.h"

namespace neurone {
namespace {

template <class... F> std::optional<Formula> formula_in_sheet(std::string_view name, activations::List<F...>) {
  std::optional<Formula> found;
  bool is_there = false;
  const auto look_at = [&]<class Activation>() {
    if (Activation::name != name) return;
    is_there = true;
    if constexpr (!activations::Rowwise<Activation>) found = Activation::value(Formula::variable());
  };
  (look_at.template operator()<F>(), ...);
  if (!is_there)
    throw UsageError("the activation '" + std::string(name) + "' is not one of neurone's own: it cannot be exported");
  return found;
}

}  // namespace

std::optional<Formula> formula_of_activation(std::string_view name) {
  return formula_in_sheet(name, activations::All());
}

}  // namespace neurone
