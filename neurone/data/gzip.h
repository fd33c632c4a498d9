// Gzip data (RFC 1952) unpacked as it comes: one member, or several one after the other; zero bytes at the end are
// padding. Leaves to bytes.h where the packed bytes come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace neurone {

/// What gzip data begins with.
inline constexpr std::string_view gzip_magic = "\x1f\x8b";

/// The most that one file may unpack to in memory, 16 GiB: deflate shrinks up to 1032 : 1, so that a small file can
/// claim all memory.
inline constexpr std::uint64_t unpacked_limit = std::uint64_t{16} << 30;

/// Gives the next bytes, valid until the next call; none at the end.
using NextBytes = std::function<std::string_view()>;

class Gunzip {
 public:
  /// `source` is for messages.
  Gunzip(NextBytes packed, std::string source);
  ~Gunzip();
  Gunzip(Gunzip&&) noexcept;
  Gunzip& operator=(Gunzip&&) noexcept;

  /// Fills `out` with unpacked bytes; returns how many, fewer than it holds at the end only.
  /// Throws Error: damaged, cut short, foreign bytes at the end, each with the byte of the packed data.
  std::size_t read(std::span<char> out);

 private:
  struct Stream;

  void begin_next_member();

  NextBytes packed_;
  std::string source_;
  std::unique_ptr<Stream> stream_;
  std::string_view rest_;  // packed bytes that are there and not yet unpacked
  std::string joined_;     // holds them where they come from two pieces
  std::size_t at_ = 0;     // packed bytes that are unpacked
  bool ended_ = false;
};

/// Unpacks data that is there as a whole. Throws Error also for what is no gzip and for more than `limit` bytes.
std::string inflate_gzip(std::string_view bytes, const std::string& source, std::uint64_t limit = unpacked_limit);

}  // namespace neurone
