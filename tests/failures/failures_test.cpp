// Each allocation, each system call on a file fails once, and the process is killed at each: what was there stays
// whole, an error says what happened, nothing leaks and nothing is left. NEURONE_FAILURES=all tries every place of
// every operation (make check-failures); else the larger operations are tried at places evenly chosen.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <new>
#include <string>

#include "neurone/core/error.h"
#include "neurone/core/file.h"
#include "neurone/core/temporary_file.h"
#include "tests/failures/failing_calls.h"
#include "tests/failures/failing_memory.h"
#include "tests/failures/operations.h"

namespace neurone::failures {
namespace {

struct Counts {
  std::size_t allocations, calls, kills;
  std::size_t unhandled, leaks, unclear, leftovers, lost;
};

// Shared with the processes in which things fail, for some end there.
struct Shared {
  Counts counts;
  std::size_t at;  // which place is being tried
};
Shared& shared() {
  static void* const memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return *static_cast<Shared*>(memory);
}

class Totals : public testing::Environment {
 public:
  void TearDown() override {
    const Counts& c = shared().counts;
    std::printf(
        "failures: %zu allocations refused, %zu calls disturbed, %zu kills; files lost: %zu, left over: %zu, "
        "leaks: %zu, errors without words: %zu, ended by force: %zu\n",
        c.allocations, c.calls, c.kills, c.lost, c.leftovers, c.leaks, c.unclear, c.unhandled);
  }
};
const auto* const totals = testing::AddGlobalTestEnvironment(new Totals);

bool tries_all() {
  const char* wish = std::getenv("NEURONE_FAILURES");
  return wish != nullptr && std::strcmp(wish, "all") == 0;
}

// So that about `places` of them are tried.
std::size_t stride_for(std::size_t count, std::size_t places) {
  return tries_all() ? 1 : std::max<std::size_t>(count / places, 1);
}

std::size_t open_files() {
  std::error_code error;
  const auto entries = std::filesystem::directory_iterator("/proc/self/fd", error);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

std::size_t temporaries_in(const std::string& folder) {
  return static_cast<std::size_t>(std::ranges::count_if(
      std::filesystem::directory_iterator(folder),
      [](const auto& entry) { return entry.path().filename().string().starts_with(".neurone-"); }));
}

// What an exception says where it is none that a user may see.
std::string unclear_words() {
  try {
    throw;
  } catch (const std::bad_alloc&) {  // "not enough memory", says the command
    return {};
  } catch (const Error& error) {
    const std::string what = error.what();
    for (const char* foreign : {"bad_alloc", "json.exception", "filesystem error", "std::"})
      if (what.find(foreign) != std::string::npos) return what;
    return what.empty() ? "an error without words" : std::string();
  } catch (const std::exception& error) {
    return std::string("not ours: ") + error.what();
  } catch (...) {
    return "no exception of C++";
  }
}

// Does `tries` in a process of its own, and goes on behind a place at which that ended by force.
template <class Tries> void in_processes(const std::string& name, std::size_t stride, const Tries& tries) {
  shared().at = 1;
  while (true) {
    std::fflush(nullptr);
    const ::pid_t child = ::fork();
    if (child == 0) {
      tries();
      std::fflush(nullptr);
      ::_exit(testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status)) {
      EXPECT_EQ(WEXITSTATUS(status), 0) << name;
      return;
    }
    ++shared().counts.unhandled;
    ADD_FAILURE() << name << ": ended by signal " << WTERMSIG(status) << " at place " << shared().at;
    shared().at += stride;
  }
}

// --- the files that an operation replaces --------------------------------------------------------------------------

// In the folder: the old ones to begin with, and how the new ones look.
class Written {
 public:
  Written(const Operation& operation, const std::string& folder) : operation_(operation), folder_(folder) {}

  void learn_new() {
    for (const std::string& name : operation_.written) fresh_.push_back(read_file(folder_ + "/" + name));
  }
  void put_old() const {
    for (const std::string& name : operation_.written) write_file(folder_ + "/" + name, old_of(name));
  }
  void expect_whole(bool is_done, const std::string& where) const {
    for (std::size_t k = 0; k < operation_.written.size(); ++k) {
      const std::string& name = operation_.written[k];
      const std::string now = read_file(folder_ + "/" + name);
      if (now == fresh_[k] || (!is_done && now == old_of(name))) continue;
      ++shared().counts.lost;
      ADD_FAILURE() << where << ": " << name << " is neither the old file nor the new one, whole";
    }
  }
  void expect_no_temporary(const std::string& where) const {
    const std::size_t count = temporaries_in(folder_);
    shared().counts.leftovers += count;
    EXPECT_EQ(count, 0U) << where;
  }

 private:
  static std::string old_of(const std::string& name) { return "written by neurone: the old " + name; }

  const Operation& operation_;
  std::string folder_;
  std::vector<std::string> fresh_;
};

// Runs it while something fails. Returns whether it came to its end.
bool finishes(const std::function<std::string()>& run, const std::string& expected, const std::string& where) {
  try {
    const std::string result = run();
    leave_calls_alone();
    grant_all_allocations();
    EXPECT_EQ(result == expected, true) << where << ": the result is another: " << result.substr(0, 200);
    return true;
  } catch (...) {
    leave_calls_alone();
    grant_all_allocations();
    const std::string unclear = unclear_words();
    if (!unclear.empty()) {
      ++shared().counts.unclear;
      ADD_FAILURE() << where << ": " << unclear;
    }
    return false;
  }
}

// --- tests ---------------------------------------------------------------------------------------------------------

class Failures : public testing::TestWithParam<Operation> {
 protected:
  Failures() : folder_(inputs()), run_(GetParam().in(folder_->path())), written_(GetParam(), folder_->path()) {
    result_ = run_();
    written_.learn_new();
  }

  std::unique_ptr<TemporaryFolder> folder_;
  std::function<std::string()> run_;
  Written written_;
  std::string result_;
};

TEST_P(Failures, of_an_allocation_are_errors_and_leak_nothing) {
  refuse_allocation(0, false);
  run_();
  const std::size_t count = grant_all_allocations();
  const std::size_t stride = stride_for(count, 150);
  for (const bool lasting : {false, true})
    in_processes(GetParam().name, stride, [&] {
      for (; shared().at <= count; shared().at += stride) {
        const std::string where = GetParam().name + ": allocation " + std::to_string(shared().at) +
                                  (lasting ? " and all behind it" : "") + " of " + std::to_string(count);
        written_.put_old();
        const std::size_t living = living_allocations();
        refuse_allocation(shared().at, lasting);
        const bool is_done = finishes(run_, result_, where);
        ++shared().counts.allocations;
        written_.expect_whole(is_done, where);
        written_.expect_no_temporary(where);
        if (living_allocations() == living) continue;
        ++shared().counts.leaks;
        ADD_FAILURE() << where << ": " << living_allocations() << " allocations live, before " << living;
      }
    });
}

TEST_P(Failures, of_a_call_are_errors_and_leave_the_old_file_or_the_new) {
  disturb_call(0, Fate::fails);
  run_();
  const std::size_t count = leave_calls_alone();
  const std::size_t stride = stride_for(count, 60), files = open_files();
  struct Disturbance {
    Fate fate;
    int error;
    bool is_overcome;  // the run goes on
  };
  for (const auto& [fate, error, is_overcome] : {Disturbance{Fate::fails, EIO, false},
                                                 {Fate::fails, ENOSPC, false},
                                                 {Fate::fails, EINTR, true},
                                                 {Fate::is_short, 0, true}})
    in_processes(GetParam().name, stride, [&] {
      for (; shared().at <= count; shared().at += stride) {
        written_.put_old();
        disturb_call(shared().at, fate, error);
        std::string where = GetParam().name + ": call " + std::to_string(shared().at) + " of " +
                            std::to_string(count) + ", " + (error == 0 ? "cut short" : std::strerror(error));
        const bool is_done = finishes(run_, result_, where);
        where += std::string(", ") + disturbed_call();
        ++shared().counts.calls;
        const std::string call = disturbed_call();
        const bool has_to_go_on =
            call == "open" || call == "read" || call == "write" || call == "fsync" || call == "close";
        EXPECT_TRUE(is_done || !is_overcome || !has_to_go_on) << where;
        written_.expect_whole(is_done, where);
        written_.expect_no_temporary(where);
        EXPECT_EQ(open_files(), files) << where;
      }
    });
}

TEST_P(Failures, of_the_process_leave_the_old_file_or_the_new_and_the_next_run_clears_up) {
  disturb_call(0, Fate::fails);
  run_();
  const std::size_t count = leave_calls_alone();
  const std::size_t stride = stride_for(count, 40);
  for (const Fate fate : {Fate::kills, Fate::kills_half_way})
    for (std::size_t at = 1; at <= count; at += stride) {
      written_.put_old();
      std::fflush(nullptr);
      const ::pid_t child = ::fork();
      if (child == 0) {
        disturb_call(at, fate);
        run_();
        ::_exit(0);
      }
      ::waitpid(child, nullptr, 0);
      ++shared().counts.kills;
      const std::string where =
          GetParam().name + ": killed at call " + std::to_string(at) + " of " + std::to_string(count);
      written_.expect_whole(false, where);
      remove_leftovers(folder_->path("any"));
      written_.expect_no_temporary(where);
      if (at % 8 != 1) continue;
      EXPECT_EQ(run_() == result_, true) << where << ": the next run finds something else";
      written_.expect_whole(true, where);
    }
}

std::string name_of(const testing::TestParamInfo<Operation>& info) {
  std::string name = info.param.name;
  std::ranges::replace(name, ' ', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Each, Failures, testing::ValuesIn(operations()), name_of);

}  // namespace
}  // namespace neurone::failures
