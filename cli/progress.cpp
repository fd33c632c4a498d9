#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace neurone::cli {
namespace {

using Seconds = std::chrono::duration<double>;

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

nlohmann::ordered_json to_json(const Score& score, const Metric& metric) {
  return {{"loss", score.loss}, {std::string(metric.name()), score.metric}};
}

}  // namespace

ProgressForm progress_form(bool quiet, bool json) {
  if (json) return ProgressForm::json;
  if (quiet) return ProgressForm::none;
  return isatty(STDERR_FILENO) == 1 ? ProgressForm::bar : ProgressForm::lines;
}

Progress::Progress(ProgressForm form, const Metric& metric, std::size_t epochs, std::size_t epochs_done)
    : form_(form), metric_(metric), epochs_(epochs), first_(epochs_done), epoch_(epochs_done) {}

double Progress::seconds() const {
  return Seconds(Clock::now() - start_).count();
}

std::string Progress::score_text(const char* part, const Score& score) const {
  return fmt::format("{} loss {:.4f} {} {:.4g}", part, score.loss, metric_.name(), score.metric);
}

void Progress::epoch(const EpochReport& report) {
  const Clock::time_point now = Clock::now();
  const double seconds = Seconds(now - epoch_start_).count();
  epoch_start_ = now;
  epoch_ = report.epoch;
  if (form_ == ProgressForm::json) {
    nlohmann::ordered_json event{
        {"event", "epoch"}, {"epoch", report.epoch}, {"train", to_json(report.train, metric_)}};
    if (report.validation) event["validation"] = to_json(*report.validation, metric_);
    event["best"] = report.best;
    event["learning_rate"] = report.learning_rate;
    event["seconds"] = seconds;
    fmt::print("{}\n", event.dump());
    std::fflush(stdout);
    return;
  }
  std::string scores = score_text("train", report.train);
  if (report.validation) scores += "  " + score_text("validation", *report.validation);
  if (form_ == ProgressForm::lines)
    fmt::print(stderr, "epoch {:>{}}/{}  {}{}  {:.2f} s\n", report.epoch, std::to_string(epochs_).size(), epochs_,
               scores, report.best && report.validation ? " *" : "", seconds);
  if (form_ == ProgressForm::bar) {
    tail_ = scores;
    draw(scores, static_cast<double>(report.epoch));
  }
}

void Progress::step(std::size_t step, std::size_t steps) {
  if (form_ != ProgressForm::bar) return;
  constexpr std::chrono::milliseconds pause{100};
  if (Clock::now() - drawn_ < pause) return;
  draw(tail_, static_cast<double>(epoch_) + static_cast<double>(step) / static_cast<double>(steps));
}

// One line, redrawn in place: "epoch 12/200 [####    ] 0:35 left  train loss …". Colour unless NO_COLOR says no.
void Progress::draw(const std::string& tail, double done) {
  drawn_ = Clock::now();
  constexpr int width = 24;
  const auto total = static_cast<double>(epochs_);
  const double here = done - static_cast<double>(first_);
  const double left = here > 0 ? seconds() / here * (total - done) : 0;
  const int full = std::clamp(static_cast<int>(done / total * width), 0, width);
  const char* no_color = std::getenv("NO_COLOR");
  const bool color = no_color == nullptr || *no_color == '\0';
  fmt::print(stderr, "\r\x1b[Kepoch {}/{} [{}{:#<{}}{}{:{}}] {} left  {}",
             std::min(epochs_, static_cast<std::size_t>(done) + (done < total ? 1 : 0)), epochs_,
             color ? "\x1b[32m" : "", "", full, color ? "\x1b[0m" : "", "", width - full, duration_text(left), tail);
  std::fflush(stderr);
}

void Progress::finish() {
  if (form_ == ProgressForm::bar) fmt::print(stderr, "\n");
}

}  // namespace neurone::cli
