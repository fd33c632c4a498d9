// Splits and shuffles: what every row's fate is.
// Leaves what stands in the rows to target_test.cpp and preparation_test.cpp.
#include "neurone/data/dataset.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <ranges>
#include <set>

namespace neurone {
namespace {

using Rows = std::vector<std::uint32_t>;

Rows counted(std::size_t count) {
  Rows rows(count);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

Rows all_of(const Split& split) {
  Rows rows = split.kept;
  rows.insert(rows.end(), split.held_out.begin(), split.held_out.end());
  std::ranges::sort(rows);
  return rows;
}

// Class 0 as often as the first number says, class 1 as often as the second …
Rows strata_of(const std::vector<std::size_t>& sizes) {
  Rows strata;
  for (std::uint32_t c = 0; c < sizes.size(); ++c) strata.insert(strata.end(), sizes[c], c);
  return strata;
}

std::map<std::uint32_t, std::size_t> count_of(const Rows& rows, const Rows& strata) {
  std::map<std::uint32_t, std::size_t> count;
  for (const std::uint32_t row : rows) ++count[strata[row]];
  return count;
}

// --- splits --------------------------------------------------------------------------------------------------------

TEST(Split, each_part_has_its_share_in_the_old_order) {
  const Split split = split_rows(50, 0.2, {}, 1, 0);
  EXPECT_EQ(split.held_out.size(), 10U);
  EXPECT_EQ(split.kept.size(), 40U);
  EXPECT_TRUE(std::ranges::is_sorted(split.kept));
  EXPECT_TRUE(std::ranges::is_sorted(split.held_out));
}

TEST(Split, each_class_keeps_its_share) {
  const Rows strata = strata_of({100, 50, 10});
  const Split split = split_rows(strata.size(), 0.2, strata, 1, 0);
  EXPECT_EQ(count_of(split.held_out, strata), (std::map<std::uint32_t, std::size_t>{{0, 20}, {1, 10}, {2, 2}}));
}

TEST(Split, what_rounding_takes_from_one_class_the_next_one_gets) {
  const Rows strata = strata_of({5, 5, 5, 5});  // each owes one and a quarter
  EXPECT_EQ(split_rows(20, 0.25, strata, 1, 0).held_out.size(), 5U);
}

RC_GTEST_PROP(Split, every_row_is_in_one_part_and_no_class_is_held_out_whole, (std::uint64_t seed)) {
  const auto sizes =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 9)));
  const double fraction = *rc::gen::inRange(1, 100) / 100.0;
  const Rows strata = strata_of(sizes);
  const Split split = split_rows(strata.size(), fraction, strata, seed, 0);
  RC_ASSERT(all_of(split) == counted(strata.size()));
  RC_ASSERT(count_of(split.kept, strata).size() == sizes.size());
  RC_ASSERT(split.held_out.empty() == (std::ranges::max(sizes) == 1));
}

TEST(Split, the_seed_and_the_part_decide_who_is_held_out) {
  const auto held_out = [](std::uint64_t seed, std::uint32_t part) {
    return split_rows(100, 0.3, {}, seed, part).held_out;
  };
  EXPECT_EQ(held_out(1, 0), held_out(1, 0));
  EXPECT_NE(held_out(1, 0), held_out(2, 0));
  EXPECT_NE(held_out(1, 0), held_out(1, 1));
}

TEST(Split, classes_do_not_share_their_draws) {
  const Rows strata = strata_of({40, 40});
  const Split split = split_rows(80, 0.5, strata, 1, 0);
  Rows first, second;
  for (const std::uint32_t row : split.held_out) (row < 40 ? first : second).push_back(row % 40);
  EXPECT_NE(first, second);
}

TEST(Split, one_row_is_held_out_of_a_tiny_table) {
  const Split split = split_rows(2, 0.1, {}, 1, 0);
  EXPECT_EQ(split.held_out.size(), 1U);
  EXPECT_EQ(split.kept.size(), 1U);
}

TEST(Split, the_only_row_is_kept) {
  EXPECT_EQ(split_rows(1, 0.9, {}, 1, 0).kept, Rows{0});
  EXPECT_TRUE(split_rows(1, 0.9, {}, 1, 0).held_out.empty());
}

TEST(Split, no_rows_are_no_rows) {
  EXPECT_TRUE(all_of(split_rows(0, 0.5, {}, 1, 0)).empty());
}

// The share of either class rounds to nothing; the row that is held out nevertheless must not be all of class 1.
TEST(Split, a_class_of_one_row_stays_when_one_row_has_to_go) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Split split = split_rows(3, 0.1, strata_of({2, 1}), seed, 0);
    ASSERT_EQ(split.held_out.size(), 1U);
    EXPECT_LT(split.held_out.front(), 2U);
  }
}

TEST(Split, classes_of_one_row_each_are_all_kept) {
  EXPECT_TRUE(split_rows(3, 0.9, strata_of({1, 1, 1}), 1, 0).held_out.empty());
}

// --- shuffles ------------------------------------------------------------------------------------------------------

Rows shuffled(std::uint64_t seed, std::uint32_t epoch, std::size_t rows) {
  Rows order(rows, 7);  // what stands there before is of no account
  neurone::shuffle(seed, epoch, order);
  return order;
}

RC_GTEST_PROP(Shuffle, the_order_is_a_permutation, (std::uint64_t seed, std::uint32_t epoch)) {
  Rows order = shuffled(seed, epoch, *rc::gen::inRange<std::size_t>(0, 100));
  std::ranges::sort(order);
  RC_ASSERT(order == counted(order.size()));
}

TEST(Shuffle, the_order_depends_on_seed_and_epoch_alone) {
  Rows used = shuffled(1, 4, 50);
  neurone::shuffle(1, 5, used);
  EXPECT_EQ(used, shuffled(1, 5, 50));
  EXPECT_NE(shuffled(1, 5, 50), shuffled(1, 6, 50));
  EXPECT_NE(shuffled(1, 5, 50), shuffled(2, 5, 50));
}

// 6000 shuffles of three rows: each of the six orders 1000 times, give or take five deviations of 29.
TEST(Shuffle, every_order_is_as_likely_as_the_others) {
  std::map<Rows, int> count;
  for (std::uint32_t epoch = 0; epoch < 6000; ++epoch) ++count[shuffled(1, epoch, 3)];
  ASSERT_EQ(count.size(), 6U);
  for (const auto& [order, times] : count) EXPECT_NEAR(times, 1000, 145);
}

// --- folds
// -----------------------------------------------------------------------------------------------------------

TEST(Folds, are_of_one_size_and_so_are_their_shares_of_each_stratum) {
  Rows strata(103);
  for (std::size_t i = 0; i < strata.size(); ++i) strata[i] = i % 10 == 0 ? 1 : i % 3 == 0 ? 7 : 2;
  const Rows folds = fold_rows(strata.size(), 5, strata, 1, 3);
  std::map<std::uint32_t, std::map<std::uint32_t, int>> counts;
  std::map<std::uint32_t, int> sizes;
  for (std::size_t i = 0; i < folds.size(); ++i) {
    ++counts[strata[i]][folds[i]];
    ++sizes[folds[i]];
  }
  ASSERT_EQ(sizes.size(), 5U);
  const auto spread = [](const std::map<std::uint32_t, int>& each) {
    const auto [least, most] = std::ranges::minmax(each | std::views::values);
    return most - least;
  };
  EXPECT_EQ(spread(sizes), 1);  // 103 rows
  for (const auto& [stratum, of_fold] : counts) EXPECT_LE(spread(of_fold), 1) << stratum;
}

TEST(Folds, are_drawn_by_seed_and_part) {
  const Rows folds = fold_rows(60, 4, {}, 1, 3);
  EXPECT_EQ(fold_rows(60, 4, {}, 1, 3), folds);
  EXPECT_NE(fold_rows(60, 4, {}, 2, 3), folds);
  EXPECT_NE(fold_rows(60, 4, {}, 1, 4), folds);
}

TEST(Folds, one_is_held_out_and_the_others_are_kept) {
  const Split split = split_fold(Rows{0, 1, 2, 1, 0}, 1);
  EXPECT_EQ(split.held_out, (Rows{1, 3}));
  EXPECT_EQ(split.kept, (Rows{0, 2, 4}));
}

TEST(Folds, rows_of_a_dataset_are_chosen_with_their_targets_and_weights) {
  Matrix<float> X(3, 2), targets(3, 1);
  for (std::size_t i = 0; i < 3; ++i) {
    X(i, 0) = static_cast<float>(i);
    X(i, 1) = static_cast<float>(10 * i);
    targets(i, 0) = static_cast<float>(100 * i);
  }
  Dataset<float> data{.X = X, .targets = targets, .weights = {7, 8, 9}};
  const Dataset<float> chosen = select(data, Rows{2, 0, 2});
  ASSERT_EQ(chosen.rows(), 3U);
  EXPECT_EQ(chosen.X(0, 1), 20);
  EXPECT_EQ(chosen.X(1, 1), 0);
  EXPECT_EQ(chosen.targets(2, 0), 200);
  EXPECT_EQ(chosen.weights, (Vector<float>{9, 7, 9}));
  data.weights.clear();
  EXPECT_TRUE(select(data, Rows{1}).weights.empty());
}

// --- groups and times ----------------------------------------------------------------------------------------------

// 40 groups of 1 to 7 rows, mixed.
Rows mixed_groups() {
  Rows groups;
  for (std::uint32_t i = 0; i < 160; ++i) groups.push_back(i * i % 101 % 40);
  return groups;
}

TEST(Groups, are_held_out_whole_and_about_as_many_rows_as_wanted) {
  const Rows groups = mixed_groups();
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Split split = split_groups(groups, 0.25, seed, 1);
    EXPECT_EQ(all_of(split).size(), groups.size());
    EXPECT_NEAR(static_cast<double>(split.held_out.size()), 40, 6) << seed;
    std::set<std::uint32_t> kept;
    for (const std::uint32_t row : split.kept) kept.insert(groups[row]);
    for (const std::uint32_t row : split.held_out) EXPECT_EQ(kept.count(groups[row]), 0U);
  }
  EXPECT_EQ(split_groups(groups, 0.25, 1, 1).held_out, split_groups(groups, 0.25, 1, 1).held_out);
  EXPECT_NE(split_groups(groups, 0.25, 1, 1).held_out, split_groups(groups, 0.25, 2, 1).held_out);
}

TEST(Groups, one_is_held_out_where_there_are_two_and_none_where_there_is_one) {
  EXPECT_EQ(split_groups(Rows{4, 4, 4, 9, 9, 9}, 0.01, 1, 1).held_out.size(), 3U);
  EXPECT_EQ(split_groups(Rows{4, 4, 4, 9, 9, 9}, 0.99, 1, 1).held_out.size(), 3U);
  EXPECT_TRUE(split_groups(Rows{4, 4, 4}, 0.5, 1, 1).held_out.empty());
}

TEST(Groups, lie_in_one_fold_each_and_the_folds_are_about_of_one_size) {
  const Rows groups = mixed_groups(), folds = fold_groups(groups, 4, 1, 1);
  std::map<std::uint32_t, std::uint32_t> fold_of_group;
  std::map<std::uint32_t, int> sizes;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    EXPECT_EQ(fold_of_group.try_emplace(groups[i], folds[i]).first->second, folds[i]);
    ++sizes[folds[i]];
  }
  ASSERT_EQ(sizes.size(), 4U);
  for (const auto& [fold, size] : sizes) EXPECT_NEAR(size, 40, 3) << fold;
}

TEST(Times, the_latest_are_held_out) {
  const std::vector<double> times{3, 1, 5, 2, 4};
  EXPECT_EQ(split_latest(times, 0.4).held_out, (Rows{2, 4}));
  EXPECT_EQ(split_latest(times, 0.4).kept, (Rows{0, 1, 3}));
  EXPECT_TRUE(split_latest(times, 0).held_out.empty());
}

TEST(Times, that_are_the_same_stay_together) {
  EXPECT_EQ(split_latest(std::vector<double>{1, 2, 2, 3}, 0.5).held_out, (Rows{3}));
  EXPECT_EQ(split_latest(std::vector<double>{1, 2, 2, 2}, 0.25).held_out, (Rows{1, 2, 3}));
  EXPECT_TRUE(split_latest(std::vector<double>{2, 2, 2}, 0.5).held_out.empty());
}

}  // namespace
}  // namespace neurone
