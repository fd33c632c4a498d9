// The functions that a model in C computes with: those of math/lane_functions.h and of the layers for one number at a
// time, in the same order of operations, so that they give the same bits.
#pragma once

#include <set>
#include <string>

namespace neurone {

/// How the file begins: includes, the type `real`, the coefficients.
template <class T> std::string c_beginning();

/// The functions of these names, "exp" … (functions_in) and "dense", "softmax" … (c_layers.cpp), and those that they
/// need, each behind what it calls.
template <class T> std::string c_functions(const std::set<std::string>& names);

}  // namespace neurone
