// Where in a text a few characters stand, found 64 bytes at a time: one look at a block costs little more than one
// look at a byte. Leaves to the readers what the characters mean.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace neurone {

/// The characters looked for; fewer than five are filled up with one of them.
using Marks = std::array<char, 5>;

/// Bit k is set where block[k] is a mark, k = 0 … 63.
std::uint64_t find_marks(std::span<const char, 64> block, const Marks& marks);

/// How many bytes of the text are marks.
std::size_t count_marks(std::string_view text, const Marks& marks);

/// Goes through a text from mark to mark. The text may change behind the place asked for.
class MarkReader {
 public:
  MarkReader(std::string_view text, const Marks& marks) : text_(text), marks_(marks) { look(0); }

  /// The place of the first mark at or behind `from`, the size of the text where there is none. Each call starts
  /// where the last one did or behind it.
  std::size_t next(std::size_t from) {
    if (from - block_ >= 64) look(from);
    std::uint64_t ahead = found_ >> (from - block_);
    while (ahead == 0) {
      from = block_ + 64;
      look(from);
      ahead = found_;
    }
    return from + static_cast<std::size_t>(std::countr_zero(ahead));
  }

 private:
  void look(std::size_t from);

  std::string_view text_;
  Marks marks_;
  std::size_t block_ = 0;    // 64 bytes begin here
  std::uint64_t found_ = 0;  // the marks among them; all that lies behind the text is one
};

}  // namespace neurone
