// Standard input and what comes in pieces is read here, whole files by core/file.h.
#include "neurone/data/bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "neurone/core/error.h"
#include "neurone/core/file.h"

namespace neurone {
namespace {

constexpr std::size_t piece_size = 1 << 16;

Error cannot_be_read(const std::string& source) {
  return {source, std::string("cannot be read: ") + std::strerror(errno)};
}

// The two commonest mistakes told in plain words.
void check_is_file(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw Error(path, "is a folder, expected a file");
  if (error == std::errc::no_such_file_or_directory) throw Error(path, "no such file");
}

std::string read_standard_input() {
  std::string bytes(piece_size, '\0');
  std::size_t used = 0;
  while (true) {
    used += std::fread(bytes.data() + used, 1, bytes.size() - used, stdin);
    if (used < bytes.size()) break;
    bytes.resize(2 * bytes.size());
  }
  if (std::ferror(stdin) != 0) throw cannot_be_read(source_name("-"));
  bytes.resize(used);
  return bytes;
}

}  // namespace

std::string source_name(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

std::string read_bytes(const std::string& path) {
  if (path != "-") check_is_file(path);
  std::string bytes = path == "-" ? read_standard_input() : read_file(path);
  if (bytes.starts_with(gzip_magic)) return inflate_gzip(bytes, source_name(path));
  return bytes;
}

void ByteStream::Closer::operator()(std::FILE* file) const {
  if (file != stdin) std::fclose(file);
}

ByteStream::ByteStream(const std::string& path)
    : source_(source_name(path)), file_(path == "-" ? stdin : nullptr), piece_(piece_size, '\0') {
  if (path != "-") {
    check_is_file(path);
    file_.reset(std::fopen(path.c_str(), "rbe"));
    if (file_ == nullptr) throw cannot_be_read(source_);
  }
  rest_ = next_piece();
  if (rest_.starts_with(gzip_magic))
    gunzip_.emplace(
        [this] {
          const std::string_view rest = rest_.empty() ? next_piece() : rest_;
          rest_ = {};
          return rest;
        },
        source_);
}

std::string_view ByteStream::next_piece() {
  const std::size_t count = std::fread(piece_.data(), 1, piece_.size(), file_.get());
  if (count < piece_.size() && std::ferror(file_.get()) != 0) throw cannot_be_read(source_);
  return std::string_view(piece_).substr(0, count);
}

std::size_t ByteStream::read(std::span<char> out) {
  if (gunzip_) return gunzip_->read(out);
  std::size_t used = 0;
  while (used < out.size()) {
    if (rest_.empty()) rest_ = next_piece();
    if (rest_.empty()) break;
    const std::size_t count = std::min(rest_.size(), out.size() - used);
    std::ranges::copy(rest_.substr(0, count), out.begin() + static_cast<std::ptrdiff_t>(used));
    rest_.remove_prefix(count);
    used += count;
  }
  return used;
}

}  // namespace neurone
