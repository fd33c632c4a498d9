// What is written of a model is read again, to the last bit.
// Leaves files that are damaged to damaged_model_test.cpp.
#include "neurone/file/model_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "neurone/core/file.h"
#include "neurone/model/proof.h"
#include "tests/data/temporary_folder.h"
#include "tests/model/models.h"
#include "tests/support/matrices.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

// Numbers with an indicator, categories with every kind of character, and numbers without one: 6 inputs.
const std::vector<std::string> odd_values{"", std::string("\0\x01\n", 3), "\"quoted\" \\ and, more", "Ελλάδα 鳥 🐦"};

TablePreparation odd_columns() {
  return {.columns = {NumericColumn{.name = "a \"b\"",
                                    .scale = {.median = 0.1,
                                              .center = 1.0 / 3,
                                              .spread = std::nextafter(2.0, 3.0),
                                              .clip = 3,
                                              .lowest = -1.0 / 3,
                                              .highest = 1e300},
                                    .has_indicator = true},
                      CategoryColumn{.name = "stra\xC3\x9F"
                                             "e",
                                     .values = odd_values}}};
}

Table odd_rows() {
  std::vector<std::vector<std::string>> rows{{"", "other"}};
  for (std::size_t i = 0; i < odd_values.size(); ++i) rows.push_back({std::to_string(i) + ".7", odd_values[i]});
  return Table({"a \"b\"",
                "stra\xC3\x9F"
                "e"},
               rows);
}

// With every kind of layer, random parameters and statistics that are not those of the start.
template <class T> Model odd_model() {
  Network<T> network({.inputs = 6,
                      .layers = {layers::Embedding{.blocks = "3-6", .dimension = 2},
                                 layers::Dense{.units = 5, .activation = "tanh", .bias = false}, layers::BatchNorm{},
                                 layers::Dropout{.rate = 0.3}, layers::LayerNorm{.activation = "silu"},
                                 layers::Dense{.units = 3, .activation = "softmax"}}});
  Random random = numbers_of_test(1);
  fill_uniform(random, -1, 1, network.parameters());
  fill_uniform(random, 0.5, 2, network.statistics());
  return {.preparation = odd_columns(),
          .target = ClassTarget{.name = "y", .classes = {"2", "10", "\xC3\xA9t\xC3\xA9"}},
          .loss = {losses::CategoricalFocal{.gamma = 1.5}},
          .networks = Networks<T>{std::move(network)},
          .calibration = {.temperature = 1.0 / 3, .errors = {0, 0.1, std::nextafter(0.5, 1.0)}},
          .record = {
              .train_rows = 8,
              .validation_rows = 2,
              .test_rows = 1,
              .epochs = 30,
              .best_epochs = {7},
              .settings = {{"optimizer", "adam:learning_rate=0.001"}},
              .validation = {{"loss", 0.1}, {"accuracy", 1.0 / 3}},
              .test = {{"log_loss", std::numeric_limits<double>::quiet_NaN()}, {"f1", 0.5, Interval{0.25, 2.0 / 3}}},
              .comparison = Comparison{.figure = "accuracy",
                                       .constant = 0.25,
                                       .linear = 1.0 / 3,
                                       .gain = 0.1,
                                       .gain_interval = Interval{-0.1, 0.3}},
              .estimates = Estimates{
                  .parameters = {{.name = "a", .value = 1.5, .error = 0.1, .statistic = 15, .p = 1e-9},
                                 {.name = "b", .value = std::numeric_limits<double>::infinity(), .of_class = "10"}},
                  .collinear = {"c"},
                  .in_users_unit = true,
                  .is_likelihood = true,
                  .reference = "2",
                  .degrees_of_freedom = 5,
                  .condition = 1.0 / 3,
                  .fits = {{.r_squared = 0.9}}}}};
}

template <class T> class ModelFile : public testing::Test {};
using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(ModelFile, Precisions);

TYPED_TEST(ModelFile, keeps_every_bit_of_the_predictions) {
  const Model model = odd_model<TypeParam>();
  const Model read = parse_model(format_model(model), "m");
  const Predictions before = predict(model, odd_rows()), after = predict(read, odd_rows());
  EXPECT_EQ(after.values, before.values);
  EXPECT_EQ(after.classes, before.classes);
  EXPECT_EQ(after.surprises.count(SurpriseKind::unknown_category), 1U);
}

TYPED_TEST(ModelFile, gives_the_same_bytes_for_the_same_model) {
  const std::string bytes = format_model(odd_model<TypeParam>());
  EXPECT_EQ(format_model(odd_model<TypeParam>()), bytes);
  EXPECT_EQ(format_model(parse_model(bytes, "m")), bytes);
}

TYPED_TEST(ModelFile, keeps_the_parameters_that_prediction_does_not_show) {
  const Model read = parse_model(format_model(odd_model<TypeParam>()), "m");
  const Model written = odd_model<TypeParam>();
  const auto& before = std::get<Networks<TypeParam>>(written.networks).front();
  const auto& after = std::get<Networks<TypeParam>>(read.networks).front();
  EXPECT_TRUE(std::ranges::equal(after.parameters(), before.parameters()));
  EXPECT_TRUE(std::ranges::equal(after.statistics(), before.statistics()));
}

TEST(ModelFile, keeps_what_is_said_about_the_model) {
  const Model read = parse_model(format_model(odd_model<float>()), "m");
  EXPECT_EQ(read.loss.text(), "categorical_focal:gamma=1.5");
  EXPECT_EQ(std::get<ClassTarget>(read.target).classes, (std::vector<std::string>{"2", "10", "\xC3\xA9t\xC3\xA9"}));
  const auto& columns = std::get<TablePreparation>(read.preparation).columns;
  ASSERT_EQ(columns.size(), 2U);
  const auto& numeric = std::get<NumericColumn>(columns[0]);
  EXPECT_EQ(numeric.name, "a \"b\"");
  EXPECT_EQ(numeric.scale.median, 0.1);
  EXPECT_EQ(numeric.scale.center, 1.0 / 3);
  EXPECT_EQ(numeric.scale.spread, std::nextafter(2.0, 3.0));
  EXPECT_EQ(numeric.scale.clip, 3);
  EXPECT_EQ(numeric.scale.lowest, -1.0 / 3);
  EXPECT_EQ(numeric.scale.highest, 1e300);
  EXPECT_EQ(numeric.form, NumberForm{});
  EXPECT_TRUE(numeric.has_indicator);
  EXPECT_EQ(std::get<CategoryColumn>(columns[1]).values, odd_values);
  const TrainingRecord& record = read.record;
  EXPECT_EQ(record.train_rows, 8U);
  EXPECT_EQ(record.validation_rows, 2U);
  EXPECT_EQ(record.test_rows, 1U);
  EXPECT_EQ(record.epochs, 30U);
  EXPECT_EQ(record.best_epochs, std::vector<std::size_t>{7});
  EXPECT_EQ(record.settings.at("optimizer"), "adam:learning_rate=0.001");
  EXPECT_EQ(record.validation, (Figures{{"loss", 0.1}, {"accuracy", 1.0 / 3}}));  // in their order
  ASSERT_EQ(record.test.size(), 2U);
  EXPECT_TRUE(std::isnan(record.test[0].value));
  EXPECT_EQ(record.test[1], (Figure{"f1", 0.5, Interval{0.25, 2.0 / 3}}));
  ASSERT_TRUE(record.comparison);
  EXPECT_EQ(record.comparison->figure, "accuracy");
  EXPECT_EQ(record.comparison->constant, 0.25);
  EXPECT_EQ(record.comparison->linear, 1.0 / 3);
  EXPECT_EQ(record.comparison->gain, 0.1);
  EXPECT_EQ(record.comparison->gain_interval, (Interval{-0.1, 0.3}));
  ASSERT_TRUE(record.estimates);
  const Estimates& estimates = *record.estimates;
  ASSERT_EQ(estimates.parameters.size(), 2U);
  EXPECT_EQ(estimates.parameters[0].name, "a");
  EXPECT_EQ(estimates.parameters[0].value, 1.5);
  EXPECT_EQ(estimates.parameters[0].error, 0.1);
  EXPECT_EQ(estimates.parameters[0].statistic, 15);
  EXPECT_EQ(estimates.parameters[0].p, 1e-9);
  EXPECT_TRUE(std::isnan(estimates.parameters[1].value));  // JSON has no infinity
  EXPECT_EQ(estimates.collinear, std::vector<std::string>{"c"});
  EXPECT_TRUE(estimates.in_users_unit);
  EXPECT_TRUE(estimates.is_likelihood);
  EXPECT_EQ(estimates.degrees_of_freedom, 5);
  EXPECT_EQ(estimates.condition, 1.0 / 3);
  EXPECT_EQ(estimates.parameters[0].of_class, "");
  EXPECT_EQ(estimates.parameters[1].of_class, "10");
  EXPECT_EQ(estimates.reference, "2");
  ASSERT_EQ(estimates.fits.size(), 1U);
  EXPECT_EQ(estimates.fits[0].r_squared, 0.9);
  EXPECT_FALSE(estimates.fits[0].residual_deviation);
  EXPECT_EQ(read.calibration.temperature, 1.0 / 3);
  EXPECT_EQ(read.calibration.errors, odd_model<float>().calibration.errors);
}

TYPED_TEST(ModelFile, keeps_several_networks_in_their_order) {
  using T = TypeParam;
  Model model = model_of_x<T>(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {1, 2});
  auto& networks = std::get<Networks<T>>(model.networks);
  networks.push_back(networks.front());
  networks.back().parameters()[0] = 5;
  const Model read = parse_model(format_model(model), "m");
  const auto& after = std::get<Networks<T>>(read.networks);
  ASSERT_EQ(after.size(), 2U);
  EXPECT_EQ(after[0].parameters()[0], T(1));
  EXPECT_EQ(after[1].parameters()[0], T(5));
  EXPECT_EQ(predict(read, table_x({"3"})).values(0, 0), (5.0 + 17) / 2);
}

TYPED_TEST(ModelFile, keeps_the_rows_that_it_proves_itself_by) {
  Model model = odd_model<TypeParam>();
  model.proof = prove(model, odd_rows(), true);
  const Model read = parse_model(format_model(model), "m");
  ASSERT_TRUE(read.proof);
  EXPECT_TRUE(read.proof->made_up);
  EXPECT_EQ(read.proof->values, model.proof->values);
  const auto& rows = std::get<Table>(read.proof->rows);
  ASSERT_EQ(rows.rows(), odd_rows().rows());
  for (std::size_t i = 0; i < rows.rows(); ++i)
    for (std::size_t j = 0; j < rows.columns(); ++j) EXPECT_EQ(rows.cell(i, j), odd_rows().cell(i, j));
  EXPECT_EQ(format_model(read), format_model(model));
}

TEST(ModelFile, keeps_the_range_of_a_number) {
  const NumberTarget target{.name = "y", .lowest = -1.0 / 3, .highest = 1e300};
  const Model read = parse_model(format_model(model_of_x(target, {losses::SquaredError{}}, "identity", {1, 0})), "m");
  EXPECT_EQ(std::get<NumberTarget>(read.target).lowest, -1.0 / 3);
  EXPECT_EQ(std::get<NumberTarget>(read.target).highest, 1e300);
}

TEST(ModelFile, keeps_a_number_and_its_unit) {
  const NumberTarget target{.name = "price", .mean = 0.1 + 0.2, .deviation = 1e-3};
  const Model model = model_of_x(target, {losses::GaussianNegativeLogLikelihood{}}, "identity", {1, 2, 3, 4});
  const Model read = parse_model(format_model(model), "m");
  EXPECT_EQ(std::get<NumberTarget>(read.target).mean, 0.1 + 0.2);
  EXPECT_EQ(predict(read, table_x({"7", "-1"})).values, predict(model, table_x({"7", "-1"})).values);
}

TEST(ModelFile, keeps_a_model_of_images) {
  const Model model = model_of_images();
  const Images images{
      .height = 2, .width = 3, .pixels = {0, 50, 100, 150, 200, 250, 9, 8, 7, 6, 5, 4}, .labels = {}, .source = "i"};
  EXPECT_EQ(predict(parse_model(format_model(model), "m"), images).values, predict(model, images).values);
  Model proved = model;
  proved.proof = prove(model, images, false);
  const Model read = parse_model(format_model(proved), "m");
  ASSERT_TRUE(read.proof);
  EXPECT_EQ(std::get<Images>(read.proof->rows).pixels, images.pixels);
  EXPECT_EQ(read.proof->values, proved.proof->values);
}

TEST(ModelFile, keeps_the_extremes_of_floating_point) {
  using Limits = std::numeric_limits<double>;
  const Model model =
      model_of_x(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {Limits::denorm_min(), -0.0});
  Model read = parse_model(format_model(model), "m");
  const auto& network = std::get<Networks<double>>(read.networks).front();
  EXPECT_EQ(network.parameters()[0], Limits::denorm_min());
  EXPECT_TRUE(std::signbit(network.parameters()[1]));
}

TEST(ModelFile, is_a_file_like_any_other) {
  const TemporaryFolder folder;
  const Model model = odd_model<float>();
  save_model(model, folder.path("m.safetensors"));
  EXPECT_EQ(read_file(folder.path("m.safetensors")), format_model(model));
  EXPECT_EQ(predict(load_model(folder.path("m.safetensors")), odd_rows()).values, predict(model, odd_rows()).values);
  EXPECT_THROW(load_model(folder.path("none.safetensors")), Error);
}

// --- activations of one's own --------------------------------------------------------------------------------------

struct Cube {
  static constexpr std::string_view name = "cube", formula = "z^3", derivative = "3 z^2", range = "(-inf, inf)";
  static constexpr activations::Start start = activations::Start::glorot;
  template <class T> static T value(T z) { return z * z * z; }
  template <class T> static T slope(T z, T) { return T(3) * z * z; }
};

TEST(ModelFile, finds_own_activations_where_it_is_told_of_them) {
  const std::vector<Activation> own{Activation::of<Cube>()};
  Network<double> network(
      {.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = "cube"}}, .own_activations = own});
  network.parameters()[0] = 2;
  const Model model{.preparation = plain_x(),
                    .target = NumberTarget{.name = "y"},
                    .loss = {losses::SquaredError{}},
                    .networks = Networks<double>{std::move(network)},
                    .record = {}};
  const std::string bytes = format_model(model);
  EXPECT_EQ(predict(parse_model(bytes, "m", own), table_x({"3"})).values(0, 0), 216);
  EXPECT_EQ(message_of<Error>([&] { parse_model(bytes, "m"); }).substr(0, 44),
            "m: damaged model: unknown activation 'cube',");
}

}  // namespace
}  // namespace neurone
