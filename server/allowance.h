// What a request may become: rows, memory, a share of a turn. Readers ask before they build, so that the bytes of a
// request are no measure of what it takes. What the limits are is left to routes.h and loop.h.
#pragma once

#include <atomic>
#include <cstddef>

#include "server/models.h"

namespace neurone::server {

/// Bytes that all requests may hold together. Safe from many threads.
class Memory {
 public:
  explicit Memory(std::size_t most) : most_(most) {}

  std::size_t held() const { return held_.load(); }

 private:
  friend class Holding;

  std::atomic<std::size_t> held_{0};
  std::size_t most_;
};

/// The bytes of one request; given back when it goes.
class Holding {
 public:
  explicit Holding(Memory& memory) : memory_(memory) {}
  ~Holding() { memory_.held_ -= bytes_; }
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;

  std::size_t bytes() const { return bytes_; }
  /// In all from now on. Throws Refusal, and holds what it held: 503 where others hold too much, 413 where even alone
  /// it would be too much.
  void hold(std::size_t bytes);

 private:
  Memory& memory_;
  std::size_t bytes_ = 0;
};

/// Thrown for a request that would hold up the turn of a loop: it is begun anew by a worker.
struct TakesLong {};

/// What one request for predictions may become.
class Allowance {
 public:
  /// All that there is: for who waits for nothing else.
  Allowance() = default;
  /// As much as the memory has left, beside what the request holds already.
  explicit Allowance(Holding& holding) : holding_(&holding), buffers_(holding.bytes()) {}
  /// What is read, predicted and answered within some milliseconds; for more, TakesLong is thrown.
  static Allowance of_a_turn();

  bool is_of_a_turn() const { return in_a_turn_; }
  /// From now on rows are rows of this model.
  void begin(const ServedModel& model, std::size_t most_rows);
  /// There are so many rows by now. Throws Refusal 413, what Holding::hold throws, TakesLong.
  void rows(std::size_t count) {
    if (count > granted_) grant(count);
  }
  /// Buffers of so many bytes are needed beside the rows. Throws likewise.
  void bytes(std::size_t more);

 private:
  void grant(std::size_t count);

  Holding* holding_ = nullptr;
  bool in_a_turn_ = false;
  std::size_t row_bytes_ = 0, most_rows_ = 0;
  std::size_t granted_ = 0;  // rows
  std::size_t buffers_ = 0;  // bytes
};

}  // namespace neurone::server
