// Which rows of a table are hard, and hard rows from nothing but a preparation.
#include "neurone/model/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "neurone/data/cells.h"
#include "neurone/data/dataset.h"

namespace neurone {
namespace {

constexpr const char* source_of_proof = "rows of proof";

// NaN for a cell that is none.
double number_in(const Column& column, std::string_view cell) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  if (const auto* numeric = std::get_if<NumericColumn>(&column))
    return parse_number(cell, numeric->form).value_or(none);
  const std::optional<Date> date = parse_date(cell, std::get<DateColumn>(column).order);
  return date ? days_since_1970(*date) : none;
}

std::string unseen(const CategoryColumn& column) {
  std::string text = "?!";
  while (std::ranges::binary_search(column.values, text)) text += '!';
  return text;
}

// --- rows of the training data -------------------------------------------------------------------------------------

// The rows of a column that are hard, the hardest first.
std::vector<std::uint32_t> hard_rows_of(const Column& column, const Stretch& at,
                                        std::span<const std::uint32_t> rows) {
  struct Found {
    std::optional<std::uint32_t> missing, least, most, rare;
    double lowest = 0, highest = 0;
  } found;
  std::map<std::string_view, std::pair<std::size_t, std::uint32_t>> categories;  // how often, and first where
  for (const std::uint32_t row : rows) {
    const std::string_view cell = at.table.cell(row, at.column);
    if (is_missing(cell) && !found.missing) found.missing = row;
    if (is_missing(cell)) continue;
    if (std::holds_alternative<CategoryColumn>(column)) {
      ++categories.try_emplace(cell, 0, row).first->second.first;
      continue;
    }
    const double value = number_in(column, cell);
    if (std::isnan(value)) continue;
    if (!found.least || value < found.lowest) {
      found.least = row;
      found.lowest = value;
    }
    if (!found.most || value > found.highest) {
      found.most = row;
      found.highest = value;
    }
  }
  if (!categories.empty())
    found.rare =
        std::ranges::min_element(categories, {}, [](const auto& each) { return each.second; })->second.second;
  std::vector<std::uint32_t> hard;
  for (const auto& each : {found.missing, found.rare, found.least, found.most})
    if (each) hard.push_back(*each);
  return hard;
}

// Of all columns in turns, then evenly chosen ones.
std::vector<std::uint32_t> hard_rows_of(const TablePreparation& preparation, const Table& table, std::size_t count) {
  constexpr std::size_t most_rows = 50'000, ordinary = 8;
  const std::vector<std::uint32_t> looked_at = evenly_chosen(table.rows(), most_rows);
  std::vector<std::vector<std::uint32_t>> hard;
  for (const Column& column : preparation.columns)
    hard.push_back(
        hard_rows_of(column, {table, table.column(column_name(column)), 0, table.rows()}, std::span(looked_at)));
  std::vector<std::uint32_t> chosen;
  const auto choose = [&](std::uint32_t row, std::size_t most) {
    if (chosen.size() < most && std::ranges::find(chosen, row) == chosen.end()) chosen.push_back(row);
  };
  for (std::size_t turn = 0; turn < 4; ++turn)
    for (const std::vector<std::uint32_t>& of_column : hard)
      if (turn < of_column.size()) choose(of_column[turn], count - std::min(count, ordinary));
  for (const std::uint32_t row : evenly_chosen(table.rows(), 2 * count)) choose(row, count);
  return chosen;
}

Table hard_table(const TablePreparation& preparation, const Table& table) {
  std::vector<std::string> names;
  std::vector<std::size_t> sources;
  for (const Column& column : preparation.columns) {
    names.push_back(column_name(column));
    sources.push_back(table.column(names.back()));
  }
  std::vector<std::vector<std::string>> rows;
  for (const std::uint32_t row : hard_rows_of(preparation, table, rows_of_proof - 1)) {
    std::vector<std::string>& cells = rows.emplace_back();
    for (const std::size_t source : sources) cells.emplace_back(table.cell(row, source));
  }
  rows.push_back(rows.back());
  for (std::size_t k = 0; k < names.size(); ++k)
    if (const auto* category = std::get_if<CategoryColumn>(&preparation.columns[k]))
      rows.back()[k] = unseen(*category);
  return Table(names, rows, source_of_proof);
}

// --- rows made up --------------------------------------------------------------------------------------------------

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
  return number_cell(static_cast<double>(static_cast<float>(value)), column.form);
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
    text += fmt::format(" {:02}:{:02}{}", minutes / 60, minutes % 60, column.has_offset.value_or(false) ? "Z" : "");
  }
  return text;
}

std::string synthetic_cell(const CategoryColumn& column, std::size_t row, std::size_t place) {
  if (row == all_missing || column.values.empty()) return {};
  if (row == all_unknown) return unseen(column);
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
  return Table(names, rows, source_of_proof);
}

// Black, white, and waves of every width.
Images synthetic_images(const ImagePreparation& preparation) {
  Images images{.height = preparation.height,
                .width = preparation.width_in_pixels,
                .pixels = {},
                .labels = {},
                .source = source_of_proof};
  const auto width = static_cast<double>(preparation.width());
  for (std::size_t row = 0; row < rows_of_proof; ++row)
    for (std::size_t pixel = 0; pixel < preparation.width(); ++pixel) {
      const double wave = std::sin(static_cast<double>(row * row * pixel) / width);
      images.pixels.push_back(row == 1 ? 255 : static_cast<std::uint8_t>(std::lround(255 * wave * wave)));
    }
  return images;
}

}  // namespace

Source hard_rows(const Preparation& preparation, const Source& training) {
  if (const auto* table = std::get_if<TablePreparation>(&preparation))
    return hard_table(*table, std::get<Table>(training));
  Images images = select(std::get<Images>(training), evenly_chosen(rows(training), rows_of_proof));
  images.labels.clear();
  images.source = source_of_proof;
  return images;
}

Source synthetic_rows(const Preparation& preparation) {
  if (const auto* table = std::get_if<TablePreparation>(&preparation)) return synthetic_table(*table);
  return synthetic_images(std::get<ImagePreparation>(preparation));
}

Proof with_values(Proof proof, Matrix<double> values) {
  std::vector<std::uint32_t> kept;
  for (std::size_t i = 0; i < values.rows(); ++i)
    if (std::ranges::all_of(values[i], [](double value) { return std::isfinite(value); }))
      kept.push_back(static_cast<std::uint32_t>(i));
  if (kept.empty() && values.rows() > 0)
    throw OverflowError(fmt::format("what is predicted of {} rows of proof is not a finite number", values.rows()));
  if (kept.size() < values.rows()) {
    proof.rows = select_rows(proof.rows, kept);
    proof.values = Matrix<double>(kept.size(), values.columns());
    for (std::size_t k = 0; k < kept.size(); ++k) std::ranges::copy(values[kept[k]], proof.values[k].begin());
  } else {
    proof.values = std::move(values);
  }
  return proof;
}

Proof prove(const Model& model, Source rows, bool made_up) {
  Matrix<double> values = std::visit(
      [&]<class T>(const Networks<T>&) {
        Matrix<T> X(neurone::rows(rows), model.inputs());
        encode<T>(model.preparation, rows, X);
        return values_of<T>(model, X, 1);
      },
      model.networks);
  return with_values({.rows = std::move(rows), .values = {}, .made_up = made_up}, std::move(values));
}

Proof proof_of(const Model& model) {
  if (!model.proof) return prove(model, synthetic_rows(model.preparation), true);
  return with_values(*model.proof, model.proof->values);
}

double unit_of_values(const Target& target, const Matrix<double>& values) {
  const auto* number = std::get_if<NumberTarget>(&target);
  if (number == nullptr) return 1;
  if (number->mean != 0 || number->deviation != 1) return number->deviation;
  std::vector<double> sizes;
  for (const double each : values.elements())
    if (each != 0 && std::isfinite(each)) sizes.push_back(std::abs(each));
  if (sizes.empty()) return 1;
  const auto median = sizes.begin() + std::ssize(sizes) / 2;
  std::ranges::nth_element(sizes, median);
  return *median;
}

double difference_in_units(double found, double expected, double unit) {
  if (found == expected || (std::isnan(found) && std::isnan(expected))) return 0;
  const double difference = std::abs(found - expected) / std::max(unit, std::abs(expected) / 8);
  return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
}

Agreement agreement(const Model& model, const Proof& proof, const Predictions& found) {
  Agreement agreed{.rows = proof.values.rows()};
  const double unit = unit_of_values(model.target, proof.values);
  for (std::size_t i = 0; i < proof.values.rows(); ++i) {
    if (!found.classes.empty() && found.classes[i] != likeliest(proof.values[i])) ++agreed.other_labels;
    for (std::size_t j = 0; j < proof.values.columns(); ++j)
      agreed.largest = std::max(agreed.largest, difference_in_units(found.values(i, j), proof.values(i, j), unit));
  }
  return agreed;
}

}  // namespace neurone
