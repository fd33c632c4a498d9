// A short text that is another for other data (FNV-1a, 64 bits): against mix-ups, not against forgery.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace neurone {

class Fingerprint {
 public:
  template <class T> void add(std::span<const T> values) {
    for (const std::byte b : std::as_bytes(values)) hash_ = (hash_ ^ static_cast<std::uint64_t>(b)) * 0x100000001b3;
  }
  /// A text and where it ends.
  void add(std::string_view text) {
    add(std::span(text.data(), text.size()));
    add(std::span<const char>(std::array{'\0'}));
  }
  /// 16 hexadecimal digits.
  std::string text() const {
    std::string digits(16, '0');
    std::uint64_t rest = hash_;
    for (std::size_t i = digits.size(); i-- > 0; rest >>= 4U) digits[i] = "0123456789abcdef"[rest & 0xFU];
    return digits;
  }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace neurone
