// Any bytes are either rejected with neurone::Error or parsed; what was parsed survives formatting and parsing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/file/safetensors.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

bool same(const neurone::Tensor& a, const neurone::Tensor& b) {
  return a.type == b.type && a.shape == b.shape && std::ranges::equal(a.bytes, b.bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parse = [](std::string bytes) { return neurone::parse_safetensors(std::move(bytes), "fuzz"); };
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  try {
    parse(bytes);
  } catch (const neurone::Error&) {
    return 0;
  }
  const auto first = parse(bytes);
  const std::string formatted = neurone::format_safetensors(first.tensors(), first.metadata());
  const auto second = parse(formatted);
  check(first.metadata() == second.metadata());
  check(std::ranges::equal(first.tensors(), second.tensors(), [](const auto& a, const auto& b) {
    return a.first == b.first && same(a.second, b.second);
  }));
  check(neurone::format_safetensors(second.tensors(), second.metadata()) == formatted);
  return 0;
}
