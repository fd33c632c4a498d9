#include "tests/failures/failing_memory.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

namespace neurone::failures {
namespace {

std::atomic<std::size_t> asked{0}, living{0};
std::atomic<std::size_t> first_refused{std::numeric_limits<std::size_t>::max()}, last_refused{0};

void* allocate(std::size_t size, std::size_t alignment) noexcept {
  const std::size_t number = ++asked;
  if (number >= first_refused && number <= last_refused) return nullptr;
  void* memory =
      std::aligned_alloc(alignment, std::max<std::size_t>(size + alignment - 1, 1) / alignment * alignment);
  if (memory != nullptr) ++living;
  return memory;
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  void* memory = allocate(size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void give_back(void* memory) noexcept {
  if (memory != nullptr) --living;
  std::free(memory);
}

}  // namespace

void refuse_allocation(std::size_t n, bool lasting) {
  first_refused = std::numeric_limits<std::size_t>::max();
  asked = 0;
  last_refused = lasting ? std::numeric_limits<std::size_t>::max() : n;
  first_refused = n;
}

std::size_t grant_all_allocations() {
  first_refused = std::numeric_limits<std::size_t>::max();
  return asked;
}

std::size_t living_allocations() {
  return living;
}

}  // namespace neurone::failures

namespace failures = neurone::failures;
constexpr std::size_t common = alignof(std::max_align_t);

void* operator new(std::size_t size) {
  return failures::allocate_or_throw(size, common);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return failures::allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return failures::allocate(size, common);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return failures::allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  failures::give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  failures::give_back(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  failures::give_back(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  failures::give_back(memory);
}
