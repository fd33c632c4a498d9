// A choice with settings, "adam:beta1=0.95,beta2=0.99", as one struct of a std::variant and back as text.
// One grammar for optimizers, schedules, losses, initialisers and layers, on the command line and in files.
//
// An alternative is a plain struct:
//     struct Huber {
//       static constexpr std::string_view name = "huber";
//       double delta = 1;
//       static void settings(auto& self, auto visit) { visit("delta", self.delta); }   // may be left out
//       void check() const;   // throws UsageError when a setting is out of range; may be left out
//     };
// Settings are double, std::size_t, bool or std::string.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"

namespace neurone {

/// A choice as it was written. Settings without a key come first, and are those of the struct in order.
struct Choice {
  std::string name;
  std::vector<std::pair<std::string, std::string>> settings;  // key (may be empty), value

  /// Splits "name:key=value,key=value"; spaces separate as well as ':' and ','. "name(key=value)" is the same, for a
  /// choice inside another: "dense:initialiser=orthogonal(gain=2)".
  static Choice parse(std::string_view text);
};

/// Throws UsageError for a setting without a key behind one with a key, or behind a 0 that it would make a decimal
/// of: the comma of "beta1=0,9" parts one number in two. `what` is named in it: "optimizer 'adam'".
void check_order(const std::string& what, const Choice& choice);

/// Reads one setting; `what` is named in the UsageError when the text is no such value.
void read_setting(const std::string& what, const std::string& text, double& value);
void read_setting(const std::string& what, const std::string& text, std::size_t& value);
void read_setting(const std::string& what, const std::string& text, bool& value);
void read_setting(const std::string& what, const std::string& text, std::string& value);

/// The shortest text that reads back as the same value.
std::string setting_text(double value);
std::string setting_text(std::size_t value);
std::string setting_text(bool value);
std::string setting_text(const std::string& value);

/// Calls visit(key, member) for every setting of an alternative, in order.
template <class Alternative, class Visit> void visit_settings(Alternative& alternative, Visit visit) {
  if constexpr (requires { std::remove_const_t<Alternative>::settings(alternative, visit); })
    std::remove_const_t<Alternative>::settings(alternative, visit);
}

/// Calls visit(alternative) with a default-made struct of every alternative of the variant.
template <class Variant, class Visit> void for_each_alternative(Visit visit) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (visit(std::variant_alternative_t<I, Variant>{}), ...);
  }(std::make_index_sequence<std::variant_size_v<Variant>>{});
}

/// The names of all alternatives, in the order of the variant.
template <class Variant> std::vector<std::string> choice_names() {
  std::vector<std::string> names;
  for_each_alternative<Variant>([&](const auto& alternative) { names.emplace_back(alternative.name); });
  return names;
}

/// Fills the settings of one alternative. `what` is named in errors: "optimizer 'adam'".
template <class Alternative>
void fill_settings(const std::string& what, const Choice& choice, Alternative& alternative) {
  std::vector<std::string> keys;
  visit_settings(alternative, [&](std::string_view key, auto&) { keys.emplace_back(key); });
  check_order(what, choice);
  std::vector<std::string> open = keys;  // what is not set yet
  for (auto [key, text] : choice.settings) {
    if (key.empty()) {
      if (open.empty()) throw UsageError(what + ": nothing to set to '" + text + "'");
      key = open.front();
    }
    if (std::ranges::find(keys, key) == keys.end()) {
      if (keys.empty()) throw UsageError(what + " has no settings, found '" + key + "'");
      throw UsageError(what, unknown_name("setting", key, keys).what());
    }
    if (std::erase(open, key) == 0) throw UsageError(what, key + " is set twice");
    visit_settings(alternative, [&](std::string_view name, auto& value) {
      if (name == key) read_setting(what + ", " + key, text, value);
    });
  }
  if constexpr (requires { alternative.check(); }) alternative.check();
}

/// The struct that a choice names. `kind` ("optimizer") is named in errors: UsageError with the nearest name.
template <class Variant> Variant make_choice(std::string_view kind, const Choice& choice) {
  Variant made;
  bool found = false;
  for_each_alternative<Variant>([&](auto alternative) {
    if (found || alternative.name != choice.name) return;
    fill_settings(std::string(kind) + " '" + choice.name + "'", choice, alternative);
    made = alternative;
    found = true;
  });
  if (!found) throw unknown_name(kind, choice.name, choice_names<Variant>());
  return made;
}

template <class Variant> Variant parse_choice(std::string_view kind, std::string_view text) {
  return make_choice<Variant>(kind, Choice::parse(text));
}

/// Throws the UsageError of the alternative that is held. What was made from text has been checked already; this is
/// for a struct that a program filled.
template <class... Alternatives> void check_choice(const std::variant<Alternatives...>& choice) {
  std::visit(
      [](const auto& alternative) {
        if constexpr (requires { alternative.check(); }) alternative.check();
      },
      choice);
}

/// The name of the alternative that is held.
template <class... Alternatives> std::string_view choice_name(const std::variant<Alternatives...>& choice) {
  return std::visit([](const auto& alternative) { return alternative.name; }, choice);
}

/// The choice as text, every setting named: parse_choice gives the same struct again.
template <class... Alternatives> std::string choice_text(const std::variant<Alternatives...>& choice) {
  return std::visit(
      [](const auto& alternative) {
        std::string text(alternative.name);
        char separator = ':';
        visit_settings(alternative, [&](std::string_view key, const auto& value) {
          text += separator + std::string(key) + "=" + setting_text(value);
          separator = ',';
        });
        return text;
      },
      choice);
}

}  // namespace neurone
