// What the outputs of networks mean, in C: probabilities and the likeliest class, or a number in its unit.
#pragma once

#include <string>

#include "neurone/model/model.h"

namespace neurone {

/// The functions that make probabilities of logits; nothing for a model without.
std::string c_value_functions(const Model& model);

/// The lines of the function that predicts from `network(k, x, y)` on, inside the loop over the networks: they close
/// it and fill `output`, or return −1 where a value is no finite number.
std::string c_value_lines(const Model& model);

}  // namespace neurone
