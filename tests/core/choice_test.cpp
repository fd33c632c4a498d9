#include "neurone/core/choice.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "neurone/layer/layers.h"
#include "neurone/loss/losses.h"
#include "neurone/optimizer/schedules.h"
#include "neurone/optimizer/update_rules.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

struct Plain {
  static constexpr std::string_view name = "plain";
};
struct Full {
  static constexpr std::string_view name = "full";
  double rate = 0.5;
  std::size_t count = 3;
  bool on = true;
  std::string word = "a";
  static void settings(auto& self, auto visit) {
    visit("rate", self.rate);
    visit("count", self.count);
    visit("on", self.on);
    visit("word", self.word);
  }
  void check() const {
    if (!(rate > 0)) throw UsageError("full: rate must be above 0");
  }
};
using Dish = std::variant<Plain, Full>;

Full full(std::string_view text) {
  return std::get<Full>(parse_choice<Dish>("dish", text));
}
std::string message_for(std::string_view text) {
  return message_of([&] { parse_choice<Dish>("dish", text); });
}

// --- the grammar ---------------------------------------------------------------------------------------------------

TEST(Choice, is_a_name_and_settings_with_and_without_keys) {
  using Settings = std::vector<std::pair<std::string, std::string>>;
  const Choice choice = Choice::parse("adam:beta1=0.95,0.99");
  EXPECT_EQ(choice.name, "adam");
  EXPECT_EQ(choice.settings, (Settings{{"beta1", "0.95"}, {"", "0.99"}}));
  EXPECT_EQ(Choice::parse("adam").name, "adam");
  EXPECT_TRUE(Choice::parse("adam").settings.empty());
}

TEST(Choice, separates_by_colon_comma_space_and_tab_in_any_number) {
  for (const char* text : {"dense:128,tanh", "dense 128 tanh", " dense ,128::\ttanh, "}) {
    const Choice choice = Choice::parse(text);
    EXPECT_EQ(choice.name, "dense") << text;
    ASSERT_EQ(choice.settings.size(), 2U) << text;
    EXPECT_EQ(choice.settings[0].second, "128") << text;
    EXPECT_EQ(choice.settings[1].second, "tanh") << text;
  }
}

TEST(Choice, of_nothing_has_no_name) {
  for (const char* text : {"", " ", ":,"}) {
    EXPECT_EQ(Choice::parse(text).name, "");
    EXPECT_TRUE(Choice::parse(text).settings.empty());
  }
}

TEST(Choice, keeps_further_equals_signs_in_the_value) {
  EXPECT_EQ(Choice::parse("a:b=c=d").settings[0], (std::pair<std::string, std::string>("b", "c=d")));
}

// --- filling a struct ----------------------------------------------------------------------------------------------

TEST(Choice, leaves_what_is_not_set_at_its_default) {
  EXPECT_TRUE(std::holds_alternative<Plain>(parse_choice<Dish>("dish", "plain")));
  EXPECT_EQ(full("full").rate, 0.5);
  EXPECT_EQ(full("full:count=9").rate, 0.5);
  EXPECT_EQ(full("full:count=9").count, 9U);
}

TEST(Choice, takes_keys_in_any_order) {
  const Full made = full("full:word=b,on=false,count=0,rate=1e-3");
  EXPECT_EQ(made.rate, 1e-3);
  EXPECT_EQ(made.count, 0U);
  EXPECT_FALSE(made.on);
  EXPECT_EQ(made.word, "b");
}

TEST(Choice, a_value_without_a_key_is_the_first_setting_not_yet_named) {
  const Full in_order = full("full 2.5 7 false b");
  EXPECT_EQ(in_order.rate, 2.5);
  EXPECT_EQ(in_order.count, 7U);
  EXPECT_FALSE(in_order.on);
  EXPECT_EQ(in_order.word, "b");
  const Full mixed = full("full 2 7 word=b,on=false");
  EXPECT_EQ(mixed.rate, 2);
  EXPECT_EQ(mixed.count, 7U);
  EXPECT_FALSE(mixed.on);
  EXPECT_EQ(mixed.word, "b");
}

TEST(Choice, a_value_alone_behind_a_setting_is_a_decimal_comma_or_a_mistake) {
  EXPECT_EQ(message_for("full:rate=0,9"),
            "dish 'full': '9' stands alone behind rate=0: a decimal comma? Write rate=0.9");
  EXPECT_EQ(message_for("full rate=1,5"),
            "dish 'full': '5' stands alone behind rate=1: a decimal comma? Write rate=1.5");
  EXPECT_EQ(message_for("full on=false 2"), "dish 'full': '2' stands alone behind on=false: say which setting it is");
  EXPECT_EQ(message_for("full:0,9"),
            "dish 'full': 0 and 9 stand alone: a decimal comma? Write 0.9, or say which settings they are");
  EXPECT_EQ(full("full:0.9,0").count, 0U);
}

TEST(Choice, a_setting_is_set_once) {
  EXPECT_EQ(message_for("full:rate=0.9,rate=0.8"), "dish 'full': rate is set twice");
  EXPECT_EQ(message_for("full:0.01,7,count=8"), "dish 'full': count is set twice");
  EXPECT_EQ(message_for("full:word=a,rate=1,word=a"), "dish 'full': word is set twice");
}

TEST(Choice, a_setting_has_a_name) {
  EXPECT_EQ(message_for("full:=5"), "full: a setting has its name before '=', found '=5'");
}

TEST(Choice, says_what_is_wrong_and_what_was_expected) {
  EXPECT_EQ(message_for("plian"), "unknown dish 'plian': did you mean 'plain'?");
  EXPECT_EQ(message_for("elephant"), "unknown dish 'elephant', expected one of: plain, full");
  EXPECT_EQ(message_for(""), "unknown dish '', expected one of: plain, full");
  EXPECT_EQ(message_for("full:raet=1"), "dish 'full': unknown setting 'raet': did you mean 'rate'?");
  EXPECT_EQ(message_for("full:elephant=1"),
            "dish 'full': unknown setting 'elephant', expected one of: rate, count, on, word");
  EXPECT_EQ(message_for("plain:rate=1"), "dish 'plain' has no settings, found 'rate'");
  EXPECT_EQ(message_for("plain:1"), "dish 'plain': nothing to set to '1'");
  EXPECT_EQ(message_for("full 1 2 true b c"), "dish 'full': nothing to set to 'c'");
  EXPECT_EQ(message_for("full:rate=-1"), "full: rate must be above 0");
}

TEST(Choice, refuses_text_that_is_no_such_value) {
  for (const std::string text : {"", "fast", "1x", "0x10", "nan", "inf", "1e999", "+1", "1=2"})
    EXPECT_TRUE(
        message_for("full:rate=" + text).starts_with("dish 'full', rate: expected a number, found '" + text + "'"));
  for (const std::string text : {"", "-1", "1.5", "1e3"})
    EXPECT_EQ(message_for("full:count=" + text),
              "dish 'full', count: expected a whole number of 0 or above, found '" + text + "'");
  EXPECT_EQ(message_for("full:count=99999999999999999999"),
            "dish 'full', count: expected a whole number from 0 to 18446744073709551615, found "
            "'99999999999999999999'");
  for (const std::string text : {"", "1", "yes", "True"})
    EXPECT_EQ(message_for("full:on=" + text), "dish 'full', on: expected true or false, found '" + text + "'");
}

TEST(CheckChoice, checks_a_struct_that_was_filled_without_text) {
  EXPECT_EQ(message_of([] { check_choice(Dish{Full{.rate = -1}}); }), "full: rate must be above 0");
  EXPECT_EQ(message_of([] { check_choice(Dish{Full{}}); }), "no error");
  EXPECT_EQ(message_of([] { check_choice(Dish{Plain{}}); }), "no error");
}

// --- and back as text ----------------------------------------------------------------------------------------------

TEST(ChoiceText, names_every_setting) {
  EXPECT_EQ(choice_text(Dish{Plain{}}), "plain");
  EXPECT_EQ(choice_text(Dish{Full{.rate = 1e-3, .on = false}}), "full:rate=0.001,count=3,on=false,word=a");
  EXPECT_EQ(choice_name(Dish{Full{}}), "full");
}

TEST(ChoiceText, numbers_are_as_short_as_they_can_be) {
  EXPECT_EQ(setting_text(0.1), "0.1");
  EXPECT_EQ(setting_text(1.0), "1");
  EXPECT_EQ(setting_text(1e-10), "1e-10");
  EXPECT_EQ(setting_text(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(setting_text(std::numeric_limits<std::size_t>::max()), "18446744073709551615");
}

RC_GTEST_PROP(ChoiceText, every_finite_number_reads_back_as_itself, (double value)) {
  RC_PRE(std::isfinite(value));
  double read = std::numeric_limits<double>::quiet_NaN();
  read_setting("value", setting_text(value), read);
  RC_ASSERT(read == value && std::signbit(read) == std::signbit(value));
}

// The values of all settings, in order.
template <class... Alternatives> std::vector<std::string> settings_of(const std::variant<Alternatives...>& choice) {
  std::vector<std::string> values;
  std::visit(
      [&](const auto& alternative) {
        visit_settings(alternative, [&](std::string_view, const auto& value) {
          if constexpr (std::is_same_v<decltype(value), const double&>)
            values.push_back(std::to_string(std::bit_cast<std::uint64_t>(value)));
          else
            values.push_back(setting_text(value));
        });
      },
      choice);
  return values;
}

void change(double& value) {
  value *= 0.98765432101234567;
}  // of full length, and still in every range
void change(std::size_t& value) {
  ++value;
}
void change(bool& value) {
  value = !value;
}
void change(std::string& value) {
  value += "x";
}

template <class Variant> class EveryVariant : public testing::Test {};
using Variants = testing::Types<losses::Any, update_rules::Any, schedules::Any, initialisers::Any, LayerSpec, Dish>;
TYPED_TEST_SUITE(EveryVariant, Variants, );

TYPED_TEST(EveryVariant, every_alternative_comes_back_from_its_text) {
  for_each_alternative<TypeParam>([](auto alternative) {
    for (int round = 0; round < 2; ++round) {
      const TypeParam choice = alternative;
      const TypeParam back = parse_choice<TypeParam>("choice", choice_text(choice));
      EXPECT_EQ(back.index(), choice.index()) << choice_text(choice);
      EXPECT_EQ(settings_of(back), settings_of(choice)) << choice_text(choice);
      visit_settings(alternative, [](std::string_view, auto& value) { change(value); });
    }
  });
}

TYPED_TEST(EveryVariant, names_and_keys_are_unique) {
  const std::vector<std::string> names = choice_names<TypeParam>();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), std::variant_size_v<TypeParam>);
  for_each_alternative<TypeParam>([](auto alternative) {
    std::vector<std::string> keys;
    visit_settings(alternative, [&](std::string_view key, auto&) { keys.emplace_back(key); });
    EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), keys.size()) << alternative.name;
  });
}

}  // namespace
}  // namespace neurone
