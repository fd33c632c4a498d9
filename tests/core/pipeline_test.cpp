// Order, bounds and errors of work that is shared among threads.
#include "neurone/core/pipeline.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace neurone {
namespace {

// Counts from 0 up to `end`.
struct Counter {
  int end;
  int at = 0;
  std::optional<int> operator()() { return at < end ? std::optional(at++) : std::nullopt; }
};

std::vector<int> counting_to(int end) {
  std::vector<int> numbers;
  for (int i = 0; i < end; ++i) numbers.push_back(i);
  return numbers;
}

TEST(Pipeline, passes_on_in_the_order_of_coming_whoever_is_first_ready) {
  for (const std::size_t threads : {1U, 2U, 3U, 8U}) {
    std::vector<int> passed;
    run_in_order(
        threads, Counter{.end = 100},
        [](int item) {
          std::this_thread::sleep_for(std::chrono::microseconds(item % 7 * 100));
          return item;
        },
        [&](int result) { passed.push_back(result); });
    EXPECT_EQ(passed, counting_to(100)) << threads;
  }
}

TEST(Pipeline, works_on_several_at_once_and_holds_no_more_than_there_are_threads) {
  std::atomic<int> held = 0, most = 0;
  run_in_order(
      3,
      [&, counter = Counter{.end = 60}]() mutable {
        const auto item = counter();
        if (item) ++held;
        return item;
      },
      [&](int item) {
        most = std::max<int>(most, held);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return item;
      },
      [&](int) { --held; });
  EXPECT_GE(most, 2);
  EXPECT_LE(most, 3);
}

TEST(Pipeline, nothing_to_do_is_done) {
  run_in_order(4, Counter{.end = 0}, [](int item) { return item; }, [](int) { FAIL(); });
}

// Of its own, since clang 19 with sanitizers loses the exception of a throw that it takes into its caller.
[[noreturn, gnu::noinline]] void fail_with(int item) {
  throw std::runtime_error(std::to_string(item));
}

// Each of the three may throw; what came before is passed on.
class Failing : public testing::TestWithParam<std::string> {};

TEST_P(Failing, the_results_before_it_are_passed_on_and_none_behind) {
  for (const std::size_t threads : {1U, 4U}) {
    std::vector<int> passed;
    const auto fail_in = [&](const char* place, int item) {
      if (GetParam() == place && (item == 20 || item == 22)) fail_with(item);
    };
    try {
      run_in_order(
          threads,
          [&, counter = Counter{.end = 100}]() mutable {
            const auto item = counter();
            fail_in("next", *item);
            return item;
          },
          [&](int item) {
            if (item == 20) std::this_thread::sleep_for(std::chrono::milliseconds(5));  // 22 fails before it
            fail_in("work", item);
            return item;
          },
          [&](int result) {
            fail_in("pass_on", result);
            passed.push_back(result);
          });
      FAIL();
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(error.what(), std::string("20"));
    }
    EXPECT_EQ(passed, counting_to(20)) << threads;
  }
}

INSTANTIATE_TEST_SUITE_P(Pipeline, Failing, testing::Values("next", "work", "pass_on"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace neurone
