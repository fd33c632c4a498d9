// Folders go to the IDX reader, which is asked for the test images alone.
#include "cli/source.h"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <vector>

#include "neurone/data/csv.h"
#include "neurone/data/idx.h"

namespace neurone::cli {
namespace {

// "a, b, c", the first five.
std::string first_of(std::vector<std::string> names) {
  constexpr std::size_t most = 5;
  if (names.size() > most) {
    names.resize(most);
    names.emplace_back("…");
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

bool is_folder(const std::string& path) {
  std::error_code none;  // what cannot be looked at is no folder, and says why when it is opened
  return path != "-" && std::filesystem::is_directory(path, none);
}

Source read_source(const Model& model, const std::string& path) {
  if (std::holds_alternative<TablePreparation>(model.preparation)) return read_csv(path);
  return is_folder(path) ? read_idx_test_images(path) : read_idx_images(path);
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
  const std::size_t count = unused.size();
  if (count > 0)
    fmt::print(stderr, "{} column{} not used: {}\n", count, count == 1 ? " is" : "s are",
               first_of(std::move(unused)));
}

void SurpriseCounts::add(const Surprises& surprises) {
  for (const Surprise& each : surprises.cells)
    ++counts_[each.kind == SurpriseKind::below ? SurpriseKind::above : each.kind][each.column];
}

void SurpriseCounts::report(const Model& model) const {
  for (const auto& [kind, columns] : counts_) {
    std::vector<std::pair<std::uint32_t, std::size_t>> sorted(columns.begin(), columns.end());
    std::ranges::sort(sorted, [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    std::size_t cells = 0;
    std::vector<std::string> names;
    for (const auto& [column, count] : sorted) {
      cells += count;
      names.push_back(
          fmt::format("{} {}", column_name(std::get<TablePreparation>(model.preparation).columns[column]), count));
    }
    fmt::print(stderr, "unlike training: {} cell{} {} ({})\n", cells, cells == 1 ? "" : "s",
               kind == SurpriseKind::unknown_category ? "with a category that it has not seen"
               : kind == SurpriseKind::missing        ? "missing where it had all"
                                                      : "outside its range",
               first_of(std::move(names)));
  }
}

void report(const Model& model, const Surprises& surprises) {
  SurpriseCounts counts;
  counts.add(surprises);
  counts.report(model);
}

}  // namespace neurone::cli
