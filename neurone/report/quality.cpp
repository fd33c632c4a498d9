// How good the model is: figures with what they mean, and the pictures of classes or of numbers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "neurone/model/comparison.h"
#include "neurone/model/curves.h"
#include "neurone/report/chart.h"
#include "neurone/report/markup.h"
#include "neurone/report/sections.h"

namespace neurone::report {
namespace {

std::string_view meaning_of(std::string_view figure) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 16> meanings{
      {{"accuracy", "share of rows whose class was predicted"},
       {"balanced_accuracy", "the same for each class, averaged: a rare class counts as much as a common one"},
       {"f1", "2 · right / (true + predicted); of the second class, or averaged over the classes"},
       {"matthews", "correlation of truth and prediction: 1 all right, 0 no better than chance"},
       {"roc_auc", "how often a row of the class gets a higher value than a row of another"},
       {"average_precision", "area under precision against recall"},
       {"log_loss", "mean of −log of the probability given to the true class: 0 is certain and right"},
       {"brier", "mean squared distance of probability and truth"},
       {"calibration_error", "mean gap between how sure and how often right"},
       {"rmse", "root of the mean squared error, in the target’s unit"},
       {"mae", "mean absolute error"},
       {"median_error", "half of the rows are closer than this"},
       {"r2", "1 all right, 0 no better than the mean"},
       {"coverage_90", "share of rows whose truth lies in the interval, or set, that promises 90 %"},
       {"width_90", "mean width of these intervals"},
       {"set_size_90", "mean number of classes in these sets"}}};
  const auto found = std::ranges::find(meanings, figure, &std::pair<std::string_view, std::string_view>::first);
  return found == meanings.end() ? std::string_view{} : found->second;
}

std::string figure_rows(const Figures& figures) {
  Rows rows{{{"figure", "value", "95 % interval", "what it is"}}};
  for (const auto& [name, value, interval] : figures)
    rows.cells.push_back({escaped(name), number_text(value), interval_text(interval), std::string(meaning_of(name))});
  return rows.html("words");
}

std::string comparison_text(const Comparison& comparison) {
  const bool classes = comparison.figure == "accuracy";
  return element(
      "p", "",
      fmt::format("For comparison, on the same rows: {0} {1} of a linear model on the same columns, {2} of a "
                  "model that always says {3}. In short: {4}.",
                  comparison.figure, number_text(comparison.linear), number_text(comparison.constant),
                  classes ? "the commonest class" : "the mean", escaped(describe_gain(comparison))));
}

// --- classes -------------------------------------------------------------------------------------------------------

std::string confusion_table(const ClassTarget& target, const Matrix<double>& confusion) {
  constexpr std::size_t most_classes = 15;
  const std::size_t classes = target.classes.size();
  if (classes > most_classes) return "";
  std::string text = "<table class=\"confusion\"><thead><tr><th scope=\"col\">true ↓ predicted →</th>";
  for (const std::string& each : target.classes) text += element("th", " scope=\"col\"", escaped(each));
  text += "</tr></thead><tbody>";
  for (std::size_t i = 0; i < classes; ++i) {
    const std::span<const double> row = confusion[i];
    const double all = std::max(1.0, std::reduce(row.begin(), row.end()));
    text += "<tr>" + element("th", " scope=\"row\"", escaped(target.classes[i]));
    for (std::size_t j = 0; j < classes; ++j) {
      const double share = row[j] / all;
      text += fmt::format("<td class=\"{}{}\" style=\"--p:{:.2f}\">{:.0f}</td>", i == j ? "hit" : "",
                          share > 0.55 ? " full" : "", 0.9 * share, row[j]);
    }
    text += "</tr>";
  }
  return element("div", " class=\"wide\" tabindex=\"0\"", text + "</tbody></table>");
}

std::string commonest_mistakes(const ClassTarget& target, const Matrix<double>& confusion) {
  struct Mistake {
    double count;
    std::size_t truth, said;
  };
  std::vector<Mistake> all;
  for (std::size_t i = 0; i < confusion.rows(); ++i)
    for (std::size_t j = 0; j < confusion.columns(); ++j)
      if (i != j && confusion(i, j) > 0) all.push_back({confusion(i, j), i, j});
  if (all.empty()) return element("p", "", "Every test row was predicted right.");
  std::ranges::sort(all, [](const Mistake& a, const Mistake& b) {
    return a.count != b.count ? a.count > b.count : std::pair(a.truth, a.said) < std::pair(b.truth, b.said);
  });
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 5); ++i)
    text += fmt::format("{}{} taken for {} ({:.0f})", i == 0 ? "" : ", ", escaped(target.classes[all[i].truth]),
                        escaped(target.classes[all[i].said]), all[i].count);
  return element("p", "", "The commonest mistakes: " + text + ".");
}

std::string roc_picture(const ClassTarget& target, const Tested& tested) {
  struct Drawn {
    std::uint32_t of;
    RocCurve curve;
  };
  std::vector<Drawn> all;
  const auto classes = static_cast<std::uint32_t>(target.classes.size());
  if (classes > ClassFigures::most_ranked_classes) return "";
  for (std::uint32_t c = classes == 2 ? 1 : 0; c < classes; ++c) {
    Drawn drawn{.of = c, .curve = roc_curve(tested.predictions.values, tested.classes, c)};
    if (!drawn.curve.points.empty()) all.push_back(std::move(drawn));
  }
  if (all.empty()) return "";
  std::ranges::sort(all, {}, [](const Drawn& each) { return std::pair(each.curve.area, each.of); });
  const bool some = all.size() > colours;
  if (some) all.resize(colours);
  Chart chart(Axis::shares("share of the others taken for the class"), Axis::shares("share of the class found"));
  chart.guide({.x = 0, .y = 0}, {.x = 1, .y = 1});
  std::vector<std::pair<std::size_t, std::string>> entries;
  Rows rows{{{"class", "of the others", "of the class"}}};
  for (std::size_t k = 0; k < all.size(); ++k) {
    const std::string& name = target.classes[all[k].of];
    std::vector<Point> line;
    for (const auto& [x, y] : all[k].curve.points) line.push_back({.x = x, .y = y});
    chart.line(line, k);
    entries.emplace_back(k, fmt::format("{}, area {:.4f}", name, all[k].curve.area));
    const std::size_t every = std::max<std::size_t>(1, line.size() / 10);
    for (std::size_t i = 0; i < line.size(); i += every)
      rows.cells.push_back({escaped(name), percent_text(line[i].x), percent_text(line[i].y)});
  }
  return picture("How well it ranks (ROC)", chart.svg("ROC curves, a line for each class") + legend(entries),
                 some ? "Each class against the rest; those that are told apart worst. The dotted line is chance."
                      : "Going down from the surest rows: the higher the line, the fewer false alarms for what is "
                        "found. The dotted line is chance.",
                 folded("these numbers", rows));
}

std::string calibration_picture(const Tested& tested) {
  const std::vector<ReliabilityBin> bins = reliability(tested.predictions.values, tested.classes);
  std::size_t most = 1;
  for (const ReliabilityBin& bin : bins) most = std::max(most, bin.rows);
  Chart chart(Axis::shares("how sure it is of its prediction"), Axis::shares("how often it is right"));
  chart.guide({.x = 0, .y = 0}, {.x = 1, .y = 1});
  Rows rows{{{"rows", "sure", "right"}}};
  std::vector<Point> line;
  for (const auto& [count, sure, right] : bins) line.push_back({.x = sure, .y = right});
  chart.line(line, 0, Chart::Stroke::thin);
  for (const auto& [count, sure, right] : bins) {
    const double radius = 2.5 + 9 * std::sqrt(static_cast<double>(count) / static_cast<double>(most));
    chart.dot({.x = sure, .y = right}, radius, 0,
              fmt::format("{} rows: sure {}, right {}", count, percent_text(sure), percent_text(right)));
    rows.cells.push_back({std::to_string(count), percent_text(sure), percent_text(right)});
  }
  return picture("Are its probabilities true?", chart.svg("How sure against how often right, in bins"),
                 "On the dotted line, rows of which it is 80 % sure are right 80 times of 100. Below it the model is "
                 "too sure, above it too modest. Larger dots hold more rows.",
                 folded("these numbers", rows));
}

std::string class_pictures(const Subject& subject, const Tested& tested, const Matrix<double>& confusion) {
  const auto& target = std::get<ClassTarget>(subject.made.model.target);
  std::string text = "<h3>What is taken for what</h3>" + confusion_table(target, confusion) +
                     commonest_mistakes(target, confusion) + "<div class=\"charts\">" + roc_picture(target, tested);
  if (gives_probabilities(subject.made.model)) text += calibration_picture(tested);
  return text + "</div>";
}

// --- numbers -------------------------------------------------------------------------------------------------------

std::string scatter_picture(const Subject& subject, const Tested& tested) {
  constexpr std::size_t most_dots = 800;
  const auto& [low, high] = std::ranges::minmax(tested.numbers);
  Chart chart(Axis::around("true " + target_name(subject.made.model.target), low, high),
              Axis::around("predicted", low, high));
  chart.guide({.x = low, .y = low}, {.x = high, .y = high});
  Rows rows{{{"true", "predicted"}}};
  const std::vector<std::uint32_t> drawn = evenly_chosen(tested.rows(), most_dots);
  for (std::size_t k = 0; k < drawn.size(); ++k) {
    const double truth = tested.numbers[drawn[k]], said = tested.predictions.values(drawn[k], 0);
    chart.dot({.x = truth, .y = said}, 2.6, 0);
    if (k % (drawn.size() / 20 + 1) == 0) rows.cells.push_back({number_text(truth), number_text(said)});
  }
  return picture(
      "Predicted against true", chart.svg("A dot for each test row, predicted against true"),
      drawn.size() < tested.rows()
          ? fmt::format("{} of {} test rows. On the dotted line a prediction is right.", drawn.size(), tested.rows())
          : "A dot for each test row. On the dotted line a prediction is right.",
      folded("some of these rows", rows));
}

std::string error_picture(const Subject& subject, const Tested& tested) {
  std::vector<double> errors(tested.rows());
  for (std::size_t i = 0; i < errors.size(); ++i) errors[i] = tested.predictions.values(i, 0) - tested.numbers[i];
  const auto& [low, high] = std::ranges::minmax(errors);
  if (!(low < high)) return "";
  constexpr std::size_t bins = 25;
  std::vector<std::size_t> counts(bins);
  const double width = (high - low) / bins;
  for (const double error : errors) ++counts[std::min(bins - 1, static_cast<std::size_t>((error - low) / width))];
  Chart chart(Axis::around("predicted − true " + target_name(subject.made.model.target), low, high),
              Axis::around("rows", 0, static_cast<double>(std::ranges::max(counts))));
  Rows rows{{{"error", "rows"}}};
  for (std::size_t b = 0; b < bins; ++b) {
    const double from = low + width * static_cast<double>(b);
    const std::string range = number_text(from) + " to " + number_text(from + width);
    chart.bar({.x = from, .y = 0}, {.x = from + 0.92 * width, .y = static_cast<double>(counts[b])}, 0,
              fmt::format("{}: {} rows", range, counts[b]));
    rows.cells.push_back({range, std::to_string(counts[b])});
  }
  return picture("How far it is off", chart.svg("Histogram of the errors"),
                 "Left of 0 it said too little, right of 0 too much.", folded("these numbers", rows));
}

// Intervals of several levels: what they promise, and what they hold.
std::string coverage_picture(const Subject& subject, const Tested& tested) {
  Chart chart(Axis::shares("what the interval promises"), Axis::shares("share of test rows it holds"));
  chart.guide({.x = 0, .y = 0}, {.x = 1, .y = 1});
  std::vector<Point> line;
  Rows rows{{{"promised", "held", "mean width"}}};
  for (const double level : {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95}) {
    const double bound = error_bound(subject.made.model.calibration.errors, level);
    if (!std::isfinite(bound)) continue;
    double held = 0, width = 0;
    for (std::size_t i = 0; i < tested.rows(); ++i) {
      const auto [low, high] = interval_of(tested.predictions.values[i], bound);
      held += low <= tested.numbers[i] && tested.numbers[i] <= high ? 1 : 0;
      width += high - low;
    }
    const auto count = static_cast<double>(tested.rows());
    line.push_back({.x = level, .y = held / count});
    rows.cells.push_back({percent_text(level), percent_text(held / count), number_text(width / count)});
  }
  if (line.empty()) return "";
  chart.line(line, 0);
  for (const Point& each : line)
    chart.dot(each, 4, 0, fmt::format("promises {}, holds {}", percent_text(each.x), percent_text(each.y)));
  return picture(
      "Do its intervals hold?", chart.svg("Coverage of the intervals against what they promise"),
      "Intervals around the predictions, as neurone predict --interval gives them. On the dotted line they "
      "hold the truth as often as they promise.",
      folded("these numbers", rows));
}

// The first figure, accuracy or rmse, as a sentence.
std::string lead_of(const Subject& subject, const Figure& first) {
  const std::string interval = first.interval ? " (95 % interval: " + interval_text(first.interval) + ")" : "";
  if (task_of(subject.made.model.target) == Task::classification)
    return fmt::format("Of the {} test rows, which nothing in training had seen, {} were predicted right{}.",
                       subject.made.model.record.test_rows, percent_text(first.value), interval);
  return fmt::format(
      "On the {} test rows, which nothing in training had seen, the root of the mean squared error is {}{}.",
      subject.made.model.record.test_rows, number_text(first.value), interval);
}

}  // namespace

Section figures_section(const Subject& subject, const Tested& tested) {
  const TrainedModel& made = subject.made;
  Section section{.id = "figures", .heading = "How good it is"};
  std::string& text = section.content;
  if (!made.test) {
    text = element("p", "",
                   "No rows were held out to test on, so nobody knows how good this model is on rows that it has not "
                   "seen. Train without --test 0 to find out.");
    return section;
  }
  const auto& [figures, confusion, surprises] = *made.test;
  text = element("p", "", lead_of(subject, figures.front()));
  if (made.model.record.comparison) text += comparison_text(*made.model.record.comparison);
  text += figure_rows(figures);
  text += element("p", " class=\"soft\"",
                  "An interval says what other rows of the same kind would have given for this model: rows are drawn "
                  "anew and the figure taken again (bootstrap; Wilson’s interval for shares).");
  text += task_of(made.model.target) == Task::classification
              ? class_pictures(subject, tested, confusion)
              : "<div class=\"charts\">" + scatter_picture(subject, tested) + error_picture(subject, tested) +
                    coverage_picture(subject, tested) + "</div>";
  return section;
}

}  // namespace neurone::report
