// Any bytes are either refused with neurone::Error or a checkpoint, which survives formatting and parsing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

#include "neurone/core/error.h"
#include "neurone/file/checkpoint.h"

namespace {

using namespace neurone;

std::string format(const Checkpoint& checkpoint) {
  return std::visit([&](const auto& states) { return format_checkpoint(states, checkpoint.notes); },
                    checkpoint.states);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string formatted;
  try {
    formatted = format(parse_checkpoint(std::string(reinterpret_cast<const char*>(data), size), "fuzz"));
  } catch (const Error&) {
    return 0;
  }
  if (format(parse_checkpoint(formatted, "fuzz")) != formatted) std::abort();
  return 0;
}
