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

// The rows of each stratum, in random order.
std::map<std::uint32_t, std::vector<std::uint32_t>> shuffled_strata(std::size_t rows,
                                                                    std::span<const std::uint32_t> strata,
                                                                    std::uint64_t seed, std::uint32_t part) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> members;
  for (std::uint32_t i = 0; i < rows; ++i) members[strata.empty() ? 0 : strata[i]].push_back(i);
  for (auto& [stratum, order] : members)
    shuffle_in_place(Random(seed, {.purpose = Purpose::split, .part = part, .row = stratum}), order);
  return members;
}

// The rows of each group, and the groups in random order.
struct Groups {
  std::map<std::uint32_t, std::vector<std::uint32_t>> rows;
  std::vector<const std::vector<std::uint32_t>*> order;
};

Groups shuffled_groups(std::span<const std::uint32_t> group_of_row, std::uint64_t seed, std::uint32_t part) {
  Groups groups;
  for (std::uint32_t row = 0; row < group_of_row.size(); ++row) groups.rows[group_of_row[row]].push_back(row);
  std::vector<std::uint32_t> numbers;
  for (const auto& [number, rows] : groups.rows) numbers.push_back(number);
  shuffle_in_place(Random(seed, {.purpose = Purpose::split, .part = part}), numbers);
  for (const std::uint32_t number : numbers) groups.order.push_back(&groups.rows.at(number));
  return groups;
}

template <class T> Matrix<T> chosen_rows(ConstMatrixView<T> X, std::span<const std::uint32_t> rows) {
  Matrix<T> chosen(rows.size(), X.columns());
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(X[rows[i]], chosen[i].begin());
  return chosen;
}

}  // namespace

void shuffle(std::uint64_t seed, std::uint32_t epoch, std::span<std::uint32_t> order) {
  std::iota(order.begin(), order.end(), 0U);
  shuffle_in_place(Random(seed, {.purpose = Purpose::shuffle, .epoch = epoch}), order);
}

Split split_rows(std::size_t rows, double fraction, std::span<const std::uint32_t> strata, std::uint64_t seed,
                 std::uint32_t part) {
  const auto members = shuffled_strata(rows, strata, seed, part);
  Split split;
  double owed = 0;  // carried from class to class, so that the whole comes out at the fraction asked for
  for (const auto& [stratum, order] : members) {
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

std::vector<std::uint32_t> fold_rows(std::size_t rows, std::size_t folds, std::span<const std::uint32_t> strata,
                                     std::uint64_t seed, std::uint32_t part) {
  std::vector<std::uint32_t> fold_of_row(rows);
  std::size_t dealt = 0;  // goes on from stratum to stratum, so that the folds are of one size
  for (const auto& [stratum, order] : shuffled_strata(rows, strata, seed, part))
    for (const std::uint32_t row : order) fold_of_row[row] = static_cast<std::uint32_t>(dealt++ % folds);
  return fold_of_row;
}

Split split_groups(std::span<const std::uint32_t> group_of_row, double fraction, std::uint64_t seed,
                   std::uint32_t part) {
  const Groups groups = shuffled_groups(group_of_row, seed, part);
  const double wanted = fraction * static_cast<double>(group_of_row.size());
  std::vector<bool> is_held_out(group_of_row.size());
  double held_out = 0;
  std::size_t groups_held_out = 0;
  for (const std::vector<std::uint32_t>* group : groups.order) {
    const auto size = static_cast<double>(group->size());
    const bool comes_nearer = std::abs(held_out + size - wanted) < std::abs(held_out - wanted);
    const bool first_chance = groups_held_out == 0 && group == groups.order.back();
    if (!(comes_nearer || first_chance) || groups_held_out + 1 == groups.order.size()) continue;
    for (const std::uint32_t row : *group) is_held_out[row] = true;
    held_out += size;
    ++groups_held_out;
  }
  Split split;
  for (std::uint32_t row = 0; row < group_of_row.size(); ++row)
    (is_held_out[row] ? split.held_out : split.kept).push_back(row);
  return split;
}

std::vector<std::uint32_t> fold_groups(std::span<const std::uint32_t> group_of_row, std::size_t folds,
                                       std::uint64_t seed, std::uint32_t part) {
  const Groups groups = shuffled_groups(group_of_row, seed, part);
  std::vector<std::size_t> largest_first(groups.order.size());
  std::iota(largest_first.begin(), largest_first.end(), std::size_t{0});
  std::ranges::sort(largest_first, {}, [&](std::size_t k) {  // of equally large ones as they were drawn
    return std::pair(group_of_row.size() - groups.order[k]->size(), k);
  });
  std::vector<std::size_t> sizes(folds);
  std::vector<std::uint32_t> fold_of_row(group_of_row.size());
  for (const std::size_t k : largest_first) {  // each to the smallest fold
    const std::vector<std::uint32_t>& group = *groups.order[k];
    const auto fold = static_cast<std::uint32_t>(std::ranges::min_element(sizes) - sizes.begin());
    for (const std::uint32_t row : group) fold_of_row[row] = fold;
    sizes[fold] += group.size();
  }
  return fold_of_row;
}

Split split_latest(std::span<const double> times, double fraction) {
  std::vector<double> sorted(times.begin(), times.end());
  std::ranges::sort(sorted);
  const auto wanted = static_cast<std::size_t>(std::lround(fraction * static_cast<double>(times.size())));
  std::size_t cut = sorted.size() - std::min(wanted, sorted.size());
  while (cut > 0 && cut < sorted.size() && sorted[cut] == sorted[cut - 1]) ++cut;
  if (cut == sorted.size() && wanted > 0)  // the last time has more rows than wanted: all of them, if others are left
    cut = static_cast<std::size_t>(std::ranges::lower_bound(sorted, sorted.back()) - sorted.begin());
  Split split;
  for (std::uint32_t row = 0; row < times.size(); ++row)
    (cut > 0 && cut < sorted.size() && times[row] >= sorted[cut] ? split.held_out : split.kept).push_back(row);
  return split;
}

std::vector<std::uint32_t> evenly_chosen(std::size_t rows, std::size_t count) {
  std::vector<std::uint32_t> chosen(std::min(rows, count));
  for (std::size_t i = 0; i < chosen.size(); ++i) chosen[i] = static_cast<std::uint32_t>(i * rows / chosen.size());
  return chosen;
}

Split split_fold(std::span<const std::uint32_t> fold_of_row, std::uint32_t fold) {
  Split split;
  for (std::uint32_t row = 0; row < fold_of_row.size(); ++row)
    (fold_of_row[row] == fold ? split.held_out : split.kept).push_back(row);
  return split;
}

template <class T> Dataset<T> select(const Dataset<T>& data, std::span<const std::uint32_t> rows) {
  Dataset<T> chosen{.X = data.X.select(rows), .targets = chosen_rows<T>(data.targets, rows)};
  if (!data.weights.empty())
    for (const std::uint32_t row : rows) chosen.weights.push_back(data.weights[row]);
  return chosen;
}

template Dataset<float> select<float>(const Dataset<float>&, std::span<const std::uint32_t>);
template Dataset<double> select<double>(const Dataset<double>&, std::span<const std::uint32_t>);

}  // namespace neurone
