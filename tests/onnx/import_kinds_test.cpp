// Kinds of graphs that used to be taken for something else, or refused for a reason that was none.
#include <gtest/gtest.h>

#include <cmath>

#include "neurone/export/onnx.h"
#include "neurone/onnx/agreement.h"
#include "neurone/onnx/import.h"
#include "tests/onnx/graphs.h"
#include "tests/support/message_of.h"

namespace neurone::onnx {
namespace {

template <class E = Error> std::string refusal(const Graph& graph, const ImportOptions& options = {}) {
  return message_of<E>([&] { import_onnx(graph, options); });
}

std::string list(OnnxGraph& g, const std::string& name, const std::vector<std::int64_t>& values) {
  return g.add_constant<std::int64_t>(name, {std::ssize(values)}, values);
}

std::vector<double> predicted(const Model& model, const std::vector<std::vector<std::string>>& cells) {
  std::vector<std::string> names;
  for (const Column& each : std::get<TablePreparation>(model.preparation).columns) names.push_back(column_name(each));
  const Matrix<double> values = predict(model, Table(names, cells)).values;
  return {values.elements().begin(), values.elements().end()};
}

// 0.5 x1 + 0.25 x2 − 10
std::string percent(OnnxGraph& g, const std::string& X) {
  return g.add({"Gemm", {X, constant(g, "W", {2, 1}, {0.5, 0.25}), constant(g, "b", {1}, {-10})}});
}

std::string clip(OnnxGraph& g, const std::string& x, double lowest, double highest) {
  return g.add({"Clip", {x, g.number(Type::float32, lowest), g.number(Type::float32, highest)}});
}

TEST(ImportOfBounds, an_output_between_two_numbers_is_the_range_of_the_target) {
  const Model model = import_onnx(graph_of([](auto& g, auto& X) { return clip(g, percent(g, X), 0, 100); })).model;
  EXPECT_EQ(std::get<NumberTarget>(model.target).lowest, 0);
  EXPECT_EQ(std::get<NumberTarget>(model.target).highest, 100);
  EXPECT_EQ(predicted(model, {{"100", "40"}, {"200", "100"}, {"400", "200"}, {"-20", "0"}}),
            (std::vector<double>{50, 100, 100, 0}));
}

TEST(ImportOfBounds, hidden_ones_are_kept_far_out) {
  for (const auto& [lowest, highest] : {std::pair{0.0, 50.0}, {0.0, 1e-3}, {-0.5, 2.0}, {100.0, 200.0}}) {
    const Model model = import_onnx(graph_of([&](auto& g, auto& X) {
                          const std::string A = clip(g, percent(g, X), lowest, highest);
                          return g.add({"Gemm", {A, constant(g, "V", {1, 1}, {2})}});
                        })).model;
    const std::vector<double> found = predicted(model, {{"1e6", "0"}, {"-1e6", "0"}, {"20", "0"}, {"22", "0"}});
    const double expected[] = {2 * highest, 2 * lowest, 2 * std::clamp(0.0, lowest, highest),
                               2 * std::clamp(1.0, lowest, highest)};
    for (std::size_t k = 0; k < found.size(); ++k) EXPECT_NEAR(found[k], expected[k], 1e-5 * highest) << lowest;
  }
}

TEST(ImportOfBounds, that_no_activation_has_are_refused_with_where_they_differ) {
  EXPECT_EQ(refusal(graph_of([](auto& g, auto& X) {
              const std::string capped = g.add({"Min", {percent(g, X), g.number(Type::float32, 30)}});
              return g.add({"Gemm", {g.add({"Exp", {capped}}), constant(g, "V", {1, 1}, {2})}});
            })),
            "node 'Exp_3' (Exp): what it computes is none of neurone's activations: it is exp but of 30.03, where it "
            "says 1.069e+13 instead of 1.1e+13");
  EXPECT_EQ(
      refusal(graph_of([](auto& g, auto& X) { return g.add({"Max", {percent(g, X), g.number(Type::float32, 5)}}); })),
      "node 'y' (Identity): the output is kept above 5 alone: neurone keeps a number between two");
}

// A label that is decided at p = `threshold`.
Graph decided_at(double threshold) {
  OnnxGraph g;
  const std::string X = g.add_input({.name = "X", .type = Type::float32, .shape = {any_rows, 2}});
  const std::string p = g.add({"Sigmoid", {dense(g, X, 2, 1)}});
  const std::string is_above = g.add({"Greater", {p, g.number(Type::float32, threshold)}});
  g.add_output({.name = "label"}, g.add({"Cast", {is_above}, {{"to", static_cast<std::int64_t>(Type::int64)}}}));
  g.add_output({.name = "p"}, p);
  return parsed(g);
}

TEST(ImportOfLabels, that_are_decided_elsewhere_than_here_is_refused) {
  EXPECT_EQ(import_onnx(decided_at(0.5)).agreement.other_labels, 0U);
  for (const double threshold : {0.1, 0.3, 0.45, 0.49, 0.499, 0.501, 0.55, 0.9})
    EXPECT_TRUE(refusal(decided_at(threshold))
                    .starts_with("output 'label' does not change from '0' to '1' in the "
                                 "middle, where neurone decides: of "))
        << threshold;
  const auto weighted = [](double weight) {
    OnnxGraph g;
    const std::string X = g.add_input({.name = "X", .type = Type::float32, .shape = {any_rows, 2}});
    const std::string P = g.add({"Softmax", {dense(g, X, 2, 3)}});
    const std::string weights = constant(g, "weights", {1, 3}, {1, static_cast<float>(weight), 1});
    g.add_output({.name = "label"}, g.add({"ArgMax",
                                           {g.add({"Mul", {P, weights}})},
                                           {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{0}}}}));
    g.add_output({.name = "p"}, P);
    return parsed(g);
  };
  EXPECT_EQ(refusal(weighted(1)), "no error");
  EXPECT_EQ(refusal(weighted(1.1)),
            "output 'label' says '1' of a row whose largest value is that of '0': neurone "
            "decides for the largest");
}

TEST(ImportOfLabels, from_scores_becomes_probabilities_only_where_the_user_says_so) {
  const auto scored = [](bool is_mirrored) {
    OnnxGraph g;
    const std::string X = g.add_input({.name = "X", .type = Type::float32, .shape = {any_rows, 2}});
    const std::string Z = dense(g, X, 2, is_mirrored ? 1 : 3);
    const std::string scores =
        is_mirrored ? g.add({"Concat", {g.add({"Neg", {Z}}), Z}, {{"axis", std::int64_t{1}}}}) : Z;
    g.add_output({.name = "label"},
                 g.add({"ArgMax", {scores}, {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{0}}}}));
    g.add_output({.name = "scores"}, scores);
    return parsed(g);
  };
  EXPECT_EQ(
      refusal<UsageError>(scored(false)),
      "the file gives labels and scores of classes, no probabilities: --task classification says that a softmax "
      "(of one score a sigmoid) makes probabilities of the scores");
  const Imported made = import_onnx(scored(false), {.task = Task::classification});
  EXPECT_EQ(made.remarks, std::vector<std::string>{
                              "the file gives scores: the probabilities are the model's, by a softmax of them"});
  EXPECT_TRUE(refusal<UsageError>(scored(true)).starts_with("output 'scores' gives scores of two classes, −z and z"));
  EXPECT_EQ(refusal(scored(true), {.task = Task::classification, .outputs = {"label"}}), "no error");
}

// Of a category that it does not know the graph computes nothing.
Graph with_categories(bool drops_first) {
  OnnxGraph g;
  const std::string amount = g.add_input({.name = "amount", .type = Type::float32, .shape = {any_rows, 1}});
  const std::string colour = g.add_input({.name = "colour", .type = Type::text, .shape = {any_rows, 1}});
  std::string kinds =
      g.add({"OneHotEncoder",
             {colour},
             {{"cats_strings", std::vector<std::string>{"blue", "green", "red"}}, {"zeros", std::int64_t{0}}},
             onnx_ml});
  std::int64_t count = 3;
  if (drops_first) {
    kinds = g.add({"Gather", {kinds, list(g, "kept", {1, 2})}, {{"axis", std::int64_t{-1}}}});
    count = 2;
  }
  kinds = g.add({"Reshape", {kinds, list(g, "shape", {-1, count})}});
  g.add_output({.name = "y"},
               dense(g, g.add({"Concat", {amount, kinds}, {{"axis", std::int64_t{1}}}}), count + 1, 1));
  return parsed(g);
}

TEST(ImportOfColumns, is_tried_with_categories_that_the_graph_takes) {
  for (const bool drops_first : {false, true}) {
    const Imported made = import_onnx(with_categories(drops_first));
    EXPECT_LE(made.agreement.largest, 1e-5);
    EXPECT_EQ(made.remarks,
              std::vector<std::string>{"column colour: the file computes nothing of other categories than its 3, the "
                                       "model takes them for none of these"});
    const auto& columns = std::get<TablePreparation>(made.model.preparation).columns;
    EXPECT_EQ(std::get<CategoryColumn>(columns[1]).values, (std::vector<std::string>{"blue", "green", "red"}));
    const Predictions blue = predict(made.model, Table({"amount", "colour"}, {{"1", "blue"}}));
    EXPECT_TRUE(blue.surprises.cells.empty());  // left out in the graph, and known to it
    const std::vector<double> W{std::sin(1.0), std::sin(2.7)};
    EXPECT_NEAR(blue.values(0, 0), W[0] + (drops_first ? 0 : W[1]) - 0.3, 1e-6);
  }
}

TEST(ImportOfColumns, is_tried_with_whole_numbers_where_the_graph_takes_no_others) {
  for (const Type type : {Type::int64, Type::int32, Type::uint8, Type::boolean}) {
    OnnxGraph g;
    const std::string X = g.add_input({.name = "X", .type = type, .shape = {any_rows, 2}});
    const std::string real = g.add({"Cast", {X}, {{"to", static_cast<std::int64_t>(Type::float32)}}});
    g.add_output({.name = "y"}, dense(g, g.add({"Mul", {real, constant(g, "scale", {1, 2}, {0.7F, 0.3F})}}), 2, 1));
    EXPECT_LE(import_onnx(parsed(g)).agreement.largest, 1e-5) << type_name(type);
  }
}

TEST(ImportOfColumns, takes_their_number_from_constants_where_the_input_leaves_it_open) {
  for (const bool is_scaled : {false, true}) {
    OnnxGraph g;
    const std::string X = g.add_input({.name = "X", .type = Type::float32, .shape = {any_rows, any_rows}});
    const std::string centred = g.add({"Sub", {X, constant(g, "mean", {1, 3}, {1, 2, 3})}});
    g.add_output({.name = "y"}, dense(g, is_scaled ? centred : g.add({"Identity", {X}}), 3, 1));
    EXPECT_EQ(import_onnx(parsed(g)).model.inputs(), 3U);
  }
  OnnxGraph g;
  const std::string X = g.add_input({.name = "X", .type = Type::float32, .shape = {any_rows, any_rows}});
  g.add_output({.name = "y"}, g.add({"Softmax", {X}}));
  EXPECT_EQ(refusal(parsed(g)),
            "input 'X' is not of rows × a known number of columns, and no constant beside it has one");
}

TEST(ImportOfColumns, says_where_constants_do_not_fit_them) {
  EXPECT_EQ(refusal(graph_of([](auto& g, auto& X) {
              return dense(g, g.add({"Sub", {X, constant(g, "mean", {3}, {1, 2, 3})}}), 2, 1);
            })),
            "node 'Sub_1' (Sub): 3 numbers meet 2 columns");
  EXPECT_EQ(refusal(graph_of([](auto& g, auto& X) {
              return g.add({"Gemm", {X, constant(g, "W", {2, 1}, {1, 2})}, {{"transA", std::int64_t{1}}}});
            })),
            "node 'Gemm_1' (Gemm): it turns what is on the left (transA), expected rows × columns there");
}

TEST(ImportOfProducts, with_a_vector_is_one_output) {
  const Imported made = import_onnx(graph_of([](auto& g, auto& X) {
    const std::string z = g.add({"MatMul", {X, constant(g, "w", {2}, {0.25, -0.5})}});
    const std::string rate = g.add({"Exp", {g.add({"Add", {z, constant(g, "b", {1}, {3})}})}});
    return g.add({"Reshape", {rate, list(g, "shape", {-1, 1})}});
  }));
  EXPECT_EQ(output_activation(made.model).name(), "exp");
  EXPECT_EQ(made.model.loss.name(), "poisson");
  EXPECT_NEAR(predicted(made.model, {{"2", "1"}})[0], std::exp(3.0), 1e-5);
}

TEST(ImportOfHalfFloats, is_refused_for_computing_in_them_and_takes_weights_in_them) {
  const auto to = [](Type type) {
    return std::pair{std::string("to"), OnnxAttribute{static_cast<std::int64_t>(type)}};
  };
  EXPECT_EQ(
      refusal(graph_of([&](auto& g, auto& X) { return dense(g, g.add({"Cast", {X}, {to(Type::float16)}}), 2, 1); })),
      "node 'Cast_1' (Cast): it computes in float16, which keeps three digits: neurone does in float and double");
  const Imported made = import_onnx(graph_of([&](auto& g, auto& X) {
    const std::string W = g.add({"Cast", {constant(g, "W", {2, 1}, {1.5, -0.25})}, {to(Type::float16)}});
    return g.add({"MatMul", {X, g.add({"Cast", {W}, {to(Type::float32)}})}});
  }));
  EXPECT_EQ(predicted(made.model, {{"2", "4"}})[0], 2);
}

TEST(ImportOfNumbers, agrees_in_their_own_size) {
  for (const double size : {1e-9, 1.0, 1e6}) {
    const auto of_size = [&](double factor) {
      return graph_of([&](auto& g, auto& X) {
        const std::string A = g.add({"Relu", {dense(g, X, 2, 3)}});
        return g.add({"Mul", {dense(g, A, 3, 1), g.number(Type::float32, size * factor)}});
      });
    };
    const Model model = import_onnx(of_size(1)).model;
    Graph exported = parse_onnx(format_onnx(model), "m.onnx");
    EXPECT_LE(agreement_of(exported)->largest, rounding_limit) << size;
    for (double& each : std::get<Reals>(exported.constants.at("1.W").elements)) each *= 1.001;
    EXPECT_GT(agreement_of(exported)->largest, 10 * rounding_limit) << size;
  }
}

}  // namespace
}  // namespace neurone::onnx
