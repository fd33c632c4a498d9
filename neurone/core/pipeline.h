// Items that come one after the other are worked on by several threads at once, and what they become is passed on in
// the order in which they came: as if one thread had done all. Leaves to the caller what the items are.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace neurone {

/// next() gives an item, or nothing at the end; work(item) makes a result of it; pass_on(result) takes it. One thread
/// at a time is in next, and one in pass_on; as many as `threads`, the caller among them, are in work, each with one
/// item: there are never more of them than threads. What is thrown is thrown here once all have stopped: that of the
/// first item, and pass_on has had the results of all items before it and of none behind.
template <class Next, class Work, class PassOn>
void run_in_order(std::size_t threads, Next&& next, Work&& work, PassOn&& pass_on) {
  std::mutex taking, passing;
  std::condition_variable passed_on;
  std::size_t taken = 0, passed = 0;
  bool ended = false;          // under taking: nothing more is taken
  std::exception_ptr failure;  // under passing

  const auto member = [&] {
    while (true) {
      std::exception_ptr error;
      std::size_t number = 0;
      auto item = decltype(next()){};
      {
        const std::lock_guard lock(taking);
        if (ended) return;
        number = taken++;
        try {
          item = next();
        } catch (...) {
          error = std::current_exception();
        }
        ended = !item;
        if (ended && !error) return;
      }
      std::optional<decltype(work(std::move(*item)))> result;
      try {
        if (item) result = work(std::move(*item));
      } catch (...) {
        error = std::current_exception();
      }
      std::unique_lock lock(passing);
      passed_on.wait(lock, [&] { return failure || passed == number; });
      if (failure) return;
      try {
        if (result) pass_on(std::move(*result));
      } catch (...) {
        error = std::current_exception();
      }
      failure = error;
      ++passed;
      passed_on.notify_all();
      if (!failure) continue;
      lock.unlock();
      const std::lock_guard end(taking);
      ended = true;
      return;
    }
  };

  {
    std::vector<std::jthread> others;
    for (std::size_t k = 1; k < threads; ++k) others.emplace_back(member);
    member();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace neurone
