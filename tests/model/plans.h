// Small tables to plan for, and what is decided about them as text.
#pragma once

#include <string>
#include <vector>

#include "neurone/model/plan.h"

namespace neurone {

using Texts = std::vector<std::string>;

/// Rows with the number x and a target y that takes these values in turn.
inline Table table_of(const Texts& values, std::size_t count = 12) {
  std::vector<Texts> rows;
  for (std::size_t i = 0; i < count; ++i) rows.push_back({std::to_string(i * i % 7), values[i % values.size()]});
  return Table({"x", "y"}, rows, "people.csv");
}

inline Plan plan_for_y() {
  Plan plan;
  plan.target = "y";
  return plan;
}

/// "8 relu, 1 sigmoid | binary_cross_entropy": the layers and, behind a bar, the loss.
inline std::string decided(const Table& table, const Plan& plan) {
  const Preparations ready = prepare(table, plan);
  std::string text;
  for (const LayerSpec& layer : ready.network.layers) {
    if (!text.empty()) text += ", ";
    if (const auto* dense = std::get_if<layers::Dense>(&layer))
      text += std::to_string(dense->units) + " " + dense->activation;
    else
      text += choice_text(layer);
  }
  return text + " | " + ready.loss.text();
}

}  // namespace neurone
