#include "cli/predictions.h"

#include <nlohmann/json.hpp>

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

}  // namespace

std::string csv_of(const Model& model, const Predictions& predictions, std::optional<double> bound) {
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  const bool in_float = classes != nullptr && is_float(model);
  std::string text;
  if (classes != nullptr) text = "prediction,";
  const std::vector<std::string> names = value_names(model);
  for (std::size_t j = 0; j < names.size(); ++j) text += (j == 0 ? "" : ",") + quoted(names[j]);
  if (bound) text += classes != nullptr ? ",set" : ",low,high";
  text += '\n';
  for (std::size_t i = 0; i < predictions.values.rows(); ++i) {
    if (classes != nullptr) text += quoted(classes->classes[predictions.classes[i]]) + ',';
    for (std::size_t j = 0; j < names.size(); ++j) {
      const double value = predictions.values(i, j);
      text += (j == 0 ? "" : ",") + (in_float ? number_text(static_cast<float>(value)) : number_text(value));
    }
    if (bound && classes != nullptr)
      text += ',' + quoted(set_text(classes->classes, set_of(predictions.values[i], *bound)));
    if (bound && classes == nullptr) {
      const auto [low, high] = interval_of(predictions.values[i], *bound);
      text += ',' + number_text(low) + ',' + number_text(high);
    }
    text += '\n';
  }
  return text;
}

Json json_of(const Model& model, const Predictions& predictions, std::size_t i, std::optional<double> bound) {
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  Json row;
  if (classes != nullptr) {
    row["prediction"] = classes->classes[predictions.classes[i]];
    Json& values = row[gives_probabilities(model) ? "probabilities" : "scores"];
    for (std::size_t j = 0; j < classes->classes.size(); ++j) values[classes->classes[j]] = predictions.values(i, j);
    if (bound) {
      row["set"] = Json::array();
      for (const std::uint32_t each : set_of(predictions.values[i], *bound))
        row["set"].push_back(classes->classes[each]);
    }
    return row;
  }
  const std::vector<std::string> names = value_names(model);
  for (std::size_t j = 0; j < names.size(); ++j) row[names[j]] = predictions.values(i, j);
  if (bound) {
    const auto [low, high] = interval_of(predictions.values[i], *bound);
    row["low"] = low;
    row["high"] = high;
  }
  return row;
}

std::string json_lines_of(const Model& model, const Predictions& predictions, std::optional<double> bound) {
  std::string text;
  for (std::size_t i = 0; i < predictions.values.rows(); ++i)
    text += json_of(model, predictions, i, bound).dump() + '\n';
  return text;
}

}  // namespace neurone::cli
