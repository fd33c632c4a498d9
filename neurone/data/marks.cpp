// Compares a block with each mark in a loop that every compiler makes vectors of, then gathers 64 bytes into 64 bits.
#include "neurone/data/marks.h"

#include <algorithm>
#include <cstring>

namespace neurone {
namespace {

using Flags = std::array<unsigned char, 64>;  // of each byte of a block, 0 or 1

Flags flags_of(std::span<const char, 64> block, const Marks& marks) {
  Flags flags;  // NOLINT(*-member-init): written by the loop, and zeros would cost as much
  for (std::size_t k = 0; k < flags.size(); ++k) {
    unsigned char any = 0;
    for (const char mark : marks) any |= static_cast<unsigned char>(block[k] == mark);
    flags[k] = any;
  }
  return flags;
}

std::uint64_t word_at(const Flags& flags, std::size_t k) {
  std::uint64_t word = 0;
  std::memcpy(&word, &flags[k], sizeof word);
  return word;
}

// Eight flags to eight bits. The factor moves byte k of the word to bit 56 + k of the product, and nothing else gets
// there.
std::uint64_t gather(std::uint64_t word) {
  constexpr bool little = std::endian::native == std::endian::little;
  constexpr std::uint64_t factor = little ? 0x0102040810204080 : 0x8040201008040201;
  return word * factor >> 56;
}

// How many flags are 1: each byte of the sum of the words is at most 8, and the product has the sum of the bytes in
// its highest.
std::size_t count_of(const Flags& flags) {
  std::uint64_t sums = 0;
  for (std::size_t k = 0; k < flags.size(); k += 8) sums += word_at(flags, k);
  return sums * 0x0101010101010101 >> 56;
}

}  // namespace

std::uint64_t find_marks(std::span<const char, 64> block, const Marks& marks) {
  const Flags flags = flags_of(block, marks);
  std::uint64_t found = 0;
  for (std::size_t k = 0; k < flags.size(); k += 8) found |= gather(word_at(flags, k)) << k;
  return found;
}

std::size_t count_marks(std::string_view text, const Marks& marks) {
  std::size_t count = 0;
  for (; text.size() >= 64; text.remove_prefix(64)) count += count_of(flags_of(std::span(text).first<64>(), marks));
  return count + static_cast<std::size_t>(
                     std::ranges::count_if(text, [&](char c) { return std::ranges::find(marks, c) != marks.end(); }));
}

void MarkReader::look(std::size_t from) {
  block_ = from;
  if (text_.size() - from >= 64) {
    found_ = find_marks(std::span(text_).subspan(from).first<64>(), marks_);
  } else {
    std::array<char, 64> rest;
    rest.fill(marks_[0]);
    std::ranges::copy(text_.substr(from), rest.begin());
    found_ = find_marks(rest, marks_);
  }
}

}  // namespace neurone
