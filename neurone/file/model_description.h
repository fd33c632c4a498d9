// What a model file says of a model beside its numbers, as one JSON object; model_file.h shows how it looks.
// The numbers, and that they are as many as the layers claim, are left to model_file.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/model/model.h"

namespace neurone {

struct ModelDescription {
  Preparation preparation;
  Target target;
  Loss loss;
  std::string precision;            ///< precision_name
  std::vector<std::string> layers;  ///< each as text, "dense:units=128,…"
  std::size_t networks = 1;
  double temperature = 1;
  TrainingRecord record;
};

template <class T> inline constexpr const char* precision_name = sizeof(T) == sizeof(float) ? "float" : "double";

/// The JSON object.
std::string describe_model(const Model& model);

/// The object read, each part checked before it is believed: all numbers are finite, deviations and the temperature
/// above 0, knots rise. Throws Error for what cannot be.
ModelDescription parse_model_description(std::string_view text);

}  // namespace neurone
