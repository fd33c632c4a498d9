#include <gtest/gtest.h>

#include <vector>

#include "neurone/optimizer/optimizer.h"
#include "tests/parity/recorded.h"

namespace neurone {
namespace {

using recorded::expect_agreement;
using recorded::Json;

template <class T> class ParityOfUpdateRules : public testing::Test {};
TYPED_TEST_SUITE(ParityOfUpdateRules, recorded::Precisions);

// "adam, l2 0.1": what a case is called in a failure.
std::string title(const Json& each) {
  std::string text = each["rule"];
  for (const char* penalty : {"l2", "weight_decay"})
    if (each.contains(penalty)) text += std::string(", ") + penalty + " " + each[penalty].dump();
  return text;
}

template <class T> typename Optimizer<T>::Options options_of(const Json& each) {
  typename Optimizer<T>::Options options;
  options.rule = parse_choice<update_rules::Any>("optimizer", each["rule"].get<std::string>());
  options.regularisation.l2 = each.value("l2", 0.0);
  if (each.contains("weight_decay")) options.regularisation.weight_decay = each["weight_decay"].get<double>();
  return options;
}

TYPED_TEST(ParityOfUpdateRules, twenty_steps_lead_to_the_same_parameters) {
  using T = TypeParam;
  const Matrix<T> gradients = recorded::matrix<T>(recorded::figures("update_rules.json", "gradients"));
  const Vector<T> start = recorded::vector<T>(recorded::figures("update_rules.json", "start"));
  const Json steps = recorded::figures("update_rules.json", "steps");
  const std::size_t decaying = recorded::figures("update_rules.json", "decaying"), size = start.size();
  const std::vector<ParameterBlock> blocks{
      {.name = "W", .columns = decaying, .decays = true},
      {.name = "b", .columns = size - decaying, .offset = decaying},
  };
  for (const Json& each : recorded::figures("update_rules.json", "cases")) {
    SCOPED_TRACE(title(each));
    const auto options = options_of<T>(each);
    Optimizer<T> optimizer(options, blocks, size);
    Vector<T> parameters = start;
    std::size_t compared = 0;
    for (std::size_t step = 0; step < gradients.rows(); ++step) {
      Vector<T> gradient(gradients[step].begin(), gradients[step].end());
      optimizer.step(default_learning_rate(options.rule), parameters, gradient);
      if (steps[compared] != step + 1) continue;
      expect_agreement<T>("parameters after step " + std::to_string(step + 1), std::span<const T>(parameters),
                          each["parameters"][compared]);
      ++compared;
    }
    EXPECT_EQ(compared, steps.size());
  }
}

}  // namespace
}  // namespace neurone
