// Files that are cut short, or that describe a model which cannot be: all are refused, and in words.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "neurone/file/model_file.h"
#include "neurone/file/safetensors.h"
#include "neurone/model/proof.h"
#include "tests/model/models.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

using Json = nlohmann::ordered_json;

const std::string classes_of_x =
    format_model(model_of_x<float>(ClassTarget{.name = "y", .classes = {"a", "b", "c"}},
                                   {losses::CategoricalCrossEntropy{}}, "softmax", {1, 2, 3, 4, 5, 6}));
const std::string number_of_x =
    format_model(model_of_x<float>(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {1, 0}));

std::string model_of(const Preparation& preparation, const ClassTarget& target, std::size_t inputs) {
  Network<float> network({.inputs = inputs, .layers = {layers::Dense{.units = 1, .activation = "sigmoid"}}});
  return format_model({.preparation = preparation,
                       .target = target,
                       .loss = {losses::BinaryCrossEntropy{}},
                       .networks = Networks<float>{std::move(network)},
                       .record = {}});
}
const ClassTarget two{.name = "y", .classes = {"0", "1"}};
const std::string categories =
    model_of(TablePreparation{.columns = {CategoryColumn{.name = "x", .values = {"blue", "red"}}}}, two, 2);
const std::string images = model_of(ImagePreparation{.height = 2, .width_in_pixels = 2}, two, 4);

// The same file with another text in its metadata.
std::string with_metadata(const std::string& bytes, const std::string& key, const std::optional<std::string>& text) {
  const Safetensors file = parse_safetensors(bytes, "m");
  Metadata metadata = file.metadata();
  metadata.erase(key);
  if (text) metadata[key] = *text;
  return format_safetensors(file.tensors(), metadata);
}

Json description_of(const std::string& bytes) {
  return Json::parse(parse_safetensors(bytes, "m").metadata().at("model"));
}

// The same model with another value at a place of its description, "/target/mean".
std::string patched(const std::string& bytes, const std::string& place, const Json& value) {
  Json description = description_of(bytes);
  description[Json::json_pointer(place)] = value;
  return with_metadata(bytes, "model", description.dump());
}

std::string message_for(const std::string& bytes) {
  return message_of<Error>([&] { parse_model(bytes, "m"); });
}
std::string message_with(const std::string& bytes, const std::string& place, const Json& value) {
  return message_for(patched(bytes, place, value));
}

TEST(DamagedModel, what_is_not_damaged_is_read) {
  for (const std::string& bytes : {classes_of_x, number_of_x, categories, images})
    EXPECT_NO_THROW(parse_model(bytes, "m"));
  EXPECT_EQ(patched(number_of_x, "/target/mean", 0.0), number_of_x);
}

TEST(DamagedModel, every_file_that_is_cut_short_is_refused) {
  for (std::size_t size = 0; size < classes_of_x.size(); ++size)
    EXPECT_THROW(parse_model(classes_of_x.substr(0, size), "m"), Error) << size;
}

TEST(DamagedModel, other_safetensors_files_are_no_models) {
  for (const auto& format : {std::optional<std::string>(), std::optional<std::string>("neurone checkpoint 1")})
    EXPECT_EQ(message_for(with_metadata(number_of_x, "format", format)),
              "m: a safetensors file, but not a model of neurone");
}

TEST(DamagedModel, another_version_is_told) {
  EXPECT_EQ(message_for(with_metadata(number_of_x, "format_version", "2")),
            "m: model format version '2', expected '1': written by a newer neurone?");
  EXPECT_EQ(message_for(with_metadata(number_of_x, "format_version", {})),
            "m: model format version missing, expected '1': written by a newer neurone?");
}

TEST(DamagedModel, a_description_that_is_missing_or_no_json_is_refused) {
  EXPECT_EQ(message_for(with_metadata(number_of_x, "model", {})), "m: damaged model: the description is missing");
  const auto message = [](const char* text) { return message_for(with_metadata(number_of_x, "model", text)); };
  EXPECT_EQ(message(""), "m: damaged model: the description is no JSON from byte 1 on");
  EXPECT_EQ(message("{"), "m: damaged model: the description is no JSON from byte 2 on");
  EXPECT_EQ(message("{}"), "m: damaged model: 'input' is missing");
  EXPECT_EQ(message("[]"), "m: damaged model: what should hold 'input' is a list, expected an object");
  EXPECT_EQ(message("null"), "m: damaged model: what should hold 'input' is null, expected an object");
  EXPECT_EQ(message("{\"input\": 1e999}"), "m: damaged model: the description holds a number that is too large");
}

TEST(DamagedModel, every_part_that_is_missing_is_told) {
  const Json whole = description_of(number_of_x);
  for (const auto& [key, value] : whole.items()) {
    Json description = whole;
    description.erase(key);
    const std::string message = message_for(with_metadata(number_of_x, "model", description.dump()));
    EXPECT_EQ(message, "m: damaged model: '" + key + "' is missing");
  }
}

// Of every number, text, list and object of a description something else, in our own words.
TEST(DamagedModel, a_part_of_another_kind_is_refused) {
  Model full = parse_model(number_of_x, "m");
  full.record.best_epochs = {1};
  full.record.settings = {{"seed", "1"}};
  full.record.validation = {{"loss", 0.5, {}}};
  full.record.test = {{"rmse", 0.5, Interval{.low = 0.4, .high = 0.6}}};
  full.record.comparison.emplace().gain_interval = Interval{.low = 0, .high = 1};
  Estimates& estimates = full.record.estimates.emplace();
  estimates.parameters.emplace_back().name = "x";
  estimates.fits.emplace_back();
  std::get<NumericColumn>(std::get<TablePreparation>(full.preparation).columns[0]).knots = {0, 1};
  const std::string whole = format_model(full);
  for (const std::string& bytes : {whole, classes_of_x, categories, images}) {
    const Json parts = description_of(bytes).flatten();
    for (const auto& [place, value] : parts.items())
      for (const Json& other :
           {Json::array({1, "a"}), Json::object({{"a", 1}}), Json("other"), Json(-1.5), Json(true)}) {
        if (value.is_null() || other.type() == value.type() || (value.is_number() && other.is_number())) continue;
        const std::string message = message_with(bytes, place, other);
        if (message == "no error") {
          ADD_FAILURE() << place << ": " << other;
        }
        EXPECT_EQ(message.find("json"), std::string::npos) << place << ": " << message;
      }
  }
}

TEST(DamagedModel, counts_are_whole_and_not_negative) {
  for (const Json& value : {Json(-1), Json(1.5), Json("1"), Json()}) {
    EXPECT_EQ(message_with(number_of_x, "/training/epochs", value), "m: damaged model: epochs is not a whole number");
    EXPECT_EQ(message_with(number_of_x, "/training/rows/test", value),
              "m: damaged model: test is not a whole number");
    EXPECT_EQ(message_with(images, "/input/height", value), "m: damaged model: height is not a whole number");
  }
}

TEST(DamagedModel, deviations_are_above_zero) {
  for (const Json& value : {Json(0), Json(-1.5)}) {
    EXPECT_EQ(message_with(number_of_x, "/target/deviation", value), "m: damaged model: deviation is not above 0");
    EXPECT_EQ(message_with(number_of_x, "/input/columns/0/spread", value),
              "m: damaged model: column 'x': spread is not above 0");
    EXPECT_EQ(message_with(images, "/input/deviation", value), "m: damaged model: deviation is not above 0");
  }
}

TEST(DamagedModel, what_json_has_for_nan_and_infinity_is_no_number) {
  const auto message = [](const char* place) {
    return message_with(number_of_x, place, std::numeric_limits<double>::quiet_NaN());
  };
  EXPECT_EQ(message("/target/mean"), "m: damaged model: mean is null, expected a number");
  EXPECT_EQ(message("/target/deviation"), "m: damaged model: deviation is null, expected a number");
  for (const char* key : {"median", "center", "spread", "clip"})
    EXPECT_EQ(message(("/input/columns/0/" + std::string(key)).c_str()),
              "m: damaged model: column 'x': " + std::string(key) + " is null, expected a number");
  EXPECT_EQ(message("/temperature"), "m: damaged model: temperature is null, expected a number");
  EXPECT_EQ(message_with(images, "/input/mean", Json()), "m: damaged model: mean is null, expected a number");
  EXPECT_EQ(message_with(number_of_x, "/input/columns/0/knots", Json::array({0, Json(), 1})),
            "m: damaged model: column 'x': an element of knots is null, expected a number");
  EXPECT_EQ(message_with(number_of_x, "/input/columns/0/range", Json::array({0, Json()})),
            "m: damaged model: column 'x': an element of range is null, expected a number");
  EXPECT_EQ(message_with(number_of_x, "/target/range", Json::array({0, Json()})),
            "m: damaged model: an element of range is null, expected a number");
}

TEST(DamagedModel, unknown_kinds_are_refused) {
  EXPECT_EQ(message_with(number_of_x, "/input/kind", "sound"), "m: damaged model: unknown kind of input 'sound'");
  EXPECT_EQ(message_with(number_of_x, "/target/kind", "rank"), "m: damaged model: unknown kind of target 'rank'");
  EXPECT_EQ(message_with(number_of_x, "/input/columns/0/kind", "sound"),
            "m: damaged model: column 'x': unknown kind 'sound'");
  EXPECT_EQ(message_with(number_of_x, "/precision", "half"), "m: damaged model: unknown precision 'half'");
}

TEST(DamagedModel, knots_rise) {
  for (const Json& knots : {Json({1}), Json({1, 1}), Json({1, 3, 2})})
    EXPECT_EQ(message_with(number_of_x, "/input/columns/0/knots", knots),
              "m: damaged model: column 'x': knots do not rise");
}

TEST(DamagedModel, a_number_of_networks_that_cannot_be_is_refused) {
  for (const int count : {0, 1000})
    EXPECT_EQ(message_with(number_of_x, "/networks", count), "m: damaged model: no such number of networks");
  EXPECT_NE(message_with(number_of_x, "/networks", 2), "no error");
}

TEST(DamagedModel, a_calibration_is_of_sorted_finite_numbers) {
  Model model = model_of_x<float>(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity", {1, 0});
  for (const std::vector<double>& errors : {std::vector<double>{2, 1}, std::vector<double>{-1, 1}}) {
    model.calibration.errors = errors;
    EXPECT_EQ(message_for(format_model(model)),
              "m: damaged model: the errors of the calibration are not sorted numbers from 0 on");
  }
  model.calibration.errors = {1, std::numeric_limits<double>::infinity()};
  EXPECT_EQ(message_for(format_model(model)),
            "m: damaged model: tensor 'calibration.errors' holds a value that is not finite (inf at place 2)");
  model.calibration = {.temperature = 0};
  EXPECT_EQ(message_for(format_model(model)), "m: damaged model: temperature is not above 0");
  model.calibration = {.temperature = 2};
  EXPECT_EQ(message_for(format_model(model)),
            "m: damaged model: it has a temperature, which divides logits, and no logits");
}

TEST(DamagedModel, a_proof_is_of_the_columns_and_has_a_value_for_each_row) {
  Model model = parse_model(number_of_x, "m");
  model.proof = prove(model, table_x({"1", "2"}), false);
  const std::string proved = format_model(model);
  ASSERT_TRUE(parse_model(proved, "m").proof);
  const auto message_with_proof = [&](const char* text) { return message_for(with_metadata(proved, "proof", text)); };
  EXPECT_EQ(message_with_proof(R"({"made_up": false, "columns": ["z"], "rows": [["1"], ["2"]]})"),
            "m: damaged model: the rows of proof have other columns");
  EXPECT_EQ(message_with_proof(R"({"made_up": false, "columns": ["x"], "rows": [["1"]]})"),
            "m: damaged model: the values of the proof have another shape");
  EXPECT_EQ(message_with_proof(R"({"made_up": false, "columns": ["x"], "rows": [["1"], ["2", "3"]]})"),
            "m: damaged model: rows of proof:2: 2 columns, expected 1");
  EXPECT_EQ(message_for(with_metadata(proved, "proof", {})),
            "m: damaged model: there are values of a proof, but no rows");
  EXPECT_EQ(message_with_proof(""), "m: damaged model: the proof is no JSON from byte 1 on");
  EXPECT_EQ(message_with_proof("{}"), "m: damaged model: 'columns' is missing");
  EXPECT_EQ(message_with_proof(R"({"made_up": 1, "columns": ["x"], "rows": [["1"], ["2"]]})"),
            "m: damaged model: made_up is the number 1, expected true or false");
  EXPECT_EQ(message_with_proof(R"({"made_up": true, "columns": ["x"], "rows": [["1"], [2]]})"),
            "m: damaged model: a cell of proof is the number 2, expected a text");
  EXPECT_EQ(message_with_proof(R"({"made_up": true, "columns": ["x"], "rows": ["1", "2"]})"),
            "m: damaged model: a row of proof is a text, expected a list");
}

TEST(DamagedModel, categories_and_classes_are_in_order_and_each_once) {
  for (const Json& values : {Json({"red", "blue"}), Json({"red", "red"})})
    EXPECT_EQ(message_with(categories, "/input/columns/0/values", values),
              "m: damaged model: column 'x': values are not sorted");
  for (const Json& values :
       {Json({"b", "a", "c"}), Json({"a", "b", "b"}), Json({"10", "9", "a"}), Json({"a", "1", "b"})})
    EXPECT_EQ(message_with(classes_of_x, "/target/classes", values),
              "m: damaged model: target: classes are not sorted");
  EXPECT_EQ(message_with(classes_of_x, "/target/classes", Json::array({"a"})),
            "m: damaged model: target: fewer than two classes");
}

TEST(DamagedModel, names_that_do_not_exist_are_told) {
  const auto layer = [](const char* text) { return message_with(number_of_x, "/layers/0", text); };
  EXPECT_EQ(layer("dence:units=1"), "m: damaged model: unknown layer 'dence': did you mean 'dense'?");
  EXPECT_EQ(layer("dense:units=1,activation=identiti"),
            "m: damaged model: unknown activation 'identiti': did you mean 'identity'?");
  EXPECT_EQ(layer("dense:units=1,initialiser=he_normall"),
            "m: damaged model: unknown initialiser 'he_normall': did you mean 'he_normal'?");
  EXPECT_EQ(layer("dense:units=0"), "m: damaged model: dense: units must be at least 1");
  EXPECT_EQ(layer("embedding:blocks=1-2"),
            "m: damaged model: embedding: block '1-2' is outside of the layer's 1 inputs");
  EXPECT_EQ(layer("batch_norm:epsilon=0"), "m: damaged model: batch_norm: epsilon must be above 0");
  EXPECT_EQ(message_with(number_of_x, "/loss", "squared_eror"),
            "m: damaged model: unknown loss 'squared_eror': did you mean 'squared_error'?");
}

// --- parts that do not fit each other ------------------------------------------------------------------------------

TEST(DamagedModel, layers_and_tensors_fit_each_other) {
  const auto layers = [](const Json& texts) { return message_with(classes_of_x, "/layers", texts); };
  EXPECT_EQ(layers({"dense:units=2,activation=softmax"}), "m: damaged model: tensor '0.W' has another shape");
  EXPECT_EQ(layers({"dense:units=3,activation=softmax,bias=false"}),
            "m: damaged model: there are tensors that belong to no layer");
  EXPECT_EQ(layers({"dense:units=3,activation=softmax", "batch_norm"}),
            "m: damaged model: layers have more parameters than the file");
  EXPECT_EQ(layers({"dropout", "dense:units=3,activation=softmax"}), "m: damaged model: tensor '1.W' is missing");
  EXPECT_EQ(layers(Json::array()), "m: damaged model: a network needs at least one layer");
  EXPECT_EQ(message_with(classes_of_x, "/precision", "double"),
            "m: damaged model: tensor '0.W' is F32, expected F64");
}

TEST(DamagedModel, inputs_fit_the_first_layer) {
  EXPECT_EQ(message_with(categories, "/input/columns/0/values", {"blue", "green", "red"}),
            "m: damaged model: layers have more parameters than the file");
  EXPECT_EQ(message_with(categories, "/input/columns/0/values", Json::array({"red"})),
            "m: damaged model: tensor '0.W' has another shape");
  EXPECT_EQ(message_with(categories, "/input/columns/0/values", Json::array()),
            "m: damaged model: there are no inputs");
  EXPECT_EQ(message_with(number_of_x, "/input/columns", Json::array()), "m: damaged model: there are no inputs");
  EXPECT_EQ(message_with(images, "/input/height", 1), "m: damaged model: tensor '0.W' has another shape");
  EXPECT_EQ(message_with(images, "/input/width", 1U << 20), "m: damaged model: images are too large");
}

TEST(DamagedModel, outputs_fit_the_target_and_the_loss) {
  EXPECT_EQ(message_with(classes_of_x, "/target/classes", {"a", "b", "c", "d"}),
            "m: damaged model: the network's outputs do not fit the target");
  EXPECT_EQ(message_with(categories, "/target/one_hot", true),
            "m: damaged model: the network's outputs do not fit the target");
  EXPECT_EQ(message_with(classes_of_x, "/loss", "binary_cross_entropy"),
            "m: damaged model: loss binary_cross_entropy needs the output activation sigmoid, found softmax");
  EXPECT_EQ(message_with(classes_of_x, "/loss", "gaussian_nll"),
            "m: damaged model: loss gaussian_nll is for numbers, but the target is of classes");
}

// --- claims --------------------------------------------------------------------------------------------------------

// Kilobytes: the most that this process has had at once.
long most_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(DamagedModel, a_claim_of_many_units_takes_no_memory) {
  const long before = most_memory();
  EXPECT_EQ(message_with(number_of_x, "/layers/0", "dense:units=2000000000"),
            "m: damaged model: layers have more parameters than the file");
  EXPECT_EQ(message_with(number_of_x, "/layers/0", "dense:units=18446744073709551615"),
            "m: damaged model: dense: units must be at most 2147483647");
  for (const char* name : {"height", "width"})
    EXPECT_THROW(parse_model(patched(images, std::string("/input/") + name, 65536), "m"), Error);
  EXPECT_LT(most_memory() - before, 64 * 1024);
}

// Each layer alone has no more values than the file, all of them together have a thousand times as many.
TEST(DamagedModel, many_layers_that_claim_the_same_values_take_no_memory) {
  Json names = Json::array();
  for (int i = 0; i < 2000; ++i) names.push_back(i == 0 ? "dense:units=100000" : "batch_norm");
  const std::vector<float> values(200'000);
  const std::string file =
      format_safetensors({{"0.W", tensor_of<float>({100'000}, std::span(values).first(100'000))},
                          {"0.b", tensor_of<float>({100'000}, std::span(values).first(100'000))}},
                         parse_safetensors(number_of_x, "m").metadata());
  const std::string claiming = patched(file, "/layers", names);
  const long before = most_memory();
  EXPECT_EQ(message_for(claiming), "m: damaged model: layers have more parameters than the file");
  EXPECT_LT(most_memory() - before, 64 * 1024);
}

}  // namespace
}  // namespace neurone
