// A small table that needs hidden layers, and how tests fit it.
#pragma once

#include <string>
#include <vector>

#include "neurone/core/random.h"
#include "neurone/model/fitting.h"
#include "tests/support/matrices.h"

namespace neurone {

// y = x² + noise, or its class above 1: no line comes near.
inline Table parabola(std::size_t rows, bool classes, std::uint64_t seed = 1) {
  Random random = numbers_of_test(seed);
  std::vector<std::vector<std::string>> cells;
  for (std::size_t i = 0; i < rows; ++i) {
    const double x = 4 * random.uniform() - 2, y = x * x + 0.1 * random.normal();
    cells.push_back({std::to_string(x), classes ? (y > 1 ? "high" : "low") : std::to_string(y)});
  }
  return Table({"x", "y"}, cells);
}

inline Plan small_plan(std::size_t networks) {
  Plan plan;
  plan.target = "y";
  plan.hidden = {8};
  plan.epochs = 40;
  plan.batch = 32;
  plan.ensemble = networks;
  return plan;
}

template <class T = float>
Fitting<T> fitting_of(std::size_t networks, bool classes = false, std::size_t test_rows = 100) {
  return Fitting<T>({.train = parabola(300, classes),
                     .validation = {},
                     .test = test_rows == 0 ? Source{} : parabola(test_rows, classes, 2)},
                    small_plan(networks));
}

}  // namespace neurone
