// Softmax of the row of examples/softmax_jacobian.cpp: S as bars, and its Jacobian, D_j S_i in row i and column j, as
// a map of heat.
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>

#include "examples/lecture/pictures.h"
#include "neurone/activation/activation.h"
#include "neurone/report/chart.h"
#include "neurone/report/picture_file.h"

namespace lecture {
namespace {

using neurone::Matrix;
using neurone::report::Axis;
using neurone::report::Chart;
using neurone::report::Frame;

constexpr std::size_t n = 4;
constexpr Frame frame{.width = 330, .height = 300};

// 1 … n at the middles of as many parts; upwards, or downwards from the top.
Axis numbered(const std::string& title, bool down) {
  Axis axis{.title = title, .low = 0, .high = n, .has_lines = false};
  for (std::size_t k = 0; k < n; ++k)
    axis.ticks.emplace_back(static_cast<double>(down ? n - 1 - k : k) + 0.5, std::to_string(k + 1));
  return axis;
}

std::string rounded(double value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.3f", value);
  return text.data();
}

}  // namespace

std::string softmax() {
  constexpr std::array<double, n> z{1, 2, 3, 0};
  std::array<double, n> S{};
  neurone::activations::Softmax::value<double>(z, S);
  const Matrix<double> D = neurone::softmax_jacobian(S);

  Chart bars(numbered("j", false), Axis::around("S", 0, 0.7), frame);
  Chart heat(numbered("j", false), numbered("i", true), frame);
  for (std::size_t i = 0; i < n; ++i) {
    const auto x = static_cast<double>(i), y = static_cast<double>(n - 1 - i);
    bars.bar({.x = x + 0.2, .y = 0}, {.x = x + 0.8, .y = S[i]}, 0);
    bars.note({.x = x + 0.5, .y = S[i] + 0.03}, rounded(S[i]));
    for (std::size_t j = 0; j < n; ++j) {
      const auto column = static_cast<double>(j);
      heat.cell({.x = column, .y = y}, {.x = column + 1, .y = y + 1}, D(i, j) > 0 ? 0 : 1,
                0.55 * std::sqrt(std::abs(D(i, j)) / 0.25));  // no element is larger than ¼
      heat.note({.x = column + 0.5, .y = y + 0.5}, rounded(D(i, j)));
    }
  }
  return neurone::report::side_by_side(std::array{bars.svg("S of the row 1, 2, 3, 0"), heat.svg("D_j S_i")}, 2,
                                       "Softmax of a row, and its Jacobian: positive on the diagonal, else negative");
}

}  // namespace lecture
