// Models as C source, compiled and run: they say what the library says, to the last bit where the processor has a
// fused multiply-add.
#include "neurone/export/c.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "neurone/core/instruction_set.h"
#include "neurone/model/proof.h"
#include "tests/data/temporary_folder.h"
#include "tests/model/models.h"
#include "tests/support/matrices.h"

namespace neurone {
namespace {

// What a program prints; empty where it fails.
std::string output_of(const std::string& command) {
  FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
  std::string text;
  for (int c = pipe != nullptr ? std::fgetc(pipe) : EOF; c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  const int status = pipe != nullptr ? pclose(pipe) : -1;
  return status == 0 ? text : command + " fails: " + text;
}

bool is_fused() {
  return instruction_set() != InstructionSet::baseline;
}

// The line that the self-test of a model prints.
std::string self_test_of(const Model& model, bool int8 = false) {
  const TemporaryFolder folder;
  save_c(model, folder.path("model.c"), {.int8 = int8});
  const std::string warnings = "-std=c99 -Wall -Wextra -pedantic -Werror -O1 ", fused = is_fused() ? "-mfma " : "";
  const std::string compiled = output_of("cc " + warnings + fused + "-DNEURONE_SELF_TEST " + folder.path("model.c") +
                                         " -lm -o " + folder.path("model"));
  return compiled.empty() ? output_of(folder.path("model")) : compiled;
}

void expect_equal(const Model& model, const std::string& what, bool int8 = false) {
  const std::string line = self_test_of(model, int8), beginning = "32 rows, 0 other labels, largest difference ";
  if (is_fused())
    EXPECT_EQ(line, beginning + "0\n") << what;
  else
    EXPECT_TRUE(line.starts_with(beginning)) << what << ": " << line;
}

// Every kind of column. Of a date with a time the day's part is known to 2⁻³⁸ where days are counted, which is seen
// in double: there without.
template <class T> TablePreparation mixed_columns() {
  const Scale scale{.median = 2.5, .center = 2, .spread = 1.25, .clip = 3, .lowest = -4, .highest = 11};
  const Scale days{.median = 15000, .center = 15000, .spread = 4000, .lowest = -3000.5, .highest = 30000};
  return {
      .columns = {
          NumericColumn{.name = "amount", .scale = scale, .has_indicator = true, .knots = {-4, 0, 2.5, 11}},
          NumericColumn{.name = "price", .scale = {.median = 1}, .form = Notation::comma},
          DateColumn{.name = "day", .scale = days, .order = DateOrder::dmy},
          DateColumn{.name = "time", .scale = days, .has_time = sizeof(T) == sizeof(float), .has_indicator = true},
          CategoryColumn{.name = "colour", .values = {"", "a \"b\"", "blåu"}}}};
}

template <class T> Model model_with(const Target& target, const Loss& loss, std::vector<LayerSpec> layers) {
  Networks<T> networks;
  Random random = numbers_of_test(3);
  for (int k = 0; k < 2; ++k) {
    Network<T> network({.inputs = mixed_columns<T>().width(), .layers = layers});
    network.initialise(static_cast<std::uint64_t>(k));
    fill_uniform(random, -0.7, 0.7, network.parameters());
    fill_uniform(random, 0.5, 2, network.statistics());
    networks.push_back(std::move(network));
  }
  return {.preparation = mixed_columns<T>(),
          .target = target,
          .loss = loss,
          .networks = std::move(networks),
          .calibration = {.temperature = task_of(target) == Task::classification ? 1.5 : 1},
          .record = {}};
}

const ClassTarget three_classes{.name = "y", .classes = {"2", "10", "été \"x\""}};

template <class T> class CSourceOf : public testing::Test {};
using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(CSourceOf, Precisions);

// Of two of the bins, in which several numbers are not 0, and of the category, which comes last.
template <class T> layers::Embedding embedding_of_columns() {
  return {.blocks = "4-5;" + embedding_block(mixed_columns<T>().width() - 3, 3), .dimension = 4};
}

template <class T> Model model_with_every_layer() {
  using namespace layers;
  return model_with<T>(
      three_classes, {losses::CategoricalCrossEntropy{}},
      {embedding_of_columns<T>(), neurone::layers::Scale{}, Dense{.units = 9, .activation = "tanh", .bias = false},
       BatchNorm{}, Dropout{.rate = 0.3}, LayerNorm{.activation = "silu"},
       Dense{.units = 1, .activation = "identity"}, Dense{.units = 3, .activation = "softmax"}});
}

template <class T> Model model_with_members() {
  using namespace layers;
  return model_with<T>(three_classes, {losses::CategoricalCrossEntropy{}},
                       {neurone::layers::Scale{}, embedding_of_columns<T>(), Members{.count = 5},
                        Dense{.units = 17, .activation = "selu"}, LayerNorm{}, Embedding{.blocks = "3-17"},
                        Heads{.units = 3, .activation = "softmax"}});
}

TYPED_TEST(CSourceOf, every_layer_says_what_the_library_says) {
  expect_equal(model_with_every_layer<TypeParam>(), "one behind the other");
}

TYPED_TEST(CSourceOf, members_say_what_the_library_says) {
  expect_equal(model_with_members<TypeParam>(), "members");
}

TYPED_TEST(CSourceOf, weights_of_one_byte_say_what_the_reference_says) {
  expect_equal(model_with_every_layer<TypeParam>(), "one behind the other", true);
  expect_equal(model_with_members<TypeParam>(), "members", true);
  expect_equal(model_with<TypeParam>(NumberTarget{.name = "y", .mean = 3, .deviation = 2}, {losses::SquaredError{}},
                                     {layers::Dense{.units = 4, .activation = "exp"},
                                      layers::Dense{.units = 1, .activation = "identity"}}),
               "exp", true);
}

TEST(CSource, with_weights_of_one_byte_tells_what_they_cost) {
  const CSource source = format_c(model_with_every_layer<float>(), "m", {.int8 = true});
  EXPECT_NE(source.header.find("Weights have one byte: on 32 rows "), std::string::npos) << source.header;
  EXPECT_NE(source.source.find("static const int8_t layer2_W[2]["), std::string::npos);
}

TYPED_TEST(CSourceOf, every_activation_says_what_the_library_says) {
  for (const Activation& activation : all_activations()) {
    const std::string name(activation.name());
    expect_equal(model_with<TypeParam>(NumberTarget{.name = "y", .mean = 3, .deviation = 2}, {losses::SquaredError{}},
                                       {layers::Dense{.units = 4, .activation = name},
                                        layers::Dense{.units = 1, .activation = "identity"}}),
                 name);
  }
}

TYPED_TEST(CSourceOf, every_meaning_of_the_outputs_is_the_librarys) {
  using layers::Dense;
  const ClassTarget two{.name = "y", .classes = {"no", "yes"}};
  const NumberTarget bounded{.name = "y", .mean = 3, .deviation = 2, .lowest = 2.5, .highest = 4};
  expect_equal(model_with<TypeParam>(two, {losses::BinaryCrossEntropy{}}, {Dense{.activation = "sigmoid"}}),
               "sigmoid");
  Model scores = model_with<TypeParam>(two, {losses::Hinge{}}, {Dense{.activation = "identity"}});
  scores.calibration.temperature = 1;
  expect_equal(scores, "hinge");
  expect_equal(model_with<TypeParam>(three_classes, {losses::CategoricalCrossEntropy{}},
                                     {Dense{.units = 3, .activation = "log_softmax"}}),
               "log_softmax");
  expect_equal(model_with<TypeParam>(bounded, {losses::SquaredError{}}, {Dense{.activation = "identity"}}),
               "bounded");
  expect_equal(model_with<TypeParam>(bounded, {losses::GaussianNegativeLogLikelihood{}},
                                     {Dense{.units = 2, .activation = "identity"}}),
               "deviation");
}

TEST(CSource, of_images_says_what_the_library_says) {
  expect_equal(model_of_images(), "images");
}

TEST(CSource, that_is_wrong_fails_its_own_test) {
  const TemporaryFolder folder;
  CSource source = format_c(model_of_x(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {2, 1}), "m");
  const std::string weight = "layer0_W[1][1] = {\n    {2.0}}";
  ASSERT_NE(source.source.find(weight), std::string::npos) << source.source;
  source.source.replace(source.source.find(weight), weight.size(), "layer0_W[1][1] = {\n    {2.1}}");
  folder.write("m.h", source.header);
  folder.write("m.c", source.source);
  ASSERT_EQ(output_of("cc -std=c99 -DNEURONE_SELF_TEST " + folder.path("m.c") + " -lm -o " + folder.path("m")), "");
  EXPECT_NE(output_of(folder.path("m")).find("fails: 32 rows, 0 other labels, largest difference 0."),
            std::string::npos);
}

TEST(CSource, counts_what_training_has_not_seen) {
  const TemporaryFolder folder;
  save_c(model_with<double>(three_classes, {losses::CategoricalCrossEntropy{}},
                            {layers::Dense{.units = 3, .activation = "softmax"}}),
         folder.path("m.c"));
  folder.write("main.c", R"(#include <math.h>
#include <stdio.h>
#include "m.h"
static void say(const struct m_input* row) {
  struct m_output answer;
  m_predict(row, &answer);
  printf("%d unknown, %d outside\n", answer.unknown, answer.outside);
}
int main(void) {
  const struct m_input outside = {.amount = 11.5, .price = 1e9, .day = NAN, .time = NAN, .colour = "pink"};
  const struct m_input inside = {.amount = -4, .price = 0, .day = 30000, .time = -3000.5, .colour = NULL};
  say(&outside);
  say(&inside);
  return 0;
}
)");
  ASSERT_EQ(
      output_of("cc -std=c99 " + folder.path("m.c") + " " + folder.path("main.c") + " -lm -o " + folder.path("main")),
      "");
  EXPECT_EQ(output_of(folder.path("main")), "1 unknown, 2 outside\n0 unknown, 0 outside\n");
}

TEST(CSource, gives_minus_one_where_there_is_no_finite_prediction) {
  const TemporaryFolder folder;
  const ClassTarget two{.name = "y", .classes = {"no", "yes"}};
  const NumberTarget number{.name = "y"};
  save_c(model_of_x<float>(number, {losses::SquaredError{}}, "exp", {1, 0}), folder.path("large.c"));
  save_c(model_of_x<float>(number, {losses::GaussianNegativeLogLikelihood{}}, "identity", {0, 20, 0, 0}),
         folder.path("spread.c"));
  save_c(model_of_x<float>(two, {losses::BinaryCrossEntropy{}}, "sigmoid", {1e38F, 0}), folder.path("logit.c"));
  folder.write("main.c", R"(#include <stdio.h>
#include "large.h"
#include "logit.h"
#include "spread.h"
#define SAY(model, value) \
  do { \
    const struct model##_input row = {.x = value}; \
    struct model##_output answer; \
    printf("%d ", model##_predict(&row, &answer)); \
  } while (0)
int main(void) {
  SAY(large, 88); SAY(large, 89); SAY(spread, 60); SAY(spread, 80); SAY(logit, 3); SAY(logit, 4);
  return 0;
}
)");
  ASSERT_EQ(output_of("cc -std=c99 " + folder.path("large.c") + " " + folder.path("logit.c") + " " +
                      folder.path("spread.c") + " " + folder.path("main.c") + " -lm -o " + folder.path("main")),
            "");
  EXPECT_EQ(output_of(folder.path("main")), "0 -1 0 -1 0 -1 ");
}

// All rows are one instant and one category, spelled in other ways: predict and the C source, whose rows hold days
// and the category's plainest text, say the same of each.
TEST(CSource, says_the_same_of_one_value_in_all_its_spellings) {
  const Scale days{.median = 19000, .center = 19000, .spread = 4000, .lowest = 10000, .highest = 30000};
  Model model{
      .preparation =
          TablePreparation{
              .columns = {DateColumn{.name = "when", .scale = days, .has_time = true, .has_offset = true},
                          CategoryColumn{
                              .name = "code", .values = {"", "7", "8"}, .spelling = {.kind = Spelling::Kind::number}},
                          NumericColumn{.name = "rate", .scale = {.median = 1}, .form = {Notation::comma, "%"}}}},
      .target = three_classes,
      .loss = {losses::CategoricalCrossEntropy{}},
      .networks = {},
      .record = {}};
  Networks<float> networks;
  networks.emplace_back(NetworkSpec{.inputs = std::get<TablePreparation>(model.preparation).width(),
                                    .layers = {layers::Dense{.units = 3, .activation = "softmax"}}});
  networks.front().initialise(1);
  model.networks = std::move(networks);
  const Table rows({"when", "code", "rate"}, {{"2024-03-01T06:30:00Z", "7", "1234,5%"},
                                              {"2024-03-01 06:30 UTC", "7.0", "1.234,5 %"},
                                              {"2024-03-01T15:30:00+09:00", "+7", "% 1234,50"},
                                              {"2024-02-29T22:30:00-0800", "70e-1", "1\u202F234,5%"},
                                              {"2024-03-01 12:00 PM +05:30", "7.00", "+1.234,5\u00A0%"},
                                              {"2024-02-29 20:30 \u221210", "7", "1'234,5%"}});
  const Predictions predictions = predict(model, rows);
  EXPECT_EQ(predictions.surprises.cells, std::vector<Surprise>{});
  for (std::size_t i = 1; i < rows.rows(); ++i)
    EXPECT_TRUE(std::ranges::equal(predictions.values[i], predictions.values[0])) << i;
  model.proof = prove(model, rows, false);
  const std::string line = self_test_of(model), beginning = "6 rows, 0 other labels, largest difference ";
  ASSERT_TRUE(line.starts_with(beginning)) << line;
  EXPECT_LT(std::stod(line.substr(beginning.size())), 1e-6);
  const std::string source = format_c(model, "m", {}).source;
  EXPECT_NE(source.find("\"7.0\""), std::string::npos) << "a runtime that is given what pandas writes";
}

TEST(CSource, takes_names_from_its_file) {
  const Model model = model_of_x(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {2, 1});
  const std::string header = format_c(model, "my-model 2").header;
  EXPECT_NE(header.find("int my_model_2_predict("), std::string::npos) << header;
}

}  // namespace
}  // namespace neurone
