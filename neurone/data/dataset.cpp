// Random orders and splits, drawn from numbered streams, so that a seed means the same rows everywhere.
#include "neurone/data/dataset.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "neurone/core/random.h"

namespace neurone {
namespace {

void shuffle_in_place(Random random, std::span<std::uint32_t> order) {
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
}

}  // namespace

void shuffle(std::uint64_t seed, std::uint32_t epoch, std::span<std::uint32_t> order) {
  std::iota(order.begin(), order.end(), 0U);
  shuffle_in_place(Random(seed, {.purpose = Purpose::shuffle, .epoch = epoch}), order);
}

Split split_rows(std::size_t rows, double fraction, std::span<const std::uint32_t> strata, std::uint64_t seed,
                 std::uint32_t part) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> members;
  for (std::uint32_t i = 0; i < rows; ++i) members[strata.empty() ? 0 : strata[i]].push_back(i);

  Split split;
  double owed = 0;  // carried from class to class, so that the whole comes out at the fraction asked for
  for (auto& [stratum, order] : members) {
    shuffle_in_place(Random(seed, {.purpose = Purpose::split, .part = part, .row = stratum}), order);
    owed += fraction * static_cast<double>(order.size());
    const auto most = static_cast<double>(order.size() - 1);
    const double taken = std::clamp(std::round(owed), 0.0, most);
    owed -= taken;
    const auto border = order.begin() + static_cast<std::ptrdiff_t>(taken);
    split.held_out.insert(split.held_out.end(), order.begin(), border);
    split.kept.insert(split.kept.end(), border, order.end());
  }
  if (split.held_out.empty() && !members.empty()) {
    const std::vector<std::uint32_t>& most =
        std::ranges::max_element(members, {}, [](const auto& each) { return each.second.size(); })->second;
    if (most.size() > 1) {
      split.held_out.push_back(most.back());
      std::erase(split.kept, most.back());
    }
  }
  std::ranges::sort(split.kept);
  std::ranges::sort(split.held_out);
  return split;
}

}  // namespace neurone
