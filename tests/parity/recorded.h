// Reads the figures that record.py took from PyTorch, and compares ours with them.
// What is computed from which figures is left to the tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "neurone/core/matrix.h"
#include "tests/support/matrices.h"

namespace neurone::recorded {

using Json = nlohmann::json;
using Precisions = testing::Types<double, float>;

/// What stands under `key` in a file of this folder. A value, so that a loop over it keeps it alive.
inline Json figures(const std::string& file, const std::string& key) {
  std::ifstream stream(TEST_DATA "/parity/" + file);
  return Json::parse(stream).at(key);
}

template <class T> Vector<T> vector(const Json& list) {
  Vector<T> values;
  for (const Json& value : list) values.push_back(static_cast<T>(value.get<double>()));
  return values;
}

template <class T> Matrix<T> matrix(const Json& rows) {
  Matrix<T> X(rows.size(), rows.empty() ? 0 : rows[0].size());
  for (std::size_t i = 0; i < X.rows(); ++i) std::ranges::copy(vector<T>(rows[i]), X[i].begin());
  return X;
}

/// Relative to max(1, |figure|).
template <class T> constexpr double tolerance = std::same_as<T, double> ? 1e-12 : 1e-5;

template <class T> void expect_agreement(const std::string& what, T ours, double figure) {
  EXPECT_TRUE(near(static_cast<double>(ours), figure, tolerance<T>))
      << what << " is " << ours << ", recorded " << figure << ", difference " << static_cast<double>(ours) - figure;
}

template <class T> void expect_agreement(const std::string& what, std::span<const T> ours, const Json& figures) {
  ASSERT_EQ(ours.size(), figures.size()) << what;
  for (std::size_t i = 0; i < ours.size(); ++i)
    expect_agreement(what + "[" + std::to_string(i) + "]", ours[i], figures[i].get<double>());
}

template <class T> void expect_agreement(const std::string& what, ConstMatrixView<T> ours, const Json& figures) {
  ASSERT_EQ(ours.rows(), figures.size()) << what;
  for (std::size_t i = 0; i < ours.rows(); ++i)
    expect_agreement<T>(what + "[" + std::to_string(i) + "]", ours[i], figures[i]);
}

}  // namespace neurone::recorded
