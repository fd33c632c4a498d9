// The named parts of the parameter vector θ.
// Which layer owns a part is the network's business.
#pragma once

#include <cstddef>
#include <string>

namespace neurone {

/// A matrix inside θ (or inside a vector of the same layout: gradient, running values).
struct ParameterBlock {
  std::string name;  ///< "W", "b"; with its layer in front in a network: "0.W"
  std::size_t rows = 1;
  std::size_t columns = 1;
  std::size_t offset = 0;  ///< of the first element in θ
  bool decays = false;     ///< do weight decay and penalties hold for it? biases, gains and shifts are left out
  double rate = 1;         ///< factor on the learning rate of its steps, not on weight decay

  std::size_t size() const { return rows * columns; }
};

}  // namespace neurone
