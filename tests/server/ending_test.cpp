// How a server ends that is too busy to.
#include "server/ending.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace neurone::server {
namespace {

using namespace std::chrono_literals;

sigset_t blocked_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

TEST(EndingDeathTest, comes_when_the_time_is_over_and_at_a_second_signal_at_once) {
  EXPECT_EXIT(end_in_time(blocked_signals(), 1ms), testing::ExitedWithCode(exit_given_up), "");
  const auto asked_twice = [] {
    const sigset_t signals = blocked_signals();
    kill(getpid(), SIGTERM);
    end_in_time(signals, std::chrono::hours(1));
  };
  EXPECT_EXIT(asked_twice(), testing::ExitedWithCode(exit_asked_twice), "");
}

}  // namespace
}  // namespace neurone::server
