// Memory that is read next, asked for a little at a time while something else is computed.
// What comes next is known to the caller: rows of a table in a shuffled order, which no processor can foresee.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "neurone/core/matrix.h"

namespace neurone {

class LookAhead {
 public:
  /// The rows of a table whose rows are `bytes` long; `which` outlives their fetching.
  void rows(const void* table, std::size_t bytes, std::span<const std::uint32_t> which) {
    table_ = static_cast<const char*>(table);
    bytes_ = bytes;
    which_ = which;
    row_ = 0;
    offset_ = 0;
  }

  /// Asks for the next `lines` cache lines of them.
  void some(std::size_t lines) {
    while (lines > 0 && row_ < which_.size()) {
      const char* const row = table_ + which_[row_] * bytes_;
      const std::size_t end = std::min(bytes_, offset_ + lines * cache_line);
      for (; offset_ < end; offset_ += cache_line, --lines) __builtin_prefetch(row + offset_, 0, 2);
      if (offset_ >= bytes_) {
        ++row_;
        offset_ = 0;
      }
    }
  }

 private:
  const char* table_ = nullptr;
  std::size_t bytes_ = 0;
  std::span<const std::uint32_t> which_{};
  std::size_t row_ = 0, offset_ = 0;
};

}  // namespace neurone
