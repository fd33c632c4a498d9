// An open file by its POSIX number, closed at the end of the scope. What is done with it is left to others.
#pragma once

#include <cerrno>
#include <utility>

namespace neurone {

/// Calls again what a signal has interrupted.
template <class Call> auto uninterrupted(const Call& call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

class Descriptor {
 public:
  /// Below 0: none.
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  /// Network file systems report here what they could not store. The number is free even after a failure.
  bool close();

 private:
  int number_;
};

}  // namespace neurone
