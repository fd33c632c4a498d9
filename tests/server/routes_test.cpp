// Which request gets which answer, without sockets.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "neurone/model/prediction_text.h"
#include "tests/data/temporary_folder.h"
#include "tests/server/people.h"

namespace neurone::server {
namespace {

using Json = nlohmann::json;

const std::string three_people = R"([{"age": 25, "city": "Bern", "since": "2020-05-17"},
  {"age": null, "city": "Zürich", "since": "1999-12-31"}, {"since": "2001-01-01", "city": null, "age": -3.5e1}])";

Json error_of(const Response& response) {
  return Json::parse(response.body)["error"];
}

TEST(Routes, a_prediction_has_the_bits_of_neurone_predict) {
  const Served served;
  const Table table({"age", "city", "since"},
                    {{"25", "Bern", "2020-05-17"}, {"", "Zürich", "1999-12-31"}, {"-35", "", "2001-01-01"}});
  const Model model = people();
  const Predictions predictions = predict(model, table);
  const Response response = served.post("/predict", three_people);
  ASSERT_EQ(response.status, 200) << response.body;
  const Json answer = Json::parse(response.body);
  ASSERT_EQ(answer["predictions"].size(), 3);
  const std::vector<std::string> classes{"no", "yes"};
  for (std::size_t i = 0; i < 3; ++i) {
    const Json& row = answer["predictions"][i];
    EXPECT_EQ(row["prediction"], classes[predictions.classes[i]]);
    EXPECT_EQ(row["probabilities"]["no"].get<double>(), predictions.values(i, 0));
    EXPECT_EQ(row["probabilities"]["yes"].get<double>(), predictions.values(i, 1));
  }
  std::string lines = json_lines(model, predictions, {.flags = true});  // as neurone predict --json --flags has them
  lines.pop_back();
  for (char& c : lines) c = c == '\n' ? ',' : c;
  EXPECT_EQ(response.body, R"({"model":"people","predictions":[)" + lines + "],\"ignored\":[]}\n");
}

TEST(Routes, rows_of_CSV_and_JSON_say_the_same_and_answers_may_be_CSV) {
  const Served served;
  const std::string csv = "since;age;city\n2020-05-17;25;Bern\n1999-12-31;;Zürich\n2001-01-01;-35;\n";
  const Response from_json = served.post("/predict", three_people);
  EXPECT_EQ(served.post("/predict", csv, "text/csv").body, from_json.body);
  EXPECT_EQ(served.post("/predict", csv, "application/x-www-form-urlencoded").body, from_json.body);
  const Response answer =
      served({.method = "POST", .target = "/predict", .content_type = "text/csv", .accept = "text/csv", .body = csv});
  EXPECT_TRUE(answer.body.starts_with("prediction,probability_no,probability_yes,flags\n")) << answer.body;
  EXPECT_EQ(answer.content_type, content::csv);
}

TEST(Routes, a_row_whose_prediction_overflows_is_refused) {
  Served served;
  served.models.put(neurone::server::served("people", exponential()));
  EXPECT_EQ(served.post("/predict", R"([{"x": 1}, {"x": 88}])").status, 200);
  const Response response = served.post("/predict", R"([{"x": 1}, {"x": 88}, {"x": 89}])");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(error_of(response),
            "row 3: the prediction is not a finite number: prediction is infinite, because "
            "numbers of the network overflow a float");
  EXPECT_EQ(served.post("/predict", "x\n89\n", "text/csv").status, 422);
}

TEST(Routes, one_object_is_one_row_and_no_row_is_no_prediction) {
  const Served served;
  EXPECT_EQ(Json::parse(served.post("/predict", one_person).body)["predictions"].size(), 1);
  EXPECT_EQ(Json::parse(served.post("/predict", "[]").body)["predictions"], Json::array());
}

TEST(Routes, columns_that_the_model_does_not_use_are_named_and_a_missing_one_is_refused) {
  const Served served;
  const Response more = served.post(
      "/predict",
      R"({"age": 25, "x": {"y": [1, {}]}, "city": "Bern", "since": "2020-05-17", "rich": "yes", "z": []})");
  EXPECT_EQ(Json::parse(more.body)["ignored"], Json({"x", "z"}));
  const Response fewer = served.post("/predict", R"([{"aeg": 25, "city": "Bern", "since": "2020-05-17"}])");
  EXPECT_EQ(fewer.status, 422);
  EXPECT_EQ(error_of(fewer), "rows:1: column 'age' is missing: is 'aeg' meant to be it?");
  const Response csv = served.post("/predict", "city,since\nBern,2020-05-17\n", "text/csv");
  EXPECT_EQ(csv.status, 422);
  EXPECT_EQ(error_of(csv), "rows: column 'age' is missing");
}

TEST(Routes, what_are_no_rows_is_refused_with_the_row_and_the_reason) {
  const Served served;
  const std::vector<std::tuple<std::string, unsigned, std::string>> cases{
      {"", 400, "the body is no JSON"},
      {"{\"age\": 25", 400, "the body is no JSON: line 1, column 11: expected a comma or }, found the end"},
      {"\xff", 400, "the body is no JSON: it is not UTF-8 text"},
      {one_person + "x", 400, "the body is no JSON: line 1, column 51: expected nothing more"},
      {"7", 422, "rows:1: expected an object, or a list of objects"},
      {"[[1]]", 422, "rows:1: expected an object, or a list of objects"},
      {R"([{"age": 1, "city": "x", "since": "2020-01-01"}, 3])", 422, "rows:2: expected an object"},
      {R"({"age": 1, "age": 2})", 422, "rows:1: 'age' stands twice"},
      {R"({"age": 1e400, "city": "x", "since": "2020-01-01"})", 400, "1e400: expected a number below 1.8e308"},
      {R"({"age": [1]})", 422, "rows:1: column 'age': a list, expected"},
      {R"([{"age": 1, "city": "x", "since": "2020-01-01"}, {"age": "two", "city": "", "since": "2020-01-01"}])", 422,
       "rows:2: numeric column 'age': expected a number, found 'two'"},
      {R"({"age": 1, "city": "x", "since": "yesterday"})", 422, "rows:1: date column 'since': expected a date"},
  };
  for (const auto& [body, status, message] : cases) {
    const Response response = served.post("/predict", body);
    EXPECT_EQ(response.status, status) << body;
    EXPECT_TRUE(error_of(response).get<std::string>().starts_with(message)) << body << ": " << response.body;
  }
}

TEST(Routes, a_number_is_written_as_the_column_writes_numbers) {
  Models models;
  const Metrics metrics;
  const Routes routes(models, metrics, {});
  const std::string body = R"({"age": 25.5, "city": 3.0, "since": "2020-05-17"})";
  std::vector<std::string> answers;
  for (const Notation notation : {Notation::point, Notation::comma, Notation::groups}) {
    models.put(served("people", people(notation)));
    const auto outcome =
        routes({.method = "POST", .target = "/predict", .content_type = "text/csv; a=b", .body = body});
    EXPECT_EQ(std::get<Response>(outcome).status, 422);  // no CSV
    auto job = routes({.method = "POST", .target = "/predict", .body = body});
    answers.push_back(run_jobs({&std::get<Job>(job), 1}, 1).front().body);
  }
  EXPECT_EQ(answers[1], answers[0]);
  EXPECT_EQ(answers[2], answers[0]);
  const Predictions predictions = predict(people(), Table({"age", "city", "since"}, {{"25.5", "3", "2020-05-17"}}));
  std::string line = json_lines(people(), predictions, {.flags = true});
  line.pop_back();
  EXPECT_NE(answers[0].find(line), std::string::npos) << answers[0];
}

TEST(Routes, an_interval_is_given_for_a_level_that_the_model_can_keep) {
  const Served served;
  const Response sets = served.post("/predict?interval=0.9", one_person);
  EXPECT_TRUE(Json::parse(sets.body)["predictions"][0].contains("set")) << sets.body;
  for (const char* level :
       {"1.5", "abc", "", "0.9x", "%zz", "nan", "inf", "-0.5", "0", "1", "+0.9", " 0.9", "0x1p-1", "1e-400"})
    EXPECT_EQ(served.post("/predict?interval=" + std::string(level), one_person).status, 400) << level;
}

TEST(Routes, a_parameter_that_is_unknown_or_stands_twice_is_refused_at_every_address) {
  const Served served;
  EXPECT_EQ(error_of(served.post("/predict?intervall=0.9", one_person)),
            "unknown parameter 'intervall': did you mean 'interval'?");
  EXPECT_EQ(error_of(served.post("/models/people/predict?interval=0.9&interval=0.9", one_person)),
            "the parameter 'interval' stands twice");
  EXPECT_EQ(error_of(served.post("/predict?interval=0.9&interva%6C=0.9", one_person)),
            "the parameter 'interval' stands twice");
  EXPECT_EQ(error_of(served.post("/predict?format=csv", one_person)),
            "unknown parameter 'format', expected one of: interval");
  EXPECT_EQ(error_of(served.post("/v2/models/people/infer?interval=0.9", "{}")),
            "unknown parameter 'interval': this address takes none");
  for (const char* target :
       {"/", "/form.js", "/form.css", "/metrics", "/openapi.json", "/models", "/models/people", "/v2",
        "/v2/health/live", "/v2/health/ready", "/v2/models/people", "/v2/models/people/ready"}) {
    EXPECT_EQ(served.get(target).status, 200) << target;
    EXPECT_EQ(served.get(std::string(target) + "?").status, 200) << target;
    for (const char* query : {"?a", "?a=b", "?interval=0.9", "?=", "?a=1&a=2", "?%4"})
      EXPECT_EQ(served.get(std::string(target) + query).status, 400) << target << query;
  }
  for (const char* query : {"?interval=0.9", "?interval=0.9&", "?&interval=0.9", "?interv%61l=0%2E9"})
    EXPECT_EQ(served.post(std::string("/predict") + query, one_person).status, 200) << query;
  std::string many = "/v2?a";
  for (int k = 0; k < 5000; ++k) many += "&a" + std::to_string(k);
  EXPECT_EQ(error_of(served.get(many)), "the address has too many parameters");
}

TEST(Routes, the_answer_has_the_type_that_the_client_likes_best) {
  const Served served;
  const auto type_for = [&](std::string_view accept) -> std::string {
    const Response response = served({.method = "POST", .target = "/predict", .accept = accept, .body = one_person});
    if (response.status != 200) return std::to_string(response.status);
    return response.content_type == content::csv ? "csv" : "json";
  };
  for (const char* accept : {"", " ", "*/*", "application/json", "application/*", "text/csv;q=0, */*",
                             "text/csv;q=0.1, application/json;q=0.9", "application/json, text/csv",
                             "text/*;q=0.5, */*;q=0.8", "TEXT/CSV; Q=0.0, application/JSON", "text/csv;q=2, */*"})
    EXPECT_EQ(type_for(accept), "json") << accept;
  for (const char* accept :
       {"text/csv", "text/*", "text/csv, */*", "text/csv, application/json", "application/json;q=0, */*",
        "application/json;q=0.3, text/csv ; q=0.4", "text/html, Text/CSV;header=present"})
    EXPECT_EQ(type_for(accept), "csv") << accept;
  for (const char* accept : {"text/html", "*/*;q=0", "application/json;q=0", "text/csv;q=0.000"})
    EXPECT_EQ(type_for(accept), "406") << accept;
}

TEST(Routes, a_body_in_another_charset_than_UTF_8_is_refused) {
  const Served served;
  for (const char* type : {"application/json; charset=utf-8", "application/json;charset=\"UTF-8\"",
                           "application/json ; a=b", "Application/JSON; Charset=us-ascii"})
    EXPECT_EQ(served.post("/predict", one_person, type).status, 200) << type;
  for (const char* type : {"application/json; charset=latin1", "text/csv; header=present; charset=utf-16",
                           "text/plain;charset=iso-8859-1", "application/json; charset=", "multipart/form-data"})
    EXPECT_EQ(served.post("/predict", one_person, type).status, 415) << type;
}

TEST(Routes, each_of_several_models_has_an_address) {
  Served served;
  served.models.put(neurone::server::served("a b/c", people(Notation::point, 9)));
  const Response nobody = served.post("/predict", one_person);
  EXPECT_EQ(nobody.status, 404);
  EXPECT_EQ(error_of(nobody), "2 models are being served: say which, as in /models/a b/c/predict");
  const Response one = served.post("/models/people/predict", one_person);
  const Response other = served.post("/models/a%20b%2Fc/predict", one_person);
  EXPECT_EQ(other.status, 200) << other.body;
  EXPECT_NE(one.body, other.body);
  EXPECT_EQ(error_of(served.post("/models/peopel/predict", one_person)),
            "unknown model 'peopel': did you mean 'people'?");
}

TEST(Routes, images_come_as_lists_of_pixels) {
  Served served;
  served.models.put(neurone::server::served("pictures", pictures()));
  const Images images{.height = 2, .width = 3, .pixels = {0, 1, 2, 3, 4, 255}, .labels = {}, .source = "test"};
  const Json expected = Json::parse(json_lines(pictures(), predict(pictures(), images), {.flags = true}));
  for (const char* body : {"[0,1,2,3,4,255]", "[[0,1,2],[3,4,255]]", "[[[0,1,2],[3,4,255]]]", "[[0,1,2,3,4,255]]"})
    EXPECT_EQ(Json::parse(served.post("/models/pictures/predict", body).body)["predictions"], Json::array({expected}))
        << body;
  for (const char* body : {"[0,1,2,3,4]", "[0,1,2,3,4,256]", "[0,1,2,3,4,0.5]", "[0,1,2,3,4,\"x\"]", "{}",
                           "[[[[1]]]]", "[[0,1,2],[3,4]]", "[[0,1,2],3]", "[[[[[]]]]]", "[]", "[[],[0,1,2,3,4,5]]",
                           "[[0,1,2],[3,4,5],[6,7,8]]", "[[[0,1,2]]]", "[[[0,1],[2,3],[4,5]]]", "[[0,1,2,3,4,5],[0]]",
                           "[[0,1,2,3,4,5],0]", "[-1,0,0,0,0,0]", "[1e400,0,0,0,0,0]", "[0,1,2,3,4,5,6]"})
    EXPECT_EQ(served.post("/models/pictures/predict", body).status, 422) << body;
  for (const char* body : {"[0,1,2,3,4", "[[0,1,2],[3,4,5]", "[0,1,2,3,4,5]]", "[0,1,2,3,4,x]", "[0 1]", ""})
    EXPECT_EQ(served.post("/models/pictures/predict", body).status, 400) << body;
  const std::string two = served.post("/models/pictures/predict", "[[1e1,1.0,2,3,4,5],[0,0,0,0,0,0]]").body;
  EXPECT_EQ(Json::parse(two)["predictions"].size(), 2);
  EXPECT_EQ(served.post("/models/pictures/predict", "a,b\n1,2\n", "text/csv").status, 415);
}

TEST(Routes, rows_beyond_the_limit_are_refused_before_memory_is_asked_for) {
  const Served served({.most_rows = 2});
  const Response response = served.post("/predict", three_people);
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(error_of(response), "more than 2 rows, the most of one request");
  const std::string csv = "age,city,since\n1,x,2020-01-01\n1,x,2020-01-01\n1,x,2020-01-01\n";
  EXPECT_EQ(served.post("/predict", csv, "text/csv").status, 413);
  EXPECT_EQ(served.post("/predict", csv.substr(0, csv.size() - 15), "text/csv").status, 200);
}

TEST(Routes, rows_unlike_those_of_training_are_flagged_and_with_strict_refused) {
  const std::string body = R"([{"age": 25, "city": "Bern", "since": "2020-05-17"},
    {"age": 150, "city": "Rome", "since": "2020-05-17"}])";
  const Json answer = Json::parse(Served().post("/predict", body).body);
  EXPECT_EQ(answer["predictions"][0]["flags"], Json::object());
  EXPECT_EQ(answer["predictions"][1]["flags"],
            Json({{"age", "above 90, the highest in training"}, {"city", "a category that training has not seen"}}));
  const Response refused = Served({.strict = true}).post("/predict", body);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(error_of(refused), "rows:2: column 'age': '150' is above 90, the highest in training (--strict)");
  EXPECT_EQ(Served({.strict = true}).post("/predict", one_person).status, 200);
}

TEST(Routes, the_token_opens_all_but_health_and_the_empty_page) {
  const Served served({.token = Token("s3cret")});
  for (const char* target : {"/models", "/v2", "/metrics", "/openapi.json", "/v2/models/people", "/nothing"}) {
    const Response response = served.get(target);
    EXPECT_EQ(response.status, 401) << target;
    ASSERT_EQ(response.headers.size(), 1) << target;
    EXPECT_EQ(response.headers[0].first, "WWW-Authenticate");
    EXPECT_NE(served({.method = "GET", .target = target, .authorization = "Bearer s3cret"}).status, 401) << target;
  }
  EXPECT_EQ(served.post("/predict", one_person).status, 401);
  for (const char* target : {"/v2/health/live", "/v2/health/ready", "/", "/form.js", "/form.css"})
    EXPECT_EQ(served.get(target).status, 200) << target;
  EXPECT_EQ(served.get("/").body.find("people"), std::string::npos);
}

TEST(Routes, other_methods_and_addresses_are_refused_as_HTTP_has_it) {
  const Served served;
  EXPECT_EQ(served.get("/nothing").status, 404);
  EXPECT_EQ(served.get("/v2/models/people/versions/2").status, 404);
  EXPECT_EQ(served.get("/v2/models/people/versions/1").status, 200);
  EXPECT_EQ(served.get("nothing").status, 400);
  EXPECT_EQ(served.get("/models/%4").status, 400);
  EXPECT_EQ(served({.method = "HEAD", .target = "/models"}).status, 200);
  const Response wrong = served({.method = "DELETE", .target = "/models"});
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(served({.method = "QUERY", .target = "/models"}).status, 405);
  EXPECT_EQ(wrong.headers.at(0).second, "GET, HEAD, OPTIONS");
  EXPECT_EQ(served.get("/predict").headers.at(0).second, "POST, OPTIONS");
  EXPECT_EQ(served.post("/predict", "<a/>", "application/xml").status, 415);
  for (const char* method : {"get", "BREW", "PROPFIND", "GETS", ""})
    EXPECT_EQ(served({.method = method, .target = "/models"}).status, 501) << method;
  for (const char* target : {"/models/%00", "/models/..%2F..%2Fetc%2Fpasswd", "/models/../v2", "//v2", "/v2//models",
                             "/%2e%2e/models", "/V2", "/models%2Fpeople"})
    EXPECT_EQ(served.get(target).status, 404) << target;
}

// --- named after what happened to others ---------------------------------------------------------------------------

// Triton built the path of a file from a name in the address.
TEST(Routes, CVE_2026_24208_a_name_in_an_address_is_looked_up_and_never_a_path) {
  const Served served;
  for (const char* name : {"..", "%2e%2e", "..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "people%2F..%2Fpeople",
                           ".%2Fpeople", "people%00", "people.safetensors", "..%5Cpeople", "%c0%ae%c0%ae"}) {
    for (const char* rest : {"", "/predict"}) {
      const std::string target = "/models/" + std::string(name) + rest;
      const Response response = *rest == '\0' ? served.get(target) : served.post(target, one_person);
      EXPECT_EQ(response.status, 404) << target;
    }
    EXPECT_EQ(served.post("/v2/models/" + std::string(name) + "/infer", "{}").status, 404) << name;
    EXPECT_EQ(served.post("/v2/models/people/versions/" + std::string(name) + "/infer", "{}").status, 404) << name;
  }
}

// llama.cpp took a negative count from JSON for the size of a region of memory.
TEST(Routes, CVE_2026_21869_a_negative_size_in_a_request_is_refused) {
  const Served served;
  const std::string target = "/v2/models/people/infer";
  for (const char* shape : {"[-1]", "[-1, 1]", "[1, -1]", "[-9223372036854775808]", "[4294967296, 4294967296]",
                            "[18446744073709551615]", "[1e3]", "[1.5]", "[\"1\"]", "-1"}) {
    const std::string body =
        R"({"inputs": [{"name": "age", "datatype": "FP64", "shape": )" + std::string(shape) + R"(, "data": [1]}]})";
    const unsigned status = served.post(target, body).status;
    EXPECT_TRUE(status == 400 || status == 422) << shape << ' ' << status;
  }
  for (const char* size : {"-1", "-9223372036854775808", "18446744073709551615", "1.5", "\"8\""}) {
    const std::string json =
        R"({"inputs": [{"name": "age", "datatype": "FP64", "shape": [1], "parameters": {"binary_data_size": )" +
        std::string(size) + "}}]}";
    const std::string body = json + "12345678", json_size = std::to_string(json.size());
    EXPECT_EQ(served({.method = "POST", .target = target, .json_size = json_size, .body = body}).status, 400) << size;
    EXPECT_EQ(served({.method = "POST", .target = target, .json_size = size, .body = body}).status, 400) << size;
  }
}

TEST(Routes, OPTIONS_says_which_methods_an_address_has_without_the_token) {
  const Served served({.token = Token("s3cret")});
  const auto allowed = [&](std::string_view target) {
    const Response response = served({.method = "OPTIONS", .target = target});
    return response.status == 204 ? response.headers.at(0).second : std::to_string(response.status);
  };
  EXPECT_EQ(allowed("*"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(allowed("/predict"), "POST, OPTIONS");
  EXPECT_EQ(allowed("/models/people/predict?interval=0.9"), "POST, OPTIONS");
  EXPECT_EQ(allowed("/v2/models/people"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(allowed("/models/whether_there_or_not"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(allowed("/nothing"), "404");
}

TEST(Routes, browsers_are_told_what_the_page_may_do) {
  const Served served;
  for (const char* target : {"/", "/form.js", "/form.css"}) {
    std::string told;
    for (const auto& [name, value] : served.get(target).headers) told += std::string(name) + ": " + value + "\n";
    for (const char* field : {"Content-Security-Policy: default-src 'none'; script-src 'self';",
                              "frame-ancestors 'none'", "Referrer-Policy: no-referrer\n", "X-Frame-Options: DENY\n"})
      EXPECT_NE(told.find(field), std::string::npos) << target << ' ' << field;
  }
}

TEST(Routes, readiness_is_told_to_whoever_asks) {
  Served served;
  EXPECT_EQ(served.get("/v2/health/ready").status, 200);
  served.routes.ready = false;
  EXPECT_EQ(served.get("/v2/health/ready").status, 503);
  EXPECT_EQ(served.get("/v2/health/live").status, 200);
}

TEST(Routes, models_tell_their_columns_and_OpenAPI_their_rows) {
  const Served served;
  const auto got = [&](const char* target) { return Json::parse(served.get(target).content()); };
  const Json model = got("/models/people");
  EXPECT_EQ(model["columns"][0],
            Json::parse(R"({"name": "age", "kind": "numeric", "median": 38.0, "range": [17.0, 90.0]})"));
  EXPECT_EQ(model["columns"][1]["values"], Json({"", "3", "Bern", "Zürich"}));
  EXPECT_EQ(model["columns"][2]["median"], "2019-04-14");
  EXPECT_EQ(got("/models")["models"], Json::array({model}));
  const Json api = got("/openapi.json");
  EXPECT_EQ(api["components"]["schemas"]["Row.people"]["required"], Json({"age", "city", "since"}));
  EXPECT_TRUE(api["paths"].contains("/v2/models/people/infer"));
}

TEST(Routes, documents_about_models_are_made_by_workers_and_follow_the_models) {
  Served served;
  for (const char* target : {"/openapi.json", "/models", "/models/people", "/v2/models/people"}) {
    const auto ask = [&](Allowance allowance) {
      return served.routes({.method = "GET", .target = target}, allowance);
    };
    EXPECT_TRUE(std::holds_alternative<TakesLong>(ask(Allowance::of_a_turn()))) << target;
    const Response made = std::get<Response>(ask(Allowance()));
    const Response kept = std::get<Response>(ask(Allowance::of_a_turn()));
    EXPECT_EQ(made.document, kept.document) << target;
    served.models.put(neurone::server::served("people", people(Notation::point, 5)));
    EXPECT_TRUE(std::holds_alternative<TakesLong>(ask(Allowance::of_a_turn()))) << target;
  }
}

TEST(Routes, a_number_nearer_to_0_than_any_double_is_0) {
  const Served served;
  const auto ask = [&](const std::string& age) {
    return served.post("/predict", R"({"age": )" + age + R"(, "city": "Bern", "since": "2020-05-17"})").body;
  };
  EXPECT_EQ(ask("1e-400"), ask("0"));
}

TEST(Routes, a_long_cell_is_not_sent_back_whole_and_what_is_no_UTF_8_is_replaced) {
  const Served served;
  const std::string csv = "age,city,since\n" + std::string(100'000, '\xe4') + ",Bern,2020-01-01\n";
  const Response response = served.post("/predict", csv, "text/csv");
  EXPECT_EQ(response.status, 422);
  EXPECT_LT(response.body.size(), 4000);
  EXPECT_TRUE(error_of(response).is_string());
}

}  // namespace
}  // namespace neurone::server
