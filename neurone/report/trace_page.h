// One HTML file about one row's way through a network, in which every number can be followed: a link at each value
// leads to the sum that made it, whose terms lead on to the layer before. No scripts: what a link leads to is shown
// by its being the target.
#pragma once

#include <optional>
#include <string>

#include "neurone/model/trace_origins.h"

namespace neurone::report {

struct TraceSubject {
  const Model& model;
  const Trace& trace;
  std::string data_name;          ///< what the data are called: "adult.csv"
  std::string model_name;         ///< what the model file is called: "adult.safetensors"
  std::size_t member = 0;         ///< which row of those behind a members layer, from 0
  std::optional<Place> wanted{};  ///< a unit that is followed whatever its share
  std::string version{};          ///< of neurone
};

std::string trace_page(const TraceSubject& subject);

}  // namespace neurone::report
