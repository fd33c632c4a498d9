#include "cli/source.h"

#include <fmt/core.h>
#include <array>
#include <charconv>
#include <filesystem>

#include "neurone/core/error.h"
#include "neurone/data/csv.h"
#include "neurone/data/idx.h"

namespace neurone::cli {

Source read_source(const Model& model, const std::string& path) {
  if (std::holds_alternative<TablePreparation>(model.preparation)) return read_csv(path);
  if (!std::filesystem::is_directory(path)) return read_idx_images(path);
  ImageFolder folder = read_idx_folder(path);
  if (folder.test.count() == 0) throw Error(path, "there are no test images (t10k-images-idx3-ubyte)");
  return std::move(folder.test);
}

void report(const Surprises& surprises) {
  if (surprises.unknown_categories > 0)
    fmt::print(stderr, "{} cells hold categories that training has not seen: they count as none of the known ones\n",
               surprises.unknown_categories);
}

std::string number_text(double value, bool is_float) {
  std::array<char, 32> buffer{};
  char* const end = buffer.data() + buffer.size();
  const auto [last, error] = is_float ? std::to_chars(buffer.data(), end, static_cast<float>(value))
                                      : std::to_chars(buffer.data(), end, value);
  return {buffer.data(), last};
}

bool is_float(const Model& model) {
  return std::holds_alternative<Network<float>>(model.network);
}

}  // namespace neurone::cli
