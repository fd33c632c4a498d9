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
  /// Does what is still to be done, then ends the threads.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Work must not throw. It is done in the order in which it came.
  void post(std::function<void()> work);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable something_;
  std::deque<std::function<void()>> queue_;
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace neurone::server
