// Counter-based random numbers: a number is a function of (seed, purpose, epoch, row, draw), so that the order
// in which work is done, the number of threads and a resumed run change nothing.
#pragma once

#include <array>
#include <cstdint>

namespace neurone {

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"): ten rounds of
/// multiplication over a 128-bit counter and a 64-bit key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// What the numbers are for: two purposes never share a stream.
enum class Purpose : std::uint32_t { split = 1, shuffle = 2, initialise = 3, dropout = 4, bootstrap = 5 };

/// A stream of random numbers, named by where it is used.
class Random {
 public:
  struct Place {
    Purpose purpose{};
    std::uint32_t part = 0;   ///< which layer or parameter block; below 2²⁴
    std::uint32_t epoch = 0;  ///< which pass over the data
    std::uint32_t row = 0;    ///< which sample
  };

  Random(std::uint64_t seed, Place place);

  /// The key and the first counter of the stream, for those who draw many numbers of it at once.
  const std::array<std::uint32_t, 2>& key() const { return key_; }
  const std::array<std::uint32_t, 4>& counter() const { return counter_; }

  std::uint32_t bits();
  /// Uniform on [0, 1), 53 random bits.
  double uniform();
  /// Standard normal (Box and Muller 1958).
  double normal();
  /// Uniform on 0 … n − 1 without bias (Lemire 2019, "Fast random integer generation in an interval"); n ≥ 1.
  std::uint32_t below(std::uint32_t n);

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
};

}  // namespace neurone
