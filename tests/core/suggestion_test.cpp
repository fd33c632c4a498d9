#include "neurone/core/suggestion.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace neurone {
namespace {

const std::vector<std::string> names{"relu", "sigmoid", "tanh", "softmax", "log_softmax"};

TEST(NearestName, forgives_a_slip_of_the_hand) {
  EXPECT_EQ(nearest_name("rleu", names), "relu") << "neighbours swapped";
  EXPECT_EQ(nearest_name("sigmod", names), "sigmoid") << "a letter left out";
  EXPECT_EQ(nearest_name("softtmax", names), "softmax") << "a letter too many";
  EXPECT_EQ(nearest_name("tamh", names), "tanh") << "a wrong letter";
  EXPECT_EQ(nearest_name("logsoftmax", names), "log_softmax");
}

TEST(NearestName, ignores_case) {
  EXPECT_EQ(nearest_name("ReLU", names), "relu");
  EXPECT_EQ(nearest_name("SIGMOID", names), "sigmoid");
}

TEST(NearestName, suggests_nothing_when_more_than_a_third_would_have_to_change) {
  EXPECT_EQ(nearest_name("elephant", names), "");
  EXPECT_EQ(nearest_name("sig", names), "");
  EXPECT_EQ(nearest_name("abcdef", std::vector<std::string>{"abcdxy"}), "abcdxy") << "2 of 6";
  EXPECT_EQ(nearest_name("abcdef", std::vector<std::string>{"abcxyz"}), "") << "3 of 6";
  EXPECT_EQ(nearest_name("abcde", std::vector<std::string>{"abcxy"}), "") << "2 of 5";
}

TEST(NearestName, allows_one_change_in_the_shortest_names) {
  EXPECT_EQ(nearest_name("x", std::vector<std::string>{"z"}), "z");
  EXPECT_EQ(nearest_name("ab", std::vector<std::string>{"ba"}), "ba");
  EXPECT_EQ(nearest_name("ab", std::vector<std::string>{"cd"}), "");
}

TEST(NearestName, takes_the_nearest_and_the_first_of_equals) {
  EXPECT_EQ(nearest_name("abcdef", std::vector<std::string>{"abcdxy", "abcdex"}), "abcdex");
  EXPECT_EQ(nearest_name("abc", std::vector<std::string>{"abd", "abe"}), "abd");
}

TEST(NearestName, of_nothing_is_nothing) {
  EXPECT_EQ(nearest_name("relu", {}), "");
  EXPECT_EQ(nearest_name("", names), "");
}

TEST(UnknownName, asks_for_the_near_name) {
  EXPECT_STREQ(unknown_name("activation", "rleu", names).what(), "unknown activation 'rleu': did you mean 'relu'?");
}

TEST(UnknownName, lists_what_there_is_when_none_is_near) {
  EXPECT_STREQ(unknown_name("activation", "elephant", names).what(),
               "unknown activation 'elephant', expected one of: relu, sigmoid, tanh, softmax, log_softmax");
}

TEST(UnknownName, of_which_there_are_none_is_just_unknown) {
  EXPECT_STREQ(unknown_name("column", "age", {}).what(), "unknown column 'age'");
}

TEST(UnknownName, lists_forty_names_at_most) {
  std::vector<std::string> many;
  std::string first_forty = "n0";
  for (int i = 0; i < 40; ++i) many.push_back("n" + std::to_string(i));
  for (int i = 1; i < 40; ++i) first_forty += ", n" + std::to_string(i);
  const std::string message = "unknown column 'elephant', expected one of: " + first_forty;
  EXPECT_EQ(unknown_name("column", "elephant", many).what(), message);
  many.emplace_back("last");
  EXPECT_EQ(unknown_name("column", "elephant", many).what(), message + ", … (41 in all)");
}

}  // namespace
}  // namespace neurone
