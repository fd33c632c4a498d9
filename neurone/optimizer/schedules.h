// The learning rate over time, as a factor on the base rate: the formula sheet of the schedules, and warm-up.
// Time is counted in epochs, with fractions: step s of an epoch of S steps in epoch e is at e + s/S.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <string>
#include <string_view>
#include <variant>

#include "neurone/core/choice.h"

namespace neurone::schedules {

inline void check_factor(std::string_view schedule, std::string_view setting, double value) {
  if (!(value > 0 && value <= 1))
    throw UsageError(std::string(schedule) + ": " + std::string(setting) + " must be above 0 and at most 1");
}

inline void check_last(std::string_view schedule, double value) {
  if (!(value >= 0 && value <= 1))
    throw UsageError(std::string(schedule) + ": last must be at least 0 and at most 1");
}

/// From 1 at x = 0 to 0 at x = 1, and back to 1 at x = 2.
inline double half_cosine(double x) {
  return 0.5 * (1 + std::cos(std::numbers::pi * x));
}

struct Constant {
  static constexpr std::string_view name = "constant";
  double factor(double, double) const { return 1; }
};

/// × factor after every `every` epochs.
struct Step {
  static constexpr std::string_view name = "step";
  double every = 10, by = 0.5;
  static void settings(auto& self, auto visit) {
    visit("every", self.every);
    visit("by", self.by);
  }
  void check() const {
    if (!(every > 0)) throw UsageError("step: every must be above 0");
    check_factor(name, "by", by);
  }
  double factor(double epoch, double) const { return std::pow(by, std::floor(epoch / every)); }
};

/// × `by` in every epoch, smoothly.
struct Exponential {
  static constexpr std::string_view name = "exponential";
  double by = 0.95;
  static void settings(auto& self, auto visit) { visit("by", self.by); }
  void check() const { check_factor(name, "by", by); }
  double factor(double epoch, double) const { return std::pow(by, epoch); }
};

/// (1 − x)^power from 1 to `last`, x the part of the run that is done.
struct Polynomial {
  static constexpr std::string_view name = "polynomial";
  double power = 1, last = 0;
  static void settings(auto& self, auto visit) {
    visit("power", self.power);
    visit("last", self.last);
  }
  void check() const {
    if (!(power >= 0)) throw UsageError("polynomial: power must be 0 or above");
    check_last(name, last);
  }
  double factor(double epoch, double epochs) const {
    return last + (1 - last) * std::pow(1 - std::min(epoch / epochs, 1.0), power);
  }
};

/// Half a cosine from 1 to `last` over the run (Loshchilov and Hutter 2017, equation 5, without restarts).
struct Cosine {
  static constexpr std::string_view name = "cosine";
  double last = 0;
  static void settings(auto& self, auto visit) { visit("last", self.last); }
  void check() const { check_last(name, last); }
  double factor(double epoch, double epochs) const {
    return last + (1 - last) * half_cosine(std::min(epoch / epochs, 1.0));
  }
};

/// The same over `first` epochs, then from the top again over `times` as many, and so on (equation 5).
struct CosineRestarts {
  static constexpr std::string_view name = "cosine_restarts";
  double first = 10, times = 2, last = 0;
  static void settings(auto& self, auto visit) {
    visit("first", self.first);
    visit("times", self.times);
    visit("last", self.last);
  }
  void check() const {
    if (!(first >= 0.001)) throw UsageError("cosine_restarts: first must be at least 0.001");
    if (!(times >= 1)) throw UsageError("cosine_restarts: times must be at least 1");
    check_last(name, last);
  }
  double factor(double epoch, double) const {
    if (times == 1) return last + (1 - last) * half_cosine(std::fmod(epoch, first) / first);
    double length = first;
    while (epoch >= length) {
      epoch -= length;
      length *= times;
    }
    return last + (1 - last) * half_cosine(epoch / length);
  }
};

/// Up by half a cosine from 1/`start` to 1 over the first `warm` part of the run, then down to 1/(`start` · `end`)
/// (Smith and Topin 2018).
struct OneCycle {
  static constexpr std::string_view name = "one_cycle";
  double warm = 0.3, start = 25, end = 1e4;
  static void settings(auto& self, auto visit) {
    visit("warm", self.warm);
    visit("start", self.start);
    visit("end", self.end);
  }
  void check() const {
    if (!(warm > 0 && warm < 1)) throw UsageError("one_cycle: warm must be between 0 and 1");
    if (!(start >= 1 && end >= 1)) throw UsageError("one_cycle: start and end must be at least 1");
  }
  double factor(double epoch, double epochs) const {
    const double x = std::min(epoch / epochs, 1.0), low = 1 / start, lowest = low / end;
    if (x < warm) return low + (1 - low) * (1 - half_cosine(x / warm));
    return lowest + (1 - lowest) * half_cosine((x - warm) / (1 - warm));
  }
};

/// ½ (1 − cos(2π log₂(1 + (2^cycles − 1) x))): from 0 up and down to 0 `cycles` times, each cycle about twice as long
/// as the one before (Holzmüller, Grinsztajn and Steinwart 2024, "Better by default", section 3).
struct CosineLog {
  static constexpr std::string_view name = "cosine_log";
  std::size_t cycles = 4;
  static void settings(auto& self, auto visit) { visit("cycles", self.cycles); }
  void check() const {
    if (cycles < 1 || cycles > 30) throw UsageError("cosine_log: cycles must be at least 1 and at most 30");
  }
  double factor(double epoch, double epochs) const {
    const double x = std::min(epoch / epochs, 1.0);
    return 1 - half_cosine(2 * std::log2(1 + (std::exp2(static_cast<double>(cycles)) - 1) * x));
  }
};

/// × `by` whenever the validation loss has not fallen for `patience` epochs by a share of `threshold` at least.
struct ReduceOnPlateau {
  static constexpr std::string_view name = "plateau";
  double by = 0.5;
  std::size_t patience = 5;
  double threshold = 1e-4, last = 1e-4;
  static void settings(auto& self, auto visit) {
    visit("by", self.by);
    visit("patience", self.patience);
    visit("threshold", self.threshold);
    visit("last", self.last);
  }
  void check() const {
    check_factor(name, "by", by);
    if (!(threshold >= 0 && threshold < 1)) throw UsageError("plateau: threshold must be at least 0 and below 1");
    check_last(name, last);
  }
};

// --- the list: a new schedule is added here, and nowhere else ----------------------------------------------------

using Any = std::variant<Cosine, Constant, Step, Exponential, Polynomial, CosineRestarts, OneCycle, CosineLog,
                         ReduceOnPlateau>;

}  // namespace neurone::schedules

namespace neurone {

/// What a schedule remembers between epochs; a checkpoint keeps it.
struct PlateauState {
  double lowest_loss = std::numeric_limits<double>::infinity();
  std::size_t epochs_since = 0;
  double factor = 1;
};

/// A schedule with warm-up: over the first `warmup` epochs the rate rises in a straight line from 0, then the
/// schedule runs over what is left.
struct Schedule {
  schedules::Any shape = schedules::Cosine{};
  double warmup = 0;  ///< epochs

  /// Throws UsageError when a setting, of the shape or warm-up, is out of range.
  void check() const;

  /// The learning rate's factor at `epoch` (with fraction) of a run of `epochs`.
  double factor(double epoch, double epochs, const PlateauState& plateau) const;

  /// Tells the schedule the monitored loss at the end of an epoch.
  void observe(double loss, PlateauState& plateau) const;
};

}  // namespace neurone
