// What the model looks at: which columns matter, and how predictions change with those that matter most.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "neurone/report/chart.h"
#include "neurone/report/markup.h"
#include "neurone/report/sections.h"

namespace neurone::report {
namespace {

constexpr std::size_t most_important = 6, most_listed = 25;

// Which columns of Dependence::mean are drawn: of two classes the second, of more those that change most.
std::vector<std::size_t> drawn_outputs(const Target& target, const Matrix<double>& mean) {
  const auto* classes = std::get_if<ClassTarget>(&target);
  if (classes == nullptr) return {0};
  if (classes->classes.size() == 2) return {1};
  struct Change {
    double size;
    std::size_t output;
  };
  std::vector<Change> changes;
  for (std::size_t j = 0; j < mean.columns(); ++j) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t k = 0; k < mean.rows(); ++k) {
      low = std::min(low, mean(k, j));
      high = std::max(high, mean(k, j));
    }
    changes.push_back({high - low, j});
  }
  constexpr std::size_t most_lines = 4;
  std::ranges::sort(changes, [](const Change& a, const Change& b) {
    return a.size != b.size ? a.size > b.size : a.output < b.output;
  });
  if (changes.size() > most_lines) changes.resize(most_lines);
  std::ranges::sort(changes, {}, &Change::output);
  std::vector<std::size_t> outputs;
  for (const Change& each : changes) outputs.push_back(each.output);
  return outputs;
}

std::string output_name(const Model& model, std::size_t output) {
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  if (classes == nullptr) return "predicted " + target_name(model.target);
  return (gives_probabilities(model) ? "probability of " : "score of ") + classes->classes[output];
}

std::string cell_text(const std::string& cell) {
  return cell.empty() ? "(missing)" : cell;
}

// Numbers are marked as numbers, dates as they stand in the table, some of them.
Axis axis_of(const Dependence& of, bool dates) {
  const double low = of.positions.front(), high = of.positions.back();
  if (!dates) return Axis::around(of.column, low, high);
  Axis axis{.title = of.column, .low = low, .high = high};
  for (const std::size_t k : {of.cells.size() / 6, of.cells.size() / 2, of.cells.size() - 1 - of.cells.size() / 6})
    axis.ticks.emplace_back(of.positions[k], of.cells[k]);
  return axis;
}

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;
};

// Of what is drawn: the band as well, where there is a single line.
Range range_of(const Dependence& of, std::span<const std::size_t> outputs) {
  Range range;
  for (const std::size_t j : outputs)
    for (std::size_t k = 0; k < of.cells.size(); ++k) {
      range.low = std::min(range.low, outputs.size() == 1 ? of.low(k, j) : of.mean(k, j));
      range.high = std::max(range.high, outputs.size() == 1 ? of.high(k, j) : of.mean(k, j));
    }
  return range;
}

Rows numbers_of(const Model& model, const Dependence& of, std::span<const std::size_t> outputs) {
  Rows rows{{{"value"}}};
  for (const std::size_t j : outputs) rows.cells.front().push_back(escaped(output_name(model, j)));
  for (std::size_t k = 0; k < of.cells.size(); ++k) {
    rows.cells.push_back({escaped(cell_text(of.cells[k]))});
    for (const std::size_t j : outputs) rows.cells.back().push_back(value_text(model, of.mean(k, j)));
  }
  return rows;
}

// Over numbers and dates: a line, with the band of the rows where there is one line only.
std::string picture_of_lines(const Model& model, const Dependence& of, std::span<const std::size_t> outputs) {
  const auto& columns = std::get<TablePreparation>(model.preparation).columns;
  const bool dates = std::holds_alternative<DateColumn>(*std::ranges::find(columns, of.column, column_name));
  const bool alone = outputs.size() == 1, probabilities = gives_probabilities(model);
  const auto [low, high] = range_of(of, outputs);
  Axis y = Axis::around(alone           ? output_name(model, outputs.front())
                        : probabilities ? "probability"
                                        : "score",
                        low, high);
  if (probabilities)
    for (auto& [at, text] : y.ticks) text = fmt::format("{:.4g} %", 100 * at);
  Chart chart(axis_of(of, dates), y);
  std::vector<std::pair<std::size_t, std::string>> entries;
  for (std::size_t n = 0; n < outputs.size(); ++n) {
    std::vector<Point> mean, from, to;
    for (std::size_t k = 0; k < of.cells.size(); ++k) {
      mean.push_back({.x = of.positions[k], .y = of.mean(k, outputs[n])});
      from.push_back({.x = of.positions[k], .y = of.low(k, outputs[n])});
      to.push_back({.x = of.positions[k], .y = of.high(k, outputs[n])});
    }
    if (alone) chart.band(from, to, n);
    chart.line(mean, n);
    entries.emplace_back(n, output_name(model, outputs[n]));
  }
  return picture(of.column, chart.svg("Mean prediction by " + of.column) + (alone ? "" : legend(entries)),
                 alone ? "The band holds 80 % of the rows." : "",
                 folded("these numbers", numbers_of(model, of, outputs)));
}

// Over categories: a table, with a dot for each mean.
std::string picture_of_categories(const Model& model, const Dependence& of, std::span<const std::size_t> outputs) {
  const auto [low, high] = range_of(of, outputs);
  Rows rows = numbers_of(model, of, outputs);
  for (std::size_t k = 0; k < of.cells.size(); ++k)
    for (std::size_t n = 0; n < outputs.size(); ++n) {
      const double mean = of.mean(k, outputs[n]);
      const bool alone = outputs.size() == 1;
      rows.cells[k + 1][n + 1] += whisker_dot(
          {.value = mean, .low = alone ? of.low(k, outputs[n]) : mean, .high = alone ? of.high(k, outputs[n]) : mean},
          low, high);
    }
  return picture(of.column, rows.html(),
                 outputs.size() == 1 ? "A dot for the mean, a line that holds 80 % of the rows." : "");
}

std::string dependence_picture(const Model& model, const Dependence& of) {
  const std::vector<std::size_t> outputs = drawn_outputs(model.target, of.mean);
  return of.in_order ? picture_of_lines(model, of, outputs) : picture_of_categories(model, of, outputs);
}

std::string loss_name(const std::string& figure) {
  if (figure == "log_loss") return "log-loss";
  return figure == "wrong" ? "share of wrong rows" : "rmse";
}

}  // namespace

Section importance_section(const Importances& all) {
  Section section{.id = "importance", .heading = "What it looks at"};
  if (all.columns.empty()) return section;
  std::string& text = section.content;
  text += element(
      "p", "",
      fmt::format("Each column’s values were shuffled among {} test rows, {} times: how much does the {} rise "
                  "from {}? A column that the model does not need leaves it where it is. Columns that say the same "
                  "stand in for each other, and then look less important than they are.",
                  all.rows, all.shufflings, loss_name(all.figure), number_text(all.loss)));
  Rows rows{{{"column", "rise of the " + loss_name(all.figure), "mean", "from … to"}}};
  const double most = all.columns.empty() ? 0 : std::ranges::max(all.columns, {}, &Importance::highest).highest;
  for (std::size_t k = 0; k < std::min(most_listed, all.columns.size()); ++k) {
    const auto& [column, rise, lowest, highest] = all.columns[k];
    rows.cells.push_back({escaped(column), whisker_bar({.value = rise, .low = lowest, .high = highest}, most),
                          number_text(rise), number_text(lowest) + " … " + number_text(highest)});
  }
  text += rows.html();
  if (all.columns.size() > most_listed)
    text += element("p", " class=\"soft\"", fmt::format("{} columns more follow.", all.columns.size() - most_listed));
  return section;
}

Section dependence_section(const Subject& subject, const Importances& all) {
  Section section{.id = "dependence", .heading = "How predictions change"};
  const Model& model = subject.made.model;
  std::string pictures;
  std::size_t rows = 0;
  for (std::size_t k = 0; k < std::min(most_important, all.columns.size()); ++k) {
    const Dependence found =
        partial_dependence(model, std::get<Table>(subject.test), all.columns[k].column, subject.threads);
    if (found.cells.size() < 2) continue;
    rows = found.rows;
    pictures += dependence_picture(model, found);
  }
  if (pictures.empty()) return section;
  section.content =
      element("p", "",
              fmt::format("Each value of a column was given to {} test rows that kept everything else, and the "
                          "predictions averaged (partial dependence). The most important columns first. Where "
                          "columns go together, some of these rows cannot be; and what a model has found need not "
                          "be what causes what.",
                          rows)) +
      "<div class=\"charts\">" + pictures + "</div>";
  return section;
}

}  // namespace neurone::report
