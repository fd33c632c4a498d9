// The hand-off between the members of a team: one word each, watched for a while, then waited for in the kernel.
// What the work is, and how it was cut into parts, is left to the caller.
#include "neurone/core/team.h"

#include <pthread.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "neurone/core/denormals.h"
#include "neurone/core/error.h"
#include "neurone/core/matrix.h"

namespace neurone {
namespace {

// Longer than the gaps between the loops of a training step. To sleep and be woken costs about 15 µs.
constexpr std::chrono::microseconds spin_time{50};

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Returns true as soon as the value is no longer this one, false when it still is after spin_time.
template <class T> bool changes_soon(const std::atomic<T>& value, T now) {
  using Clock = std::chrono::steady_clock;
  const auto look = [&] {
    for (int i = 0; i < 64; ++i) {
      if (value.load(std::memory_order_acquire) != now) return true;
      pause();
    }
    return false;
  };
  if (look()) return true;  // a short wait reads no clock
  const Clock::time_point end = Clock::now() + spin_time;
  while (Clock::now() < end)
    if (look()) return true;
  return false;
}

// How often this process and those it descends from were forked, since the first team: other than at a team's birth
// means that its threads stayed in the parent. Comparing process numbers would be a system call in every run.
std::atomic<unsigned> forks{0};

unsigned forks_watched() {
  static const int failed = ::pthread_atfork(nullptr, nullptr, [] { ++forks; });
  if (failed != 0) throw std::bad_alloc();
  return forks;
}

// The teams at whose work this thread is, the innermost first.
struct Place {
  const void* team;
  std::size_t member;
  const Place* outer;
};
thread_local const Place* innermost = nullptr;

class Inside {
 public:
  Inside(const void* team, std::size_t member) : place_{team, member, innermost} { innermost = &place_; }
  ~Inside() { innermost = place_.outer; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  Place place_;
};

const Place* place_in(const void* team) {
  const Place* place = innermost;
  while (place != nullptr && place->team != team) place = place->outer;
  return place;
}

// Only one thread at a time.
class Alone {
 public:
  explicit Alone(std::atomic<bool>& running) : running_(running) {
    [[maybe_unused]] const bool already = running_.exchange(true);
    assert(!already && "a team is used by one thread at a time");
  }
  ~Alone() { running_ = false; }
  Alone(const Alone&) = delete;
  Alone& operator=(const Alone&) = delete;

 private:
  std::atomic<bool>& running_;
};

// Signals go to the program's own threads, except those that an instruction or a profiler's clock causes.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    ::sigset_t most;
    ::sigfillset(&most);
    for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGPROF}) ::sigdelset(&most, own);
    ::pthread_sigmask(SIG_BLOCK, &most, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  ::sigset_t before_{};
};

}  // namespace

// What a member is at.
//   idle, asleep → ordered     the caller has written an order
//   ordered → working          the member has begun
//   ordered → idle             the caller has come before it, and does its parts
//   working, awaited → idle    the member has done its parts
//   idle → asleep              the member has spun in vain and waits in the kernel
//   working → awaited          the caller has spun in vain and waits in the kernel
//   idle, asleep → dismissed   the member shall end
enum class Team::State : std::uint32_t { idle, asleep, ordered, working, awaited, dismissed };

// Parts first … end − 1 of a run.
struct Team::Order {
  Task task = nullptr;
  void* context = nullptr;
  std::size_t first = 0, end = 0;
  bool denormals_are_zero = false;  // as for the caller
};

// The order lies beside the state: a hand-off moves one cache line there and back. Two lines a member, because
// processors fetch them in pairs.
struct alignas(2 * cache_line) Team::Member {
  std::atomic<State> state{State::idle};
  Order order;
  std::exception_ptr thrown;

  alignas(cache_line) pthread_t thread{};
  const Team* team = nullptr;
  std::size_t number = 0;

  void carry_out() noexcept {
    const Inside inside(team, number);
    try {
      order.task(order.context, order.first, order.end, number);
    } catch (...) {
      thrown = std::current_exception();
    }
  }

  // The caller's side.
  void hand_over(State what) {
    if (state.exchange(what) == State::asleep) state.notify_one();
  }
  void stand_in() {
    State now = State::ordered;
    if (state.compare_exchange_strong(now, State::idle)) carry_out();
  }
  void wait_until_done() {
    if (changes_soon(state, State::working)) return;
    assert(forks == team->birth_ && "a child that was forked inside work returned from it");
    State now = State::working;
    if (state.compare_exchange_strong(now, State::awaited)) state.wait(State::awaited);
  }

  // The member's side.
  static void* life(void* member) {
    static_cast<Member*>(member)->live();
    return nullptr;
  }
  void live() {
    while (true) {
      wait_for_order();
      State now = State::ordered;
      if (state.compare_exchange_strong(now, State::working)) {
        const DenormalsAreZero as_the_caller(order.denormals_are_zero);
        carry_out();
        if (state.exchange(State::idle) == State::awaited) state.notify_one();
      } else if (now == State::dismissed) {
        return;
      }
    }
  }
  void wait_for_order() {
    if (changes_soon(state, State::idle)) return;
    assert(forks == team->birth_ && "a child that was forked inside work returned from it");
    State now = State::idle;
    if (state.compare_exchange_strong(now, State::asleep)) state.wait(State::asleep);
  }
};

Team::Team(std::size_t threads) : size_(threads), birth_(forks_watched()) {
  assert(threads >= 1);
}

Team::~Team() {
  if (forks != birth_) return;
  for (std::size_t m = 1; m < started_; ++m) members_[m].hand_over(State::dismissed);
  for (std::size_t m = 1; m < started_; ++m) ::pthread_join(members_[m].thread, nullptr);
}

void Team::start_next() {
  if (members_.empty()) {
    members_ = std::vector<Member>(size_);
    for (std::size_t m = 0; m < size_; ++m) {
      members_[m].team = this;
      members_[m].number = m;
    }
  }
  Member& member = members_[started_];
  const SignalsBlocked blocked;
  if (const int code = ::pthread_create(&member.thread, nullptr, Member::life, &member); code != 0)
    throw Error("thread " + std::to_string(started_ + 1) + " of " + std::to_string(size_) +
                " cannot be started: " + std::generic_category().message(code));
  ++started_;
}

void Team::share(std::size_t parts, Task task, void* context) {
  if (const Place* place = place_in(this)) return task(context, 0, parts, place->member);
  const std::size_t sharers = std::min(parts, size_);
  if (sharers <= 1) return task(context, 0, parts, 0);

  if (forks != birth_) {  // the threads stayed in the parent, and so did whoever was running
    members_.clear();
    started_ = 1;
    running_ = false;
    birth_ = forks;
  }
  const Alone alone(running_);
  while (started_ < sharers) start_next();

  const bool denormals_are_zero = DenormalsAreZero::in_effect();
  std::size_t first = 0;
  for (std::size_t m = 0; m < sharers; ++m) {
    const std::size_t end = first + parts / sharers + (m < parts % sharers ? 1 : 0);
    members_[m].order = {task, context, std::exchange(first, end), end, denormals_are_zero};
    if (m > 0) members_[m].hand_over(State::ordered);
  }
  members_[0].carry_out();
  for (std::size_t m = 1; m < sharers; ++m) members_[m].stand_in();
  for (std::size_t m = 1; m < sharers; ++m) members_[m].wait_until_done();

  std::exception_ptr lowest;
  for (std::size_t m = 0; m < sharers; ++m) {
    const std::exception_ptr thrown = std::exchange(members_[m].thrown, nullptr);
    if (!lowest) lowest = thrown;
  }
  if (lowest) std::rethrow_exception(lowest);
}

std::size_t threads_worth(double operations) {
  constexpr double least = 300e3, most = 1e6;  // more parts than any machine has processors
  return static_cast<std::size_t>(std::min(std::max(1.0, operations / least), most));
}

}  // namespace neurone
