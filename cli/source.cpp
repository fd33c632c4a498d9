// Folders go to the IDX reader, which is asked for the test images alone; numbers become text with to_chars.
#include "cli/source.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <vector>

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

void report_unused_columns(const Model& model, const Source& source) {
  const auto* preparation = std::get_if<TablePreparation>(&model.preparation);
  const auto* table = std::get_if<Table>(&source);
  if (preparation == nullptr || table == nullptr) return;
  std::vector<std::string> unused;
  for (const std::string& name : table->names())
    if (name != target_name(model.target) &&
        std::ranges::find(preparation->columns, name, column_name) == preparation->columns.end())
      unused.push_back("'" + name + "'");
  constexpr std::size_t most = 5;
  const std::size_t count = unused.size();
  if (count > most) {
    unused.resize(most);
    unused.emplace_back("…");
  }
  if (count > 0)
    fmt::print(stderr, "{} column{} not used: {}\n", count, count == 1 ? " is" : "s are", fmt::join(unused, ", "));
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
  return std::holds_alternative<Networks<float>>(model.networks);
}

}  // namespace neurone::cli
