// The preparation of columns or pixels as nodes of ONNX: from what a user has to what the network sees.
#pragma once

#include <string>

#include "neurone/data/image_preparation.h"
#include "neurone/data/preparation.h"
#include "neurone/export/onnx_graph.h"

namespace neurone {

/// Adds the inputs and what is done with them; returns the name of X, rows × width, of type `to`.
///   columns   one input a column, rows × 1: numbers of type `numbers`, NaN where missing; dates as days since 1970
///   in
///             float64, the time of day behind the point, NaN where missing; categories as text, "" where missing,
///             which the marks of is_missing stand for as well
///   matrix    one input "X", rows × columns, in the order of the columns, all of which have to be numbers: throws
///             UsageError that names another one
std::string add_columns(const TablePreparation& table, OnnxType numbers, OnnxType to, OnnxGraph& graph);
std::string add_matrix(const TablePreparation& table, OnnxType numbers, OnnxType to, OnnxGraph& graph);

/// How a picture comes: height × width, or its rows one behind the other.
enum class PixelShape { pictures, rows };

/// One input "images", pixels from 0 to 255 of type `numbers`.
std::string add_images(const ImagePreparation& images, OnnxType numbers, OnnxType to, OnnxGraph& graph,
                       PixelShape pixels);

}  // namespace neurone
