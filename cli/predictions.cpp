#include "cli/predictions.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "cli/source.h"
#include "neurone/data/cells.h"

namespace neurone::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos && cell == std::string(trim(cell))) return cell;
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

// The classes of a set, as one cell.
std::string set_text(const std::vector<std::string>& classes, const std::vector<std::uint32_t>& set) {
  std::string text;
  for (const std::uint32_t each : set) text += (text.empty() ? "" : "|") + classes[each];
  return text;
}

std::span<const Surprise> surprises_of(const Predictions& predictions, std::size_t i) {
  const auto [first, last] =
      std::ranges::equal_range(predictions.surprises.cells, i, {}, [](const Surprise& each) { return each.row; });
  return {first, last};
}

const Column& column_of(const Model& model, const Surprise& surprise) {
  return std::get<TablePreparation>(model.preparation).columns[surprise.column];
}

// "age: above 90, the highest in training; city: a category that training has not seen"
std::string flags_text(const Model& model, const Predictions& predictions, std::size_t i) {
  std::string text;
  for (const Surprise& each : surprises_of(predictions, i)) {
    const Column& column = column_of(model, each);
    text += (text.empty() ? "" : "; ") + column_name(column) + ": " + surprise_text(column, each.kind);
  }
  return text;
}

}  // namespace

std::string csv_head(const Model& model, const PredictionFormat& format) {
  const bool classes = task_of(model.target) == Task::classification;
  std::string text = classes ? "prediction," : "";
  const std::vector<std::string> names = value_names(model);
  for (std::size_t j = 0; j < names.size(); ++j) text += (j == 0 ? "" : ",") + quoted(names[j]);
  if (format.bound) text += classes ? ",set" : ",low,high";
  if (format.flags) text += ",flags";
  return text + '\n';
}

std::string csv_lines(const Model& model, const Predictions& predictions, const PredictionFormat& format) {
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  const bool in_float = classes != nullptr && is_float(model);
  std::vector<std::string> labels;
  if (classes != nullptr)
    for (const std::string& each : classes->classes) labels.push_back(quoted(each));
  std::string text;
  for (std::size_t i = 0; i < predictions.values.rows(); ++i) {
    if (classes != nullptr) (text += labels[predictions.classes[i]]) += ',';
    for (std::size_t j = 0; j < predictions.values.columns(); ++j) {
      if (j != 0) text += ',';
      const double value = predictions.values(i, j);
      if (in_float)
        append_number(text, static_cast<float>(value));
      else
        append_number(text, value);
    }
    if (format.bound && classes != nullptr)
      text += ',' + quoted(set_text(classes->classes, set_of(predictions.values[i], *format.bound)));
    if (format.bound && classes == nullptr) {
      const auto [low, high] = interval_of(predictions.values[i], *format.bound);
      text += ',' + number_text(low) + ',' + number_text(high);
    }
    if (format.flags) text += ',' + quoted(flags_text(model, predictions, i));
    text += '\n';
  }
  return text;
}

Json json_of(const Model& model, const Predictions& predictions, std::size_t i, const PredictionFormat& format) {
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  Json row;
  if (classes != nullptr) {
    row["prediction"] = classes->classes[predictions.classes[i]];
    Json& values = row[gives_probabilities(model) ? "probabilities" : "scores"];
    for (std::size_t j = 0; j < classes->classes.size(); ++j) values[classes->classes[j]] = predictions.values(i, j);
    if (format.bound) {
      row["set"] = Json::array();
      for (const std::uint32_t each : set_of(predictions.values[i], *format.bound))
        row["set"].push_back(classes->classes[each]);
    }
  } else {
    const std::vector<std::string> names = value_names(model);
    for (std::size_t j = 0; j < names.size(); ++j) row[names[j]] = predictions.values(i, j);
    if (format.bound) {
      const auto [low, high] = interval_of(predictions.values[i], *format.bound);
      row["low"] = low;
      row["high"] = high;
    }
  }
  if (format.flags) {
    Json& flags = row["flags"] = Json::object();
    for (const Surprise& each : surprises_of(predictions, i)) {
      const Column& column = column_of(model, each);
      flags[column_name(column)] = surprise_text(column, each.kind);
    }
  }
  return row;
}

std::string json_lines(const Model& model, const Predictions& predictions, const PredictionFormat& format) {
  std::string text;
  for (std::size_t i = 0; i < predictions.values.rows(); ++i)
    text += json_of(model, predictions, i, format).dump() + '\n';
  return text;
}

}  // namespace neurone::cli
