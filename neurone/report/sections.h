// The parts of the page. A new one is a function here and a line in page.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "neurone/model/dependence.h"
#include "neurone/model/importance.h"
#include "neurone/report/frame.h"
#include "neurone/report/page.h"

namespace neurone::report {

/// What was predicted for the test rows, and what is true of them.
struct Tested {
  Predictions predictions{};
  std::vector<std::uint32_t> classes{};  ///< true class numbers; empty for a number
  std::vector<double> numbers{};         ///< true numbers; empty for classes

  std::size_t rows() const { return predictions.values.rows(); }
};

/// <figure> with a heading, a picture, a sentence below it, and numbers folded away.
std::string picture(std::string_view heading, const std::string& drawn, std::string_view caption,
                    const std::string& numbers = "");

/// A probability in per cent, or another value as it is.
std::string value_text(const Model& model, double value);

/// "0.86 to 0.87"; empty where there is none.
std::string interval_text(const std::optional<Interval>& interval);

Section figures_section(const Subject& subject, const Tested& tested);                           // quality.cpp
Section importance_section(const Importances& all);                                              // explanation.cpp
Section dependence_section(const Subject& subject, const Importances& all);                      // explanation.cpp
Section mistakes_section(const Subject& subject, const Tested& tested, const Importances& all);  // mistakes.cpp
Section table_section(const Subject& subject);                                                   // training.cpp
Section parameters_section(const Subject& subject);                                              // parameters.cpp
Section training_section(const Subject& subject);                                                // training.cpp

}  // namespace neurone::report
