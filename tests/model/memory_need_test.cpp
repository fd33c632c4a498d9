// Runs that would take more memory than there is are refused before anything large is made.
#include "neurone/model/memory_need.h"

#include <gtest/gtest.h>

#include "neurone/model/fitting.h"
#include "tests/model/parabola.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

constexpr std::size_t gigabyte = 1'000'000'000;

std::string refusal_of(const Plan& plan, std::size_t available = gigabyte) {
  Plan limited = plan;
  limited.most_memory = available;
  return message_of<Error>(
      [&] { Fitting<double>({.train = parabola(300, false), .validation = {}, .test = {}}, limited); });
}

TEST(MemoryNeed, a_network_that_is_too_large_is_refused_and_named) {
  Plan plan = small_plan(1);
  plan.hidden = {100'000'000};
  const std::string message = refusal_of(plan);
  EXPECT_TRUE(message.starts_with("table: the run would take ")) << message;
  EXPECT_NE(message.find(" of it for networks of "), std::string::npos) << message;
  EXPECT_TRUE(message.ends_with("; 1.00 GB are left")) << message;
}

TEST(MemoryNeed, a_size_beyond_all_machines_is_counted) {
  Plan plan = small_plan(1);
  plan.hidden = {2'000'000'000, 2'000'000'000};
  EXPECT_NE(refusal_of(plan), "no error");
}

TEST(MemoryNeed, a_method_that_squares_the_parameters_is_refused_for_its_matrices) {
  Plan plan = small_plan(1);
  plan.batch.reset();
  plan.hidden = {3000};
  EXPECT_EQ(refusal_of(plan), "no error");
  plan.optimizer = solvers::LevenbergMarquardt{};
  const std::string message = refusal_of(plan);
  EXPECT_NE(message.find(" of it for matrices of "), std::string::npos) << message;
}

TEST(MemoryNeed, what_fits_to_the_byte_is_not_refused) {
  const Fitting<double> fitting({.train = parabola(300, false), .validation = {}, .test = {}}, small_plan(1));
  const auto need = static_cast<std::size_t>(fitting.memory().total());
  EXPECT_EQ(refusal_of(small_plan(1), need + 1), "no error");
  EXPECT_NE(refusal_of(small_plan(1), need - 1), "no error");
}

TEST(MemoryNeed, bytes_are_told_in_three_digits) {
  EXPECT_EQ(bytes_text(21.94e6), "21.9 MB");
  EXPECT_EQ(bytes_text(3.4158e9), "3.42 GB");
}

}  // namespace
}  // namespace neurone
