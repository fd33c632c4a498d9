// Threads for what would hold up a loop: bodies that take long to read, tables that take long to predict.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace neurone::server {

class Workers {
 public:
  explicit Workers(std::size_t threads);
  /// Ends the threads when they have done what they are at. What is still in the queue is not done.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Work must not throw. It is done in the order in which it came.
  void post(std::function<void()> work);

  /// Is one of the threads at work?
  bool are_busy();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable something_;
  std::deque<std::function<void()>> queue_;
  bool ending_ = false;
  std::size_t busy_ = 0;  // threads
  std::vector<std::jthread> threads_;
};

}  // namespace neurone::server
