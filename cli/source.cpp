// Folders go to the IDX reader, which is asked for the test images alone.
#include "cli/source.h"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "cli/messages.h"
#include "neurone/core/shown.h"
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

Source read_source(const Model& model, const std::string& path, const TableFormat& said) {
  if (const auto* preparation = std::get_if<TablePreparation>(&model.preparation))
    return read_table(path, format_for(*preparation, said), sought_by(*preparation));
  if (said != TableFormat{})
    throw UsageError("the model is one of images: --" + said_parts(said).front().first + " is for tables");
  return is_folder(path) ? read_idx_test_images(path) : read_idx_images(path);
}

Table read_table(const std::string& path, const TableFormat& format, const SoughtColumns& sought) {
  Table table = read_csv(path, format, sought);
  report_doubts(table);
  return table;
}

void report_doubts(const Table& table) {
  for (const std::string& doubt : table.reading().doubts) say(table.source() + ": " + doubt);
}

TableFormat format_for(const TablePreparation& preparation, const TableFormat& said) {
  return said_again(preparation.format, said);
}

SoughtColumns sought_by(const TablePreparation& preparation) {
  SoughtColumns sought{.names = {}, .are_a_models = true};
  for (const Column& column : preparation.columns) sought.names.push_back(column_name(column));
  return sought;
}

void report_unused_columns(const Model& model, const Source& source) {
  const auto* preparation = std::get_if<TablePreparation>(&model.preparation);
  const auto* table = std::get_if<Table>(&source);
  if (preparation == nullptr || table == nullptr) return;
  std::unordered_set<std::string_view> used{target_name(model.target)};
  for (const Column& column : preparation->columns) used.insert(column_name(column));
  std::vector<std::string> unused;
  for (const std::string& name : table->names())
    if (!used.contains(name)) unused.push_back("'" + shown(name) + "'");
  const std::size_t count = unused.size();
  if (count > 0)
    say(fmt::format("{} column{} not used: {}", count, count == 1 ? " is" : "s are", first_of(std::move(unused))));
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
      names.push_back(fmt::format(
          "{} {}", shown(column_name(std::get<TablePreparation>(model.preparation).columns[column])), count));
    }
    say(fmt::format("unlike training: {} cell{} {} ({})", cells, cells == 1 ? "" : "s",
                    kind == SurpriseKind::unknown_category ? "with a category that it has not seen"
                    : kind == SurpriseKind::clock   ? "with an offset from UTC or without one, unlike its times"
                    : kind == SurpriseKind::missing ? "missing where it had all"
                                                    : "outside its range",
                    first_of(std::move(names))));
  }
}

void report(const Model& model, const Surprises& surprises) {
  SurpriseCounts counts;
  counts.add(surprises);
  counts.report(model);
}

}  // namespace neurone::cli
