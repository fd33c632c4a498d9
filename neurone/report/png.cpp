#include "neurone/report/png.h"

#include <zlib.h>

#include <array>
#include <stdexcept>
#include <string_view>

namespace neurone::report {
namespace {

void append_number(std::string& bytes, std::size_t number) {  // 32 bits, the high byte first
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(number >> shift & 0xFF);
}

void append_chunk(std::string& png, std::string_view name, std::string_view content) {
  append_number(png, content.size());
  const std::string body = std::string(name) + std::string(content);
  png += body;
  append_number(png, crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
}

std::string compressed(const std::string& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string packed(size, '\0');
  const int code = compress(reinterpret_cast<Bytef*>(packed.data()), &size,
                            reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()));
  if (code != Z_OK) throw std::runtime_error("an image could not be packed");
  packed.resize(size);
  return packed;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k)
      three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += i + k <= bytes.size() ? letters[three >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

}  // namespace

std::string png_address(std::span<const std::uint8_t> pixels, std::size_t height, std::size_t width) {
  std::string png = "\x89PNG\r\n\x1A\n", header, rows;
  append_number(header, width);
  append_number(header, height);
  header += std::string{8, 0, 0, 0, 0};  // bits, grey, deflate, filters by row, not interlaced
  append_chunk(png, "IHDR", header);
  for (std::size_t i = 0; i < height; ++i) {
    rows += '\0';  // no filter
    for (const std::uint8_t pixel : pixels.subspan(i * width, width)) rows += static_cast<char>(pixel);
  }
  append_chunk(png, "IDAT", compressed(rows));
  append_chunk(png, "IEND", "");
  return "data:image/png;base64," + base64(png);
}

}  // namespace neurone::report
