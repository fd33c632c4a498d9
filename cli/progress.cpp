// The bar is one line that is drawn again and again, never wider than the terminal.
#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/messages.h"
#include "cli/terminal.h"

namespace neurone::cli {
namespace {

using Seconds = std::chrono::duration<double>;

std::string duration_text(double seconds) {
  const long whole = std::lround(seconds);
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

// The line without what is beyond the last column, "…" where something was. A column is a code point; a colour,
// "\x1b[32m", takes none and always stays, so that what was switched on is switched off.
std::string cut(std::string_view line, std::size_t columns) {
  std::string shown;
  std::size_t used = 0;
  for (std::size_t i = 0, size = 1; i < line.size(); i += size) {
    const bool escape = line[i] == '\x1b';
    size = 1;
    if (escape)
      size = line.find('m', i) + 1 - i;
    else
      while (i + size < line.size() && (static_cast<unsigned char>(line[i + size]) & 0xC0U) == 0x80) ++size;
    if (!escape) ++used;
    if (escape || used < columns) shown += line.substr(i, size);
  }
  return used <= columns ? std::string(line) : shown + "…";
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

Progress::Progress(ProgressForm form, const Metric& metric, std::size_t networks, std::size_t epochs,
                   std::size_t epochs_done)
    : form_(form), metric_(metric), networks_(networks), epochs_(epochs), first_(epochs_done), epoch_(epochs_done) {}

double Progress::seconds() const {
  return Seconds(Clock::now() - start_).count();
}

std::string Progress::score_text(const char* part, const Score& score) const {
  return fmt::format("{} loss {:.4f} {} {:.4g}", part, score.loss, metric_.name(), score.metric);
}

// "epoch  12/256", with "network 2/5 " before it where there are several; `done` counts through the networks, from 1.
std::string Progress::epoch_text(std::size_t done) const {
  const std::size_t network = (done - 1) / epochs_;
  const std::string text =
      fmt::format("epoch {:>{}}/{}", done - network * epochs_, std::to_string(epochs_).size(), epochs_);
  return networks_ == 1 ? text : fmt::format("network {}/{} {}", network + 1, networks_, text);
}

void Progress::epoch(std::size_t network, const EpochReport& report) {
  const Clock::time_point now = Clock::now();
  const double seconds = Seconds(now - epoch_start_).count();
  epoch_start_ = now;
  epoch_ = network * epochs_ + report.epoch;
  if (form_ == ProgressForm::json) {
    nlohmann::ordered_json event{{"event", "epoch"},
                                 {"network", network + 1},
                                 {"epoch", report.epoch},
                                 {"train", to_json(report.train, metric_)}};
    if (report.validation) event["validation"] = to_json(*report.validation, metric_);
    event["best"] = report.best;
    event["learning_rate"] = report.learning_rate;
    event["seconds"] = seconds;
    fmt::print("{}\n", event.dump());
    std::fflush(stdout);
    return;
  }
  const std::string train = score_text("train", report.train);
  const std::string validation = report.validation ? score_text("validation", *report.validation) : "";
  const std::string gap = report.validation ? "  " : "";
  constexpr std::chrono::seconds pause{1};
  const bool at_an_end = report.epoch == 1 || report.epoch == epochs_;
  if (form_ == ProgressForm::lines && (at_an_end || now - drawn_ >= pause)) {
    drawn_ = now;
    put_on_errors(fmt::format("{}  {}{}{}{}  {:.2f} s\n", epoch_text(epoch_), train, gap, validation,
                              report.best && report.validation ? " *" : "", seconds));
  }
  if (form_ == ProgressForm::bar) {
    tail_ = validation + gap + train;  // a narrow terminal shows what comes first
    draw(tail_, static_cast<double>(epoch_));
  }
}

void Progress::step(std::size_t step, std::size_t steps) {
  if (form_ != ProgressForm::bar) return;
  constexpr std::chrono::milliseconds pause{100};
  if (Clock::now() - drawn_ < pause) return;
  draw(tail_, static_cast<double>(epoch_) + static_cast<double>(step) / static_cast<double>(steps));
}

// One line, redrawn in place: "epoch  12/200 [####    ] 0:35 left  validation loss …". Colour unless NO_COLOR says
// no.
void Progress::draw(const std::string& tail, double done) {
  drawn_ = Clock::now();
  const std::size_t columns =
      terminal_width(STDERR_FILENO) - 1;  // some terminals go on to the next line once the last is filled
  const int width = columns < 100 ? 12 : 24;
  const std::size_t all = networks_ * epochs_;
  const auto total = static_cast<double>(all);
  const double here = done - static_cast<double>(first_);
  const double left = here > 0 ? seconds() / here * (total - done) : 0;
  const int full = std::clamp(static_cast<int>(done / total * width), 0, width);
  const char* no_color = std::getenv("NO_COLOR");
  const bool color = no_color == nullptr || *no_color == '\0';
  const std::size_t running = std::min(all, static_cast<std::size_t>(done) + (done < total ? 1 : 0));
  const std::string line =
      fmt::format("{} [{}{:#<{}}{}{:{}}] {} left  {}", epoch_text(running), color ? "\x1b[32m" : "", "", full,
                  color ? "\x1b[0m" : "", "", width - full, duration_text(left), tail);
  put_on_errors("\r\x1b[K" + cut(line, columns));
  line_open_ = true;
}

void Progress::finish() {
  if (line_open_) put_on_errors("\n");
  line_open_ = false;
}

}  // namespace neurone::cli
