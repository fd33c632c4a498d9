// The bytes of a file, or of standard input, whole or as they come; what is packed with gzip is unpacked on the way.
// Leaves to the readers what the bytes mean.
#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "neurone/data/gzip.h"

namespace neurone {

/// What messages call a path: the path itself, or "standard input" for "-".
std::string source_name(const std::string& path);

/// The content of a file, or of standard input for "-". Content that begins with gzip's two magic bytes is
/// unpacked, whatever the file is called.
/// Throws Error: no such file, a folder, cannot be read, and what inflate_gzip throws.
std::string read_bytes(const std::string& path);

/// The same bytes, without a limit and piece by piece.
class ByteStream {
 public:
  /// Throws Error as read_bytes does.
  explicit ByteStream(const std::string& path);
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// Fills `out`; returns how many bytes came, fewer than it holds at the end only. Throws Error: cannot be read, and
  /// what Gunzip throws.
  std::size_t read(std::span<char> out);

 private:
  std::string_view next_piece();

  struct Closer {
    void operator()(std::FILE* file) const;
  };
  std::string source_;
  std::unique_ptr<std::FILE, Closer> file_;
  std::string piece_;             // the last bytes that came from the file
  std::string_view rest_;         // what of them nobody has taken
  std::optional<Gunzip> gunzip_;  // where the file is packed
};

}  // namespace neurone
