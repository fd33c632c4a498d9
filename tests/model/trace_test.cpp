// One row's way through a network: against numbers worked out by hand, against prediction, and against differences.
#include "neurone/model/trace.h"

#include <gtest/gtest.h>

#include <cmath>

#include "neurone/model/trace_origins.h"
#include "tests/model/models.h"
#include "tests/support/matrices.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

std::vector<double> elements_of(const Matrix<double>& M) {
  return {M.elements().begin(), M.elements().end()};
}
using Numbers = std::vector<double>;

// Columns x1, x2, … taken as they are, and y.
TablePreparation plain_columns(std::size_t count) {
  TablePreparation table;
  for (std::size_t i = 1; i <= count; ++i) table.columns.emplace_back(NumericColumn{.name = "x" + std::to_string(i)});
  return table;
}

template <class T> Model model_of(Networks<T> networks, const Target& target, const Loss& loss) {
  return {.preparation = plain_columns(networks.front().inputs()),
          .target = target,
          .loss = loss,
          .networks = std::move(networks),
          .record = {}};
}

// relu(x W1 + b1) W2 + b2 of two inputs and two neurons; targets are in steps of 2 from 10.
Model two_neurons() {
  Network<double> network({.inputs = 2,
                           .layers = {layers::Dense{.units = 2, .activation = "relu"},
                                      layers::Dense{.units = 1, .activation = "identity"}}});
  std::ranges::copy(Numbers{1, -1, 2, 0.5, 0.5, -1, 3, -2, 1}, network.parameters().begin());
  return model_of(Networks<double>{network}, NumberTarget{.name = "y", .mean = 10, .deviation = 2},
                  Loss::parse("squared_error"));
}

const Table two_rows({"y", "x2", "x1"}, {{"0", "0", "0"}, {"41", "2", "1"}}, "two.csv");

TEST(Trace, is_what_a_hand_computes) {
  const Trace trace = trace_row(two_neurons(), two_rows, {.row = 1, .backward = true});
  EXPECT_EQ(elements_of(trace.x), (Numbers{1, 2}));
  ASSERT_EQ(trace.layers.size(), 2U);
  EXPECT_EQ(elements_of(trace.layers[0].Z), (Numbers{5.5, -1}));  // 1·1 + 2·2 + 0.5,  1·(−1) + 2·0.5 − 1
  EXPECT_EQ(elements_of(trace.layers[0].A), (Numbers{5.5, 0}));
  EXPECT_EQ(elements_of(trace.outputs), (Numbers{17.5}));  // 5.5·3 + 1
  EXPECT_EQ(trace.predictions.values(0, 0), 45);           // 10 + 2·17.5

  EXPECT_EQ(trace.truth, "41");
  EXPECT_EQ(elements_of(trace.targets), (Numbers{15.5}));
  EXPECT_EQ(trace.loss, 4);                                  // (17.5 − 15.5)²
  EXPECT_EQ(elements_of(trace.layers[1].dA), (Numbers{4}));  // 2 (17.5 − 15.5)
  EXPECT_EQ(elements_of(trace.layers[1].dZ), (Numbers{4}));
  EXPECT_EQ(elements_of(trace.layers[1].parameters[0].gradient), (Numbers{22, 0}));  // aᵀ dz
  EXPECT_EQ(elements_of(trace.layers[1].parameters[1].gradient), (Numbers{4}));
  EXPECT_EQ(elements_of(trace.layers[0].dA), (Numbers{12, -8}));  // 4·3, 4·(−2)
  EXPECT_EQ(elements_of(trace.layers[0].dZ), (Numbers{12, 0}));   // the second neuron is off
  EXPECT_EQ(elements_of(trace.layers[0].parameters[0].gradient), (Numbers{12, 0, 24, 0}));
  EXPECT_EQ(elements_of(trace.layers[0].parameters[1].gradient), (Numbers{12, 0}));
  EXPECT_EQ(elements_of(trace.dx), (Numbers{12, 24}));
}

TEST(Trace, names_the_terms_of_a_sum) {
  const Trace trace = trace_row(two_neurons(), two_rows, {.row = 1, .backward = true});
  WeightedSum sum = std::get<WeightedSum>(origin_of_z(trace, {.depth = 1, .unit = 0}));
  EXPECT_EQ(sum.bias, 0.5);
  put_largest_first(sum.terms);
  ASSERT_EQ(sum.terms.size(), 2U);
  EXPECT_EQ(sum.terms[0].from, (Place{.depth = 0, .unit = 1}));
  EXPECT_EQ(sum.terms[0].value, 2);
  EXPECT_EQ(sum.terms[0].weight, 2);
  EXPECT_EQ(sum.terms[1].product(), 1);
  EXPECT_EQ(unit_name(trace, 0, 1), "x2");
  EXPECT_EQ(unit_name(trace, 1, 1), "unit 2");
  EXPECT_EQ(unit_name(trace, 2, 0), "y");
  const Origin back = origin_of_gradient(trace, {.depth = 1, .unit = 1});
  EXPECT_EQ(std::get<WeightedSum>(back).terms[0].from, (Place{.depth = 2, .unit = 0}));
  EXPECT_EQ(value_of(back), -8);
}

TEST(Trace, has_no_way_back_unless_it_is_asked_for) {
  const Trace trace = trace_row(two_neurons(), Table({"x1", "x2"}, {{"1", "2"}}));
  EXPECT_FALSE(trace.backward());
  EXPECT_TRUE(trace.dx.empty());
  EXPECT_TRUE(trace.layers[0].dZ.empty());
  EXPECT_TRUE(trace.layers[0].parameters[0].gradient.empty());
}

// Every kind of layer in one network of three inputs, for three classes.
NetworkSpec all_layers() {
  return {.inputs = 3,
          .layers = {layers::Scale{}, layers::Dense{.units = 5, .activation = "tanh"},
                     layers::LayerNorm{.activation = "sigmoid"}, layers::Dropout{.rate = 0.5},
                     layers::Members{.count = 2}, layers::BatchNorm{},
                     layers::Embedding{.blocks = "1-1;3-4", .dimension = 2},
                     layers::Dense{.units = 4, .activation = "softmax", .bias = false},
                     layers::Heads{.units = 3, .activation = "softmax"}}};
}

template <class T> Model model_with_all_layers(std::size_t networks = 1) {
  Networks<T> all;
  Random random = numbers_of_test(7);
  for (std::size_t k = 0; k < networks; ++k) {
    Network<T> network(all_layers());
    network.initialise(k);
    fill_uniform<T>(random, -1, 1, network.parameters());
    fill_uniform<T>(random, 0.5, 1.5, network.statistics());
    all.push_back(std::move(network));
  }
  Model model = model_of<T>(std::move(all), ClassTarget{.name = "y", .classes = {"a", "b", "c"}},
                            Loss::parse("categorical_cross_entropy"));
  model.calibration.temperature = 1.3;
  return model;
}

const Table four_rows(
    {"x1", "x2", "x3", "y"},
    {{"0.5", "-1", "2", "a"}, {"1", "1", "-0.25", "c"}, {"0", "3", "1", "b"}, {"-2", "0", "0.1", "b"}}, "four.csv");

// Every number against the sum of what it is said to come from.
void expect_sums(const Trace& trace, double tolerance) {
  std::size_t checked = 0;
  for (std::size_t depth = 0; depth <= trace.depth(); ++depth) {
    for (std::size_t row = 0; row < trace.A(depth).rows(); ++row) {
      for (std::size_t unit = 0; unit < trace.A(depth).columns(); ++unit) {
        const Place at{.depth = depth, .row = row, .unit = unit};
        if (depth > 0) {
          EXPECT_NEAR(value_of(origin_of_z(trace, at)), trace.layers[depth - 1].Z(row, unit), tolerance);
        }
        if (depth < trace.depth()) {
          EXPECT_NEAR(value_of(origin_of_gradient(trace, at)), trace.dA(depth)(row, unit), tolerance);
        }
        ++checked;
      }
    }
  }
  EXPECT_EQ(checked, 3U + 3 + 5 + 5 + 5 + 10 + 10 + 12 + 8 + 6);
}

TEST(Trace, sums_make_their_numbers_in_every_kind_of_layer) {
  expect_sums(trace_row(model_with_all_layers<double>(), four_rows, {.row = 1, .backward = true}), 1e-14);
  expect_sums(trace_row(model_with_all_layers<float>(), four_rows, {.row = 1, .backward = true}), 1e-6);
}

TEST(Trace, weights_of_layers_without_parameters_are_not_learnt) {
  const Trace trace = trace_row(model_with_all_layers<double>(), four_rows, {.backward = true});
  const auto learnt = [](const Origin& origin) { return std::get<WeightedSum>(origin).learnt; };
  for (const std::size_t depth : {1U, 2U, 5U, 8U, 9U}) EXPECT_TRUE(learnt(origin_of_z(trace, {.depth = depth})));
  EXPECT_FALSE(learnt(origin_of_z(trace, {.depth = 4})));  // dropout
  for (const std::size_t unit : {0U, 1U, 3U, 4U})          // of the blocks of an embedding
    EXPECT_TRUE(learnt(origin_of_z(trace, {.depth = 7, .unit = unit})));
  for (const std::size_t unit : {2U, 5U})  // what it keeps
    EXPECT_FALSE(learnt(origin_of_z(trace, {.depth = 7, .unit = unit})));
}

TEST(Trace, slopes_are_those_of_the_way_back) {
  const Trace trace = trace_row(model_with_all_layers<double>(), four_rows, {.row = 2, .backward = true});
  for (const std::size_t l : {1U, 2U})
    for (std::size_t j = 0; j < 5; ++j)
      EXPECT_NEAR(trace.layers[l].dA(0, j) * slope_at(trace.layers[l].activation, trace.layers[l].Z(0, j)),
                  trace.layers[l].dZ(0, j), 1e-15);
}

TEST(Trace, ends_where_prediction_does) {
  const auto check = [](const Model& model) {
    const Predictions all = predict(model, four_rows);
    for (std::size_t row = 0; row < 4; ++row) {
      const Trace trace = trace_row(model, four_rows, {.row = row, .network = 1});
      ASSERT_EQ(trace.of_networks.rows(), 3U);
      for (std::size_t j = 0; j < 3; ++j) {
        EXPECT_EQ(trace.outputs(0, j),
                  static_cast<double>((trace.layers.back().A(0, j) + trace.layers.back().A(1, j)) / 2));
        EXPECT_EQ((trace.of_networks(0, j) + trace.of_networks(1, j) + trace.of_networks(2, j)) / 3,
                  all.values(row, j));
        EXPECT_EQ(trace.predictions.values(0, j), all.values(row, j));
      }
      EXPECT_EQ(trace.predictions.classes[0], all.classes[row]);
    }
  };
  check(model_with_all_layers<double>(3));
}

TEST(Trace, of_a_float_network_gives_the_floats_of_prediction) {
  const Model model = model_with_all_layers<float>(1);
  const auto& network = std::get<Networks<float>>(model.networks).front();
  Matrix<float> X(4, 3);
  encode<float>(model.preparation, four_rows, X);
  Matrix<float> outputs(4, 3);
  predict_together<float>(network, X, outputs, 1);
  for (std::size_t row = 0; row < 4; ++row) {
    const Trace trace = trace_row(model, four_rows, {.row = row});
    const Matrix<double>& A = trace.layers.back().A;
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_EQ(trace.outputs(0, j), outputs(row, j));
      EXPECT_EQ(trace.outputs(0, j), (static_cast<float>(A(0, j)) + static_cast<float>(A(1, j))) / 2);
    }
  }
}

double loss_of_row(const Model& model, const Table& table) {
  return trace_row(model, table, {.row = 0, .backward = true}).loss;
}

TEST(Trace, gradients_are_those_that_differences_show) {
  Model model = model_with_all_layers<double>();
  const Trace trace = trace_row(model, four_rows, {.row = 0, .backward = true});
  constexpr double h = 1e-5;
  Network<double>& network = std::get<Networks<double>>(model.networks).front();
  std::size_t p = 0;
  for (const TracedLayer& layer : trace.layers) {
    for (const TracedMatrix& matrix : layer.parameters) {
      for (const double found : elements_of(matrix.gradient)) {
        double& parameter = network.parameters()[p++];
        const double before = parameter;
        parameter = before + h;
        const double above = loss_of_row(model, four_rows);
        parameter = before - h;
        const double below = loss_of_row(model, four_rows);
        parameter = before;
        EXPECT_NEAR(found, (above - below) / (2 * h), 1e-9) << layer.text << " " << matrix.name;
      }
    }
  }
  EXPECT_EQ(p, network.parameters().size());
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<double> losses;
    for (const double step : {h, -h}) {
      std::vector<std::string> cells{"0.5", "-1", "2", "a"};
      cells[i] = setting_text(trace.x(0, i) + step);
      losses.push_back(loss_of_row(model, Table({"x1", "x2", "x3", "y"}, {cells})));
    }
    EXPECT_NEAR(trace.dx(0, i), (losses[0] - losses[1]) / (2 * h), 1e-9);
  }
}

TEST(Trace, the_loss_of_members_is_the_mean_of_theirs) {
  const Trace trace = trace_row(model_with_all_layers<double>(), four_rows, {.row = 3, .backward = true});
  const Matrix<double>& A = trace.layers.back().A;
  EXPECT_NEAR(trace.loss, -(std::log(A(0, 1)) + std::log(A(1, 1))) / 2, 1e-14);
  EXPECT_TRUE(trace.layers.back().dA.empty());  // cross-entropy has softmax in it
  EXPECT_NEAR(trace.layers.back().dZ(1, 1), (A(1, 1) - 1) / 2, 1e-15);
}

TEST(Trace, of_one_output_for_two_classes_and_of_mean_and_variance) {
  const Model sigmoid = model_of_x<double>(ClassTarget{.name = "y", .classes = {"no", "yes"}},
                                           Loss::parse("binary_cross_entropy"), "sigmoid", {2, -1});
  const Trace two = trace_row(sigmoid, table_xy({{"0.5", "no"}}), {.backward = true});
  EXPECT_EQ(two.output_names, std::vector<std::string>{"yes"});
  EXPECT_EQ(elements_of(two.values), (Numbers{0.5, 0.5}));
  EXPECT_EQ(two.layers[0].dZ(0, 0), 0.5);  // φ(0) − 0
  const Model spread =
      model_of_x<double>(NumberTarget{.name = "y"}, Loss::parse("gaussian_nll"), "identity", {1, 0, 0, 0});
  const Trace mean = trace_row(spread, table_xy({{"3", "1"}}), {.backward = true});
  EXPECT_EQ(mean.output_names, (std::vector<std::string>{"y", "log variance of y"}));
  EXPECT_EQ(mean.loss, 2);
  EXPECT_EQ(elements_of(mean.layers[0].dA), elements_of(mean.layers[0].dZ));
}

TEST(Trace, numbers_of_an_embedding_are_called_after_their_category) {
  Network<float> network({.inputs = 5,
                          .layers = {layers::Embedding{.blocks = "2-4", .dimension = 2}, layers::Scale{},
                                     layers::Dense{.units = 1, .activation = "identity"}}});
  network.initialise(1);
  const CategoryColumn city{.name = "city", .values = {"Bern", "Genf", "Uri"}};
  const Model model{
      .preparation = TablePreparation{.columns = {NumericColumn{.name = "a"}, city, NumericColumn{.name = "b"}}},
      .target = NumberTarget{.name = "y"},
      .loss = Loss::parse("squared_error"),
      .networks = Networks<float>{network},
      .record = {}};
  const Trace trace = trace_row(model, Table({"a", "b", "city"}, {{"1", "2", "Genf"}}));
  for (const std::size_t depth : {1U, 2U}) {  // the scale keeps the names
    std::vector<std::string> names;
    for (std::size_t unit = 0; unit < 4; ++unit) names.push_back(unit_name(trace, depth, unit));
    EXPECT_EQ(names, (std::vector<std::string>{"a", "city, embedding 1", "city, embedding 2", "b"}));
  }
  const WeightedSum sum = std::get<WeightedSum>(origin_of_z(trace, {.depth = 1, .unit = 2}));
  ASSERT_EQ(sum.terms.size(), 3U);
  EXPECT_EQ(sum.terms[1].from, (Place{.depth = 0, .unit = 2}));  // Genf
  EXPECT_EQ(sum.terms[1].product(), static_cast<double>(network.parameter("0.E")(1, 1)));
}

TEST(Trace, of_an_image_has_its_pixels) {
  Network<float> network({.inputs = 4, .layers = {layers::Dense{.units = 2, .activation = "softmax"}}});
  network.initialise(1);
  const Model model{.preparation = ImagePreparation{.height = 2, .width_in_pixels = 2, .mean = 0.2, .deviation = 0.4},
                    .target = ClassTarget{.name = "label", .classes = {"3", "5"}, .one_hot = true},
                    .loss = Loss::parse("categorical_cross_entropy"),
                    .networks = Networks<float>{network},
                    .record = {}};
  const Images images{
      .height = 2, .width = 2, .pixels = {0, 0, 0, 0, 255, 0, 51, 0}, .labels = {3, 5}, .source = "i"};
  const Trace trace = trace_row(model, images, {.row = 1, .backward = true});
  EXPECT_EQ(trace.truth, "5");
  EXPECT_EQ(trace.x(0, 0), 2);
  EXPECT_EQ(trace.x(0, 2), 0);
  EXPECT_EQ(unit_name(trace, 0, 2), "pixel 2:1");
  EXPECT_NEAR(value_of(origin_of_z(trace, {.depth = 1, .unit = 1})), trace.layers[0].Z(0, 1), 1e-6);
}

TEST(Trace, refuses_what_is_not_there) {
  const Model model = two_neurons();
  EXPECT_EQ(message_of([&] { trace_row(model, two_rows, {.row = 2}); }),
            "two.csv: row 3 is not there: expected one of its 2 rows, counted from 1");
  EXPECT_EQ(message_of([&] { trace_row(model, two_rows, {.network = 4}); }),
            "network 5 is not there: expected one of the model's 1, counted from 1");
  EXPECT_EQ(message_of([&] { trace_row(model, Table({"x1", "x2"}, {{"1", "2"}}, "new.csv"), {.backward = true}); }),
            "new.csv: unknown column 'y', expected one of: x1, x2");
  EXPECT_EQ(message_of<Error>([&] {
              trace_row(model, Table({"x1", "x2", "y"}, {{"1", "2", "3"}, {"1", "2", "many"}}, "new.csv"),
                        {.row = 1, .backward = true});
            }),
            "new.csv:2: target column 'y': expected a number, found 'many'");
  EXPECT_EQ(message_of<Error>([&] {
              trace_row(model, Images{.height = 1, .width = 1, .pixels = {1}, .labels = {}, .source = "i"});
            }),
            "i: images, expected a table: the model was trained on one");
}

}  // namespace
}  // namespace neurone
