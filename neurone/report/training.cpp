// What the table held, and how the model was trained.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "neurone/math/quantile.h"
#include "neurone/model/description.h"
#include "neurone/report/chart.h"
#include "neurone/report/markup.h"
#include "neurone/report/network_picture.h"
#include "neurone/report/sections.h"

namespace neurone::report {
namespace {

constexpr std::size_t most_described_rows = 50'000;  // of a table, to describe its columns

std::string columns_table(const std::vector<ColumnDescription>& columns, std::size_t rows) {
  Rows table{{{"column", "kind", "values", "", "missing", "distinct", "tells"}}};
  for (const ColumnDescription& each : columns)
    table.cells.push_back(
        {escaped(each.name), escaped(each.kind), escaped(each.values()), spark_bars(each.histogram),
         each.missing == 0 ? "" : percent_text(static_cast<double>(each.missing) / static_cast<double>(rows)),
         std::to_string(each.distinct), each.share ? percent_text(*each.share) : ""});
  return table.html("columns");
}

// --- curves --------------------------------------------------------------------------------------------------------

using History = std::vector<EpochReport>;
using Member = double Score::*;

std::vector<Point> curve_of(const History& history, Member member, bool validation) {
  std::vector<Point> points;
  for (const EpochReport& each : history) {
    const Score score = validation ? each.validation.value_or(Score{}) : each.train;
    points.push_back({.x = static_cast<double>(each.epoch), .y = score.*member});
  }
  return points;
}

// All values but the two highest hundredths, which may be far above: those of a first epoch, say.
std::pair<double, double> range_of(const std::vector<std::vector<Point>>& curves) {
  std::vector<double> all;
  for (const std::vector<Point>& curve : curves)
    for (const Point& each : curve)
      if (std::isfinite(each.y)) all.push_back(each.y);
  if (all.empty()) return {0, 1};
  std::ranges::sort(all);
  return {all.front(), quantile(all, 0.98)};
}

std::string curves_picture(const Subject& subject, std::string_view heading, Member member, const std::string& name) {
  const std::vector<History>& histories = subject.made.history;
  std::vector<std::vector<Point>> curves;  // training, validation, training, …
  std::size_t epochs = 1;
  for (const History& each : histories) {
    curves.push_back(curve_of(each, member, false));
    curves.push_back(curve_of(each, member, true));
    epochs = std::max(epochs, each.size());
  }
  auto [low, high] = range_of(curves);
  if (name == "accuracy") {  // high is good: nothing to cut off above
    for (const std::vector<Point>& curve : curves)
      for (const Point& each : curve)
        if (std::isfinite(each.y)) high = std::max(high, each.y);
  }
  Chart chart(Axis::around("epoch", 1, static_cast<double>(epochs)), Axis::around(name, low, high));
  for (std::vector<Point>& curve : curves)
    for (Point& each : curve) each.y = std::min(each.y, high);
  for (std::size_t k = 0; k < curves.size(); ++k)
    chart.line(curves[k], k % 2, histories.size() > 1 ? Chart::Stroke::thin : Chart::Stroke::strong);
  Rows rows{{{"network", "epoch", "training", "validation"}}};
  for (std::size_t k = 0; k < histories.size(); ++k) {
    const std::size_t best = subject.made.model.record.best_epochs[k];
    const bool has_validation = !histories[k].empty() && histories[k].front().validation.has_value();
    if (has_validation && best >= 1 && best <= histories[k].size())
      chart.dot(curves[2 * k + 1][best - 1], 4, 1, fmt::format("network {}: best epoch {}", k + 1, best));
    const std::size_t every = std::max<std::size_t>(1, histories[k].size() / 10);
    for (std::size_t e = 0; e < histories[k].size(); e += every)
      rows.cells.push_back({std::to_string(k + 1), std::to_string(e + 1), number_text(curves[2 * k][e].y),
                            has_validation ? number_text(curves[2 * k + 1][e].y) : ""});
  }
  const std::vector<std::pair<std::size_t, std::string>> entries{{0, "training"}, {1, "validation"}};
  return picture(heading, chart.svg(name + " over the epochs, training and validation") + legend(entries),
                 histories.size() > 1 ? "A pair of lines for each network; a dot where its parameters were kept."
                                      : "A dot where the parameters were kept.",
                 folded("these numbers", rows));
}

// --- network and settings ------------------------------------------------------------------------------------------

std::string layers_table(const std::vector<LayerLine>& layers) {
  Rows rows{{{"layer", "in → out", "parameters"}}};
  for (const LayerLine& each : layers)
    rows.cells.push_back({escaped(each.text), fmt::format("{} → {}", each.inputs, each.outputs),
                          each.parameters == 0 ? "" : fmt::format("{}: {}", each.parameters, escaped(each.shapes))});
  return rows.html();
}

std::string rows_text(const TrainedModel& made) {
  const TrainingRecord& record = made.model.record;
  const std::size_t networks = made.model.size();
  if (networks > 1)
    return fmt::format(
        "{} networks of one shape, each trained on {} rows and validated on {}; their predictions are "
        "averaged.",
        networks, record.train_rows, record.validation_rows);
  return fmt::format("One network, trained on {} rows and validated on {}.", record.train_rows,
                     record.validation_rows);
}

}  // namespace

Section table_section(const Subject& subject) {
  const auto* table = std::get_if<Table>(&subject.known);
  const Model& model = subject.made.model;
  Section section{.id = "table", .heading = "What the table held"};
  if (table == nullptr) return section;
  const Table looked_at = table->select(evenly_chosen(table->rows(), most_described_rows));
  const auto& preparation = std::get<TablePreparation>(model.preparation);
  std::string& text = section.content;
  text += element(
      "p", "",
      fmt::format(
          "{} rows to learn from{}; {} more were held out to test on. The target {} is {}.", table->rows(),
          looked_at.rows() < table->rows() ? fmt::format(", of which {} were looked at here", looked_at.rows()) : "",
          model.record.test_rows, element("b", "", escaped(target_name(model.target))),
          escaped(describe_target(looked_at, model.target))));
  for (const std::string& notice : subject.made.notices) text += element("p", " class=\"notice\"", escaped(notice));
  text +=
      columns_table(describe_columns(looked_at, preparation, target_name(model.target), subject.made.associations),
                    looked_at.rows());
  text +=
      element("p", " class=\"soft\"",
              "tells: the share of the target’s variance that a column explains on its own. What is done with each "
              "kind of column: numbers are scaled, categories get a place each, dates become their parts; missing "
              "values are the median with a mark of their own, or a category.");
  return section;
}

Section training_section(const Subject& subject) {
  const TrainedModel& made = subject.made;
  const std::vector<LayerLine> layers =
      std::visit([](const auto& all) { return layer_lines(all.front()); }, made.model.networks);
  const std::string metric(metric_of(made.model.target, made.model.loss).name());
  Section section{.id = "training", .heading = "How it was trained"};
  std::string& text = section.content;
  text = element("p", "", rows_text(made));
  text +=
      "<div class=\"charts\">" + curves_picture(subject, "Loss", &Score::loss, "loss") +
      curves_picture(subject, metric == "accuracy" ? "Accuracy" : "Root mean squared error", &Score::metric, metric) +
      "</div>";
  text += picture("The network", network_picture(layers),
                  "Each layer is σ(XW + b): X the rows that come in, W and b what is learnt, σ the function named "
                  "below it.") +
          layers_table(layers);
  Rows rows{{{"setting", "value"}}};
  rows.cells.push_back({"loss", escaped(made.model.loss.text())});
  for (const auto& [name, value] : made.model.record.settings) rows.cells.push_back({escaped(name), escaped(value)});
  if (made.model.calibration.temperature != 1)
    rows.cells.push_back({"temperature", number_text(made.model.calibration.temperature)});
  text += "<h3>Settings</h3>" + rows.html();
  return section;
}

}  // namespace neurone::report
