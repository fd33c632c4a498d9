// JSON as RFC 8259 has it; nlohmann's reader is the judge.
#include "server/json_scanner.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "server/message.h"

namespace neurone::server {
namespace {

bool accepts(std::string_view body) {
  try {
    JsonScanner json(body);
    json.skip();
    json.end();
    return true;
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.status(), 400);
    return false;
  }
}

TEST(JsonScanner, takes_what_is_JSON_and_nothing_else) {
  const std::vector<std::string> bodies{"",
                                        " ",
                                        "null",
                                        "nul",
                                        "nulll",
                                        "true",
                                        "false",
                                        "True",
                                        "0",
                                        "-0",
                                        "01",
                                        "-",
                                        "+1",
                                        "1.",
                                        ".5",
                                        "1.5",
                                        "1e5",
                                        "1e",
                                        "1E+5",
                                        "1e-05",
                                        "1.e1",
                                        "-1.5e-3",
                                        "NaN",
                                        "Infinity",
                                        "0x1",
                                        "1 2",
                                        "\"\"",
                                        "\"a",
                                        "\"a\nb\"",
                                        "\"\\n\"",
                                        "\"\\x\"",
                                        "\"\\u00e9\"",
                                        "\"\\u00E9\"",
                                        "\"\\u00g9\"",
                                        "\"\\u00\"",
                                        "\"\\ud83d\\ude00\"",
                                        "\"\\ud83d\"",
                                        "\"\\ud83dx\"",
                                        "\"\\ude00\"",
                                        "\"\\ud83d\\u0041\"",
                                        "\"\x7f\"",
                                        "\"\xc3\xa9\"",
                                        "\"\xff\"",
                                        "\"\xed\xa0\x80\"",
                                        "\xef\xbb\xbf{}",
                                        "{}",
                                        "{ }",
                                        "{,}",
                                        "{\"a\":1}",
                                        "{\"a\" : 1 , \"b\":[]}",
                                        "{\"a\":1,}",
                                        "{\"a\"}",
                                        "{\"a\":}",
                                        "{a:1}",
                                        "{1:1}",
                                        "[]",
                                        "[ ]",
                                        "[1,2]",
                                        "[1,]",
                                        "[,1]",
                                        "[1 2]",
                                        "[[[]]]",
                                        "[[]",
                                        "[]]",
                                        "{]",
                                        "[\"a\",{\"b\":[null,true,-1e3]}]",
                                        "\"\\\"",
                                        "\"\\\\\"",
                                        "/* */1",
                                        "'a'",
                                        "\"\\u0000\"",
                                        "\t\r\n 1 \t\r\n",
                                        "\f1",
                                        std::string("\"a\0b\"", 5)};
  for (const std::string& body : bodies) {
    const bool with_mark = body.starts_with("\xef\xbb\xbf");  // which nlohmann skips, and RFC 8259 leaves open
    EXPECT_EQ(accepts(body), nlohmann::json::accept(body) && !with_mark) << body;
  }
}

TEST(JsonScanner, gives_texts_resolved_and_numbers_as_they_were_written) {
  const std::string body =
      R"(["plain", "a\"\\\/\b\f\n\r\tz", "\u0041\u00e9\u20ac\ud83d\ude00", "Zürich", -1.50e+2, null])";
  JsonScanner json(body);
  json.expect('[', "a list");
  for (const char* expected : {"plain", "a\"\\/\b\f\n\r\tz", "Aé€😀", "Zürich"}) {
    EXPECT_EQ(json.text(), expected);
    json.expect(',', "a comma");
  }
  EXPECT_EQ(json.number(), "-1.50e+2");
  EXPECT_TRUE(json.take(','));
  EXPECT_FALSE(json.take(','));
  EXPECT_EQ(json.word(), "null");
  json.expect(']', "the end of the list");
  json.end();
}

TEST(JsonScanner, a_number_beyond_a_double_is_JSON) {
  EXPECT_TRUE(accepts("[1e999, -1e999, 1e-999]"));
}

TEST(JsonScanner, a_number_that_has_to_be_a_double_is_one) {
  const std::string zeros(400, '0');
  const std::vector<std::pair<std::string, std::string>> cases{{"1.50", "1.50"},
                                                               {"1e308", "1e308"},
                                                               {"1e-400", "0"},
                                                               {"-1e-400", "0"},
                                                               {"0.0001e-99999999999999999999", "0"},
                                                               {"0." + zeros + "1", "0"},
                                                               {"0e99999", "0e99999"},
                                                               {"1" + zeros + "e-400", "1" + zeros + "e-400"}};
  for (const auto& [text, expected] : cases) EXPECT_EQ(JsonScanner(text).finite_number(), expected) << text;
  for (const std::string& text : {std::string("1e400"), std::string("-1e400"), "1" + zeros,
                                  std::string("0.1e+99999999999999999999"), std::string("1.8e308")})
    EXPECT_THROW(JsonScanner(text).finite_number(), Refusal) << text;
}

TEST(JsonScanner, a_member_that_is_known_stands_once) {
  const auto sum_of = [](const std::string& body) {
    JsonScanner json(body);
    int sum = 0;
    json.object({{"a", [&] { sum += std::stoi(std::string(json.number())); }},
                 {"b", [&] { sum += 10 * std::stoi(std::string(json.number())); }}});
    json.end();
    return sum;
  };
  EXPECT_EQ(sum_of(R"({"b": 2, "x": [{"a": 7}], "a": 1, "x": 5})"), 21);
  EXPECT_EQ(sum_of(R"({"\u0061": 1})"), 1);
  EXPECT_EQ(sum_of("{}"), 0);
  EXPECT_THROW(sum_of(R"({"a": 1, "a": 2})"), Refusal);
  EXPECT_THROW(sum_of(R"({"a": 1, "\u0061": 2})"), Refusal);
  EXPECT_THROW(sum_of(R"({"a": 1)"), Refusal);
}

TEST(JsonScanner, says_where_it_is_no_JSON) {
  const auto message_of = [](const std::string& body) {
    try {
      JsonScanner json(body);
      json.skip();
      json.end();
    } catch (const Refusal& refusal) {
      return std::string(refusal.what());
    }
    return std::string();
  };
  EXPECT_EQ(message_of("[1, x]"), "the body is no JSON: line 1, column 5: expected a value");
  EXPECT_EQ(message_of("[1,\n\"é\" 2]"), "the body is no JSON: line 2, column 5: expected a comma or ]");
  EXPECT_EQ(message_of("{\"a\": 1"), "the body is no JSON: line 1, column 8: expected a comma or }, found the end");
}

TEST(JsonScanner, levels_have_an_end) {
  EXPECT_TRUE(accepts(std::string(90, '[') + std::string(90, ']')));
  EXPECT_FALSE(accepts(std::string(1'000'000, '[')));
}

}  // namespace
}  // namespace neurone::server
