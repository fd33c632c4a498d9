// Which methods small tables get beside the recipe, and which model is kept.
#include "neurone/model/rivals.h"

#include <gtest/gtest.h>

#include "tests/model/parabola.h"

namespace neurone {
namespace {

Parts parts_of(const Table& train, const Source& validation = {}) {
  return {.train = train, .validation = validation, .test = {}};
}

Plan open_plan() {
  Plan plan;
  plan.target = "y";
  return plan;
}

std::vector<std::string> names_of(const std::vector<Rival>& all) {
  std::vector<std::string> names;
  for (const Rival& each : all) names.push_back(each.name);
  return names;
}

// y = 3 x₁ − x₂ + noise: nothing for hidden layers to find.
Table plane(std::size_t rows, std::uint64_t seed = 7) {
  Random random = numbers_of_test(seed);
  std::vector<std::vector<std::string>> cells;
  for (std::size_t i = 0; i < rows; ++i) {
    const double x = random.normal(), z = random.normal(), y = 3 * x - z + random.normal();
    cells.push_back({std::to_string(x), std::to_string(z), std::to_string(y)});
  }
  return Table({"x", "z", "y"}, cells);
}

// A network of two neurons that has hardly begun.
TrainedModel hardly_trained(const Parts& parts) {
  Plan plan = open_plan();
  plan.hidden = {2};
  plan.epochs = 2;
  Fitting<float> fitting(parts, plan);
  fitting.run();
  return fitting.result();
}

TEST(Rivals, are_simpler_methods_for_numbers_and_for_classes) {
  EXPECT_EQ(
      names_of(rivals(open_plan(), parts_of(parabola(100, false)))),
      (std::vector<std::string>{"a linear model", "10 neurons by L-BFGS", "10 neurons by Levenberg-Marquardt"}));
  EXPECT_EQ(names_of(rivals(open_plan(), parts_of(parabola(100, true)))),
            (std::vector<std::string>{"a linear model", "10 neurons by L-BFGS"}));
}

TEST(Rivals, are_what_they_are_called) {
  for (const bool classes : {false, true}) {
    const Table table = parabola(100, classes);
    for (const Rival& rival : rivals(open_plan(), parts_of(table))) {
      const std::vector<LayerSpec> layers = prepare(table, rival.plan).network.layers;
      const bool has_ten = std::holds_alternative<layers::Dense>(layers.front()) &&
                           std::get<layers::Dense>(layers.front()).units == 10;
      EXPECT_EQ(layers.size(), rival.name == "a linear model" ? 1U : 2U) << rival.name;
      EXPECT_EQ(has_ten, rival.name != "a linear model") << rival.name;
    }
  }
}

TEST(Rivals, do_not_come_up_where_something_is_said_or_nothing_can_validate_or_the_table_is_large) {
  const Parts small = parts_of(parabola(100, false));
  const auto none_with = [&](auto say) {
    Plan plan = open_plan();
    say(plan);
    return rivals(plan, small).empty();
  };
  EXPECT_TRUE(none_with([](Plan& plan) { plan.hidden = {8}; }));
  EXPECT_TRUE(none_with([](Plan& plan) { plan.epochs = 10; }));
  EXPECT_TRUE(none_with([](Plan& plan) { plan.optimizer = solvers::LBFGS{}; }));
  EXPECT_TRUE(none_with([](Plan& plan) { plan.ensemble = 2; }));
  EXPECT_TRUE(none_with([](Plan& plan) { plan.best = true; }));
  EXPECT_TRUE(none_with([](Plan& plan) { plan.regularisation.l2 = 0.1; }));
  EXPECT_TRUE(none_with([](Plan& plan) { plan.validation = 0; }));
  EXPECT_FALSE(none_with([](Plan& plan) { plan.seed = 9; }));
  EXPECT_FALSE(none_with([](Plan& plan) { plan.columns.ignore = {"z"}; }));
  EXPECT_TRUE(rivals(open_plan(), parts_of(parabola(small_table, false))).empty());
  EXPECT_FALSE(rivals(open_plan(), parts_of(parabola(small_table - 1, false))).empty());
}

TEST(Rivals, that_validate_better_take_the_networks_place) {
  const Parts parts = parts_of(plane(200));
  const TrainedModel kept = best_of_rivals<float>(hardly_trained(parts), parts, open_plan());
  EXPECT_TRUE(kept.model.record.settings.at("optimizer").starts_with("least-squares"))
      << kept.model.record.settings.at("optimizer");
  EXPECT_EQ(kept.model.size(), 4U);
  ASSERT_EQ(kept.remarks.size(), 1U);
  EXPECT_TRUE(kept.remarks[0].starts_with("the table is small: of several methods a linear model is kept"))
      << kept.remarks[0];
}

TEST(Rivals, validate_on_rows_of_their_own_where_there_are_some) {
  const Parts parts = parts_of(plane(200), plane(60, 8));
  TrainedModel begun = hardly_trained(parts);
  const double before = begun.model.record.validation.front().value;
  const TrainedModel kept = best_of_rivals<float>(std::move(begun), parts, open_plan());
  EXPECT_LT(kept.model.record.validation.front().value, 0.5 * before);
  EXPECT_EQ(kept.model.record.validation_rows, 60U);
}

TEST(Rivals, that_validate_worse_leave_the_network) {
  const Parts parts = parts_of(plane(200));
  TrainedModel perfect = hardly_trained(parts);
  for (auto& each : perfect.history) each.back().validation->loss = 0;
  const auto before = std::get<Networks<float>>(perfect.model.networks).front().parameters();
  const std::vector<float> parameters(before.begin(), before.end());
  const TrainedModel kept = best_of_rivals<float>(std::move(perfect), parts, open_plan());
  const auto after = std::get<Networks<float>>(kept.model.networks).front().parameters();
  EXPECT_EQ(std::vector<float>(after.begin(), after.end()), parameters);
  EXPECT_NE(kept.remarks.at(0).find("methods three layers by Adam is kept"), std::string::npos) << kept.remarks[0];
}

// A network whose loss dips once by chance is not taken for a good one.
TEST(Rivals, are_compared_after_the_epoch_that_is_best_for_all_networks) {
  const Parts parts = parts_of(plane(200));
  TrainedModel lucky = hardly_trained(parts);
  lucky.history = std::vector<std::vector<EpochReport>>(2, std::vector<EpochReport>(2));
  const double bad = 10;
  lucky.history[0][0].validation = Score{.loss = 0, .metric = 0};
  lucky.history[0][1].validation = Score{.loss = bad, .metric = 0};
  lucky.history[1][0].validation = Score{.loss = bad, .metric = 0};
  lucky.history[1][1].validation = Score{.loss = 0, .metric = 0};
  const TrainedModel kept = best_of_rivals<float>(std::move(lucky), parts, open_plan());
  EXPECT_NE(kept.remarks.at(0).find("(three layers by Adam 5, a linear model 0."), std::string::npos)
      << kept.remarks[0];
}

TEST(Rivals, are_left_where_the_observer_says_stop) {
  const Parts parts = parts_of(plane(200));
  const TrainedModel kept = best_of_rivals<float>(hardly_trained(parts), parts, open_plan(),
                                                  {.epoch = [](std::size_t, const EpochReport&) { return false; }});
  EXPECT_FALSE(kept.model.record.settings.at("optimizer").starts_with("least-squares"));
}

TEST(Rivals, that_lead_nowhere_are_left_out) {
  const Parts parts = parts_of(plane(200));
  const TrainedModel kept =
      best_of_rivals<float>(hardly_trained(parts), parts, open_plan(),
                            {.epoch = [](std::size_t, const EpochReport&) -> bool { throw DivergenceError("far"); }});
  EXPECT_FALSE(kept.model.record.settings.at("optimizer").starts_with("least-squares"));
  EXPECT_EQ(kept.remarks.at(0).find("a linear model"), std::string::npos) << kept.remarks[0];
}

TEST(Rivals, whose_work_grows_with_the_square_of_many_parameters_are_left_out) {
  Random random = numbers_of_test(3);
  std::vector<std::string> names;
  for (int j = 0; j < 120; ++j) names.push_back("x" + std::to_string(j));
  names.emplace_back("y");
  std::vector<std::vector<std::string>> cells(60);
  for (std::vector<std::string>& row : cells)
    for (std::size_t j = 0; j < names.size(); ++j) row.push_back(std::to_string(random.normal()));
  const Parts parts = parts_of(Table(names, cells));
  const TrainedModel kept = best_of_rivals<float>(hardly_trained(parts), parts, open_plan());
  EXPECT_NE(kept.remarks.at(0).find("a linear model"), std::string::npos) << kept.remarks[0];
  EXPECT_NE(kept.remarks.at(0).find("L-BFGS"), std::string::npos) << kept.remarks[0];
  EXPECT_EQ(kept.remarks.at(0).find("Levenberg"), std::string::npos) << kept.remarks[0];
}

}  // namespace
}  // namespace neurone
