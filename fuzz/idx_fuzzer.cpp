// Any bytes are either refused with neurone::Error or an array whose shape counts its values.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "neurone/core/error.h"
#include "neurone/data/idx.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  neurone::IdxArray array;
  try {
    array = neurone::parse_idx(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz");
  } catch (const neurone::Error&) {
    return 0;
  }
  std::size_t values = 1;
  for (const std::size_t n : array.shape) values *= n;
  const bool holds = !array.shape.empty() && array.shape.size() <= 4 && values == array.values.size() &&
                     size == 4 + 4 * array.shape.size() + values;
  if (!holds) std::abort();
  return 0;
}
