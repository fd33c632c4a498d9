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

TEST(JsonScanner, levels_have_an_end) {
  EXPECT_TRUE(accepts(std::string(90, '[') + std::string(90, ']')));
  EXPECT_FALSE(accepts(std::string(1'000'000, '[')));
}

}  // namespace
}  // namespace neurone::server
