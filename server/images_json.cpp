#include "server/images_json.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/message.h"
#include "server/rows.h"

namespace neurone::server {
namespace {

// How deep the lists are nested is told by the first pixel, whether a list of pixels is a line or an image by the
// length of the first one; all others have to be alike.
class ImageReader {
 public:
  ImageReader(const ImagePreparation& preparation, JsonScanner& json, Allowance& allowance)
      : height_(preparation.height), width_(preparation.width_in_pixels), json_(json), allowance_(allowance) {}

  Images read() && {
    const std::size_t size = list(1);
    if (rank_ == 0) throw shapeless();
    if (rank_ == 2 && row_size_ != height_ * width_ && size != height_) throw wrong_size(height_);
    return {.height = height_,
            .width = width_,
            .pixels = std::move(pixels_),
            .labels = {},
            .source = std::string(rows_name)};
  }

 private:
  Refusal shapeless() const {
    return {422, fmt::format("{}: expected pixels of images, {} × {} each, as lists", rows_name, height_, width_)};
  }
  static Refusal wrong_size(std::size_t expected) {
    return {422, fmt::format("{}: pixels, expected a list of {}", rows_name, expected)};
  }

  // Reads a list at a depth, 1 outermost, and returns how many elements it has.
  std::size_t list(std::size_t depth) {
    constexpr std::size_t deepest = 3;
    if (json_.next() != '[' || depth > deepest) {
      json_.skip();  // what is no JSON is told first
      throw rank_ == 0 ? shapeless() : wrong_size(depth == rank_ ? row_size_ : height_);
    }
    json_.take('[');
    std::size_t size = 0;
    if (json_.take(']')) throw shapeless();
    do element(depth, ++size);
    while (json_.take(','));
    json_.expect(']', "a comma or ]");
    check_size(depth, size);
    return size;
  }

  void element(std::size_t depth, std::size_t count) {
    const char first = json_.next();
    if (rank_ == 0 && first != '[') rank_ = depth;
    if (depth != rank_) {
      list(depth + 1);
      return;
    }
    if (row_size_ != 0 && count > row_size_) throw wrong_size(row_size_);
    if (count > height_ * width_) throw wrong_size(rank_ == deepest_ ? width_ : height_ * width_);
    const bool is_number = first == '-' || (first >= '0' && first <= '9');
    if (!is_number) json_.skip();
    const std::optional<std::uint8_t> pixel = is_number ? pixel_of(json_.number()) : std::nullopt;
    if (!pixel)
      throw Refusal(422,
                    fmt::format("{}: pixel {}: expected a whole number from 0 to 255", rows_name, pixels_.size()));
    if (pixels_.size() == images_ * height_ * width_) allowance_.rows(++images_);
    pixels_.push_back(*pixel);
  }

  void check_size(std::size_t depth, std::size_t size) {
    if (depth == rank_) {
      if (row_size_ == 0) row_size_ = first_row_size(size);
      if (size != row_size_) throw wrong_size(row_size_);
    } else if (rank_ == deepest_ && depth == 2 && size != height_) {
      throw wrong_size(height_);
    }
  }

  // Of a list of pixels: a line has the width of an image, anything else has to be a whole one.
  std::size_t first_row_size(std::size_t size) const {
    const bool is_line = rank_ == deepest_ || (rank_ == 2 && size == width_);
    return is_line ? width_ : height_ * width_;
  }

  static constexpr std::size_t deepest_ = 3;

  std::size_t height_, width_;
  JsonScanner& json_;
  Allowance& allowance_;
  std::vector<std::uint8_t> pixels_;
  std::size_t images_ = 0;    // begun
  std::size_t rank_ = 0;      // how deep the pixels lie; 0 as long as none has come
  std::size_t row_size_ = 0;  // pixels of each innermost list; 0 before the end of the first
};

}  // namespace

std::optional<std::uint8_t> pixel_of(std::string_view digits) {
  const char* const last = digits.data() + digits.size();
  std::uint8_t whole = 0;  // as pixels mostly stand
  if (const auto [end, error] = std::from_chars(digits.data(), last, whole); error == std::errc() && end == last)
    return whole;
  double value = -1;  // 1e2, 255.0
  const auto [end, error] = std::from_chars(digits.data(), last, value);
  if (error != std::errc() || end != last || !(value >= 0 && value <= 255)) return {};
  const auto pixel = static_cast<std::uint8_t>(value);
  if (pixel != value) return {};
  return pixel;
}

Images images_of(const ImagePreparation& preparation, JsonScanner& json, Allowance& allowance) {
  return ImageReader(preparation, json, allowance).read();
}

}  // namespace neurone::server
