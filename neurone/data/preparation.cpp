// The two kinds of columns, each fitted and then encoded, and the choice between them; images below.
#include "neurone/data/preparation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"
#include "neurone/data/cells.h"
#include "neurone/math/quantile.h"

namespace neurone {
namespace {

// More categories than this, and than half of the rows, look like a name or an identifier.
constexpr std::size_t most_certain_categories = 50;
// Every category is an input: a column of 100,000 would fill the memory, row by row, with zeros.
constexpr std::size_t most_categories = 1000;

// Some rows of one column.
struct Stretch {
  const Table& table;
  std::size_t column;
  std::size_t begin, end;
};

// Calls function(k, stretch) for each of the columns, k counted from 0: rows are gone through in blocks, all the
// columns of one before the next, so that the text of a block comes into the cache once.
template <class Function>
void in_blocks(const Table& table, std::span<const std::size_t> columns, const Function& function) {
  constexpr std::size_t size = 256;
  for (std::size_t begin = 0; begin < table.rows(); begin += size)
    for (std::size_t k = 0; k < columns.size(); ++k)
      function(k, Stretch{table, columns[k], begin, std::min(begin + size, table.rows())});
}

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

// What stands in a column, the missing values left out.
struct Content {
  std::vector<double> numbers;  // in the order of the rows
  std::size_t texts = 0;
};

void look(const Stretch& at, Content& content) {
  for (std::size_t row = at.begin; row < at.end; ++row) {
    const std::string_view cell = at.table.cell(row, at.column);
    if (const std::optional<double> number = parse_number(cell)) {
      if (content.numbers.empty()) content.numbers.reserve(at.table.rows());
      content.numbers.push_back(*number);
    } else if (!is_missing(cell)) {
      ++content.texts;
    }
  }
}

void refuse_texts(const Table& table, std::size_t column) {
  const std::string& name = table.names()[column];
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    if (is_missing(cell) || parse_number(cell)) continue;
    const Error error = no_number(table, row, name, cell);
    throw Error(std::string(error.what()) + " (if they are categories: --category " + name + ")");
  }
}

// Mean and deviation of all rows; the missing ones count as what they are filled with.
void fit_standard(std::vector<double> values, std::size_t rows, NumericColumn& column) {
  values.resize(rows, column.median);
  const auto n = static_cast<double>(rows);
  double sum = 0, squares = 0;
  for (const double value : values) sum += value - column.median;
  column.center = column.median + sum / n;  // a constant's mean is that constant, to the last bit
  for (const double value : values) squares += (value - column.center) * (value - column.center);
  column.spread = std::sqrt(squares / n);
}

void fit_robust(std::vector<double> values, NumericColumn& column) {
  std::ranges::sort(values);
  column.center = column.median;
  column.spread = quantile(values, 0.75) - quantile(values, 0.25);
  if (column.spread == 0) column.spread = (values.back() - values.front()) / 2;
  column.clip = 3;
}

NumericColumn fit_numeric(const Table& table, std::size_t column, std::vector<double> values, Scaling scaling) {
  NumericColumn fitted{.name = table.names()[column], .has_indicator = values.size() < table.rows()};
  fitted.median = median_of(values);
  if (scaling == Scaling::robust)
    fit_robust(std::move(values), fitted);
  else
    fit_standard(std::move(values), table.rows(), fitted);
  if (!std::isfinite(fitted.spread))
    throw Error(table.source(), "numeric column '" + fitted.name + "': the values are too large to be standardised");
  if (fitted.spread == 0) fitted.spread = 1;  // a constant column becomes zeros
  return fitted;
}

// hypot, because the square of a number far away overflows.
double scaled(const NumericColumn& column, double value) {
  const double z = (value - column.center) / column.spread;
  return column.clip == 0 ? z : z / std::hypot(1.0, z / column.clip);
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

// Each writes its rows of X, from its first column on, and returns how many cells training had not seen.
template <class T>
std::size_t encode_column(const NumericColumn& column, const Stretch& at, MatrixView<T> X, std::size_t first) {
  for (std::size_t row = at.begin; row < at.end; ++row) {
    const std::string_view cell = at.table.cell(row, at.column);
    const std::optional<double> value = parse_number(cell);
    if (!value && !is_missing(cell)) throw no_number(at.table, row, column.name, cell);
    X(row, first) = static_cast<T>(scaled(column, value.value_or(column.median)));
    if (!std::isfinite(X(row, first))) throw too_large(at.table, row, column.name, cell, std::is_same_v<T, float>);
    if (column.has_indicator) X(row, first + 1) = value ? T(0) : T(1);
  }
  return 0;
}

template <class T>
std::size_t encode_column(const CategoryColumn& column, const Stretch& at, MatrixView<T> X, std::size_t first) {
  std::size_t unknown = 0;
  for (std::size_t row = at.begin; row < at.end; ++row) {
    const std::string_view value = category_of(at.table.cell(row, at.column));
    std::ranges::fill(X[row].subspan(first, column.width()), T(0));
    const auto found = std::ranges::lower_bound(column.values, value);
    if (found != column.values.end() && *found == value)
      X(row, first + static_cast<std::size_t>(found - column.values.begin())) = T(1);
    else
      ++unknown;
  }
  return unknown;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

std::string_view scaling_name(Scaling scaling) {
  return scaling == Scaling::standard ? "standard" : "robust";
}

Scaling parse_scaling(std::string_view name) {
  for (const Scaling scaling : {Scaling::standard, Scaling::robust})
    if (scaling_name(scaling) == name) return scaling;
  throw unknown_name("scaling", name, {"standard", "robust"});
}

std::size_t TablePreparation::width() const {
  std::size_t sum = 0;
  for (const Column& column : columns) sum += column_width(column);
  return sum;
}

template <class T> Surprises TablePreparation::encode(const Table& table, MatrixView<T> X) const {
  assert(X.rows() == table.rows() && X.columns() == width());
  std::vector<std::size_t> sources, firsts;  // the columns of the table, and where theirs begin in X
  std::size_t first = 0;
  for (const Column& column : columns) {
    sources.push_back(table.column(column_name(column)));
    firsts.push_back(first);
    first += column_width(column);
  }
  Surprises surprises;
  std::optional<Error> refusal;  // of the leftmost column that has one, of its first row
  std::size_t wanted = columns.size();
  in_blocks(table, sources, [&](std::size_t k, const Stretch& at) {
    if (k >= wanted) return;
    try {
      surprises.unknown_categories +=
          std::visit([&](const auto& column) { return encode_column(column, at, X, firsts[k]); }, columns[k]);
    } catch (const Error& error) {
      refusal = error;
      wanted = k;
    }
  });
  if (refusal) throw *refusal;
  return surprises;
}

FittedTable fit_table(const Table& table, const ColumnChoices& choices) {
  for (const auto& names : {choices.ignore, choices.category})
    for (const std::string& name : names) table.column(name);  // throws when it is not there

  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < table.columns(); ++column)
    if (!contains(choices.ignore, table.names()[column])) columns.push_back(column);
  std::vector<Content> contents(columns.size());
  in_blocks(table, columns, [&](std::size_t k, const Stretch& at) { look(at, contents[k]); });

  FittedTable fitted;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const std::size_t column = columns[k];
    const std::string& name = table.names()[column];
    check_utf8_name(table, column);
    auto& [numbers, texts] = contents[k];
    if (numbers.empty() && texts == 0) {
      fitted.notices.push_back("column '" + name + "' is left out: it has no values");
    } else if (numbers.size() > texts && !contains(choices.category, name)) {
      if (texts > 0) refuse_texts(table, column);
      fitted.preparation.columns.emplace_back(fit_numeric(table, column, std::move(numbers), choices.scaling));
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
