// The columns or pixels of a model in C: the members of its input, and what is written into x from them.
#pragma once

#include <string>
#include <vector>

#include "neurone/model/model.h"

namespace neurone {

/// A column as the C source calls it; of a model of images there is one, "pixels".
struct CInput {
  std::string name;         ///< of the member
  std::string declaration;  ///< "double age;"
  std::string comment;
};

std::vector<CInput> c_inputs(const Preparation& preparation);

struct CPreparation {
  std::string constants;  ///< categories, knots
  std::string functions;
  std::string calls;  ///< within NAME_predict: from `input` into `x`; `next` is where the next column begins
};

CPreparation c_preparation(const Preparation& preparation, const std::vector<CInput>& inputs);

/// The rows of a source as initialisers of inputs, "{39.0, \"State-gov\"}".
std::vector<std::string> c_rows(const Preparation& preparation, const Source& source);

}  // namespace neurone
