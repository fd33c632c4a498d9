// Models whose parameters are chosen, so that their outputs are known by heart.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "neurone/model/model.h"
#include "neurone/network/network.h"

namespace neurone {

/// One numeric column x that is taken as it is.
inline TablePreparation plain_x() {
  return {.columns = {NumericColumn{.name = "x"}}};
}

/// Tables with a column x, and one with a column y beside it.
inline Table table_x(const std::vector<std::string>& x) {
  std::vector<std::vector<std::string>> rows;
  for (const std::string& each : x) rows.push_back({each});
  return Table({"x"}, rows, "new.csv");
}
inline Table table_xy(const std::vector<std::pair<std::string, std::string>>& rows_of_two) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [x, y] : rows_of_two) rows.push_back({x, y});
  return Table({"x", "y"}, rows, "new.csv");
}

/// σ(x W + b) of one layer on the column x; `parameters` are W, then b.
template <class T = double>
Model model_of_x(const Target& target, const Loss& loss, const std::string& activation,
                 const std::vector<double>& parameters) {
  Network<T> network(
      {.inputs = 1, .layers = {layers::Dense{.units = parameters.size() / 2, .activation = activation}}});
  std::ranges::transform(parameters, network.parameters().begin(), [](double p) { return static_cast<T>(p); });
  return {.preparation = plain_x(),
          .target = target,
          .loss = loss,
          .networks = Networks<T>{std::move(network)},
          .record = {}};
}

/// 3 or 8, of images of 2 × 3 pixels, by one sigmoid of the weights it starts with.
inline Model model_of_images() {
  Network<float> network({.inputs = 6, .layers = {layers::Dense{.units = 1, .activation = "sigmoid"}}});
  network.initialise(1);
  return {.preparation = ImagePreparation{.height = 2, .width_in_pixels = 3, .mean = 0.1307, .deviation = 0.3081},
          .target = ClassTarget{.name = "label", .classes = {"3", "8"}},
          .loss = {losses::BinaryCrossEntropy{}},
          .networks = Networks<float>{std::move(network)},
          .record = {}};
}

}  // namespace neurone
