// The networks of a model in C: their parameters as arrays, and one function that runs a row through all layers.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "neurone/model/model.h"

namespace neurone {

struct CNetworks {
  std::string arrays;               ///< static const real layer0_W[networks][…] = …
  std::string activations;          ///< static real sigma_selu(real z) …
  std::string function;             ///< static void network(int k, const real* x, real* y)
  std::size_t outputs = 0;          ///< how many y are
  std::set<std::string> functions;  ///< what these call (c_functions.h)
  std::size_t stack = 0;            ///< bytes that the function keeps on the stack
};

enum class COutputs {
  outputs,  ///< y is A of the last layer, the mean of the members
  logits    ///< y is Z of the last layer, of each member
};

/// With `int8`, weights of one byte (int8.h). Throws UsageError for an activation that is not in the sheet.
template <class T> CNetworks c_networks(const Networks<T>& networks, COutputs what, bool int8);

}  // namespace neurone
