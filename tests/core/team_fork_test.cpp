// A team in a process that forks, or that may not have the threads it asks for. What a team does otherwise is tested
// in team_test.cpp.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <latch>
#include <optional>
#include <string>
#include <thread>

#include "neurone/core/error.h"
#include "neurone/core/team.h"
#include "tests/support/message_of.h"

#if defined(__SANITIZE_THREAD__)
#define THREAD_SANITIZER
#elif defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define THREAD_SANITIZER
#elif __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER
#endif
#endif

namespace neurone {
namespace {

// The exit status of a forked child; whatever hangs is ended by a signal.
int status_of_child(const std::function<bool()>& succeeds) {
  const ::pid_t child = ::fork();
  if (child == 0) {
    ::alarm(20);
    ::_exit(succeeds() ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

// Whether two threads of the team are at work at once.
bool shares(Team& team) {
  std::thread::id threads[2];
  std::latch both(2);
  team.run(2, [&](std::size_t part) {
    threads[part] = std::this_thread::get_id();
    both.arrive_and_wait();
  });
  return threads[0] == std::this_thread::get_id() && threads[1] != threads[0];
}

TEST(TeamFork, a_thread_that_cannot_be_started_is_an_error_and_the_others_work_on) {
#if defined(THREAD_SANITIZER) || defined(ADDRESS_SANITIZER)
  GTEST_SKIP() << "a sanitizer needs the address space that this test takes away";
#endif
  EXPECT_EQ(status_of_child([] {
              const ::rlimit room{1U << 30U, 1U << 30U};  // for about a hundred stacks
              ::setrlimit(RLIMIT_AS, &room);
              Team team(10'000);
              const std::string message = message_of<Error>([&] { team.run(10'000, [](std::size_t) {}); });
              return message.starts_with("thread ") &&
                     message.ends_with(" of 10000 cannot be started: Resource temporarily unavailable") &&
                     shares(team);
            }),
            0);
}

TEST(TeamFork, a_forked_child_starts_threads_of_its_own_and_ends) {
#ifdef THREAD_SANITIZER
  GTEST_SKIP() << "the thread sanitizer ends a forked child that starts threads";
#endif
  std::optional<Team> team(2);
  ASSERT_TRUE(shares(*team));
  const auto uses_and_ends_it = [&] {
    const bool well = shares(*team) && shares(*team);
    team.reset();
    return well;
  };
  EXPECT_EQ(status_of_child(uses_and_ends_it), 0);
  EXPECT_EQ(status_of_child([&] { return shares(*team) && status_of_child(uses_and_ends_it) == 0; }), 0)
      << "grandchild";
  EXPECT_TRUE(shares(*team)) << "the parent's threads are still there";
}

TEST(TeamFork, a_forked_child_ends_a_team_that_it_did_not_use) {
  std::optional<Team> team(3);
  team->run(3, [](std::size_t) {});
  EXPECT_EQ(status_of_child([&] {
              team.reset();
              return true;
            }),
            0);
}

TEST(TeamFork, a_child_may_be_forked_inside_work_and_leave) {
  Team team(2);
  int statuses[2] = {-1, -1};
  team.run(2, [&](std::size_t part) { statuses[part] = status_of_child([] { return true; }); });
  EXPECT_EQ(statuses[0], 0);
  EXPECT_EQ(statuses[1], 0);
}

#if !defined(NDEBUG) && !defined(THREAD_SANITIZER)
TEST(TeamForkDeathTest, a_child_that_returns_from_the_work_it_was_forked_in_does_not_hang) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const std::size_t forking : {0U, 1U}) {
    const auto run = [&] {
      Team team(2);
      std::latch both(2);
      team.run(2, [&](std::size_t part) {
        both.arrive_and_wait();
        if (part != forking) return std::this_thread::sleep_for(std::chrono::milliseconds(100));
        const ::pid_t child = ::fork();
        if (child == 0) return static_cast<void>(::alarm(20));
        int status = 0;
        ::waitpid(child, &status, 0);
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) std::abort();
      });
    };
    EXPECT_DEATH(run(), "forked inside work");
  }
}
#endif

}  // namespace
}  // namespace neurone
