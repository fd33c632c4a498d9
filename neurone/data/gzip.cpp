// zlib does the work, one step of its stream at a time.
#include "neurone/data/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <new>
#include <utility>

#include "neurone/core/error.h"

namespace neurone {

// One zlib stream, that ends with its owner.
struct Gunzip::Stream {
  Stream() {
    constexpr int gzip_only = 16;  // zlib: 16 + window bits reads gzip and nothing else
    if (inflateInit2(&stream, gzip_only + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~Stream() { inflateEnd(&stream); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  struct Step {
    int status;
    std::size_t consumed;
    std::size_t produced;
  };
  Step step(std::string_view packed, std::span<char> out) {
    constexpr std::size_t most = 1 << 30;  // zlib counts in 32 bits
    const auto given = static_cast<uInt>(std::min(packed.size(), most));
    const auto free = static_cast<uInt>(std::min(out.size(), most));
    stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = given;
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = free;
    const int status = inflate(&stream, Z_NO_FLUSH);
    return {.status = status, .consumed = given - stream.avail_in, .produced = free - stream.avail_out};
  }

  z_stream stream{};
};

Gunzip::Gunzip(NextBytes packed, std::string source)
    : packed_(std::move(packed)), source_(std::move(source)), stream_(std::make_unique<Stream>()) {}
Gunzip::~Gunzip() = default;
Gunzip::Gunzip(Gunzip&&) noexcept = default;
Gunzip& Gunzip::operator=(Gunzip&&) noexcept = default;

std::size_t Gunzip::read(std::span<char> out) {
  std::size_t used = 0;
  while (used < out.size() && !ended_) {
    if (rest_.empty()) rest_ = packed_();
    const auto [status, consumed, produced] = stream_->step(rest_, out.subspan(used));
    rest_.remove_prefix(consumed);
    at_ += consumed;
    used += produced;
    if (status == Z_STREAM_END)
      begin_next_member();
    else if (status == Z_BUF_ERROR || (status == Z_OK && consumed == 0 && produced == 0))
      throw Error(source_, fmt::format("gzip data is cut short at byte {}", at_));
    else if (status != Z_OK)
      throw Error(source_, fmt::format("gzip data is damaged at byte {}", at_));
  }
  return used;
}

void Gunzip::begin_next_member() {
  if (rest_.empty()) rest_ = packed_();
  if (rest_.size() == 1) {
    joined_ = rest_;
    joined_ += packed_();
    rest_ = joined_;
  }
  if (rest_.starts_with(gzip_magic)) {
    inflateReset(&stream_->stream);
    return;
  }
  bool padding = true;
  std::size_t size = at_;
  for (; !rest_.empty(); rest_ = packed_()) {
    padding = padding && rest_.find_first_not_of('\0') == std::string_view::npos;
    size += rest_.size();
  }
  if (!padding) throw Error(source_, fmt::format("gzip data ends at byte {}, the file at byte {}", at_, size));
  ended_ = true;
}

std::string inflate_gzip(std::string_view bytes, const std::string& source, std::uint64_t limit) {
  if (!bytes.starts_with(gzip_magic)) throw Error(source, "not gzip data");

  Gunzip gunzip([rest = bytes]() mutable { return std::exchange(rest, {}); }, source);
  const auto room = [&](std::size_t wanted) { return std::min<std::uint64_t>(wanted, limit) + 1; };
  std::string unpacked(room(4 * bytes.size()), '\0');
  std::size_t used = 0;
  while (true) {
    used += gunzip.read(std::span(unpacked).subspan(used));
    if (used > limit) throw Error(source, fmt::format("unpacks to more than the limit of {} bytes", limit));
    if (used < unpacked.size()) break;
    unpacked.resize(room(2 * unpacked.size()));
  }
  unpacked.resize(used);
  return unpacked;
}

}  // namespace neurone
