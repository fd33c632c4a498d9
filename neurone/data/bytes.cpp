// Standard input is read here, files by core/file.h; gzip is unpacked by zlib, one step of its stream at a time.
#include "neurone/data/bytes.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <new>
#include <system_error>

#include "neurone/core/error.h"
#include "neurone/core/file.h"

namespace neurone {
namespace {

constexpr std::string_view gzip_magic = "\x1f\x8b";

std::string read_standard_input() {
  std::string bytes(1 << 16, '\0');
  std::size_t used = 0;
  while (true) {
    used += std::fread(bytes.data() + used, 1, bytes.size() - used, stdin);
    if (used < bytes.size()) break;
    bytes.resize(2 * bytes.size());
  }
  if (std::ferror(stdin) != 0) throw Error(source_name("-"), fmt::format("cannot be read: {}", std::strerror(errno)));
  bytes.resize(used);
  return bytes;
}

// read_file, with the two commonest mistakes told in plain words.
std::string read_path(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw Error(path, "is a folder, expected a file");
  if (error == std::errc::no_such_file_or_directory) throw Error(path, "no such file");
  return read_file(path);
}

// One zlib stream, that ends with its owner.
class Inflater {
 public:
  Inflater() {
    constexpr int gzip_only = 16;  // zlib: 16 + window bits reads gzip and nothing else
    if (inflateInit2(&stream_, gzip_only + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Begins the next member.
  void reset() { inflateReset(&stream_); }

  struct Step {
    int status;
    std::size_t consumed;
    std::size_t produced;
  };
  Step step(std::string_view packed, char* out, std::size_t room) {
    constexpr std::size_t most = 1 << 30;  // zlib counts in 32 bits
    const auto given = static_cast<uInt>(std::min(packed.size(), most));
    const auto free = static_cast<uInt>(std::min(room, most));
    stream_.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = given;
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = free;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    return {.status = status, .consumed = given - stream_.avail_in, .produced = free - stream_.avail_out};
  }

 private:
  z_stream stream_{};
};

}  // namespace

std::string source_name(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

std::string read_bytes(const std::string& path) {
  std::string bytes = path == "-" ? read_standard_input() : read_path(path);
  if (bytes.starts_with(gzip_magic)) return inflate_gzip(bytes, source_name(path));
  return bytes;
}

std::string inflate_gzip(std::string_view bytes, const std::string& source, std::uint64_t limit) {
  if (!bytes.starts_with(gzip_magic)) throw Error(source, "not gzip data");

  Inflater inflater;
  const auto room = [&](std::size_t wanted) { return std::min<std::uint64_t>(wanted, limit) + 1; };
  std::string unpacked(room(4 * bytes.size()), '\0');
  std::size_t at = 0, used = 0;
  while (true) {
    if (used == unpacked.size()) unpacked.resize(room(2 * unpacked.size()));
    const auto [status, consumed, produced] =
        inflater.step(bytes.substr(at), unpacked.data() + used, unpacked.size() - used);
    at += consumed;
    used += produced;
    if (used > limit) throw Error(source, fmt::format("unpacks to more than the limit of {} bytes", limit));

    if (status == Z_STREAM_END) {
      const std::string_view rest = bytes.substr(at);
      if (rest.find_first_not_of('\0') == std::string_view::npos) break;
      if (!rest.starts_with(gzip_magic))
        throw Error(source, fmt::format("gzip data ends at byte {}, the file at byte {}", at, bytes.size()));
      inflater.reset();
    } else if (status == Z_BUF_ERROR || (status == Z_OK && consumed == 0 && produced == 0)) {
      throw Error(source, fmt::format("gzip data is cut short at byte {}", at));
    } else if (status != Z_OK) {
      throw Error(source, fmt::format("gzip data is damaged at byte {}", at));
    }
  }
  unpacked.resize(used);
  return unpacked;
}

}  // namespace neurone
