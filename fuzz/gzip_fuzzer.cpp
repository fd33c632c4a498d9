// Any bytes are either refused with neurone::Error or unpacked to no more than the limit.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "neurone/core/error.h"
#include "neurone/data/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t limit = 1 << 16;
  try {
    const std::string_view packed(reinterpret_cast<const char*>(data), size);
    if (neurone::inflate_gzip(packed, "fuzz", limit).size() > limit) std::abort();
  } catch (const neurone::Error&) {
    return 0;
  }
  return 0;
}
