// The parts of the page, each its own markup. A part that has nothing to say is empty.
#pragma once

#include <string>
#include <vector>

#include "neurone/model/dependence.h"
#include "neurone/model/importance.h"
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

std::string figures_section(const Subject& subject, const Tested& tested);       // quality.cpp
std::string importance_section(const Subject& subject, const Importances& all);  // explanation.cpp
std::string dependence_section(const Subject& subject, const Importances& all);  // explanation.cpp
std::string mistakes_section(const Subject& subject, const Tested& tested, const Importances& all);  // mistakes.cpp
std::string table_section(const Subject& subject);                                                   // training.cpp
std::string training_section(const Subject& subject);                                                // training.cpp

}  // namespace neurone::report
