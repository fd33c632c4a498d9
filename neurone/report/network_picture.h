// A network drawn: a column of circles for the inputs and for each layer that has weights.
#pragma once

#include <string>
#include <vector>

#include "neurone/network/layer_lines.h"

namespace neurone::report {

/// Of large layers the first and last units are drawn, with dots between.
std::string network_picture(const std::vector<LayerLine>& layers);

}  // namespace neurone::report
