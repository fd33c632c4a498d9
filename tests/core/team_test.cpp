#include "neurone/core/team.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <latch>
#include <memory>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace neurone {
namespace {

using std::chrono::milliseconds;

// Who did each part, and how often it was done.
struct Record {
  explicit Record(std::size_t parts) : times(parts), member(parts) {}
  void operator()(std::size_t part, std::size_t who) {
    ++times[part];
    member[part] = who;
  }
  std::vector<int> times;
  std::vector<std::size_t> member;
};

std::thread::id this_thread() {
  return std::this_thread::get_id();
}

TEST(Team, every_part_is_done_once_for_any_number_of_parts_and_threads) {
  for (const std::size_t size : {1U, 2U, 3U, 5U, 8U}) {
    Team team(size);
    EXPECT_EQ(team.size(), size);
    for (const std::size_t parts : {0U, 1U, 2U, 3U, 4U, 7U, 8U, 9U, 64U, 1000U}) {
      Record record(parts);
      team.run(parts, record);
      EXPECT_EQ(record.times, std::vector<int>(parts, 1)) << size << " threads, " << parts << " parts";
    }
  }
}

TEST(Team, a_member_does_a_range_of_neighbours_the_same_in_every_run) {
  Team team(3);
  for (int repetition = 0; repetition < 100; ++repetition) {
    Record record(8);
    team.run(8, record);
    EXPECT_EQ(record.member, (std::vector<std::size_t>{0, 0, 0, 1, 1, 1, 2, 2}));
  }
  Record few(2);
  team.run(2, few);
  EXPECT_EQ(few.member, (std::vector<std::size_t>{0, 1}));
}

// Which thread does each of so many parts, where all have to be at work at once.
std::vector<std::thread::id> meeting(Team& team, std::size_t parts) {
  std::vector<std::thread::id> threads(parts);
  std::latch all(static_cast<std::ptrdiff_t>(parts));
  team.run(parts, [&](std::size_t part) {
    threads[part] = this_thread();
    all.arrive_and_wait();
  });
  return threads;
}

TEST(Team, the_caller_is_member_0_and_each_member_one_thread) {
  Team team(4);
  const std::vector<std::thread::id> threads = meeting(team, 4);
  EXPECT_EQ(threads[0], this_thread());
  EXPECT_EQ(std::set(threads.begin(), threads.end()).size(), 4U);
  EXPECT_EQ(meeting(team, 4), threads);
}

double processor_seconds() {
  std::timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

TEST(Team, a_member_that_gets_no_processor_is_stood_in_for) {
  std::thread([] {  // the affinity of this thread is changed, and the team's inherit it
    cpu_set_t allowed, first;
    ASSERT_EQ(::sched_getaffinity(0, sizeof allowed, &allowed), 0);
    std::size_t processor = 0;
    while (!CPU_ISSET(processor, &allowed)) ++processor;
    CPU_ZERO(&first);
    CPU_SET(processor, &first);
    ASSERT_EQ(::sched_setaffinity(0, sizeof first, &first), 0);

    Team team(2);
    const double before = processor_seconds();
    for (int i = 0; i < 5000; ++i) {
      Record record(2);
      team.run(2, record);
      ASSERT_EQ(record.member, (std::vector<std::size_t>{0, 1})) << "in its name and with its memory";
    }
    EXPECT_LT(processor_seconds() - before, 0.2) << "0.5 s where each spins before the other gets its turn";
  })
      .join();
}

TEST(Team, what_the_caller_wrote_is_seen_by_the_members_and_the_other_way_round) {
  Team team(4);
  std::vector<std::size_t> numbers(100), squares(100);  // plain memory: the thread sanitizer watches
  for (std::size_t round = 0; round < 1000; ++round) {
    std::iota(numbers.begin(), numbers.end(), round);
    team.run(100, [&](std::size_t part) { squares[part] = numbers[part] * numbers[part]; });
    for (std::size_t i = 0; i < 100; ++i) ASSERT_EQ(squares[i], (round + i) * (round + i));
  }
}

TEST(Team, the_work_may_be_constant_or_a_temporary_or_a_pointer_to_a_function) {
  Team team(2);
  std::atomic<std::size_t> sum = 0;
  const auto constant = [&](std::size_t part) { sum += part; };
  team.run(5, constant);
  team.run(5, [&, own = std::make_unique<std::size_t>(10)](std::size_t part) { sum += part * *own; });
  EXPECT_EQ(sum, 110U);
  static std::atomic<std::size_t> called;
  called = 0;
  team.run(5, +[](std::size_t part) { called += part; });
  EXPECT_EQ(called, 10U);
}

TEST(Team, one_part_or_a_team_of_one_is_done_by_the_caller) {
  std::set<std::thread::id> threads;
  Team two(2), one(1);
  two.run(1, [&](std::size_t) { threads.insert(this_thread()); });
  one.run(9, [&](std::size_t) { threads.insert(this_thread()); });
  EXPECT_EQ(threads, std::set{this_thread()});
}

TEST(Team, an_exception_is_thrown_to_the_caller_when_all_parts_have_ended) {
  for (const std::size_t culprit : {0U, 1U, 2U, 3U}) {
    Team team(4);
    std::atomic<int> ended = 0;
    const auto work = [&](std::size_t part) {
      if (part == culprit) throw std::runtime_error("part " + std::to_string(part));
      std::this_thread::sleep_for(milliseconds(2));
      ++ended;
    };
    try {
      team.run(4, work);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(error.what(), "part " + std::to_string(culprit));
    }
    EXPECT_EQ(ended, 3);

    Record record(100);
    team.run(100, record);
    EXPECT_EQ(record.times, std::vector<int>(100, 1)) << "after an exception the team works on";
  }
}

TEST(Team, of_several_exceptions_the_lowest_parts_is_thrown_however_late) {
  Team team(4);
  for (int repetition = 0; repetition < 20; ++repetition) {
    try {
      team.run(8, [](std::size_t part) {
        if (part < 3) return;
        if (part == 3) std::this_thread::sleep_for(milliseconds(1));
        throw part;
      });
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::size_t part) {
      EXPECT_EQ(part, 3U);
    }
  }
}

TEST(Team, an_exception_goes_straight_through_where_the_caller_works_alone) {
  Team team(1);
  EXPECT_THROW(team.run(3, [](std::size_t) { throw 1; }), int);
}

TEST(Team, a_run_inside_the_teams_own_work_is_done_by_the_member_that_asks) {
  Team team(3);
  std::vector<Record> inner(6, Record(10));
  std::vector<std::size_t> outer(6);
  std::vector<std::set<std::thread::id>> threads(6);
  team.run(6, [&](std::size_t part, std::size_t member) {
    outer[part] = member;
    threads[part].insert(this_thread());
    team.run(10, [&](std::size_t inner_part, std::size_t inner_member) {
      inner[part](inner_part, inner_member);
      threads[part].insert(this_thread());
    });
  });
  for (std::size_t part = 0; part < 6; ++part) {
    EXPECT_EQ(inner[part].times, std::vector<int>(10, 1));
    EXPECT_EQ(inner[part].member, std::vector<std::size_t>(10, outer[part])) << "its memory is still its own";
    EXPECT_EQ(threads[part].size(), 1U);
  }
}

TEST(Team, a_run_inside_another_teams_work_is_shared) {
  Team outer(2), inner(2);
  std::set<std::thread::id> threads;
  std::size_t back = 9;
  outer.run(2, [&](std::size_t part) {
    if (part != 0) return;
    for (const std::thread::id& who : meeting(inner, 2)) threads.insert(who);
    inner.run(2, [&](std::size_t, std::size_t member) {
      if (member == 0) outer.run(1, [&](std::size_t, std::size_t here) { back = here; });
    });
  });
  EXPECT_EQ(threads.size(), 2U);
  EXPECT_EQ(back, 0U);
}

TEST(Team, a_hundred_thousand_runs) {
  Team team(2);
  std::size_t counts[2] = {0, 0};
  for (int i = 0; i < 100'000; ++i) team.run(2, [&](std::size_t part) { ++counts[part]; });
  EXPECT_EQ(counts[0], 100'000U);
  EXPECT_EQ(counts[1], 100'000U);
}

TEST(Team, members_and_caller_that_slept_are_woken) {
  Team team(3);
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(milliseconds(1));  // the members sleep
    Record record(3);
    team.run(3, [&](std::size_t part, std::size_t member) {
      if (part == static_cast<std::size_t>(i % 3))
        std::this_thread::sleep_for(milliseconds(1));  // the caller may, too
      record(part, member);
    });
    ASSERT_EQ(record.times, std::vector<int>(3, 1));
  }
}

TEST(Team, an_idle_team_uses_no_processor) {
  Team team(4);
  team.run(4, [](std::size_t) {});
  std::this_thread::sleep_for(milliseconds(20));  // till all have spun, on a busy machine as well
  const double before = processor_seconds();
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_LT(processor_seconds() - before, 0.005);
}

TEST(Team, a_team_that_never_shared_has_started_no_thread) {
  Team team(100'000);  // more than would fit
  team.run(1, [](std::size_t) {});
  EXPECT_EQ(team.size(), 100'000U);
}

#ifndef NDEBUG
TEST(TeamDeathTest, two_threads_that_run_at_once_are_found_out) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto run = [] {
    Team team(2);
    team.run(2, [&](std::size_t part) {
      if (part == 0) std::thread([&] { team.run(2, [](std::size_t) {}); }).join();
    });
  };
  EXPECT_DEATH(run(), "one thread at a time");
}
#endif

TEST(ThreadsWorth, ten_microseconds_stay_on_one_thread_and_no_part_is_smaller) {
  EXPECT_EQ(threads_worth(0), 1U);
  EXPECT_EQ(threads_worth(300e3), 1U);
  EXPECT_EQ(threads_worth(599e3), 1U);
  EXPECT_EQ(threads_worth(600e3), 2U);
  EXPECT_EQ(threads_worth(30e6), 100U);
  EXPECT_EQ(threads_worth(1e300), 1'000'000U);
}

}  // namespace
}  // namespace neurone
