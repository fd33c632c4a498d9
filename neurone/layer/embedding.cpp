// The blocks of an embedding layer, from text to the columns that they are.
#include "neurone/layer/embedding.h"

#include <charconv>
#include <system_error>

namespace neurone {
namespace {

struct ColumnRange {
  std::size_t first = 0, last = 0;  // counted from 1
};

ColumnRange read_block(std::string_view text) {
  const char *const dash = text.data() + std::min(text.find('-'), text.size()), *const end =
                                                                                    text.data() + text.size();
  ColumnRange range;
  const auto [after_first, first_error] = std::from_chars(text.data(), dash, range.first);
  const bool has_first = first_error == std::errc() && after_first == dash && dash != end;
  const auto [after_last, last_error] = std::from_chars(has_first ? dash + 1 : end, end, range.last);
  if (!has_first || last_error != std::errc() || after_last != end || range.first == 0 || range.last < range.first)
    throw UsageError("embedding: a block is a first and a last column, counted from 1, as in '8-23', found '" +
                     std::string(text) + "'");
  return range;
}

}  // namespace

std::vector<EmbeddingPart> embedding_parts(const layers::Embedding& spec, std::size_t inputs) {
  std::vector<EmbeddingPart> parts;
  std::size_t x = 0, z = 0, row = 0;
  const auto add = [&](bool is_block, std::size_t width) {
    if (width == 0) return;
    const std::size_t size = is_block ? spec.dimension : width;
    parts.push_back({.is_block = is_block, .x = x, .width = width, .z = z, .size = size, .row = row});
    x += width;
    z += size;
    if (is_block) row += width;
  };
  for (std::size_t begin = 0, end = 0; begin <= spec.blocks.size(); begin = end + 1) {
    end = std::min(spec.blocks.find(';', begin), spec.blocks.size());
    const std::string text = spec.blocks.substr(begin, end - begin);
    const auto [first, last] = read_block(text);
    if (first <= x)
      throw UsageError("embedding: blocks rise and do not overlap, but '" + text +
                       "' stands behind one that ends with " + std::to_string(x));
    if (last > inputs)
      throw UsageError("embedding: block '" + text + "' is outside of the layer's " + std::to_string(inputs) +
                       " inputs");
    add(false, first - 1 - x);
    add(true, last - first + 1);
  }
  add(false, inputs - x);
  return parts;
}

const EmbeddingPart& part_of_output(const std::vector<EmbeddingPart>& parts, std::size_t j) {
  return *std::ranges::find_if(parts, [&](const EmbeddingPart& part) { return j < part.z + part.size; });
}

const EmbeddingPart& part_of_input(const std::vector<EmbeddingPart>& parts, std::size_t j) {
  return *std::ranges::find_if(parts, [&](const EmbeddingPart& part) { return j < part.x + part.width; });
}

std::string embedding_block(std::size_t first, std::size_t width) {
  return std::to_string(first + 1) + "-" + std::to_string(first + width);
}

}  // namespace neurone
