// What the node tests of ONNX (make test-long) leave open: operators of ai.onnx.ml, limits, and messages.
#include "neurone/onnx/operators.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/onnx/graphs.h"
#include "tests/support/message_of.h"

namespace neurone::onnx {
namespace {

Tensor floats(Shape shape, Reals elements) {
  return real_tensor(Type::float32, std::move(shape), std::move(elements));
}
Tensor wholes(Shape shape, Wholes elements) {
  return whole_tensor(Type::int64, std::move(shape), std::move(elements));
}

std::string problem_of(std::string_view operation, const std::vector<Tensor>& tensors,
                       std::map<std::string, Value, std::less<>> attributes = {}) {
  return message_of<Error>([&] { computed(operation, tensors, std::move(attributes)); });
}

// What a float cannot hold is lost as in a runtime, and is there in double.
TEST(OnnxOperators, compute_in_the_type_of_their_tensors) {
  const Tensor far = floats({2}, {-18.45F, 18.7F}), wide = real_tensor(Type::float64, {2}, {-18.45, 18.7});
  EXPECT_EQ(computed("Sigmoid", {far})[0].reals(), (Reals{0, 1}));
  EXPECT_NEAR(computed("Sigmoid", {wide})[0].reals()[0] / 9.711e-9, 1, 1e-3);

  const Tensor sum = floats({1, 3}, {1e8F, 1, -1e8F}), ones = floats({3, 1}, {1, 1, 1});
  EXPECT_EQ(computed("MatMul", {sum, ones})[0].reals(), Reals{0});
  EXPECT_EQ(computed("Gemm", {sum, ones})[0].reals(), Reals{0});
  EXPECT_EQ(computed("ReduceSum", {sum})[0].reals(), Reals{0});
  const Tensor wide_sum = real_tensor(Type::float64, {1, 3}, {1e8, 1, -1e8});
  EXPECT_EQ(computed("MatMul", {wide_sum, real_tensor(Type::float64, {3, 1}, {1, 1, 1})})[0].reals(), Reals{1});
  EXPECT_EQ(computed("ReduceSum", {wide_sum})[0].reals(), Reals{1});
  EXPECT_EQ(computed("ReduceSum", {wholes({3}, {100'000'000, 1, -100'000'000})})[0].wholes(), Wholes{1});
}

TEST(OnnxOperators, make_probabilities_of_large_logits) {
  const Reals softmax = computed("Softmax", {floats({1, 2}, {80, -80})})[0].reals();
  EXPECT_EQ(softmax[0], 1);
  EXPECT_EQ(softmax[1], 0);  // e^−160 is none of a float
  const Reals wide = computed("Softmax", {real_tensor(Type::float64, {1, 2}, {80, -80})})[0].reals();
  EXPECT_NEAR(wide[1] / std::exp(-160.0), 1, 1e-14);
}

TEST(OnnxOperators, scale_columns) {
  const auto Y =
      computed("Scaler", {floats({2, 2}, {1, 2, 3, 4})}, {{"offset", Reals{1, 2}}, {"scale", Reals{10, -1}}});
  EXPECT_EQ(Y[0].reals(), (Reals{0, 0, 20, -2}));
}

TEST(OnnxOperators, fill_missing_numbers) {
  const double none = std::nan("");
  const auto Y = computed("Imputer", {floats({2, 2}, {none, 2, 3, none})},
                          {{"imputed_value_floats", Reals{7, 8}}, {"replaced_value_float", none}});
  EXPECT_EQ(Y[0].reals(), (Reals{7, 2, 3, 8}));
}

TEST(OnnxOperators, bring_rows_to_one_size) {
  const Tensor X = floats({2, 2}, {3, 4, 0, 0});
  EXPECT_EQ(computed("Normalizer", {X}, {{"norm", std::string("L2")}})[0].reals(),
            (Reals{rounded(Type::float32, 0.6), rounded(Type::float32, 0.8), 0, 0}));
  EXPECT_EQ(computed("Normalizer", {X}, {{"norm", std::string("MAX")}})[0].reals(), (Reals{0.75, 1, 0, 0}));
  EXPECT_EQ(computed("Normalizer", {floats({1, 2}, {-1, 3})}, {{"norm", std::string("L1")}})[0].reals(),
            (Reals{-0.25, 0.75}));
}

TEST(OnnxOperators, encode_labels_both_ways) {
  EXPECT_EQ(computed("LabelEncoder", {wholes({2}, {1, 9})},
                     {{"keys_int64s", Wholes{0, 1}}, {"values_strings", Texts{"no", "yes"}}})[0]
                .texts(),
            (Texts{"yes", "_Unused"}));
  EXPECT_EQ(computed("LabelEncoder", {text_tensor({2}, {"yes", "?"})},
                     {{"keys_strings", Texts{"no", "yes"}},
                      {"values_int64s", Wholes{5, 6}},
                      {"default_int64", std::int64_t{3}}})[0]
                .wholes(),
            (Wholes{6, 3}));
  EXPECT_EQ(computed("LabelEncoder", {text_tensor({1}, {"b"})}, {{"classes_strings", Texts{"a", "b"}}})[0].wholes(),
            (Wholes{1}));
}

TEST(OnnxOperators, take_columns) {
  const Tensor X = floats({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(computed("ArrayFeatureExtractor", {X, wholes({2}, {2, 0})})[0].reals(), (Reals{3, 1, 6, 4}));
  EXPECT_EQ(problem_of("ArrayFeatureExtractor", {X, wholes({1}, {3})}),
            "node 'n' (ai.onnx.ml.ArrayFeatureExtractor): column 3 of 3");
}

TEST(OnnxOperators, stand_ones_where_the_category_is) {
  const auto Y = computed("OneHotEncoder", {text_tensor({2, 1}, {"b", "?"})}, {{"cats_strings", Texts{"a", "b"}}});
  EXPECT_EQ(Y[0].shape, (Shape{2, 1, 2}));
  EXPECT_EQ(Y[0].reals(), (Reals{0, 1, 0, 0}));
}

TEST(OnnxOperators, round_to_the_type_of_their_numbers) {
  EXPECT_EQ(computed("Add", {floats({1}, {16777216}), floats({1}, {1})})[0].reals(), (Reals{16777216}));
  const Tensor least = whole_tensor(Type::int64, {1}, {std::numeric_limits<std::int64_t>::min()});
  EXPECT_EQ(computed("Div", {least, wholes({1}, {-1})})[0].wholes(), least.wholes());
  EXPECT_EQ(computed("Neg", {whole_tensor(Type::int8, {1}, {-128})})[0].wholes(), (Wholes{-128}));
  EXPECT_EQ(rounded(Type::float16, 2049), 2048);  // half way: to the even one
  EXPECT_EQ(rounded(Type::float16, 65520), std::numeric_limits<double>::infinity());
}

TEST(OnnxOperators, say_what_does_not_fit) {
  EXPECT_EQ(problem_of("Add", {floats({2}, {1, 2}), floats({3}, {1, 2, 3})}),
            "node 'n' (Add): 2 and 3 do not fit each other");
  EXPECT_EQ(problem_of("Add", {floats({1}, {1}), wholes({1}, {1})}),
            "node 'n' (Add): float and int64, expected one type");
  EXPECT_EQ(problem_of("Gemm", {floats({1, 2}, {1, 2}), floats({1, 2}, {1, 2})}),
            "node 'n' (Gemm): 2 columns meet 1 rows");
  EXPECT_EQ(problem_of("Div", {wholes({1}, {1}), wholes({1}, {0})}),
            "node 'n' (Div): a whole number is divided by 0");
  EXPECT_EQ(problem_of("Gemm", {floats({1, 1}, {1})}), "node 'n' (Gemm): input 2 is missing");
  EXPECT_EQ(problem_of("Conv", {}), "node 'n' (Conv): neurone does not have the operator Conv");
  EXPECT_EQ(problem_of("Gather", {floats({0}, {}), wholes({1}, {0})}, {}), "node 'n' (Gather): index 0 of 0");
  EXPECT_EQ(problem_of("Softmax", {floats({1}, {1})}, {{"axis", std::string("1")}}),
            "node 'n' (Softmax): attribute 'axis' is of another kind, expected an integer");
}

TEST(OnnxOperators, take_no_more_steps_than_they_may) {
  const std::string what = ": it asks for more arithmetic than a file of this size may";
  EXPECT_EQ(problem_of("Expand", {floats({1}, {1}), wholes({2}, {1 << 20, 2})}), "node 'n' (Expand)" + what);
  EXPECT_EQ(problem_of("ConstantOfShape", {wholes({1}, {1LL << 40})}), "node 'n' (ConstantOfShape)" + what);
  EXPECT_EQ(problem_of("MatMul", {floats({2000, 0}, {}), floats({0, 2000}, {})}), "node 'n' (MatMul)" + what);
  EXPECT_EQ(problem_of("Expand", {floats({1}, {1}), wholes({65}, Wholes(65, 1))}),
            "node 'n' (Expand): 65 axes, expected at most 64");
}

TEST(OnnxOperators, of_nothing_give_nothing) {
  const Tensor nothing = floats({1000000, 1000000, 0}, {});
  for (const char* operation : {"Softmax", "Transpose", "ReduceSum", "Relu", "Identity"})
    EXPECT_NO_THROW(computed(operation, {nothing}, {{"axes", Wholes{0}}, {"keepdims", std::int64_t{0}}}, 12))
        << operation;
  EXPECT_EQ(computed("Concat", {nothing, nothing}, {{"axis", std::int64_t{0}}})[0].shape,
            (Shape{2000000, 1000000, 0}));
}

}  // namespace
}  // namespace neurone::onnx
