// Criteria by which a run stops early: the formula sheet, after Prechelt 1998, "Automatic early stopping using cross
// validation: quantifying the criteria", Neural Networks 11. They look at the losses of the epochs behind, at the end
// of every strip of k epochs, and remember nothing. Which epoch is kept is left to trainer.h.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "neurone/core/error.h"
#include "neurone/training/epoch_report.h"

namespace neurone::stopping {

/// GL(t) = 100 (E_va(t) / E_opt(t) − 1): by how many percent the validation loss of the last epoch lies above the
/// lowest at the end of a strip so far. `history` ends with a strip of `strip` epochs, all with validation.
double generalisation_loss(std::span<const EpochReport> history, std::size_t strip);

/// P_k(t) = 1000 (mean / lowest − 1) of the training losses in the last strip: by how many thousandths the mean lies
/// above the lowest. Near 0 where training gets nowhere, high where it falls or swings.
double training_progress(std::span<const EpochReport> history, std::size_t strip);

/// What all criteria have: strips, and the progress below which training is over.
void strip_settings(auto& self, auto visit) {
  visit("strip", self.strip);
  visit("least_progress", self.least_progress);
}
inline void check_strip(std::string_view criterion, std::size_t strip, double least_progress) {
  if (strip < 2) throw UsageError(std::string(criterion) + ": strip must be at least 2, to show any progress");
  if (!(std::isfinite(least_progress) && least_progress >= 0))
    throw UsageError(std::string(criterion) + ": least_progress must be 0 or above");
}

inline void check_limit(std::string_view criterion, double most) {
  if (!(std::isfinite(most) && most > 0)) throw UsageError(std::string(criterion) + ": most must be above 0");
}

/// GL_α: the generalisation loss is above α = `most`, in percent.
struct GeneralisationLoss {
  static constexpr std::string_view name = "generalisation-loss";
  double most = 5;
  std::size_t strip = 5;        ///< k, epochs
  double least_progress = 0.1;  ///< below this training progress it stops as well; 0: never
  static void settings(auto& self, auto visit) {
    visit("most", self.most);
    strip_settings(self, visit);
  }
  void check() const {
    check_limit(name, most);
    check_strip(name, strip, least_progress);
  }
  bool holds(std::span<const EpochReport> history) const { return generalisation_loss(history, strip) > most; }
};

/// PQ_α: the quotient of generalisation loss and training progress is above α = `most`, so that a run may get worse
/// as long as it still learns fast.
struct ProgressQuotient {
  static constexpr std::string_view name = "progress-quotient";
  double most = 0.5;
  std::size_t strip = 5;        ///< as above
  double least_progress = 0.1;  ///< as above
  static void settings(auto& self, auto visit) {
    visit("most", self.most);
    strip_settings(self, visit);
  }
  void check() const {
    check_limit(name, most);
    check_strip(name, strip, least_progress);
  }
  bool holds(std::span<const EpochReport> history) const {
    return generalisation_loss(history, strip) / training_progress(history, strip) > most;
  }
};

/// UP_s: the validation loss has risen from strip to strip, s = `times` times in a row.
struct SuccessiveIncreases {
  static constexpr std::string_view name = "successive-increases";
  std::size_t times = 3;
  std::size_t strip = 5;        ///< as above
  double least_progress = 0.1;  ///< as above
  static void settings(auto& self, auto visit) {
    visit("times", self.times);
    strip_settings(self, visit);
  }
  void check() const {
    if (times == 0) throw UsageError("successive-increases: times must be at least 1");
    check_strip(name, strip, least_progress);
  }
  bool holds(std::span<const EpochReport> history) const;
};

// --- the list: a new criterion is added here, and nowhere else ---------------------------------------------------

using Any = std::variant<GeneralisationLoss, ProgressQuotient, SuccessiveIncreases>;

/// Is this the end? Only ever at the end of a strip, and only of a run with validation.
bool is_met(const Any& criterion, std::span<const EpochReport> history);

}  // namespace neurone::stopping
