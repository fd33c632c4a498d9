// A team of threads that shares the loops of one training step: run(parts, work) forks and joins.
// Which parts there are, how many threads, and that no sum depends on who did which, is left to the caller.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

namespace neurone {

/// The thread that calls run() is member 0; the others start at the first run that needs them, spin for some tens of
/// microseconds after each, and then sleep until the next.
class Team {
 public:
  /// The number of threads counts the caller; at least 1.
  explicit Team(std::size_t threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  std::size_t size() const { return size_; }

  /// Calls work(part) once for every part 0 … parts − 1, or work(part, member) where it takes two: the member, below
  /// size(), has memory of its own. Returns when all are done. Allocates nothing once the threads are there.
  ///
  /// Each member does a range of neighbours, the same in every run: parts that lie side by side in memory stay in one
  /// cache. Where a member has not begun when the caller is through with its own parts, because it sleeps or
  /// something else holds its processor, the caller does them in its name: a part may not wait for another. One part,
  /// a team of one, and a run inside this team's own work are done by the thread that asks, without a word to the
  /// others.
  ///
  /// What work throws is thrown here once all have stopped: of several, that of the lowest part, whoever was first.
  /// A member whose part threw leaves its later parts. Throws Error when a thread cannot be started.
  ///
  /// One thread at a time calls run(). A forked child starts threads of its own; one that was forked inside work may
  /// not return from it.
  template <class F> void run(std::size_t parts, F&& work) {
    using Work = std::remove_reference_t<F>;
    const Task task = [](void* context, std::size_t first, std::size_t end, std::size_t member) {
      Work& each = *static_cast<Work*>(context);
      for (std::size_t part = first; part < end; ++part) {
        if constexpr (std::is_invocable_v<Work&, std::size_t, std::size_t>) {
          each(part, member);
        } else {
          each(part);
        }
      }
    };
    share(parts, task, const_cast<void*>(static_cast<const void*>(std::addressof(work))));
  }

 private:
  /// Does parts first … end − 1 as this member.
  using Task = void (*)(void* context, std::size_t first, std::size_t end, std::size_t member);
  enum class State : std::uint32_t;
  struct Order;
  struct Member;

  void share(std::size_t parts, Task task, void* context);
  void start_next();

  std::size_t size_;
  std::size_t started_ = 1;  // members that are there: the caller is
  std::vector<Member> members_;
  std::atomic<bool> running_{false};
  unsigned birth_;  // the threads belong to the process with this number of forks
};

/// How many parts a piece of work of so many floating-point operations deserves: no part is less than 300,000 of
/// them, about 10 µs at 30 a nanosecond. A fork and a join cost 0.1 µs while the team spins; the first after a sleep
/// costs 7 to 15 µs (docs/decisions/0006). At least 1, and not limited by the size of any team.
std::size_t threads_worth(double operations);

}  // namespace neurone
