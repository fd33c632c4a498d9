// A table of random columns and a plan of random options: what a whole run is tried with. The same seed, the same
// run.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "neurone/model/plan.h"
#include "tests/support/matrices.h"

namespace neurone {

struct RandomRun {
  std::vector<std::string> names;               ///< of the columns; the last is the target
  std::vector<std::vector<std::string>> cells;  ///< rows × columns
  std::vector<std::size_t> categories;          ///< the columns, of those above, whose cells are category names
  Plan plan{};

  Table table() const { return Table(names, cells, "random.csv"); }
};

namespace random_runs {

inline std::string number_of(Random& random) {
  return std::to_string(std::round(1000 * random.normal()) / 100);
}

/// A cell of a column of this kind; missing now and then.
inline std::string cell(Random& random, std::size_t kind) {
  if (random.below(12) == 0) return "";
  switch (kind) {
    case 0:
      return number_of(random);
    case 1:
      return std::to_string(random.below(5));
    case 2:
      return std::string("k") + static_cast<char>('a' + random.below(4));
    case 3:
      return "201" + std::to_string(random.below(10)) + "-0" + std::to_string(1 + random.below(9)) + "-15";
    default:
      return std::to_string(random.below(1000)) + "," + std::to_string(1 + random.below(9)) + "5";
  }
}
inline constexpr std::size_t kinds = 5;
inline constexpr std::size_t category_kind = 2;

}  // namespace random_runs

inline RandomRun random_run(std::uint64_t seed) {
  using namespace random_runs;
  Random random = numbers_of_test(seed);
  RandomRun run;
  std::vector<std::size_t> kind_of;
  const std::size_t inputs = 1 + random.below(5), rows = 30 + random.below(60);
  for (std::size_t c = 0; c < inputs; ++c) {
    kind_of.push_back(c == 0 ? 0 : random.below(kinds));
    run.names.push_back("column " + std::to_string(c));
    if (kind_of.back() == category_kind) run.categories.push_back(c);
  }
  run.names.emplace_back("y");
  const bool classes = random.below(2) == 0;
  const std::uint32_t count = 2 + random.below(3);
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<std::string> cells;
    for (const std::size_t kind : kind_of) cells.push_back(cell(random, kind));
    cells.push_back(classes ? "class " + std::to_string(row < 2 * count ? row % count : random.below(count))
                            : number_of(random));
    run.cells.push_back(std::move(cells));
  }
  Plan& plan = run.plan;
  plan.target = "y";
  plan.epochs = 1 + random.below(3);
  plan.seed = random.below(1000);
  plan.ensemble = 1 + random.below(3);
  if (random.below(3) > 0) plan.hidden = std::vector<std::size_t>{1 + random.below(6)};
  if (!plan.hidden) plan.layers = {layers::Dense{.units = 3, .activation = "tanh"}, layers::BatchNorm{}};
  if (random.below(3) == 0) plan.bins = random.below(6);
  if (random.below(4) == 0) plan.columns.scaling = Scaling::standard;
  if (classes && random.below(2) == 0) plan.output_activation = "softmax";
  if (!classes && random.below(3) == 0) plan.loss = "gaussian_nll";
  plan.keep_rows = random.below(2) == 0;
  return run;
}

}  // namespace neurone
