// Parts of a run that would be empty: each is a message that says how much there is and how much is needed.
#include "neurone/model/splits.h"

#include <gtest/gtest.h>

#include <set>

#include "neurone/model/fitting.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

// x, y and a column `site` whose values are dealt out in turn.
Table sites(std::size_t rows, const std::vector<std::string>& names) {
  std::vector<std::vector<std::string>> cells;
  for (std::size_t i = 0; i < rows; ++i)
    cells.push_back({std::to_string(i), i % 3 == 0 ? "a" : "b", names[i % names.size()]});
  return Table({"x", "y", "site"}, cells, "sites.csv");
}

Plan plan_by_site(std::size_t networks = 1) {
  Plan plan;
  plan.target = "y";
  plan.group = "site";
  plan.hidden = {2};
  plan.epochs = 1;
  plan.ensemble = networks;
  return plan;
}

Plan plan_of_rows(std::size_t networks) {
  Plan plan = plan_by_site(networks);
  plan.group.reset();
  plan.columns.ignore = {"site"};
  return plan;
}

TEST(Splits, fewer_groups_than_parts_are_refused_with_their_number) {
  EXPECT_EQ(message_of<Error>(
                [] { check_pieces(sites(12, {"p", "q"}), plan_by_site(), {.validation = true, .test = true}); }),
            "sites.csv: column 'site' has 2 values in these rows: 3 are needed to train, validate and test");
  EXPECT_EQ(message_of<Error>([] { check_pieces(sites(12, {"p"}), plan_by_site(), {.validation = true}); }),
            "sites.csv: column 'site' has 1 value in these rows: 2 are needed to train and validate");
  EXPECT_EQ(message_of<Error>([] { check_pieces(sites(1, {"p"}), plan_of_rows(1), {.test = true}); }),
            "sites.csv: this is 1 row: 2 are needed to train and test");
  EXPECT_NO_THROW(check_pieces(sites(12, {"p", "q", "r"}), plan_by_site(), {.validation = true, .test = true}));
}

TEST(Splits, one_group_or_one_time_cannot_be_held_out) {
  Plan plan = plan_by_site();
  EXPECT_EQ(message_of<Error>([&] { hold_out(sites(12, {"p"}), 0.5, plan, 1); }),
            "sites.csv: column 'site' has 1 value in these rows: 2 are needed to hold one out");
  plan.group.reset();
  plan.time = "site";
  EXPECT_EQ(message_of<Error>([&] { hold_out(sites(12, {"2024"}), 0.5, plan, 1); }),
            "sites.csv: column 'site' has 1 value in these rows: 2 are needed to hold one out");
}

TEST(Splits, classes_of_one_row_each_cannot_be_held_out) {
  const Table table({"x", "y"}, {{"1", "a"}, {"2", "b"}, {"3", "c"}}, "rare.csv");
  Plan plan;
  plan.target = "y";
  EXPECT_EQ(message_of<Error>([&] { hold_out(table, 0.3, plan, 1); }),
            "rare.csv: each class has one row only: none can be held out");
}

TEST(Splits, more_folds_than_groups_are_refused_and_as_many_hold_one_each) {
  const Plan plan = plan_by_site();
  EXPECT_EQ(message_of<UsageError>([&] { folds_of(sites(12, {"p", "q"}), 3, plan, 1); }),
            "sites.csv: column 'site' has 2 values in these rows, too few for 3 folds");
  const std::vector<std::uint32_t> folds = folds_of(sites(12, {"p", "q", "r"}), 3, plan, 1);
  EXPECT_EQ(std::set<std::uint32_t>(folds.begin(), folds.end()).size(), 3U);
}

// Whatever the rows, groups, networks and shares are: a run is refused, or each network has rows to learn from and
// rows to validate on, and no row is both.
TEST(Splits, no_network_is_left_without_rows) {
  const std::vector<std::vector<std::string>> names{
      {"p"}, {"p", "q"}, {"p", "q", "r"}, {"p", "p", "p", "p", "p", "q"}};
  std::size_t refused = 0, accepted = 0;
  for (const std::size_t count : {3U, 4U, 5U, 12U, 40U})
    for (const auto& each : names)
      for (const std::size_t networks : {1U, 2U, 4U, 30U})
        for (const double share : {0.01, 0.1, 0.5, 0.9, 0.999})
          for (const bool by_group : {false, true}) {
            Plan plan = by_group ? plan_by_site(networks) : plan_of_rows(networks);
            plan.validation = share;
            try {
              const Fitting<float> fitting({.train = sites(count, each), .validation = {}, .test = {}}, plan);
              ++accepted;
              for (std::size_t k = 0; k < networks && fitting.in_folds(); ++k) {
                const Split split = fitting.split_of(k);
                EXPECT_FALSE(split.kept.empty());
                EXPECT_FALSE(split.held_out.empty());
                EXPECT_EQ(split.kept.size() + split.held_out.size(), count);
              }
              EXPECT_GT(fitting.train_rows(), 0U);
              EXPECT_GT(fitting.validation_rows(), 0U);
            } catch (const Error&) {
              ++refused;
            }
          }
  EXPECT_GT(refused, 100U);  // of groups with one value
  EXPECT_GT(accepted, 400U);
}

TEST(Splits, more_networks_than_rows_share_the_folds) {
  const Turns turns(100, 0.1, 10);
  EXPECT_EQ(turns.folds, 10U);
  for (std::size_t network = 0; network < 100; ++network) {
    std::size_t held_out = 0;
    for (std::size_t fold = 0; fold < 10; ++fold) held_out += turns.validates(network, fold) ? 1U : 0U;
    EXPECT_EQ(held_out, 1U);
  }
}

}  // namespace
}  // namespace neurone
