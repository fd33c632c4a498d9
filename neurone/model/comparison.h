// What simpler models reach on the same test rows, and so what the hidden layers bring.
#pragma once

#include <string>

#include "neurone/model/model.h"
#include "neurone/model/plan.h"

namespace neurone {

/// What the hidden layers bring, and how sure that is, in a sentence without a full stop.
std::string describe_gain(const Comparison& comparison);

bool has_hidden_layers(const NetworkSpec& network);

/// Trains a linear model on the columns of a table, without the bins of numbers, with which it would be no line any
/// more. It and a model that always says the commonest class, or the mean, are tried on the test rows.
template <class T>
Comparison compare(const Model& model, const Preparations& ready, const Dataset<T>& train,
                   const Dataset<T>& validation, const Source& test);

}  // namespace neurone
