// The layers of a network as nodes of ONNX.
#pragma once

#include <string>

#include "neurone/export/onnx_graph.h"
#include "neurone/network/network.h"

namespace neurone {

/// The outputs of the network, rows × outputs, the mean of its members, for X, rows × inputs, of type T; returns the
/// name of their tensor. Its parameters become constants, their names behind `prefix`. Throws UsageError for an
/// activation that is not in the sheet.
template <class T>
std::string add_network(const Network<T>& network, const std::string& prefix, const std::string& X, OnnxGraph& graph);

/// Z of the last layer instead, rows × outputs; of several members rows × members × outputs.
template <class T>
std::string add_network_before_activation(const Network<T>& network, const std::string& prefix, const std::string& X,
                                          OnnxGraph& graph);

}  // namespace neurone
