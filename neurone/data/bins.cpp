// A tree on one column is a list of stretches of its sorted values; each step cuts one of them in two.
#include "neurone/data/bins.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "neurone/data/dataset.h"
#include "neurone/math/quantile.h"

namespace neurone {
namespace {

// A column's numbers in order, each with its row of the targets.
struct Sorted {
  std::vector<double> numbers;
  std::vector<std::uint32_t> rows;
  ConstMatrixView<double> targets;

  std::span<const double> target(std::size_t place) const { return targets[rows[place]]; }
};

struct Leaf {
  std::size_t begin, end;  // places
  std::size_t cut = 0;     // the best: places before it go left
  double gain = 0;         // of that cut; 0: none is possible
};

// The squared errors that a mean of n rows with these sums saves against 0.
double explained(std::span<const double> sums, std::size_t n) {
  double squares = 0;
  for (const double sum : sums) squares += sum * sum;
  return squares / static_cast<double>(n);
}

// The cut after which the means of both sides are nearest to their rows.
void find_cut(const Sorted& sorted, std::size_t least_rows, Leaf& leaf) {
  const std::size_t count = leaf.end - leaf.begin, width = sorted.targets.columns();
  if (count < 2 * least_rows) return;
  std::vector<double> below(width), above(width);
  for (std::size_t i = leaf.begin; i < leaf.end; ++i)
    for (std::size_t j = 0; j < width; ++j) above[j] += sorted.target(i)[j];
  const double whole = explained(above, count);
  for (std::size_t i = leaf.begin; i + least_rows < leaf.end; ++i) {
    for (std::size_t j = 0; j < width; ++j) {
      below[j] += sorted.target(i)[j];
      above[j] -= sorted.target(i)[j];
    }
    const std::size_t left = i + 1 - leaf.begin;
    if (left < least_rows || sorted.numbers[i] == sorted.numbers[i + 1]) continue;
    const double gain = explained(below, left) + explained(above, count - left) - whole;
    if (gain > leaf.gain) {
      leaf.gain = gain;
      leaf.cut = i + 1;
    }
  }
}

}  // namespace

std::vector<double> tree_knots(std::span<const double> numbers, ConstMatrixView<double> targets, std::size_t bins) {
  if (numbers.size() < 2 || bins < 2) return {};
  Sorted sorted{.numbers = {}, .rows = std::vector<std::uint32_t>(numbers.size()), .targets = targets};
  std::iota(sorted.rows.begin(), sorted.rows.end(), 0U);
  std::ranges::sort(sorted.rows, {}, [&](std::uint32_t row) { return std::pair(numbers[row], row); });
  for (const std::uint32_t row : sorted.rows) sorted.numbers.push_back(numbers[row]);

  constexpr std::size_t least_rows = 50;  // of a leaf: the mean of fewer says little
  std::vector<Leaf> leaves{{.begin = 0, .end = numbers.size()}};
  find_cut(sorted, least_rows, leaves.front());
  std::vector<double> knots{sorted.numbers.front(), sorted.numbers.back()};
  while (leaves.size() < bins) {
    const auto best = std::ranges::max_element(leaves, {}, &Leaf::gain);
    if (best->gain <= 0) break;
    const std::size_t cut = best->cut;
    knots.push_back(std::midpoint(sorted.numbers[cut - 1], sorted.numbers[cut]));
    Leaf right{.begin = cut, .end = best->end};
    *best = {.begin = best->begin, .end = cut};
    find_cut(sorted, least_rows, *best);
    find_cut(sorted, least_rows, right);
    leaves.push_back(right);
  }
  std::ranges::sort(knots);
  knots.erase(std::ranges::unique(knots).begin(), knots.end());
  return knots.size() > 2 ? knots : std::vector<double>{};
}

std::vector<double> quantile_knots(std::vector<double> numbers, std::size_t bins) {
  if (numbers.empty() || bins < 2) return {};
  std::ranges::sort(numbers);
  std::vector<double> knots;
  for (std::size_t k = 0; k <= bins; ++k)
    knots.push_back(quantile(numbers, static_cast<double>(k) / static_cast<double>(bins)));
  knots.erase(std::ranges::unique(knots).begin(), knots.end());
  return knots.size() > 2 ? knots : std::vector<double>{};
}

void cut_into_bins(const Table& table, ConstMatrixView<double> targets, std::size_t bins,
                   TablePreparation& preparation) {
  constexpr std::size_t most_rows = 50'000;
  const std::vector<std::uint32_t> chosen = evenly_chosen(table.rows(), targets.empty() ? table.rows() : most_rows);
  for (Column& column : preparation.columns) {
    auto* numeric = std::get_if<NumericColumn>(&column);
    if (numeric == nullptr) continue;
    const std::size_t c = table.column(numeric->name);
    std::vector<double> numbers;
    std::vector<std::uint32_t> rows;
    for (const std::uint32_t row : chosen)
      if (const CellNumber number = parse_number(table.cell(row, c), numeric->form)) {
        numbers.push_back(*number);
        rows.push_back(row);
      }
    if (targets.empty()) {
      numeric->knots = quantile_knots(std::move(numbers), bins);
      continue;
    }
    Matrix<double> of_rows(rows.size(), targets.columns());
    for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(targets[rows[i]], of_rows[i].begin());
    numeric->knots = tree_knots(numbers, of_rows, bins);
  }
}

}  // namespace neurone
