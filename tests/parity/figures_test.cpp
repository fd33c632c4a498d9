#include "neurone/model/figures.h"

#include <gtest/gtest.h>

#include "tests/parity/recorded.h"

namespace neurone {
namespace {

using recorded::expect_agreement;
using recorded::Json;

// All that scikit-learn has; calibration_error is ours alone.
void expect_figures(const Figures& ours, const Json& recorded) {
  for (const auto& [name, figure] : recorded.items()) {
    const auto found = std::ranges::find(ours, name, &Figure::name);
    ASSERT_NE(found, ours.end()) << name;
    expect_agreement<double>(name, found->value, figure.get<double>());
  }
}

TEST(ParityOfFigures, those_of_classes_agree_with_and_without_weights) {
  const Json cases = recorded::figures("figures.json", "classes");
  ASSERT_FALSE(cases.empty());
  for (const Json& each : cases) {
    SCOPED_TRACE(each["figures"].dump());
    const auto truth = each["truth"].get<std::vector<std::uint32_t>>();
    const auto predicted = each["predicted"].get<std::vector<std::uint32_t>>();
    const Matrix<double> values = recorded::matrix<double>(each["values"]);
    const ClassFigures figures(truth, predicted, values, true);
    expect_figures(figures(each["weights"].get<std::vector<double>>()), each["figures"]);
  }
}

TEST(ParityOfFigures, those_of_numbers_agree_with_and_without_weights) {
  const Json cases = recorded::figures("figures.json", "numbers");
  ASSERT_FALSE(cases.empty());
  for (const Json& each : cases) {
    SCOPED_TRACE(each["figures"].dump());
    const auto truth = each["truth"].get<std::vector<double>>();
    const NumberFigures figures(truth, each["predicted"].get<std::vector<double>>());
    expect_figures(figures(each["weights"].get<std::vector<double>>()), each["figures"]);
  }
}

}  // namespace
}  // namespace neurone
