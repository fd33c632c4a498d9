// All that can move θ, as one choice: the rules that move it after every batch, and the methods that look at all rows
// first.
#pragma once

#include <optional>
#include <variant>

#include "neurone/optimizer/optimizer.h"
#include "neurone/solver/solvers.h"

namespace neurone::optimizers {

template <class, class> struct Joined;
template <class... First, class... Second> struct Joined<std::variant<First...>, std::variant<Second...>> {
  using Variant = std::variant<First..., Second...>;
};

using Any = Joined<update_rules::Any, solvers::Any>::Variant;

/// The choice as one of `Part`, update_rules::Any or solvers::Any, if it is one of them.
template <class Part> std::optional<Part> as(const Any& choice) {
  return std::visit(
      []<class Each>(const Each& each) -> std::optional<Part> {
        if constexpr (std::is_constructible_v<Part, const Each&>)
          return Part(each);
        else
          return std::nullopt;
      },
      choice);
}

/// The learning rate that a rule brings along; 0 for a method that has none.
inline double default_learning_rate(const Any& choice) {
  const auto rule = as<update_rules::Any>(choice);
  return rule ? neurone::default_learning_rate(*rule) : 0;
}

inline bool is_solver(const Any& choice) {
  return as<solvers::Any>(choice).has_value();
}

}  // namespace neurone::optimizers
