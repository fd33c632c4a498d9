#include "server/images_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "server/message.h"
#include "server/rows.h"

namespace neurone::server {
namespace {

using Json = nlohmann::json;

// Appends the pixels of a list whose lists inside have the sizes of `shape`.
void append_pixels(const Json& list, std::span<const std::size_t> shape, std::vector<std::uint8_t>& pixels) {
  if (!list.is_array() || list.size() != shape.front())
    throw Refusal(422, fmt::format("{}: pixels, expected a list of {}", rows_name, shape.front()));
  for (const Json& each : list) {
    if (shape.size() > 1) {
      append_pixels(each, shape.subspan(1), pixels);
      continue;
    }
    const double value = each.is_number() ? each.get<double>() : -1;
    if (!(value >= 0 && value <= 255) || value != static_cast<std::uint8_t>(value))
      throw Refusal(422,
                    fmt::format("{}: pixel {}: expected a whole number from 0 to 255", rows_name, pixels.size()));
    pixels.push_back(static_cast<std::uint8_t>(value));
  }
}

// How deep the first element lies.
std::size_t rank_of(const Json& list) {
  std::size_t rank = 0;
  for (const Json* at = &list; at->is_array() && !at->empty() && rank < 4; at = &at->front()) ++rank;
  return rank;
}

}  // namespace

Images images_of(const ImagePreparation& preparation, const Json& pixels) {
  const std::size_t height = preparation.height, width = preparation.width_in_pixels;
  Images images{.height = height, .width = width, .pixels = {}, .labels = {}, .source = std::string(rows_name)};
  const std::size_t rank = rank_of(pixels), size = pixels.size();
  std::vector<std::size_t> shape;
  if (rank == 1)
    shape = {height * width};
  else if (rank == 2 && size == height && pixels.front().size() == width)
    shape = {height, width};
  else if (rank == 2)
    shape = {size, height * width};
  else if (rank == 3)
    shape = {size, height, width};
  else
    throw Refusal(422,
                  fmt::format("{}: expected pixels of images, {} × {} each, as lists", rows_name, height, width));
  append_pixels(pixels, shape, images.pixels);
  return images;
}

}  // namespace neurone::server
