#include "neurone/model/prediction_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "neurone/data/cells.h"

namespace neurone {
namespace {

// For people and CSV: the shortest text that reads back as the same number.
template <class T> void append_shortest(std::string& text, T value) {
  std::array<char, 32> buffer{};
  const auto [last, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  text.append(buffer.data(), last);
}

// A score or probability of a network in float has no more digits than a float has; one that differs from 0 and 1 is
// neither.
void append_of_float(std::string& text, double value) {
  const auto narrow = static_cast<float>(value);
  if ((narrow == 0 || narrow == 1) && static_cast<double>(narrow) != value)
    append_shortest(text, value);
  else
    append_shortest(text, narrow);
}

std::string csv_cell(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos && cell == std::string(trim(cell))) return cell;
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

std::string in_json(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string shortest_text(double value) {
  std::string text;
  append_shortest(text, value);
  return text;
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

}  // namespace

void append_json_number(std::string& text, double value) {
  assert(std::isfinite(value));  // JSON has no NaN and no infinity
  const std::size_t begin = text.size();
  append_shortest(text, value);
  if (text.find_first_of(".e", begin) == std::string::npos) text += ".0";
}

void append_json_text(std::string& text, std::string_view value) {
  if (value.empty())
    text += "\"\"";
  else
    text += in_json(value);
}

std::string flags_text(const Model& model, const Predictions& predictions, std::size_t i) {
  std::string text;
  for (const Surprise& each : surprises_of(predictions, i)) {
    const Column& column = column_of(model, each);
    text += (text.empty() ? "" : "; ") + column_name(column) + ": " + surprise_text(column, each.kind);
  }
  return text;
}

std::string csv_head(const Model& model, const PredictionFormat& format) {
  const bool classes = task_of(model.target) == Task::classification;
  std::string text = classes ? "prediction," : "";
  const std::vector<std::string> names = value_names(model);
  for (std::size_t j = 0; j < names.size(); ++j) text += (j == 0 ? "" : ",") + csv_cell(names[j]);
  if (format.bound) text += classes ? ",set" : ",low,high";
  if (format.flags) text += ",flags";
  return text + '\n';
}

std::string csv_lines(const Model& model, const Predictions& predictions, const PredictionFormat& format) {
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  const bool in_float = classes != nullptr && is_float(model);
  std::vector<std::string> labels;
  if (classes != nullptr)
    for (const std::string& each : classes->classes) labels.push_back(csv_cell(each));
  std::string text;
  for (std::size_t i = 0; i < predictions.values.rows(); ++i) {
    if (classes != nullptr) (text += labels[predictions.classes[i]]) += ',';
    for (std::size_t j = 0; j < predictions.values.columns(); ++j) {
      if (j != 0) text += ',';
      const double value = predictions.values(i, j);
      if (in_float)
        append_of_float(text, value);
      else
        append_shortest(text, value);
    }
    if (format.bound && classes != nullptr)
      text += ',' + csv_cell(set_text(classes->classes, set_of(predictions.values[i], *format.bound)));
    if (format.bound && classes == nullptr) {
      const auto [low, high] = interval_of(predictions.values[i], *format.bound);
      text += ',' + shortest_text(low) + ',' + shortest_text(high);
    }
    if (format.flags) text += ',' + csv_cell(flags_text(model, predictions, i));
    text += '\n';
  }
  return text;
}

JsonLines::JsonLines(const Model& model, const PredictionFormat& format) : model_(model), format_(format) {
  if (const auto* classes = std::get_if<ClassTarget>(&model.target))
    for (const std::string& each : classes->classes) names_.push_back(in_json(each));
  else
    for (const std::string& each : value_names(model)) names_.push_back(in_json(each));
}

void JsonLines::append(std::string& text, const Predictions& predictions, std::size_t i) const {
  const std::span<const double> values = predictions.values[i];
  const auto members = [&] {
    for (std::size_t j = 0; j < names_.size(); ++j) {
      ((text += j == 0 ? "" : ",") += names_[j]) += ':';
      append_json_number(text, values[j]);
    }
  };
  text += '{';
  if (task_of(model_.target) == Task::classification) {
    ((text += "\"prediction\":") += names_[predictions.classes[i]]) += ',';
    text += gives_probabilities(model_) ? "\"probabilities\":{" : "\"scores\":{";
    members();
    text += '}';
    if (format_.bound) {
      text += ",\"set\":";
      char before = '[';
      for (const std::uint32_t each : set_of(values, *format_.bound)) {
        (text += before) += names_[each];
        before = ',';
      }
      text += ']';
    }
  } else {
    members();
    if (format_.bound) {
      const auto [low, high] = interval_of(values, *format_.bound);
      append_json_number(text += ",\"low\":", low);
      append_json_number(text += ",\"high\":", high);
    }
  }
  if (format_.flags) {
    text += ",\"flags\":{";
    bool first = true;
    for (const Surprise& each : surprises_of(predictions, i)) {
      const Column& column = column_of(model_, each);
      ((text += std::exchange(first, false) ? "" : ",") += in_json(column_name(column))) += ':';
      text += in_json(surprise_text(column, each.kind));
    }
    text += '}';
  }
  text += '}';
}

std::string json_lines(const Model& model, const Predictions& predictions, const PredictionFormat& format) {
  const JsonLines lines(model, format);
  std::string text;
  for (std::size_t i = 0; i < predictions.values.rows(); ++i) {
    lines.append(text, predictions, i);
    text += '\n';
  }
  return text;
}

Error surprise_error(const Model& model, const Source& source, const Surprise& surprise) {
  const Column& column = std::get<TablePreparation>(model.preparation).columns[surprise.column];
  const auto& table = std::get<Table>(source);
  return {table.place(surprise.row), fmt::format("column '{}': '{}' is {} (--strict)", column_name(column),
                                                 table.cell(surprise.row, table.column(column_name(column))),
                                                 surprise_text(column, surprise.kind))};
}

}  // namespace neurone
