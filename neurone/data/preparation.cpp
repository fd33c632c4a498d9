// The two kinds of columns, each fitted and then encoded, and the choice between them; images below.
#include "neurone/data/preparation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <type_traits>

#include "neurone/core/error.h"
#include "neurone/data/cells.h"

namespace neurone {
namespace {

// More categories than this, and than half of the rows, look like a name or an identifier.
constexpr std::size_t most_certain_categories = 50;
// Every category is an input: a column of 100,000 would fill the memory, row by row, with zeros.
constexpr std::size_t most_categories = 1000;

Error no_number(const Table& table, std::size_t row, const std::string& name, std::string_view cell) {
  return {table.place(row), "numeric column '" + name + "': expected a number, found '" + std::string(cell) + "'"};
}

Error too_large(const Table& table, std::size_t row, const std::string& name, std::string_view cell, bool in_float) {
  return {table.place(row), "numeric column '" + name + "': " + std::string(trim(cell)) +
                                " is too large for a model in " + (in_float ? "float" : "double")};
}

std::string_view category_of(std::string_view cell) {
  return is_missing(cell) ? std::string_view{} : cell;
}

double median_of(std::vector<double> values) {
  const std::size_t middle = values.size() / 2;
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(middle));
  const double upper = values[middle];
  if (values.size() % 2 == 1) return upper;
  const double lower = *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle));
  return lower + (upper - lower) / 2;
}

NumericColumn fit_numeric(const Table& table, std::size_t column) {
  NumericColumn fitted{.name = table.names()[column]};
  std::vector<double> values;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    if (is_missing(cell)) {
      fitted.has_indicator = true;
    } else if (const std::optional<double> value = parse_number(cell)) {
      values.push_back(*value);
    } else {
      const Error error = no_number(table, row, fitted.name, cell);
      throw Error(std::string(error.what()) + " (if they are categories: --category " + fitted.name + ")");
    }
  }
  fitted.median = median_of(values);
  values.resize(table.rows(), fitted.median);  // the missing ones count as what they are filled with
  const auto n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double value : values) sum += value - fitted.median;
  fitted.mean = fitted.median + sum / n;  // a constant's mean is that constant, to the last bit
  for (const double value : values) squares += (value - fitted.mean) * (value - fitted.mean);
  const double deviation = std::sqrt(squares / n);
  if (!std::isfinite(deviation))
    throw Error(table.source(), "numeric column '" + fitted.name + "': the values are too large to be standardised");
  fitted.deviation = deviation > 0 ? deviation : 1;  // a constant column becomes zeros
  return fitted;
}

CategoryColumn fit_category(const Table& table, std::size_t column) {
  std::set<std::string, std::less<>> values;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view value = category_of(table.cell(row, column));
    if (values.find(value) != values.end()) continue;
    check_utf8_cell(table, row, column);
    values.emplace(value);
  }
  return {.name = table.names()[column], .values = {values.begin(), values.end()}};
}

template <class T>
void encode_column(const NumericColumn& column, const Table& table, MatrixView<T> X, std::size_t first, Surprises&) {
  const std::size_t source = table.column(column.name);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, source);
    const bool missing = is_missing(cell);
    const std::optional<double> value = missing ? column.median : parse_number(cell);
    if (!value) throw no_number(table, row, column.name, cell);
    X(row, first) = static_cast<T>((*value - column.mean) / column.deviation);
    if (!std::isfinite(X(row, first))) throw too_large(table, row, column.name, cell, std::is_same_v<T, float>);
    if (column.has_indicator) X(row, first + 1) = missing ? T(1) : T(0);
  }
}

template <class T>
void encode_column(const CategoryColumn& column, const Table& table, MatrixView<T> X, std::size_t first,
                   Surprises& surprises) {
  const std::size_t source = table.column(column.name);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view value = category_of(table.cell(row, source));
    std::ranges::fill(X[row].subspan(first, column.width()), T(0));
    const auto found = std::ranges::lower_bound(column.values, value);
    if (found != column.values.end() && *found == value)
      X(row, first + static_cast<std::size_t>(found - column.values.begin())) = T(1);
    else
      ++surprises.unknown_categories;
  }
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

std::size_t TablePreparation::width() const {
  std::size_t sum = 0;
  for (const Column& column : columns) sum += column_width(column);
  return sum;
}

template <class T> Surprises TablePreparation::encode(const Table& table, MatrixView<T> X) const {
  assert(X.rows() == table.rows() && X.columns() == width());
  Surprises surprises;
  std::size_t first = 0;
  for (const Column& column : columns) {
    std::visit([&](const auto& each) { encode_column(each, table, X, first, surprises); }, column);
    first += column_width(column);
  }
  return surprises;
}

FittedTable fit_table(const Table& table, const ColumnChoices& choices) {
  for (const auto& names : {choices.ignore, choices.category})
    for (const std::string& name : names) table.column(name);  // throws when it is not there

  FittedTable fitted;
  for (std::size_t column = 0; column < table.columns(); ++column) {
    const std::string& name = table.names()[column];
    if (contains(choices.ignore, name)) continue;
    check_utf8_name(table, column);
    std::size_t numbers = 0, texts = 0;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const std::string_view cell = table.cell(row, column);
      if (is_missing(cell)) continue;
      ++(parse_number(cell) ? numbers : texts);
    }
    if (numbers + texts == 0) {
      fitted.notices.push_back("column '" + name + "' is left out: it has no values");
    } else if (numbers > texts && !contains(choices.category, name)) {
      fitted.preparation.columns.emplace_back(fit_numeric(table, column));
    } else {
      CategoryColumn category = fit_category(table, column);
      const std::size_t values = category.values.size();
      const bool like_names = values > most_certain_categories && 2 * values > table.rows();
      if ((like_names || values > most_categories) && !contains(choices.category, name)) {
        fitted.notices.push_back("column '" + name + "' is left out: " + std::to_string(values) +
                                 " different texts in " + std::to_string(table.rows()) + " rows " +
                                 (like_names ? "look like names" : "are too many to be an input each") +
                                 " (to keep it: --category " + name + ")");
      } else {
        fitted.preparation.columns.emplace_back(std::move(category));
      }
    }
  }
  if (fitted.preparation.columns.empty())
    throw Error(table.source(), "no column is left to predict from besides the target");
  return fitted;
}

template <class T> void ImagePreparation::encode(const Images& images, MatrixView<T> X) const {
  if (images.height != height || images.width != width_in_pixels) {
    throw Error(images.source, "images of " + std::to_string(images.height) + " × " + std::to_string(images.width) +
                                   " pixels, expected " + std::to_string(height) + " × " +
                                   std::to_string(width_in_pixels));
  }
  assert(X.rows() == images.count() && X.columns() == width());
  const std::span<T> x = X.elements();
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<T>((static_cast<double>(images.pixels[i]) / 255 - mean) / deviation);
}

ImagePreparation fit_images(const Images& images) {
  ImagePreparation fitted{.height = images.height, .width_in_pixels = images.width};
  std::uint64_t sum = 0, squares = 0;  // exact: bytes
  for (const std::uint64_t pixel : images.pixels) {
    sum += pixel;
    squares += pixel * pixel;
  }
  const auto n = static_cast<double>(images.pixels.size());
  const double mean = static_cast<double>(sum) / n;
  const double deviation = std::sqrt(std::max(0.0, static_cast<double>(squares) / n - mean * mean));
  fitted.mean = mean / 255;
  fitted.deviation = deviation > 0 ? deviation / 255 : 1;
  return fitted;
}

Images select(const Images& images, std::span<const std::uint32_t> numbers) {
  Images chosen{.height = images.height, .width = images.width, .pixels = {}, .labels = {}, .source = images.source};
  const std::size_t size = images.height * images.width;
  chosen.pixels.reserve(numbers.size() * size);
  for (const std::uint32_t number : numbers) {
    const auto first = images.pixels.begin() + static_cast<std::ptrdiff_t>(number * size);
    chosen.pixels.insert(chosen.pixels.end(), first, first + static_cast<std::ptrdiff_t>(size));
    if (!images.labels.empty()) chosen.labels.push_back(images.labels[number]);
  }
  return chosen;
}

#define NEURONE_INSTANTIATE(T)                                                       \
  template Surprises TablePreparation::encode<T>(const Table&, MatrixView<T>) const; \
  template void ImagePreparation::encode<T>(const Images&, MatrixView<T>) const;
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
