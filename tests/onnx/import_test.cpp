// What the importer makes of graphs, node by node, and what it refuses.
#include "neurone/onnx/import.h"

#include <gtest/gtest.h>

#include <cmath>

#include "neurone/export/onnx.h"
#include "tests/model/models.h"
#include "tests/onnx/graphs.h"
#include "tests/support/message_of.h"

namespace neurone::onnx {
namespace {

std::string activation_between(const std::function<std::string(OnnxGraph&, const std::string&)>& nodes) {
  const Model model = import_onnx(graph_of([&](OnnxGraph& graph, const std::string& X) {
                        return dense(graph, nodes(graph, dense(graph, X, 2, 3)), 3, 1);
                      })).model;
  return std::get<layers::Dense>(std::get<Networks<float>>(model.networks).front().spec().layers[0]).activation;
}

TEST(OnnxImport, knows_an_activation_by_what_it_computes) {
  const auto number = [](OnnxGraph& graph, double value) { return graph.number(Type::float32, value); };
  EXPECT_EQ(activation_between([](auto& g, auto& z) { return g.add({"Mul", {z, g.add({"Sigmoid", {z}})}}); }),
            "silu");
  EXPECT_EQ(activation_between([&](auto& g, auto& z) {
              const std::string erf = g.add({"Erf", {g.add({"Div", {z, number(g, std::sqrt(2.0))}})}});
              return g.add({"Mul", {g.add({"Mul", {z, number(g, 0.5)}}), g.add({"Add", {erf, number(g, 1)}})}});
            }),
            "gelu");
  EXPECT_EQ(activation_between(
                [](auto& g, auto& z) { return g.add({"Mul", {z, g.add({"Tanh", {g.add({"Softplus", {z}})}})}}); }),
            "mish");
  EXPECT_EQ(
      activation_between([&](auto& g, auto& z) { return g.add({"Min", {g.add({"Relu", {z}}), number(g, 6)}}); }),
      "relu6");
  EXPECT_EQ(activation_between([&](auto& g, auto& z) {
              const std::string third =
                  g.add({"Clip", {g.add({"Add", {z, number(g, 3)}}), number(g, 0), number(g, 6)}});
              return g.add({"Div", {g.add({"Mul", {z, third}}), number(g, 6)}});
            }),
            "hard_silu");
  EXPECT_EQ(activation_between([&](auto& g, auto& z) {
              const std::string is_above = g.add({"Less", {number(g, 0), z}});
              return g.add({"Where", {is_above, z, g.add({"Mul", {z, number(g, 0.01)}})}});
            }),
            "leaky_relu");
  EXPECT_EQ(activation_between([](auto& g, auto& z) { return g.add({"Mul", {z, z}}); }), "square");
  EXPECT_EQ(activation_between([](auto& g, auto& z) { return g.add({"Identity", {z}}); }), "identity");
}

TEST(OnnxImport, takes_factors_around_an_activation_into_the_layers) {
  const auto number = [](OnnxGraph& graph, double value) { return graph.number(Type::float32, value); };
  EXPECT_EQ(activation_between([&](auto& g, auto& z) {  // LeCun's
              return g.add({"Mul", {g.add({"Tanh", {g.add({"Mul", {z, number(g, 2.0 / 3)}})}}), number(g, 1.7159)}});
            }),
            "tanh");
  EXPECT_EQ(activation_between([&](auto& g, auto& z) {  // Keras's
              return g.add({"HardSigmoid", {z}, {{"alpha", 0.2F}, {"beta", 0.5F}}});
            }),
            "hard_sigmoid");
  EXPECT_EQ(activation_between([&](auto& g, auto& z) {
              return g.add({"Mul", {z, g.add({"Sigmoid", {g.add({"Mul", {z, number(g, 1.702)}})}})}});
            }),
            "silu");
}

TEST(OnnxImport, takes_scaling_into_the_columns_and_what_is_none_into_the_layer) {
  const Imported made = import_onnx(graph_of([](OnnxGraph& g, const std::string& X) {
    const std::string centred = g.add({"Sub", {X, constant(g, "mean", {2}, {3, 4})}});
    return dense(g, g.add({"Mul", {centred, constant(g, "scale", {1, 2}, {0.5, -2})}}), 2, 1);
  }));
  const auto& columns = std::get<TablePreparation>(made.model.preparation).columns;
  ASSERT_EQ(columns.size(), 2U);
  EXPECT_EQ(column_name(columns[0]), "x1");
  EXPECT_EQ(std::get<NumericColumn>(columns[0]).scale.center, 3);
  EXPECT_EQ(std::get<NumericColumn>(columns[0]).scale.spread, 2);
  EXPECT_EQ(std::get<NumericColumn>(columns[0]).scale.median, 3);
  EXPECT_EQ(std::get<NumericColumn>(columns[1]).scale.spread, 1);
  EXPECT_LE(made.agreement.largest, 1e-6);
}

TEST(OnnxImport, takes_a_bias_that_is_added_for_itself) {
  const Imported made = import_onnx(graph_of([](OnnxGraph& g, const std::string& X) {
    const std::string XW = g.add({"MatMul", {X, constant(g, "W", {2, 1}, {1, 2})}});
    return g.add({"Sigmoid", {g.add({"Add", {XW, constant(g, "b", {1}, {0.5})}})}});
  }));
  const Network<float>& network = std::get<Networks<float>>(made.model.networks).front();
  EXPECT_EQ(network.parameter("0.b")(0, 0), 0.5F);
  EXPECT_EQ(std::get<ClassTarget>(made.model.target).classes, (std::vector<std::string>{"0", "1"}));
}

TEST(OnnxImport, takes_factors_of_each_column_behind_an_activation_into_the_next_layer) {
  const Imported made = import_onnx(graph_of([](OnnxGraph& g, const std::string& X) {
    const std::string A = g.add({"Relu", {dense(g, X, 2, 3)}});
    const std::string scaled = g.add({"Mul", {A, constant(g, "gain", {3}, {2, -3, 0.5})}});
    return dense(g, g.add({"Sub", {constant(g, "shift", {1, 3}, {1, 2, 3}), scaled}}), 3, 1);
  }));
  EXPECT_LE(made.agreement.largest, rounding_limit);
  EXPECT_EQ(std::get<Networks<float>>(made.model.networks).front().size(), 2U);
}

TEST(OnnxImport, puts_classes_in_order) {
  for (const std::int64_t outputs : {1, 2, 3}) {
    const std::vector<std::string> names{"zebra", "ape", "10"};
    const Imported made =
        import_onnx(graph_of([&](OnnxGraph& g, const std::string& X) {
                      return g.add({outputs == 1 ? "Sigmoid" : "Softmax", {dense(g, X, 2, outputs)}});
                    }),
                    {.columns = {"a", "b"},
                     .classes = {names.begin(), names.begin() + std::max<std::int64_t>(outputs, 2)},
                     .target = "animal"});
    EXPECT_LE(made.agreement.largest, 1e-6);
    const auto& target = std::get<ClassTarget>(made.model.target);
    EXPECT_EQ(target.name, "animal");
    EXPECT_EQ(target.classes, outputs == 3 ? (std::vector<std::string>{"10", "ape", "zebra"})
                                           : (std::vector<std::string>{"ape", "zebra"}));
    EXPECT_EQ(column_name(std::get<TablePreparation>(made.model.preparation).columns[1]), "b");
  }
}

TEST(OnnxImport, makes_one_softmax_of_two_sigmoids_that_mirror_each_other) {
  const Imported made = import_onnx(
      graph_of([](OnnxGraph& g, const std::string& X) {
        return g.add(
            {"Sigmoid",
             {g.add({"Gemm", {X, constant(g, "W", {2, 2}, {1, -1, 3, -3}), constant(g, "b", {2}, {-2, 2})}})}});
      }),
      {.task = Task::classification});
  EXPECT_EQ(output_activation(made.model).name(), "softmax");
  EXPECT_LE(made.agreement.largest, 1e-6);
}

TEST(OnnxImport, makes_numbers_of_a_factor_behind_the_last_activation) {
  const Imported made = import_onnx(graph_of([](OnnxGraph& g, const std::string& X) {
    const std::string A = g.add({"Tanh", {dense(g, X, 2, 1)}});
    return g.add({"Add", {g.add({"Mul", {A, g.number(Type::float32, 40)}}), g.number(Type::float32, 7)}});
  }));
  EXPECT_NEAR(std::get<NumberTarget>(made.model.target).deviation, 40, 1e-4);
  EXPECT_NEAR(std::get<NumberTarget>(made.model.target).mean, 7, 1e-4);
}

template <class E = Error> std::string refused(const Graph& graph, const ImportOptions& options = {}) {
  return message_of<E>([&] { import_onnx(graph, options); });
}

TEST(OnnxImport, names_the_node_that_is_none_of_ours) {
  EXPECT_EQ(refused(graph_of([](auto& g, auto& X) { return dense(g, g.add({"Conv", {X}}), 2, 1); })),
            "node 'Conv_1' (Conv): neurone imports dense networks, which have no Conv");
  EXPECT_EQ(refused(graph_of([](auto& g, auto& X) {
              return dense(g, g.add({"LeakyRelu", {dense(g, X, 2, 2)}, {{"alpha", 0.3F}}}), 2, 1);
            })),
            "node 'LeakyRelu_2' (LeakyRelu): what it computes is none of neurone's activations");
  EXPECT_EQ(
      refused(graph_of([](auto& g, auto& X) {
        const std::string A = g.add({"Relu", {dense(g, X, 2, 2)}});
        return dense(g, g.add({"Add", {A, dense(g, A, 2, 2)}}), 2, 1);
      })),
      "node 'Add_4' (Add): it goes back behind a layer, to node 'Relu_2' (Relu): expected one layer after the other, "
      "without branches");
  EXPECT_EQ(
      refused(graph_of([](auto& g, auto& X) { return dense(g, g.add({"Softmax", {X}}), 2, 1); })),
      "node 'Softmax_1' (Softmax): Softmax of the inputs is none that neurone imports: expected scaling by columns, "
      "categories, Gemm or MatMul");
  EXPECT_EQ(refused(graph_of([](auto& g, auto& X) {
              return dense(g, g.add({"ArgMax", {dense(g, X, 2, 2)}, {{"axis", std::int64_t{1}}}}), 1, 1);
            })),
            "node 'Gemm_3' (Gemm): before it, node 'ArgMax_2' (ArgMax) is none of neurone's layers and activations");
  EXPECT_EQ(refused(graph_of([](auto& g, auto& X) { return dense(g, X, 3, 1); })),
            "node 'Gemm_1' (Gemm): 2 columns meet weights of 3 × 1");
  EXPECT_EQ(refused(graph_of([](auto& g, auto& X) { return g.add({"Identity", {X}}); })),
            "there is no layer in it: expected Gemm or MatMul with constant weights");
  EXPECT_EQ(refused(graph_of([](auto& g, auto& X) { return dense(g, X + "?", 2, 1); })),
            "node 'Gemm_1' (Gemm): its input 'X?' is known nowhere before it");
}

TEST(OnnxImport, refuses_what_its_model_would_not_say) {
  EXPECT_EQ(refused(graph_of([](auto& g, auto& X) {
              return g.add({"Softmax", {dense(g, X, 2, 2)}, {{"axis", std::int64_t{0}}}});
            })),
            "output 'y' is neither what the last layer says nor its softmax or sigmoid: --outputs names those that "
            "count");
  EXPECT_EQ(refused(graph_of([](auto& g, auto& X) {
              return g.add({"Gemm", {X, constant(g, "W", {2, 1}, {1, std::numeric_limits<float>::infinity()})}});
            })),
            "node 'Gemm_1' (Gemm): tensor 'W' holds a value that is not finite (inf at place 2)");
}

TEST(OnnxImport, asks_what_only_the_user_can_know) {
  const Graph four = graph_of([](auto& g, auto& X) { return dense(g, X, 2, 4); });
  EXPECT_EQ(refused<UsageError>(four),
            "there are 4 outputs, and a target is one number or classes: --task classification says that they are "
            "classes, from before the softmax");
  EXPECT_EQ(std::get<ClassTarget>(import_onnx(four, {.task = Task::classification}).model.target).classes.size(), 4U);
  EXPECT_EQ(refused<UsageError>(four, {.columns = {"a"}, .task = Task::classification}),
            "1 names of columns for 2 columns");
  EXPECT_EQ(refused<UsageError>(four, {.columns = {"a", "a"}, .task = Task::classification}),
            "two columns are called 'a'");
  EXPECT_EQ(refused<UsageError>(four, {.classes = {"a", "b"}}), "2 names for 4 classes");
  EXPECT_EQ(refused<UsageError>(four, {.classes = {"a", "b", "a", "c"}}), "two classes are called 'a'");
  EXPECT_EQ(refused<UsageError>(four, {.outputs = {"z"}}), "unknown output 'z': did you mean 'y'?");
}

TEST(OnnxImport, is_not_taken_in_by_a_claim_of_many_columns) {
  OnnxGraph made;
  const std::string X = made.add_input({.name = "X", .shape = {any_rows, std::int64_t{1} << 40}});
  made.add_output({.name = "y"}, dense(made, X, 2, 1));
  EXPECT_NE(refused(parsed(made)).find("it asks for more"), std::string::npos);
}

}  // namespace
}  // namespace neurone::onnx
