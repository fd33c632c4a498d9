// Warm-up, and the plateau's memory of losses; the shapes of the schedules are in schedules.h.
// Which loss is observed, and when, is left to training/.
#include "neurone/optimizer/schedules.h"

namespace neurone {

void Schedule::check() const {
  if (!(std::isfinite(warmup) && warmup >= 0)) throw UsageError("schedule: warmup must be 0 or above");
  check_choice(shape);
}

double Schedule::factor(double epoch, double epochs, const PlateauState& plateau) const {
  if (epoch < warmup) return epoch / warmup * plateau.factor;
  return std::visit(
      [&]<class Shape>(const Shape& each) {
        if constexpr (std::is_same_v<Shape, schedules::ReduceOnPlateau>)
          return plateau.factor;
        else
          return each.factor(epoch - warmup, std::max(epochs - warmup, std::numeric_limits<double>::min()));
      },
      shape);
}

void Schedule::observe(double loss, PlateauState& plateau) const {
  const auto* reduce = std::get_if<schedules::ReduceOnPlateau>(&shape);
  if (reduce == nullptr) return;
  // a share of |lowest|: losses may be negative
  const double share = std::isinf(plateau.lowest_loss) ? 0 : reduce->threshold * std::abs(plateau.lowest_loss);
  if (loss < plateau.lowest_loss - share) {
    plateau.lowest_loss = loss;
    plateau.epochs_since = 0;
  } else if (++plateau.epochs_since > reduce->patience) {
    plateau.factor = std::max(plateau.factor * reduce->by, reduce->last);
    plateau.epochs_since = 0;
  }
}

}  // namespace neurone
