// Whole files, or standard input, in memory; what is packed with gzip is unpacked on the way.
// Leaves to the readers what the bytes mean.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace neurone {

/// The most that one gzip file may unpack to, 16 GiB: deflate shrinks up to 1032 : 1, so that a small file can
/// claim all memory.
inline constexpr std::uint64_t unpacked_limit = std::uint64_t{16} << 30;

/// What messages call a path: the path itself, or "standard input" for "-".
std::string source_name(const std::string& path);

/// The content of a file, or of standard input for "-". Content that begins with gzip's two magic bytes is
/// unpacked, whatever the file is called.
/// Throws Error: no such file, a folder, cannot be read, and what inflate_gzip throws.
std::string read_bytes(const std::string& path);

/// Unpacks gzip data (RFC 1952): one member, or several one after the other; zero bytes at the end are padding.
/// `source` is for messages. Throws Error: not gzip, damaged, cut short, foreign bytes at the end, over the limit.
std::string inflate_gzip(std::string_view bytes, const std::string& source, std::uint64_t limit = unpacked_limit);

}  // namespace neurone
