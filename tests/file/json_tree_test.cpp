// Our JSON beside nlohmann's: the same text for the same values, and back.
#include "neurone/file/json_tree.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "tests/support/message_of.h"

namespace neurone {
namespace {

using Peer = nlohmann::ordered_json;

std::string refused(const std::string& text) {
  return message_of<Error>([&] { parse_json_tree(text, "it"); });
}

// A random value, the same in both forms.
struct Both {
  JsonTree ours;
  Peer peer;
};
Both random_value(std::mt19937& random, int depth) {
  const auto pick = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  switch (pick(depth == 0 ? 5 : 7)) {
    case 0:
      return {JsonTree(), nullptr};
    case 1: {
      const bool truth = pick(2) == 0;
      return {truth, truth};
    }
    case 2: {
      const double number =
          std::ldexp(static_cast<double>(static_cast<int>(random())), static_cast<int>(pick(600)) - 300);
      return {number, number};
    }
    case 3: {
      const std::uint64_t whole = std::uint64_t{random()} << pick(33);
      return {whole, whole};
    }
    case 4: {
      std::string text;
      for (unsigned k = pick(6); k > 0; --k)
        text += std::vector<std::string>{"a",    "\"",   "\\", "\n", "\t", "\b", "\f", "\r", std::string(1, '\0'),
                                         "\x1f", "\x7f", "é",  "𝄞",  "/"}[pick(14)];
      return {text, text};
    }
    case 5: {
      Both list{JsonTree::List(), Peer::array()};
      for (unsigned k = pick(4); k > 0; --k) {
        Both each = random_value(random, depth - 1);
        list.ours.append(std::move(each.ours));
        list.peer.push_back(std::move(each.peer));
      }
      return list;
    }
    default: {
      Both object{JsonTree::Members(), Peer::object()};
      for (unsigned k = pick(4); k > 0; --k) {
        Both each = random_value(random, depth - 1);
        object.ours.add("m\n" + std::to_string(k), std::move(each.ours));
        object.peer["m\n" + std::to_string(k)] = std::move(each.peer);
      }
      return object;
    }
  }
}

TEST(JsonTree, is_written_as_nlohmanns_is_and_read_again) {
  std::mt19937 random(1);
  for (int k = 0; k < 3000; ++k) {
    const Both value = random_value(random, 4);
    const std::string text = value.ours.dump();
    ASSERT_EQ(text, value.peer.dump());
    ASSERT_EQ(parse_json_tree(text, "it").dump(), text);
    ASSERT_EQ(parse_json_tree(value.peer.dump(2), "it").dump(), text);
  }
}

TEST(JsonTree, a_number_that_is_not_finite_is_null) {
  EXPECT_EQ(JsonTree(std::numeric_limits<double>::quiet_NaN()).dump(), "null");
  EXPECT_EQ(JsonTree(-std::numeric_limits<double>::infinity()).dump(), "null");
}

TEST(JsonTree, whole_numbers_are_counts_where_they_are_written_as_such) {
  EXPECT_EQ(*parse_json_tree("18446744073709551615", "it").count(), 18446744073709551615U);
  for (const char* text : {"-1", "1.0", "1e3", "18446744073709551616"}) {
    const JsonTree tree = parse_json_tree(text, "it");
    EXPECT_EQ(tree.count(), nullptr) << text;
    EXPECT_TRUE(tree.is_number()) << text;
  }
  EXPECT_EQ(parse_json_tree("1e-400", "it").number(), 0);
}

TEST(JsonTree, what_is_no_json_is_told_with_the_byte) {
  EXPECT_EQ(refused(""), "it is no JSON from byte 1 on");
  EXPECT_EQ(refused("[1, x]"), "it is no JSON from byte 5 on");
  EXPECT_EQ(refused("{}}"), "it is no JSON from byte 3 on");
  EXPECT_EQ(refused("\"\xff\""), "it is no JSON from byte 2 on");
  EXPECT_EQ(refused("[1e999]"), "it holds a number that is too large");
}

TEST(JsonTree, a_name_that_comes_twice_is_refused_in_every_spelling) {
  EXPECT_EQ(refused(R"({"a": 1, "b": 2, "a": 3})"), "it: 'a' comes twice");
  EXPECT_EQ(refused(R"([{"x": {"a": 1, "\u0061": 3}}])"), "it: 'a' comes twice");
}

TEST(JsonTree, too_many_levels_are_refused) {
  EXPECT_EQ(refused(std::string(100, '[') + std::string(100, ']')), "no error");
  EXPECT_EQ(refused(std::string(101, '[') + std::string(101, ']')), "it is JSON of too many levels");
  EXPECT_EQ(refused(std::string(1'000'000, '[')), "it is JSON of too many levels");
}

TEST(JsonTree, a_text_that_is_no_utf8_is_not_written) {
  EXPECT_EQ(message_of<Error>([] { JsonTree("gr\xF6\xDF").dump(); }), "'gr\\xf6\\xdf' is not UTF-8");
}

}  // namespace
}  // namespace neurone
