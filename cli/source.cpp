// Folders go to the IDX reader, which is asked for the test images alone; numbers become text with to_chars.
#include "cli/source.h"

#include <fmt/core.h>
#include <array>
#include <charconv>
#include <filesystem>

#include "neurone/data/csv.h"
#include "neurone/data/idx.h"

namespace neurone::cli {
namespace {

template <class T> std::string shortest(T value) {
  std::array<char, 32> buffer{};
  const auto [last, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), last};
}

}  // namespace

Source read_source(const Model& model, const std::string& path) {
  if (std::holds_alternative<TablePreparation>(model.preparation)) return read_csv(path);
  return std::filesystem::is_directory(path) ? read_idx_test_images(path) : read_idx_images(path);
}

void report(const Surprises& surprises) {
  if (surprises.unknown_categories > 0)
    fmt::print(stderr, "{} cells hold categories that training has not seen: they count as none of the known ones\n",
               surprises.unknown_categories);
}

std::string number_text(float value) {
  return shortest(value);
}
std::string number_text(double value) {
  return shortest(value);
}

bool is_float(const Model& model) {
  return std::holds_alternative<Network<float>>(model.network);
}

}  // namespace neurone::cli
