// A layer and a network drawn, as the library knows them.
#include <string>

#include "examples/lecture/pictures.h"
#include "neurone/network/layer_lines.h"
#include "neurone/network/network.h"
#include "neurone/report/network_picture.h"

namespace lecture {

using neurone::layer_lines;
using neurone::Network;
using neurone::layers::Dense;

std::string network() {
  const Network<float> network(
      {.inputs = 4,
       .layers = {Dense{.units = 8, .activation = "relu"}, Dense{.units = 4, .activation = "tanh"},
                  Dense{.units = 3, .activation = "softmax"}}});
  return neurone::report::network_picture(layer_lines(network));
}

std::string layer() {
  const Network<float> network({.inputs = 2, .layers = {Dense{.units = 3, .activation = "sigmoid"}}});
  return neurone::report::network_picture(layer_lines(network));
}

}  // namespace lecture
