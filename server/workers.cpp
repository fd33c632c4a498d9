#include "server/workers.h"

#include <utility>

namespace neurone::server {

Workers::Workers(std::size_t threads) {
  for (std::size_t k = 0; k < threads; ++k) threads_.emplace_back([this] { run(); });
}

Workers::~Workers() {
  const std::lock_guard lock(mutex_);
  ending_ = true;
  queue_.clear();
  something_.notify_all();
}

void Workers::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  queue_.push_back(std::move(work));
  something_.notify_one();
}

bool Workers::are_busy() {
  const std::lock_guard lock(mutex_);
  return busy_ > 0;
}

void Workers::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    something_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    ++busy_;
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
    --busy_;
  }
}

}  // namespace neurone::server
