// The Open Inference Protocol: tensors in, tensors out, as JSON and as bytes.
#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "server/tensor.h"
#include "tests/server/people.h"

namespace neurone::server {
namespace {

using Json = nlohmann::json;

const std::string two_people = R"({"id": "x1", "inputs": [
  {"name": "age", "shape": [2], "datatype": "FP64", "data": [25, null]},
  {"name": "city", "shape": [2, 1], "datatype": "BYTES", "data": [["Bern"], [""]]},
  {"name": "since", "shape": [2], "datatype": "BYTES", "data": ["2020-05-17", "1999-12-31"]}]})";

const std::string infer = "/v2/models/people/infer";

Json output_of(const Json& answer, const std::string& name) {
  for (const Json& each : answer["outputs"])
    if (each["name"] == name) return each;
  return {};
}

template <class T> std::string raw(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

TEST(OpenInference, tensors_of_JSON_get_the_bits_of_neurone_predict) {
  const Served served;
  const Response response = served.post(infer, two_people);
  ASSERT_EQ(response.status, 200) << response.body;
  const Json answer = Json::parse(response.body);
  const Predictions predictions =
      predict(people(), Table({"age", "city", "since"}, {{"25", "Bern", "2020-05-17"}, {"", "", "1999-12-31"}}));
  EXPECT_EQ(answer["model_name"], "people");
  EXPECT_EQ(answer["id"], "x1");
  const Json probabilities = output_of(answer, "probabilities");
  EXPECT_EQ(probabilities["shape"], Json({2, 2}));
  EXPECT_EQ(probabilities["datatype"], "FP64");
  EXPECT_EQ(
      probabilities["data"].get<std::vector<double>>(),
      std::vector<double>(predictions.values.view().elements().begin(), predictions.values.view().elements().end()));
  const std::vector<std::string> classes{"no", "yes"};
  EXPECT_EQ(output_of(answer, "prediction")["data"],
            Json({classes[predictions.classes[0]], classes[predictions.classes[1]]}));
  EXPECT_EQ(output_of(answer, "flags")["data"][0], "");
}

TEST(OpenInference, a_row_whose_prediction_overflows_is_refused) {
  Served served;
  served.models.put(neurone::server::served("people", exponential()));
  const Response response =
      served.post(infer, R"({"inputs": [{"name": "x", "shape": [2], "datatype": "FP64", "data": [1, 89]}]})");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(Json::parse(response.body)["error"],
            "row 2: the prediction is not a finite number: prediction is infinite, because numbers of the network "
            "overflow a float");
}

TEST(OpenInference, bytes_behind_the_JSON_say_the_same_and_answers_may_be_bytes) {
  const Served served;
  const Json expected = Json::parse(served.post(infer, two_people).body);
  const std::string ages = raw(std::vector<float>{25, NAN});
  const std::string cities = bytes_of(std::vector<std::string>{"Bern", ""});
  const std::string head = R"({"inputs": [
    {"name": "age", "shape": [2], "datatype": "FP32", "parameters": {"binary_data_size": 8}},
    {"name": "since", "shape": [2], "datatype": "BYTES", "data": ["2020-05-17", "1999-12-31"]},
    {"name": "city", "shape": [2], "datatype": "BYTES", "parameters": {"binary_data_size": 12}}],
    "outputs": [{"name": "probabilities", "parameters": {"binary_data": true}}, {"name": "prediction"}]})";
  const std::string size = std::to_string(head.size()), body = head + ages + cities;
  const Response response = served({.method = "POST", .target = infer, .json_size = size, .body = body});
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.content_type, content::bytes);
  ASSERT_EQ(response.headers.at(0).first, "Inference-Header-Content-Length");
  const std::size_t cut = std::stoul(response.headers[0].second);
  const Json answer = Json::parse(response.body.substr(0, cut));
  EXPECT_EQ(answer["outputs"].size(), 2);
  EXPECT_EQ(output_of(answer, "prediction"), output_of(expected, "prediction"));
  EXPECT_EQ(output_of(answer, "probabilities")["parameters"]["binary_data_size"], 32);
  EXPECT_EQ(response.body.substr(cut),
            bytes_of(output_of(expected, "probabilities")["data"].get<std::vector<double>>()));
}

TEST(OpenInference, all_outputs_are_bytes_where_the_request_says_so) {
  const Served served;
  Json request = Json::parse(two_people);
  request["parameters"]["binary_data_output"] = true;
  const Response response = served.post(infer, request.dump());
  const std::size_t cut = std::stoul(response.headers.at(0).second);
  const Json answer = Json::parse(response.body.substr(0, cut));
  std::size_t size = 0;
  for (const Json& each : answer["outputs"]) size += each["parameters"]["binary_data_size"].get<std::size_t>();
  EXPECT_EQ(answer["outputs"].size(), 3);
  EXPECT_EQ(response.body.size() - cut, size);
}

TEST(OpenInference, every_datatype_is_read_from_bytes) {
  const auto numbers = [](const char* datatype, std::string bytes, std::size_t size) {
    const Json input{
        {"name", "x"}, {"datatype", datatype}, {"shape", {2U}}, {"parameters", {{"binary_data_size", 2 * size}}}};
    std::string_view rest = bytes;
    return std::get<std::vector<double>>(tensor_of(input, rest).elements);
  };
  const std::vector<double> expected{3, 100}, negative{-3, 100};
  EXPECT_EQ(numbers("BOOL", raw<std::uint8_t>({0, 1}), 1), (std::vector<double>{0, 1}));
  EXPECT_EQ(numbers("UINT8", raw<std::uint8_t>({3, 100}), 1), expected);
  EXPECT_EQ(numbers("UINT16", raw<std::uint16_t>({3, 100}), 2), expected);
  EXPECT_EQ(numbers("UINT32", raw<std::uint32_t>({3, 100}), 4), expected);
  EXPECT_EQ(numbers("UINT64", raw<std::uint64_t>({3, 100}), 8), expected);
  EXPECT_EQ(numbers("INT8", raw<std::int8_t>({-3, 100}), 1), negative);
  EXPECT_EQ(numbers("INT16", raw<std::int16_t>({-3, 100}), 2), negative);
  EXPECT_EQ(numbers("INT32", raw<std::int32_t>({-3, 100}), 4), negative);
  EXPECT_EQ(numbers("INT64", raw<std::int64_t>({-3, 100}), 8), negative);
  EXPECT_EQ(numbers("FP32", raw<float>({-3, 100}), 4), negative);
  EXPECT_EQ(numbers("FP64", raw<double>({-3, 100}), 8), negative);
  EXPECT_EQ(numbers("FP16", raw<std::uint16_t>({0xC200, 0x5640}), 2), negative);
  EXPECT_EQ(numbers("FP16", raw<std::uint16_t>({0x0001, 0xFC00}), 2), (std::vector<double>{0x1p-24, -HUGE_VAL}));
}

TEST(OpenInference, images_are_one_tensor) {
  Served served;
  served.models.put(neurone::server::served("pictures", pictures()));
  const auto ask = [&](const std::string& shape, const std::string& data) {
    return served.post(
        "/v2/models/pictures/infer",
        R"({"inputs": [{"name": "images", "datatype": "UINT8", "shape": )" + shape + R"(, "data": )" + data + "}]}");
  };
  const Json plain = Json::parse(served.post("/models/pictures/predict", "[0,1,2,3,4,255]").body);
  const Json answer = Json::parse(ask("[1,2,3]", "[0,1,2,3,4,255]").body);
  EXPECT_EQ(output_of(answer, "prediction")["data"][0], plain["predictions"][0]["prediction"]);
  EXPECT_EQ(ask("[1,6]", "[0,1,2,3,4,255]").status, 200);
  EXPECT_EQ(ask("[1,3,2]", "[0,1,2,3,4,255]").status, 400);
  EXPECT_EQ(ask("[1,2,3]", "[0,1,2,3,4,256]").status, 400);
}

TEST(OpenInference, models_say_what_they_take_and_give) {
  const Json metadata = Json::parse(Served().get("/v2/models/people").body);
  EXPECT_EQ(metadata["inputs"][0], Json::parse(R"({"name": "age", "datatype": "FP64", "shape": [-1]})"));
  EXPECT_EQ(metadata["inputs"][2]["datatype"], "BYTES");
  EXPECT_EQ(metadata["outputs"][1],
            Json::parse(R"({"name": "probabilities", "datatype": "FP64", "shape": [-1, 2]})"));
  EXPECT_EQ(metadata["versions"], Json({"1"}));
  EXPECT_EQ(Json::parse(Served().get("/v2").body)["extensions"], Json({"binary_tensor_data"}));
}

TEST(OpenInference, what_does_not_fit_is_refused_with_the_reason) {
  const Served served;
  const auto changed = [](const std::function<void(Json&)>& change) {
    Json request = Json::parse(two_people);
    change(request);
    return request.dump();
  };
  const std::vector<std::pair<std::string, std::string>> cases{
      {std::string(20, '['), "the body is JSON of too many levels"},
      {"[]", "expected an object with a list of inputs"},
      {R"({"inputs": []})", "input 'age' is missing"},
      {R"({"inputs": [7]})", "inputs: expected objects with a name"},
      {changed([](Json& r) { r["inputs"][0]["name"] = "aeg"; }), "unknown input 'aeg': did you mean 'age'?"},
      {changed([](Json& r) { r["inputs"].push_back(r["inputs"][0]); }), "input 'age' stands twice"},
      {changed([](Json& r) { r["inputs"][0]["shape"] = {3}; }), "input 'age': 2 elements, expected 3 for its shape"},
      {changed([](Json& r) { r["inputs"][0]["shape"] = {-1}; }), "input 'age': shape: expected a whole number"},
      {changed([](Json& r) { r["inputs"][0]["shape"] = {1, 2}; }),
       "input 'age': expected the shape [rows] or [rows, 1]"},
      {changed([](Json& r) { r["inputs"][0]["shape"] = {1ULL << 33U, 1ULL << 33U}; }),
       "input 'age': its shape is too large"},
      {changed([](Json& r) { r["inputs"][0]["datatype"] = "FP46"; }),
       "input 'age': unknown datatype 'FP46': did you mean 'FP16'?"},
      {changed([](Json& r) { r["inputs"][0]["data"] = {"a", "b"}; }), "input 'age': FP64: expected numbers"},
      {changed([](Json& r) { r["inputs"][1]["data"] = {1, 2}; }), "input 'city': BYTES: expected texts"},
      {changed([](Json& r) {
         r["inputs"][0]["shape"] = {1};
         r["inputs"][0]["data"] = {1};
       }),
       "input 'city': 2 rows, expected 1 as 'age' has"},
      {changed([](Json& r) { r["outputs"] = {{{"name", "price"}}}; }),
       "unknown output 'price', expected one of: prediction, probabilities, flags"},
      {changed([](Json& r) { r["inputs"][0]["parameters"]["binary_data_size"] = 16; }),
       "input 'age': binary_data_size 16, but 0 bytes are left behind the JSON"},
  };
  for (const auto& [body, message] : cases) {
    const Response response = served.post(infer, body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_EQ(Json::parse(response.body)["error"], message) << body;
  }
  EXPECT_EQ(served({.method = "POST", .target = infer, .json_size = "9999", .body = two_people}).status, 400);
  EXPECT_EQ(served({.method = "POST", .target = infer, .json_size = "x", .body = two_people}).status, 400);
  const std::string size = std::to_string(two_people.size()), longer = two_people + "??";
  EXPECT_EQ(served({.method = "POST", .target = infer, .json_size = size, .body = longer}).status, 400);
}

}  // namespace
}  // namespace neurone::server
