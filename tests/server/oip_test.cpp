// The Open Inference Protocol: tensors in, tensors out, as JSON and as bytes.
#include <gtest/gtest.h>

#include <cmath>
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

// A tensor of the shape [2] that is read from bytes.
Tensor tensor_of_bytes(const char* datatype, std::string_view bytes) {
  const Json input{
      {"name", "x"}, {"datatype", datatype}, {"shape", {2U}}, {"parameters", {{"binary_data_size", bytes.size()}}}};
  const std::string text = input.dump();
  JsonScanner json(text);
  return read_tensor(json, bytes, [](const Tensor&) {});
}

std::vector<double> numbers_of(const char* datatype, std::string_view bytes) {
  return std::get<std::vector<double>>(tensor_of_bytes(datatype, bytes).elements);
}

std::string digits_of(const char* datatype, std::string_view bytes) {
  return std::get<Texts>(tensor_of_bytes(datatype, bytes).elements).text;
}

std::string refusal_of_bytes(const char* datatype, std::string_view bytes) {
  try {
    tensor_of_bytes(datatype, bytes);
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.status(), 400);
    return refusal.what();
  }
  return "";
}

TEST(OpenInference, every_datatype_is_read_from_bytes) {
  const std::vector<double> expected{3, 100}, negative{-3, 100};
  EXPECT_EQ(numbers_of("BOOL", raw<std::uint8_t>({0, 1})), (std::vector<double>{0, 1}));
  EXPECT_EQ(numbers_of("UINT8", raw<std::uint8_t>({3, 100})), expected);
  EXPECT_EQ(numbers_of("UINT16", raw<std::uint16_t>({3, 100})), expected);
  EXPECT_EQ(numbers_of("UINT32", raw<std::uint32_t>({3, 100})), expected);
  EXPECT_EQ(numbers_of("INT8", raw<std::int8_t>({-3, 100})), negative);
  EXPECT_EQ(numbers_of("INT16", raw<std::int16_t>({-3, 100})), negative);
  EXPECT_EQ(numbers_of("INT32", raw<std::int32_t>({-3, 100})), negative);
  EXPECT_EQ(numbers_of("FP32", raw<float>({-3, 100})), negative);
  EXPECT_EQ(numbers_of("FP64", raw<double>({-3, 100})), negative);
  EXPECT_EQ(numbers_of("FP16", raw<std::uint16_t>({0xC200, 0x5640})), negative);
  EXPECT_EQ(numbers_of("FP16", raw<std::uint16_t>({0x0001, 0x7BFF})), (std::vector<double>{0x1p-24, 65504}));
  EXPECT_EQ(numbers_of("BF16", raw<std::uint16_t>({0xC040, 0x42C8})), negative);
}

TEST(OpenInference, whole_numbers_of_64_bits_keep_their_last_digit) {
  constexpr std::int64_t odd = 9'007'199'254'740'993;  // 2^53 + 1, which is no double
  EXPECT_EQ(digits_of("INT64", raw<std::int64_t>({odd, -odd})), "9007199254740993-9007199254740993");
  EXPECT_EQ(digits_of("UINT64", raw<std::uint64_t>({7, 18'446'744'073'709'551'615U})), "718446744073709551615");
}

TEST(OpenInference, bytes_that_are_no_elements_are_refused) {
  EXPECT_EQ(refusal_of_bytes("FP32", raw<float>({1, -HUGE_VALF})),
            "input 'x': element 1: an infinity, expected a number up to 3.4028e+38 in size (FP32)");
  EXPECT_EQ(refusal_of_bytes("FP64", raw<double>({HUGE_VAL, 1})),
            "input 'x': element 0: an infinity, expected a number up to 1.7977e+308 in size (FP64)");
  EXPECT_NE(refusal_of_bytes("FP16", raw<std::uint16_t>({0, 0x7C00})), "");
  EXPECT_NE(refusal_of_bytes("BF16", raw<std::uint16_t>({0, 0xFF80})), "");
  EXPECT_TRUE(std::isnan(numbers_of("FP32", raw<float>({1, NAN}))[1]));  // a missing value
  EXPECT_EQ(refusal_of_bytes("BOOL", raw<std::uint8_t>({1, 2})),
            "input 'x': element 1: the byte 2, expected true or false (BOOL)");
  for (const std::size_t size : {0U, 1U, 8U, 15U, 17U, 24U})
    EXPECT_EQ(refusal_of_bytes("FP64", std::string(size, '\0')),
              "input 'x': binary_data_size " + std::to_string(size) + ", expected 16 for 2 elements of FP64");
  const auto text = [](std::uint32_t size, const std::string& bytes) { return raw<std::uint32_t>({size}) + bytes; };
  EXPECT_EQ(refusal_of_bytes("BYTES", text(1, "a") + text(1, "b")), "");
  EXPECT_EQ(refusal_of_bytes("BYTES", text(1, "a")), "input 'x': its bytes break off in element 1 of 2");
  EXPECT_EQ(refusal_of_bytes("BYTES", text(1, "a") + "\1\0"), "input 'x': its bytes break off in element 1 of 2");
  EXPECT_EQ(refusal_of_bytes("BYTES", text(1, "a") + text(0xFFFFFFFF, "b")),
            "input 'x': element 1: a text of 4294967295 bytes, 1 are left");
  EXPECT_EQ(refusal_of_bytes("BYTES", text(1, "a") + text(1, "b") + text(1, "c")),
            "input 'x': 5 bytes behind the 2 elements of its shape");
  EXPECT_EQ(refusal_of_bytes("BYTES", text(1, "a") + text(1, "\xff")), "input 'x': element 1: not UTF-8 text");
}

// What JSON may say of a datatype: the least and the most, and what is just beyond.
TEST(OpenInference, numbers_beyond_their_datatype_are_refused) {
  struct Range {
    const char *datatype, *least, *most, *below, *above;
  };
  const std::vector<Range> ranges{
      {"BOOL", "0", "1", "-1", "2"},
      {"UINT8", "0", "255", "-1", "256"},
      {"UINT16", "0", "65535", "-1", "65536"},
      {"UINT32", "0", "4294967295", "-1", "4294967296"},
      {"UINT64", "0", "18446744073709551615", "-1", "18446744073709551616"},
      {"INT8", "-128", "127", "-129", "300"},
      {"INT16", "-32768", "32767", "-32769", "32768"},
      {"INT32", "-2147483648", "2147483647", "-2147483649", "2147483648"},
      {"INT64", "-9223372036854775808", "9223372036854775807", "-9223372036854775809", "9223372036854775808"},
      {"INT8", "-1.28e2", "127.0", "-128.5", "0.5"},
      {"UINT64", "0.0", "1e19", "-1e-3", "1.8446744073709551616e19"},
      {"FP16", "-65504", "65504", "-65505", "1e5"},
      {"BF16", "-3e38", "3e38", "-3.4e38", "1e39"},
      {"FP32", "-3.4e38", "1e-400", "-3.5e38", "1e39"},
      {"FP64", "-1.7e308", "1.7e308", "-1e400", "1e400"},
      {"FP64", "null", "true", "\"7\"", "{}"},
      {"BYTES", "null", "\"7\"", "7", "true"}};
  const auto accepts = [](const Range& range, const char* element) {
    const std::string text = std::string(R"({"name": "x", "shape": [1], "datatype": ")") + range.datatype +
                             R"(", "data": [)" + element + "]}";
    std::string_view bytes;
    JsonScanner json(text);
    try {
      return std::get<Texts>(read_tensor(json, bytes, [](const Tensor&) {}).elements).cells.size() == 1;
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.status(), 400);
      return false;
    }
  };
  for (const Range& range : ranges) {
    EXPECT_TRUE(accepts(range, range.least)) << range.datatype << ' ' << range.least;
    EXPECT_TRUE(accepts(range, range.most)) << range.datatype << ' ' << range.most;
    EXPECT_FALSE(accepts(range, range.below)) << range.datatype << ' ' << range.below;
    EXPECT_FALSE(accepts(range, range.above)) << range.datatype << ' ' << range.above;
  }
}

TEST(OpenInference, the_order_of_members_means_nothing) {
  const Served served;
  const std::string turned = R"({"outputs": [{"parameters": {"binary_data": false}, "name": "probabilities"}],
    "inputs": [{"data": ["2020-05-17", "1999-12-31"], "shape": [2], "datatype": "BYTES", "name": "since"},
    {"data": [["Bern"], [""]], "datatype": "BYTES", "shape": [2, 1], "extra": [{}], "name": "city"},
    {"datatype": "FP64", "data": [25, null], "name": "age", "parameters": {"x": 1}, "shape": [2]}],
    "parameters": {"binary_data_output": true}, "id": "x1"})";
  const Json expected = Json::parse(served.post(infer, two_people).body);
  const Json answer = Json::parse(served.post(infer, turned).body);
  EXPECT_EQ(answer["id"], "x1");
  EXPECT_EQ(answer["outputs"], Json::array({output_of(expected, "probabilities")}));
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
  const Json metadata = Json::parse(Served().get("/v2/models/people").content());
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
      {std::string(20, '['), "expected an object with a list of inputs"},
      {R"({"x": )" + std::string(200, '['), "the body is JSON of too many levels"},
      {"{}", "expected an object with a list of inputs"},
      {R"({"inputs": {}})", "expected an object with a list of inputs"},
      {R"({"inputs": [{}, {}]})", "inputs: expected objects with a name"},
      {R"({"inputs": [], "inputs": []})", "'inputs' stands twice in one object"},
      {R"({"inputs": [{"name": "age", "name": "age"}]})", "'name' stands twice in one object"},
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
      {changed([](Json& r) { r["inputs"][0]["shape"] = {1ULL << 32U, 1ULL << 32U}; }),
       "input 'age': its shape is too large"},
      {changed([](Json& r) { r["inputs"][0]["shape"] = {1e30}; }), "input 'age': shape: expected a whole number"},
      {changed([](Json& r) { r["inputs"][0]["shape"] = std::vector<int>(9, 1); }),
       "input 'age': its shape has more than 8 dimensions"},
      {changed([](Json& r) { r["inputs"][0]["shape"] = {200'000}; }),
       "more than 100000 rows, the most of one request"},
      {changed([](Json& r) { r["inputs"][0]["datatype"] = "FP46"; }),
       "input 'age': unknown datatype 'FP46': did you mean 'FP16'?"},
      {changed([](Json& r) { r["inputs"][0]["data"] = {"a", "b"}; }),
       "input 'age': element 0: the text 'a', expected a number up to 1.7977e+308 in size (FP64)"},
      {changed([](Json& r) { r["inputs"][1]["data"] = {1, 2}; }),
       "input 'city': element 0: 1, expected a text (BYTES)"},
      {changed([](Json& r) {
         r["inputs"][0]["shape"] = {1};
         r["inputs"][0]["data"] = {1};
       }),
       "input 'city': 2 rows, expected 1 as 'age' has"},
      {changed([](Json& r) { r["outputs"] = {{{"name", "price"}}}; }),
       "unknown output 'price', expected one of: prediction, probabilities, flags"},
      {changed([](Json& r) { r["inputs"][0]["parameters"]["binary_data_size"] = 16; }),
       "input 'age': has data in the JSON and binary_data_size"},
      {changed([](Json& r) {
         r["inputs"][0].erase("data");
         r["inputs"][0]["parameters"]["binary_data_size"] = 16;
       }),
       "input 'age': binary_data_size 16, but 0 bytes are left behind the JSON"},
      {changed([](Json& r) { r["inputs"][0]["data"] = {1, 2, 3}; }),
       "input 'age': more elements than the 2 of its shape"},
  };
  for (const auto& [body, message] : cases) {
    const Response response = served.post(infer, body);
    EXPECT_EQ(response.status, message.starts_with("more than 1") ? 413 : 400) << body;
    EXPECT_EQ(Json::parse(response.body)["error"], message) << body;
  }
  EXPECT_EQ(served.post(infer, "{\"id\":\n nul}").body,
            "{\"error\":\"the body is no JSON: line 2, column 2: expected a value\"}\n");
  EXPECT_EQ(served({.method = "POST", .target = infer, .json_size = "9999", .body = two_people}).status, 400);
  EXPECT_EQ(served({.method = "POST", .target = infer, .json_size = "x", .body = two_people}).status, 400);
  const std::string size = std::to_string(two_people.size()), longer = two_people + "??";
  EXPECT_EQ(served({.method = "POST", .target = infer, .json_size = size, .body = longer}).status, 400);
}

}  // namespace
}  // namespace neurone::server
