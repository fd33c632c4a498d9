// What a model says of new rows, and how good it is found to be.
#include "neurone/model/model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <future>

#include "neurone/data/csv.h"
#include "neurone/model/fitting.h"
#include "neurone/model/plan.h"
#include "tests/model/models.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

const Loss squared_error{losses::SquaredError{}}, hinge{losses::Hinge{}};
const Loss binary{losses::BinaryCrossEntropy{}}, categorical{losses::CategoricalCrossEntropy{}};
const ClassTarget yes_or_no{.name = "y", .classes = {"no", "yes"}};
const ClassTarget letters{.name = "y", .classes = {"a", "b", "c"}};
const NumberTarget price{.name = "y", .mean = 100, .deviation = 20};

using Classes = std::vector<std::uint32_t>;

// y = x in the network's unit
Model line(const NumberTarget& target) {
  return model_of_x(target, squared_error, "identity", {1, 0});
}
// φ(2x)
Model sigmoid_of_2x() {
  return model_of_x(yes_or_no, binary, "sigmoid", {2, 0});
}
// The softmax of (x, −x, 0)
Model softmax_of_x(const std::string& activation = "softmax") {
  return model_of_x(letters, categorical, activation, {1, -1, 0, 0, 0, 0});
}

double sigmoid(double z) {
  return 1 / (1 + std::exp(-z));
}

// --- predictions ---------------------------------------------------------------------------------------------------

TEST(Predict, a_number_is_in_the_unit_of_the_user) {
  const Predictions made = predict(line(price), table_x({"0", "1.5", "-2"}));
  EXPECT_TRUE(made.classes.empty());
  ASSERT_EQ(made.values.columns(), 1U);
  EXPECT_EQ(made.values(0, 0), 100);
  EXPECT_EQ(made.values(1, 0), 130);
  EXPECT_EQ(made.values(2, 0), 60);
}

TEST(Predict, gaussian_nll_gives_a_deviation_in_the_unit_of_the_user) {
  const Model model =
      model_of_x(price, {losses::GaussianNegativeLogLikelihood{}}, "identity", {1, 0, 0, std::log(9)});
  const Predictions made = predict(model, table_x({"2"}));
  ASSERT_EQ(made.values.columns(), 2U);
  EXPECT_DOUBLE_EQ(made.values(0, 0), 140);
  EXPECT_DOUBLE_EQ(made.values(0, 1), 60);  // √9 · 20
}

TEST(Predict, one_sigmoid_is_the_probability_of_the_second_class) {
  const Predictions made = predict(sigmoid_of_2x(), table_x({"1", "-1"}));
  EXPECT_EQ(made.classes, (Classes{1, 0}));
  EXPECT_DOUBLE_EQ(made.values(0, 1), sigmoid(2));
  EXPECT_DOUBLE_EQ(made.values(0, 0), sigmoid(-2));
  EXPECT_DOUBLE_EQ(made.values(1, 1), sigmoid(-2));
}

TEST(Predict, hinge_parts_the_classes_at_zero) {
  const Predictions made = predict(model_of_x(yes_or_no, hinge, "identity", {1, 0}), table_x({"0.2", "-0.2"}));
  EXPECT_EQ(made.classes, (Classes{1, 0}));
  EXPECT_DOUBLE_EQ(made.values(0, 0), -0.2);
  EXPECT_DOUBLE_EQ(made.values(0, 1), 0.2);
}

TEST(Predict, softmax_gives_a_probability_for_each_class) {
  const Predictions made = predict(softmax_of_x(), table_x({"1", "-3", "0"}));
  EXPECT_EQ(made.classes, (Classes{0, 1, 0}));
  const double sum = std::exp(1) + std::exp(-1) + 1;
  EXPECT_DOUBLE_EQ(made.values(0, 0), std::exp(1) / sum);
  EXPECT_DOUBLE_EQ(made.values(0, 1), std::exp(-1) / sum);
  EXPECT_DOUBLE_EQ(made.values(0, 2), 1 / sum);
}

TEST(Predict, log_softmax_gives_probabilities_too) {
  const Table table = table_x({"1", "-3"});
  const Predictions plain = predict(softmax_of_x(), table), logs = predict(softmax_of_x("log_softmax"), table);
  EXPECT_EQ(logs.classes, plain.classes);
  for (std::size_t i = 0; i < plain.values.size(); ++i)
    EXPECT_NEAR(logs.values.elements()[i], plain.values.elements()[i], 1e-15);
}

TEST(Predict, two_classes_with_softmax_have_two_outputs) {
  ClassTarget target = yes_or_no;
  target.one_hot = true;
  const Predictions made = predict(model_of_x(target, categorical, "softmax", {-1, 1, 0, 0}), table_x({"1"}));
  EXPECT_EQ(made.classes, Classes{1});
  EXPECT_DOUBLE_EQ(made.values(0, 1), sigmoid(2));
}

TEST(Predict, a_long_table_is_predicted_as_its_rows_are_alone) {
  constexpr std::size_t rows = 40'000;  // several blocks, the last one not full
  std::vector<std::string> x;
  for (std::size_t i = 0; i < rows; ++i) x.push_back(i == 3 || i == 20'001 ? "" : std::to_string(i % 7));
  const Predictions made = predict(sigmoid_of_2x(), table_x(x), 2);
  ASSERT_EQ(made.values.rows(), rows);
  ASSERT_EQ(made.classes.size(), rows);
  const Matrix<double> alone = predict(sigmoid_of_2x(), table_x({"0", "1", "2", "3", "4", "5", "6"})).values;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < rows; ++i)
    wrong += made.values(i, 1) == alone(x[i].empty() ? 0 : i % 7, 1) ? 0U : 1U;  // the median, 0, where it is missing
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(made.surprises.cells,
            (std::vector<Surprise>{{3, 0, SurpriseKind::missing}, {20'001, 0, SurpriseKind::missing}}));
}

TEST(Predict, packed_rows_give_the_outputs_of_the_rows_they_stand_for) {
  constexpr std::size_t rows = 20'000;
  Network<float> network({.inputs = 4, .layers = {layers::Dense{.units = 2}}});
  network.initialise(1);
  Matrix<float> X(rows, 4);
  for (std::size_t i = 0; i < rows; ++i) {
    X(i, 0) = static_cast<float>(i % 11) - 5;
    if (i % 4 < 3) X(i, 1 + i % 4) = 1;
  }
  Inputs<float> packed(rows, 4, {{.first = 1, .width = 3}});
  packed.pack(0, X);
  EXPECT_EQ(readings_in_blocks<float>(price, network, packed, 2), readings_of<float>(price, network, X, 1));
}

// A second network beside the one of a model.
Model with_second(Model model, const std::vector<double>& parameters) {
  auto& networks = std::get<Networks<double>>(model.networks);
  networks.push_back(networks.front());
  std::ranges::copy(parameters, networks.back().parameters().begin());
  return model;
}

TEST(Predict, several_networks_give_the_mean_of_their_probabilities) {
  const Predictions made = predict(with_second(sigmoid_of_2x(), {-8, 0}), table_x({"1", "0.5"}));
  EXPECT_DOUBLE_EQ(made.values(0, 1), (sigmoid(2) + sigmoid(-8)) / 2);
  EXPECT_EQ(made.classes, (Classes{0, 0}));
}

TEST(Predict, the_temperature_is_that_of_each_network_before_the_mean) {
  Model model = with_second(sigmoid_of_2x(), {-8, 0});
  model.calibration.temperature = 2;
  EXPECT_DOUBLE_EQ(predict(model, table_x({"1"})).values(0, 1), (sigmoid(1) + sigmoid(-4)) / 2);
}

TEST(Predict, the_deviation_of_several_networks_is_that_of_their_mixture) {
  const Model one = model_of_x(price, {losses::GaussianNegativeLogLikelihood{}}, "identity", {1, 0, 0, std::log(9)});
  const Predictions made = predict(with_second(one, {-1, 0, 0, std::log(1)}), table_x({"2"}));
  EXPECT_DOUBLE_EQ(made.values(0, 0), 100);  // of 140 and 60
  EXPECT_DOUBLE_EQ(made.values(0, 1), std::sqrt((60 * 60 + 20 * 20) / 2.0 + 40 * 40));
}

TEST(Predict, a_number_stays_within_the_range_of_the_training_rows) {
  NumberTarget target = price;
  target.lowest = 50;
  target.highest = 150;
  const Predictions made = predict(line(target), table_x({"9", "-9", "1"}));
  EXPECT_EQ(made.values(0, 0), 150);
  EXPECT_EQ(made.values(1, 0), 50);
  EXPECT_EQ(made.values(2, 0), 120);
}

TEST(Predict, many_rows_are_predicted_as_each_alone) {
  std::vector<std::string> x;
  for (int i = 0; i < 600; ++i) x.push_back(std::to_string(i % 37) + ".25");
  const Predictions all = predict(softmax_of_x(), table_x(x));
  for (const std::size_t i : {0U, 255U, 256U, 511U, 599U})
    EXPECT_EQ(predict(softmax_of_x(), table_x({x[i]})).values(0, 0), all.values(i, 0)) << i;
}

TEST(Predict, no_rows_have_no_predictions) {
  const Predictions made = predict(softmax_of_x(), table_x({}));
  EXPECT_TRUE(made.classes.empty());
  EXPECT_EQ(made.values.rows(), 0U);
}

TEST(Predict, two_threads_get_the_bits_that_one_gets) {
  const Model model = softmax_of_x();
  std::vector<std::string> x;
  for (int i = 0; i < 2000; ++i) x.push_back(std::to_string(i) + "e-3");
  const Table table = table_x(x);
  const Matrix<double> alone = predict(model, table).values;
  const auto in_thread = [&] { return std::async(std::launch::async, [&] { return predict(model, table).values; }); };
  auto first = in_thread(), second = in_thread();
  EXPECT_EQ(first.get(), alone);
  EXPECT_EQ(second.get(), alone);
}

TEST(Predict, what_training_has_not_seen_is_counted) {
  Model model = line(price);
  model.preparation = TablePreparation{.columns = {CategoryColumn{.name = "x", .values = {"red"}}}};
  EXPECT_EQ(predict(model, table_x({"red", "blue", ""})).surprises.cells,
            (std::vector<Surprise>{{.row = 1, .column = 0, .kind = SurpriseKind::unknown_category},
                                   {.row = 2, .column = 0, .kind = SurpriseKind::missing}}));
}

TEST(Predict, images_and_tables_are_not_taken_for_each_other) {
  const Images image{.height = 1, .width = 1, .pixels = {255}, .labels = {}, .source = "digits"};
  EXPECT_EQ(message_of<Error>([&] { predict(line(price), image); }),
            "digits: images, expected a table: the model was trained on one");
  Model model = line({.name = "y", .mean = 0, .deviation = 1});
  model.preparation = ImagePreparation{.height = 1, .width_in_pixels = 1, .mean = 0.5, .deviation = 0.25};
  EXPECT_EQ(predict(model, image).values(0, 0), 2);
  EXPECT_EQ(message_of<Error>([&] { predict(model, table_x({"1"})); }),
            "new.csv: a table, expected IDX images: the model was trained on them");
}

// --- how good it is ------------------------------------------------------------------------------------------------

double figure(const Figures& figures, const std::string& name) {
  const auto found = std::ranges::find(figures, name, &Figure::name);
  return found == figures.end() ? std::nan("") : found->value;
}

std::vector<std::string> names(const Figures& figures) {
  std::vector<std::string> all;
  for (const Figure& each : figures) all.push_back(each.name);
  return all;
}

TEST(Evaluate, the_figures_of_a_number_by_hand) {
  // predictions 100, 120, 140, 80; errors 10, 0, −10, 20
  const Evaluation made = evaluate(line(price), table_xy({{"0", "90"}, {"1", "120"}, {"2", "150"}, {"-1", "60"}}));
  EXPECT_EQ(names(made.figures), (std::vector<std::string>{"rmse", "mae", "median_error", "r2"}));
  EXPECT_DOUBLE_EQ(figure(made.figures, "rmse"), std::sqrt(600.0 / 4));
  EXPECT_DOUBLE_EQ(figure(made.figures, "mae"), 10);
  EXPECT_DOUBLE_EQ(figure(made.figures, "median_error"), 10);
  EXPECT_DOUBLE_EQ(figure(made.figures, "r2"), 1 - 600.0 / (225 + 225 + 2025 + 2025));  // around the mean 105
  EXPECT_TRUE(made.confusion.empty());
}

TEST(Evaluate, a_truth_without_spread_has_no_r2) {
  // 0.1 / 6 added up six times is not 0.1 to the last bit: such a mean would leave a spread
  const std::vector<std::pair<std::string, std::string>> one{{"0", "90"}}, six(6, {"0", "0.1"});
  for (const auto& rows : {one, six}) {
    const Evaluation made = evaluate(line(price), table_xy(rows));
    EXPECT_EQ(names(made.figures), (std::vector<std::string>{"rmse", "mae", "median_error"}));
  }
}

TEST(Evaluate, the_figures_of_classes_by_hand) {
  // x = 1 is found to be a, −1 to be b; c never
  const Evaluation made =
      evaluate(softmax_of_x(), table_xy({{"1", "a"}, {"1", "a"}, {"-1", "a"}, {"-1", "b"}, {"1", "b"}}));
  EXPECT_EQ(names(made.figures),
            (std::vector<std::string>{"accuracy", "balanced_accuracy", "f1", "matthews", "roc_auc",
                                      "average_precision", "log_loss", "brier", "calibration_error"}));
  EXPECT_DOUBLE_EQ(figure(made.figures, "accuracy"), 3.0 / 5);
  EXPECT_DOUBLE_EQ(figure(made.figures, "balanced_accuracy"), (2.0 / 3 + 1.0 / 2) / 2);  // c does not occur
  const double sum = std::exp(1) + std::exp(-1) + 1;
  EXPECT_DOUBLE_EQ(figure(made.figures, "log_loss"),
                   -(3 * std::log(std::exp(1) / sum) + 2 * std::log(std::exp(-1) / sum)) / 5);
  const std::vector<double> confusion{2, 1, 0, 1, 1, 0, 0, 0, 0};  // true class × predicted class
  EXPECT_EQ(std::vector<double>(made.confusion.elements().begin(), made.confusion.elements().end()), confusion);
}

TEST(Evaluate, scores_that_are_no_probabilities_have_the_figures_of_ranks_alone) {
  const Model model = model_of_x(yes_or_no, hinge, "identity", {1, 0});
  const std::vector<std::string> of_ranks{"accuracy", "balanced_accuracy", "f1",
                                          "matthews", "roc_auc",           "average_precision"};
  EXPECT_EQ(names(evaluate(model, table_xy({{"1", "yes"}, {"0.5", "no"}})).figures), of_ranks);
  EXPECT_EQ(names(evaluate(model, table_xy({{"1", "yes"}})).figures),
            std::vector<std::string>(of_ranks.begin(), of_ranks.begin() + 4));  // one class has no ranks
}

TEST(Evaluate, intervals_are_left_out_on_request_and_for_few_rows) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (std::size_t i = 0; i < fewest_rows_for_intervals; ++i) rows.emplace_back(std::to_string(i), std::to_string(i));
  const auto has_interval = [](const Figure& each) { return each.interval.has_value(); };
  EXPECT_TRUE(std::ranges::all_of(evaluate(line(price), table_xy(rows)).figures, has_interval));
  EXPECT_TRUE(std::ranges::none_of(evaluate(line(price), table_xy(rows), 1, Intervals::none).figures, has_interval));
  rows.pop_back();
  EXPECT_TRUE(std::ranges::none_of(evaluate(line(price), table_xy(rows)).figures, has_interval));
}

TEST(Evaluate, no_rows_are_refused) {
  EXPECT_EQ(message_of<Error>([] { evaluate(line(price), table_xy({})); }),
            "new.csv: no rows to compare predictions with");
}

TEST(Evaluate, a_target_that_is_missing_or_unknown_is_named) {
  EXPECT_EQ(message_of<Error>([] { evaluate(line(price), table_xy({{"1", "3"}, {"1", "much"}})); }),
            "new.csv:2: target column 'y': expected a number, found 'much'");
  EXPECT_EQ(message_of<Error>([] { evaluate(softmax_of_x(), table_xy({{"1", "d"}})); }),
            "new.csv:1: class 'd' of column 'y' is not among the 3 classes of the training rows");
  EXPECT_THROW(evaluate(line(price), table_x({"1"})), UsageError);
}

// --- from a table to a model ---------------------------------------------------------------------------------------

TEST(TrainModel, penguins_are_told_apart) {
  const Table penguins = read_csv(PROJECT_DATA "/penguins/penguins.csv");
  Plan plan;
  plan.target = "species";
  plan.hidden = {16};
  plan.epochs = 30;
  std::size_t epochs = 0;
  const TrainedModel trained = train_model(penguins, plan, {.epoch = [&](std::size_t, const EpochReport&) {
                                             ++epochs;
                                             return true;
                                           }});
  EXPECT_EQ(trained.model.size(), 4U);
  EXPECT_EQ(epochs, 120U);
  EXPECT_TRUE(trained.notices.empty());
  const TrainingRecord& record = trained.model.record;
  EXPECT_EQ(record.train_rows + record.validation_rows, 344U);
  EXPECT_EQ(record.validation_rows, 35U);
  EXPECT_EQ(record.epochs, 30U);
  EXPECT_EQ(record.best_epochs.size(), 4U);
  EXPECT_GE(figure(record.validation, "accuracy"), 0.95);
  EXPECT_GE(figure(evaluate(trained.model, penguins).figures, "accuracy"), 0.97);
  EXPECT_EQ(predict(trained.model, read_csv(PROJECT_DATA "/penguins/new.csv")).classes, (Classes{0, 2, 1, 2, 0}));
}

TEST(TrainModel, a_number_is_learnt_and_rows_without_it_are_left_out) {
  const Table penguins = read_csv(PROJECT_DATA "/penguins/penguins.csv");
  Plan plan;
  plan.target = "body_mass_g";
  plan.hidden = {16};
  plan.epochs = 60;
  const TrainedModel trained = train_model(penguins, plan);
  EXPECT_EQ(trained.notices, std::vector<std::string>{"2 rows without a target are left out"});
  EXPECT_LT(figure(trained.model.record.validation, "rmse"), 400);  // grams, of about 800 around the mean
  std::size_t left_out = 0;
  EXPECT_GT(figure(evaluate(trained.model, with_target(penguins, plan.target, left_out)).figures, "r2"), 0.8);
}

TEST(TrainModel, the_same_seed_gives_the_same_model) {
  const Table penguins = read_csv(PROJECT_DATA "/penguins/penguins.csv");
  Plan plan;
  plan.target = "species";
  plan.hidden = {4};
  plan.dropout = 0.1;
  plan.epochs = 2;
  const auto trained = [&] { return predict(train_model(penguins, plan).model, penguins).values; };
  const Matrix<double> once = trained();
  EXPECT_EQ(once, trained());
  plan.seed = 2;
  EXPECT_FALSE(once == trained());
}

}  // namespace
}  // namespace neurone
