// A row is hard in one way first, then ordinary ones follow.
#include "neurone/export/proof.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <numbers>

#include "neurone/core/choice.h"

namespace neurone {
namespace {

enum HardRow : std::size_t { all_missing, all_lowest, all_highest, far_below, far_above, all_unknown, ordinary };

// A number from 0 to below 1 that is another for every row and column, evenly spread (Weyl 1916).
double spread_evenly(std::size_t row, std::size_t column) {
  const double place =
      static_cast<double>(row + 1) * std::numbers::phi + static_cast<double>(column) * std::numbers::sqrt2;
  return place - std::floor(place);
}

// The value of a number or date in such a row; NaN: missing.
double value_of(const Scale& scale, bool may_miss, std::size_t row, std::size_t column) {
  const double reach = 2 * scale.spread;
  const double low = std::isfinite(scale.lowest) ? scale.lowest : scale.center - reach;
  const double high = std::isfinite(scale.highest) ? scale.highest : scale.center + reach;
  switch (row) {
    case all_missing:
      return std::nan("");
    case all_lowest:
      return low;
    case all_highest:
      return high;
    case far_below:
      return low - 3 * reach;
    case far_above:
      return high + 3 * reach;
    default:
      break;
  }
  constexpr double share_missing = 0.1;
  const double place = spread_evenly(row, column);
  if (may_miss && place < share_missing) return std::nan("");
  return low + (high - low) * spread_evenly(row + rows_of_proof, column);
}

// Numbers of at most 24 bits, so that those who take floats are given the same.
std::string synthetic_cell(const NumericColumn& column, std::size_t row, std::size_t place) {
  const double value = value_of(column.scale, column.has_indicator, row, place);
  if (std::isnan(value)) return {};
  std::string text = setting_text(static_cast<double>(static_cast<float>(value)));
  if (column.notation == Notation::comma)
    if (const std::size_t point = text.find('.'); point != std::string::npos) text[point] = ',';
  return text;
}

std::string synthetic_cell(const DateColumn& column, std::size_t row, std::size_t place) {
  const double value = value_of(column.scale, column.has_indicator, row, place);
  if (std::isnan(value)) return {};
  constexpr double first = -719162, last = 2932896;  // 0001-01-01 and 9999-12-31
  const double days = std::clamp(value, first, last);
  const std::chrono::year_month_day date(std::chrono::sys_days(std::chrono::days(std::lround(std::floor(days)))));
  const int year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month()), day = static_cast<unsigned>(date.day());
  std::string text = column.order == DateOrder::ymd   ? fmt::format("{:04}-{:02}-{:02}", year, month, day)
                     : column.order == DateOrder::dmy ? fmt::format("{:02}.{:02}.{:04}", day, month, year)
                                                      : fmt::format("{:02}/{:02}/{:04}", month, day, year);
  if (column.has_time) {
    const int minutes = static_cast<int>((days - std::floor(days)) * 1440);
    text += fmt::format(" {:02}:{:02}", minutes / 60, minutes % 60);
  }
  return text;
}

std::string synthetic_cell(const CategoryColumn& column, std::size_t row, std::size_t place) {
  if (row == all_missing || column.values.empty()) return {};
  if (row == all_unknown) {
    std::string unseen = "?!";
    while (std::ranges::binary_search(column.values, unseen)) unseen += '!';
    return unseen;
  }
  if (row == all_lowest) return column.values.front();
  if (row == all_highest) return column.values.back();
  const double number = spread_evenly(row, place) * static_cast<double>(column.values.size());
  return column.values[static_cast<std::size_t>(number)];
}

Table synthetic_table(const TablePreparation& preparation) {
  std::vector<std::string> names;
  for (const Column& column : preparation.columns) names.push_back(column_name(column));
  std::vector<std::vector<std::string>> rows(rows_of_proof);
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (std::size_t k = 0; k < names.size(); ++k)
      rows[row].push_back(
          std::visit([&](const auto& column) { return synthetic_cell(column, row, k); }, preparation.columns[k]));
  return Table(names, rows, "rows of proof");
}

// Black, white, and waves of every width.
Images synthetic_images(const ImagePreparation& preparation) {
  Images images{.height = preparation.height,
                .width = preparation.width_in_pixels,
                .pixels = {},
                .labels = {},
                .source = "rows of proof"};
  const auto width = static_cast<double>(preparation.width());
  for (std::size_t row = 0; row < rows_of_proof; ++row)
    for (std::size_t pixel = 0; pixel < preparation.width(); ++pixel) {
      const double wave = std::sin(static_cast<double>(row * row * pixel) / width);
      images.pixels.push_back(row == 1 ? 255 : static_cast<std::uint8_t>(std::lround(255 * wave * wave)));
    }
  return images;
}

}  // namespace

Source synthetic_rows(const Model& model) {
  if (const auto* table = std::get_if<TablePreparation>(&model.preparation)) return synthetic_table(*table);
  return synthetic_images(std::get<ImagePreparation>(model.preparation));
}

Proof proof_of(const Model& model) {
  const Source rows = synthetic_rows(model);
  return {.rows = rows, .expected = predict(model, rows)};
}

}  // namespace neurone
