// Every number in the file is checked against the bytes that are there before anything is made of it.
#include "neurone/data/idx.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <limits>
#include <optional>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/data/bytes.h"

namespace neurone {
namespace {

constexpr std::uint8_t unsigned_byte = 0x08;

std::uint8_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<std::uint8_t>(bytes[i]);
}

std::uint32_t big_endian(std::string_view bytes, std::size_t i) {
  std::uint32_t value = 0;
  for (std::size_t k = 0; k < 4; ++k) value = value << 8 | byte_at(bytes, i + k);
  return value;
}

// The name of an IDX type that is not ours, or "" for what is no type.
std::string_view type_name(std::uint8_t type) {
  switch (type) {
    case 0x09:
      return "signed byte";
    case 0x0B:
      return "16-bit integer";
    case 0x0C:
      return "32-bit integer";
    case 0x0D:
      return "32-bit float";
    case 0x0E:
      return "64-bit float";
    default:
      return "";
  }
}

std::optional<std::size_t> product(const std::vector<std::size_t>& shape) {
  std::size_t size = 1;
  for (const std::size_t n : shape) {
    if (n != 0 && size > std::numeric_limits<std::size_t>::max() / n) return {};
    size *= n;
  }
  return size;
}

// "60000 × 28 × 28"
std::string text_of(const std::vector<std::size_t>& shape) {
  std::string text = std::to_string(shape[0]);
  for (std::size_t i = 1; i < shape.size(); ++i) text += " × " + std::to_string(shape[i]);
  return text;
}

IdxArray expect_rank(IdxArray array, std::size_t rank, std::string_view content, const std::string& source) {
  if (array.shape.size() != rank)
    throw Error(source, fmt::format("an array of {} dimension{}, expected {} for {}", array.shape.size(),
                                    array.shape.size() == 1 ? "" : "s", rank, content));
  return array;
}

// Where the folder has this file, or nothing. `name` is "train-images", say, and `format` "idx3-ubyte".
std::optional<std::string> find_file(const std::string& folder, const std::string& name, const std::string& format) {
  for (const std::string& candidate : {fmt::format("{}-{}", name, format), fmt::format("{}.{}", name, format)})
    for (const char* const ending : {"", ".gz"}) {
      const std::filesystem::path path = std::filesystem::path(folder) / (candidate + ending);
      std::error_code ignored;
      if (std::filesystem::exists(path, ignored)) return path.string();
    }
  return {};
}

// Images and labels of one part of a folder, or nothing where both files are missing.
std::optional<Images> read_part(const std::string& folder, const std::string& part) {
  const std::optional<std::string> images_path = find_file(folder, part + "-images", "idx3-ubyte");
  const std::optional<std::string> labels_path = find_file(folder, part + "-labels", "idx1-ubyte");
  if (!images_path && !labels_path) return {};
  if (!images_path) throw Error(*labels_path, fmt::format("labels without {}-images-idx3-ubyte beside them", part));
  if (!labels_path) throw Error(*images_path, fmt::format("images without {}-labels-idx1-ubyte beside them", part));

  Images images = read_idx_images(*images_path);
  images.labels = expect_rank(read_idx(*labels_path), 1, "labels", *labels_path).values;
  if (images.labels.size() != images.count())
    throw Error(*labels_path, fmt::format("{} labels, expected {}: one for each image of {}", images.labels.size(),
                                          images.count(), images.source));
  return images;
}

}  // namespace

IdxArray parse_idx(std::string_view bytes, const std::string& source) {
  constexpr std::size_t magic_size = 4;
  const auto cut_short = [&](std::size_t expected) {
    return Error(source, fmt::format("cut short at byte {}, expected {} bytes", bytes.size(), expected));
  };

  if (bytes.size() < magic_size) throw cut_short(magic_size);
  const std::uint8_t type = byte_at(bytes, 2);
  if (byte_at(bytes, 0) != 0 || byte_at(bytes, 1) != 0 || (type != unsigned_byte && type_name(type).empty()))
    throw Error(source, fmt::format("not an IDX file: begins with {:02x} {:02x} {:02x}, expected 00 00 08",
                                    byte_at(bytes, 0), byte_at(bytes, 1), type));
  if (type != unsigned_byte)
    throw Error(source, fmt::format("IDX values of type {}, expected unsigned byte", type_name(type)));
  const std::size_t rank = byte_at(bytes, 3);
  if (rank < 1 || rank > 4) throw Error(source, fmt::format("an array of {} dimensions, expected 1 to 4", rank));

  const std::size_t header_size = magic_size + 4 * rank;
  if (bytes.size() < header_size) throw cut_short(header_size);
  IdxArray array;
  for (std::size_t i = 0; i < rank; ++i) array.shape.push_back(big_endian(bytes, magic_size + 4 * i));

  const std::optional<std::size_t> size = product(array.shape);
  if (!size || *size > std::numeric_limits<std::size_t>::max() - header_size)
    throw Error(source, fmt::format("an array of {} bytes: too large for any memory", text_of(array.shape)));
  if (bytes.size() < header_size + *size) throw cut_short(header_size + *size);
  if (bytes.size() > header_size + *size)
    throw Error(source,
                fmt::format("bytes left over at the end: {} bytes, expected {}", bytes.size(), header_size + *size));
  array.values.assign(bytes.begin() + static_cast<std::ptrdiff_t>(header_size), bytes.end());
  return array;
}

IdxArray read_idx(const std::string& path) {
  return parse_idx(read_bytes(path), source_name(path));
}

Images read_idx_images(const std::string& path) {
  const std::string source = source_name(path);
  IdxArray array = expect_rank(read_idx(path), 3, "images", source);
  if (array.values.empty()) throw Error(source, fmt::format("no pixels: {} images", text_of(array.shape)));
  return {.height = array.shape[1],
          .width = array.shape[2],
          .pixels = std::move(array.values),
          .labels = {},
          .source = source};
}

ImageFolder read_idx_folder(const std::string& folder) {
  std::optional<Images> train = read_part(folder, "train");
  if (!train)
    throw Error(folder,
                "no IDX files: looked for train-images-idx3-ubyte and train-labels-idx1-ubyte, also with .gz");
  ImageFolder read{.train = std::move(*train), .test = read_part(folder, "t10k").value_or(Images{})};
  if (read.test.count() > 0 && (read.test.height != read.train.height || read.test.width != read.train.width))
    throw Error(read.test.source,
                fmt::format("images of {} × {}, expected {} × {} as in {}", read.test.height, read.test.width,
                            read.train.height, read.train.width, read.train.source));
  return read;
}

Images read_idx_test_images(const std::string& folder) {
  std::optional<Images> test = read_part(folder, "t10k");
  if (!test)
    throw Error(folder,
                "no test images: looked for t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, also with .gz");
  return std::move(*test);
}

}  // namespace neurone
