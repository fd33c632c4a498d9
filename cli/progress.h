// What train tells while it runs: a progress bar on a terminal, else a line for an epoch, but not more than one a
// second, both on standard error; or JSON Lines on standard output.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include "neurone/training/trainer.h"

namespace neurone::cli {

enum class ProgressForm { none, lines, bar, json };

/// none if quiet, json if asked for, bar when standard error is a terminal.
ProgressForm progress_form(bool quiet, bool json);

class Progress {
 public:
  /// `epochs` of each of the networks; `epochs_done` counts through them.
  Progress(ProgressForm form, const Metric& metric, std::size_t networks, std::size_t epochs,
           std::size_t epochs_done);
  /// Ends the bar's line, so that an error message begins on its own.
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Of a network, from 0.
  void epoch(std::size_t network, const EpochReport& report);
  void step(std::size_t step, std::size_t steps);
  /// Ends the bar's line, if there is one.
  void finish();

  double seconds() const;

 private:
  std::string score_text(const char* part, const Score& score) const;
  std::string epoch_text(std::size_t done) const;
  void draw(const std::string& tail, double done);

  using Clock = std::chrono::steady_clock;
  ProgressForm form_;
  Metric metric_;
  std::size_t networks_, epochs_, first_, epoch_;  // the last two count through the networks
  Clock::time_point start_ = Clock::now(), epoch_start_ = start_, drawn_{};
  std::string tail_;
  bool line_open_ = false;  // the cursor stands behind a bar
};

}  // namespace neurone::cli
