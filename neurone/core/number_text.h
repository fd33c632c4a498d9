// Numbers as a user writes them, in options and in settings: whole, or real, within a range.
// Numbers in the cells of a table, with their separators and units, are left to data/.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace neurone {

struct WholeRange {
  std::uint64_t least = 0, most = std::numeric_limits<std::uint64_t>::max();
};

struct RealRange {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool without_least = false;  ///< above `least`, not at it
  bool without_most = false;   ///< below `most`, not at it
};

/// Decimal digits and nothing else; zeros before them count nothing, 010 is 10. Throws UsageError: "--seed: expected
/// a whole number of 0 or above, found '-1'".
std::uint64_t read_whole(const std::string& what, std::string_view text, const WholeRange& range = {});

/// Finite, with a decimal point, perhaps an exponent. Throws UsageError: "--l2: expected a number of 0 or above,
/// found '0,5' (a decimal comma: write 0.5)".
double read_real(const std::string& what, std::string_view text, const RealRange& range = {});

}  // namespace neurone
