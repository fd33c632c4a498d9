// One HTML file about a model: what the table held, how good the model is and how sure that is, what it looks at,
// where it is wrong, how it was trained, how to make it again. It holds no scripts and asks for nothing on the
// network; it is the same, byte for byte, for the same model and rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "neurone/model/fitting.h"

namespace neurone::report {

struct Subject {
  const TrainedModel& made;
  const Source& known;                 ///< the rows that were trained and validated on
  const Source& test;                  ///< the rows that were held out; may be none
  std::string data;                    ///< what the data are called: "adult.csv"
  std::string model;                   ///< what the model file is called: "adult.safetensors"
  std::vector<std::string> command{};  ///< with which words it was made, "neurone" being the first
  std::string version{};               ///< of neurone
  std::size_t threads = 1;             ///< at most
};

/// Every page begins with it; no other file is likely to.
inline constexpr std::string_view beginning =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta name=\"generator\" content=\"neurone\">";

/// Throws Error for test rows that cannot be prepared.
std::string page(const Subject& subject);

}  // namespace neurone::report
