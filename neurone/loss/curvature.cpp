#include "neurone/loss/curvature.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace neurone {
namespace {

// Of each output by itself, or of a whole row.
template <class Formula>
concept CurvedPerOutput = requires(Formula f, double y) { f.curvature(y, y); };
template <class Formula>
concept CurvedPerRow = requires(Formula f, std::span<const double> z, MatrixView<double> B) { f.curvature(z, B); };

}  // namespace

bool has_curvature(const Loss& loss) {
  return std::visit([]<class Formula>(const Formula&) { return CurvedPerOutput<Formula> || CurvedPerRow<Formula>; },
                    loss.formula);
}

std::string curved_losses() {
  std::string names;
  for_each_alternative<losses::Any>([&](const auto& formula) {
    if (has_curvature({.formula = formula})) names += (names.empty() ? "" : ", ") + std::string(formula.name);
  });
  return names;
}

void curvature_factor(const Loss& loss, std::span<const double> y, std::span<const double> t, MatrixView<double> B) {
  assert(B.rows() == y.size() && B.columns() == y.size());
  std::ranges::fill(B.elements(), 0.0);
  std::visit(
      [&]<class Formula>(const Formula& formula) {
        if constexpr (CurvedPerRow<Formula>) {
          formula.curvature(y, B);
        } else if constexpr (CurvedPerOutput<Formula>) {
          const double share = 1 / static_cast<double>(t.size());  // a sample's loss is the mean over its outputs
          for (std::size_t j = 0; j < y.size(); ++j) B(j, j) = std::sqrt(share * formula.curvature(y[j], t[j]));
        } else {
          assert(false && "the loss has no curvature");
        }
      },
      loss.formula);
}

}  // namespace neurone
