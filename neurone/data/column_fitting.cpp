// First what stands in a column, then what it is taken for, then what is learnt of it.
#include "neurone/data/column_fitting.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"
#include "neurone/data/form_search.h"
#include "neurone/math/quantile.h"

namespace neurone {
namespace {

// More categories than this, and than half of the rows, look like a name or an identifier.
constexpr std::size_t most_certain_categories = 50;
// Every category is an input: a column of 100,000 would fill the memory, row by row, with zeros.
constexpr std::size_t most_categories = 1000;

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
  const NumberForm form = notation_of(at.table.reading().format);
  for (std::size_t row = at.begin; row < at.end; ++row) {
    const std::string_view cell = at.table.cell(row, at.column);
    if (const CellNumber number = parse_number(cell, form)) {
      if (content.numbers.empty()) content.numbers.reserve(at.table.rows());
      content.numbers.push_back(*number);
    } else if (!is_missing(cell)) {
      ++content.texts;
    }
  }
}

// Calls function(row, cell) for every value that is not missing, until it returns false.
template <class Function> void for_each_value(const Table& table, std::size_t column, const Function& function) {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    if (!is_missing(cell) && !function(row, cell)) return;
  }
}

// Numbers with the other decimal sign than the one that was said are no texts.
void refuse_other_sign(const Table& table, std::size_t column) {
  const std::optional<DecimalSign> said = table.reading().format.decimal;
  if (!said) return;
  const bool comma = *said == DecimalSign::comma;
  const NumberForm form = comma ? Notation::comma : Notation::groups,
                   other = comma ? Notation::point : Notation::comma;
  std::optional<std::size_t> unlike;
  bool all = true;
  for_each_value(table, column, [&](std::size_t row, std::string_view cell) {
    if (!unlike && !parse_number(cell, form)) unlike = row;
    return all = parse_number(cell, other).has_value();
  });
  if (!all || !unlike) return;
  const std::string& name = table.names()[column];
  throw Error(table.place(*unlike), "column '" + name + "': '" + std::string(table.cell(*unlike, column)) +
                                        "' is no number with a decimal " + (comma ? "comma" : "point") +
                                        ", which --decimal says (if they are categories: --category " + name + ")");
}

std::vector<double> numbers_in(const Table& table, std::size_t column, const NumberForm& form) {
  std::vector<double> numbers;
  for_each_value(table, column, [&](std::size_t row, std::string_view cell) {
    const CellNumber number = parse_number(cell, form);
    if (!number) throw no_number(table, row, numeric_column(table.names()[column]), cell, form);
    numbers.push_back(*number);
    return true;
  });
  return numbers;
}

DateOrders orders_in(const Table& table, std::size_t column) {
  DateOrders orders;
  for_each_value(table, column, [&](std::size_t, std::string_view cell) {
    orders.look(cell);
    return orders.worth_looking();
  });
  return orders;
}

[[noreturn]] void refuse_with_advice(const Error& error, const std::string& name) {
  throw Error(std::string(error.what()) + " (if they are categories: --category " + name + ")");
}

void refuse_texts(const Table& table, std::size_t column, const NumberForm& form) {
  const std::string& name = table.names()[column];
  for_each_value(table, column, [&](std::size_t row, std::string_view cell) {
    if (!parse_number(cell, form)) refuse_with_advice(no_number(table, row, numeric_column(name), cell, form), name);
    return true;
  });
}

// Mean and deviation of all rows; the missing ones count as what they are filled with.
void fit_standard(std::vector<double> values, std::size_t rows, Scale& scale) {
  values.resize(rows, scale.median);
  const auto n = static_cast<double>(rows);
  double sum = 0, squares = 0;
  for (const double value : values) sum += value - scale.median;
  scale.center = scale.median + sum / n;  // a constant's mean is that constant, to the last bit
  for (const double value : values) squares += (value - scale.center) * (value - scale.center);
  scale.spread = std::sqrt(squares / n);
}

void fit_robust(std::vector<double> values, Scale& scale) {
  std::ranges::sort(values);
  scale.center = scale.median;
  scale.spread = quantile(values, 0.75) - quantile(values, 0.25);
  if (scale.spread == 0) scale.spread = (values.back() - values.front()) / 2;
  scale.clip = 3;
}

// Of `values`, those of the rows that have one.
Scale fit_scale(const Table& table, std::size_t column, std::vector<double> values, Scaling scaling) {
  Scale scale{.median = median_of(values), .lowest = std::ranges::min(values), .highest = std::ranges::max(values)};
  if (scaling == Scaling::none) return scale;
  if (scaling == Scaling::robust)
    fit_robust(std::move(values), scale);
  else
    fit_standard(std::move(values), table.rows(), scale);
  if (!std::isfinite(scale.spread))
    throw Error(table.source(),
                numeric_column(table.names()[column]) + ": the values are too large to be standardised");
  if (scale.spread == 0) scale.spread = 1;  // a constant with missing values among it
  return scale;
}

DateColumn fit_dates(const Table& table, std::size_t column, DateOrder order, Scaling scaling,
                     std::vector<std::string>& notices) {
  DateColumn fitted{.name = table.names()[column], .order = order};
  std::vector<double> days;
  std::size_t in_utc = 0, on_the_wall = 0;  // times with an offset, and without one
  for_each_value(table, column, [&](std::size_t row, std::string_view cell) {
    const std::optional<Date> date = parse_date(cell, order);
    if (!date) refuse_with_advice(no_date(table, row, fitted.name, order, cell), fitted.name);
    if (date->has_time) ++(date->has_offset ? in_utc : on_the_wall);
    days.push_back(days_since_1970(*date));
    return true;
  });
  fitted.has_time = in_utc + on_the_wall > 0;
  fitted.has_indicator = days.size() < table.rows();
  if (in_utc == 0 || on_the_wall == 0)
    fitted.has_offset = in_utc > 0;
  else
    notices.push_back("column '" + fitted.name + "': " + std::to_string(in_utc) + " of its " +
                      std::to_string(in_utc + on_the_wall) +
                      " times have an offset from UTC; the others are taken for times in UTC");
  fitted.scale = fit_scale(table, column, std::move(days), scaling);
  return fitted;
}

CategoryColumn fit_category(const Table& table, std::size_t column) {
  std::unordered_set<std::string_view> distinct;
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (distinct.insert(category_of(table.cell(row, column))).second) check_utf8_cell(table, row, column);
  std::vector<std::string_view> spelled(distinct.begin(), distinct.end());
  std::ranges::sort(spelled);
  std::vector<std::string_view> present = spelled;
  std::erase(present, std::string_view{});
  CategoryColumn fitted{.name = table.names()[column],
                        .values = {spelled.begin(), spelled.end()},
                        .spelling = find_spelling(present, NumberForm{})};
  if (fitted.spelling.kind == Spelling::Kind::text) return fitted;
  for (std::string& value : fitted.values)
    if (!value.empty()) value = fitted.spelling.value_of(value);
  std::ranges::sort(fitted.values);
  fitted.values.erase(std::ranges::unique(fitted.values).begin(), fitted.values.end());
  return fitted;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// Is the column called like something that numbers rows: "id", "customer_id", "Index", "no.", or nothing at all?
bool has_name_of_identifier(const Table& table, std::size_t column) {
  std::string name;
  for (const char c : table.names()[column])
    if (c != ' ' && c != '_' && c != '-' && c != '.')
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  constexpr std::array<std::string_view, 12> words{"id",  "index", "idx", "key",    "no",     "nr",
                                                   "row", "rowid", "num", "rownum", "number", "unnamed:0"};
  const std::string_view original = table.names()[column];
  const bool ends_in_id =
      original.size() > 2 && (original.ends_with("_id") || original.ends_with("_ID") || original.ends_with("Id") ||
                              original.ends_with(" id") || original.ends_with(" ID") || original.ends_with("-id"));
  return ends_in_id || std::ranges::find(words, name) != words.end() ||
         original == "column_" + std::to_string(column + 1);
}

bool are_different_whole_numbers(std::vector<double> numbers) {
  if (!std::ranges::all_of(numbers, [](double each) { return each == std::floor(each); })) return false;
  std::ranges::sort(numbers);
  return std::ranges::adjacent_find(numbers) == numbers.end();
}

std::string left_out(const std::string& name, const std::string& reason) {
  return "column '" + name + "' is left out: " + reason;
}

// Numbers in some form, as they were read.
void fit_numbers(const Table& table, std::size_t column, std::vector<double> numbers, NumberForm form,
                 const ColumnChoices& choices, FittedTable& fitted) {
  const std::string& name = table.names()[column];
  const bool chosen = contains(choices.numeric, name), complete = numbers.size() == table.rows();
  if (complete && std::ranges::adjacent_find(numbers, std::ranges::not_equal_to()) == numbers.end()) {
    fitted.notices.push_back(
        left_out(name, "it has one value only, '" + std::string(trim(table.cell(0, column))) + "'"));
    return;
  }
  constexpr std::size_t fewest_rows = 20;  // of fewer, numbers that are all different say nothing
  if (!chosen && complete && numbers.size() >= fewest_rows && has_name_of_identifier(table, column) &&
      are_different_whole_numbers(numbers)) {
    fitted.notices.push_back(
        left_out(name, "whole numbers, all different, look like an identifier (to keep it: --numeric " + name + ")"));
    return;
  }
  const Scaling scaling = choices.scaling.value_or(Scaling::standard);
  if (!form.unit.empty()) fitted.notices.push_back("column '" + name + "' is read as numbers in " + form.unit);
  fitted.preparation.columns.emplace_back(
      NumericColumn{.name = name,
                    .scale = fit_scale(table, column, std::move(numbers), scaling),
                    .form = std::move(form),
                    .has_indicator = !complete});
}

void fit_texts(const Table& table, std::size_t column, bool chosen, FittedTable& fitted) {
  CategoryColumn category = fit_category(table, column);
  const std::string& name = category.name;
  const std::size_t values = category.values.size();
  const bool like_names = values > most_certain_categories && 2 * values > table.rows();
  if (values == 1) {
    fitted.notices.push_back(left_out(name, "it has one value only, '" + category.values.front() + "'"));
  } else if ((like_names || values > most_categories) && !chosen) {
    fitted.notices.push_back(
        left_out(name, std::to_string(values) + " different texts in " + std::to_string(table.rows()) + " rows " +
                           (like_names ? "look like names" : "are too many to be an input each") +
                           " (to keep it: --category " + name + ")"));
  } else {
    if (category.spelling.kind == Spelling::Kind::text)
      if (std::string notice = notice_of_alike("column '" + name + "'", category.values); !notice.empty())
        fitted.notices.push_back(std::move(notice));
    fitted.preparation.columns.emplace_back(std::move(category));
  }
}

// Decides what a column is, and learns from its values what has to be known of it.
void fit_column(const Table& table, std::size_t column, Content content, const ColumnChoices& choices,
                FittedTable& fitted) {
  const std::string& name = table.names()[column];
  auto& [numbers, texts] = content;
  if (numbers.empty() && texts == 0) {
    fitted.notices.push_back(left_out(name, "it has no values"));
    return;
  }
  if (contains(choices.category, name)) return fit_texts(table, column, true, fitted);
  if (texts == 0)
    return fit_numbers(table, column, std::move(numbers), notation_of(table.reading().format), choices, fitted);
  refuse_other_sign(table, column);
  const bool chosen = contains(choices.numeric, name);
  const FormSearch search = find_number_form(table, column, chosen ? Units::any : Units::of_amounts);
  refuse_ambiguous(table, column, numeric_column(name), search);
  if (search.all_fit())
    return fit_numbers(table, column, numbers_in(table, column, search.form), search.form, choices, fitted);
  if (numbers.size() > texts || chosen || search.nearly_all_fit())
    refuse_texts(table, column, search.most_fit() ? search.form : NumberForm{});
  if (!search.other_unit.empty())
    fitted.notices.push_back("column '" + name + "': most of its values are numbers followed by " +
                             search.other_unit + " (to read them: --numeric " + name + ")");
  const DateOrders orders = orders_in(table, column);
  if (!orders.most_are_dates()) return fit_texts(table, column, false, fitted);
  if (orders.ambiguous())
    fitted.notices.push_back("column '" + name + "' is read with the " +
                             (orders.order() == DateOrder::dmy ? "day" : "month") +
                             " first: its dates would also fit the other way round");
  fitted.preparation.columns.emplace_back(
      fit_dates(table, column, orders.order(), choices.scaling.value_or(Scaling::standard), fitted.notices));
}

}  // namespace

std::string_view scaling_name(Scaling scaling) {
  switch (scaling) {
    case Scaling::standard:
      return "standard";
    case Scaling::robust:
      return "robust";
    case Scaling::none:
      break;
  }
  return "none";
}

Scaling parse_scaling(std::string_view name) {
  std::vector<std::string> names;
  for (const Scaling scaling : {Scaling::standard, Scaling::robust, Scaling::none}) {
    names.emplace_back(scaling_name(scaling));
    if (names.back() == name) return scaling;
  }
  throw unknown_name("scaling", name, names);
}

FittedTable fit_table(const Table& table, const ColumnChoices& choices, std::size_t numbers_at_once) {
  for (const auto& names : {choices.ignore, choices.category, choices.numeric})
    for (const std::string& name : names) table.column(name);  // throws when it is not there

  const std::unordered_set<std::string_view> ignored(choices.ignore.begin(), choices.ignore.end());
  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < table.columns(); ++column)
    if (!ignored.contains(table.names()[column])) columns.push_back(column);
  FittedTable fitted;
  fitted.preparation.format = table.reading().format;
  const std::size_t at_once = std::max<std::size_t>(numbers_at_once / std::max<std::size_t>(table.rows(), 1), 1);
  for (std::span<const std::size_t> left = columns; !left.empty();) {
    const std::span<const std::size_t> some = left.first(std::min(at_once, left.size()));
    left = left.subspan(some.size());
    std::vector<Content> contents(some.size());
    in_blocks(table, some, [&](std::size_t k, const Stretch& at) { look(at, contents[k]); });
    for (std::size_t k = 0; k < some.size(); ++k) {
      check_utf8_name(table, some[k]);
      fit_column(table, some[k], std::move(contents[k]), choices, fitted);
    }
  }
  if (fitted.preparation.columns.empty()) {
    std::string reasons;
    for (const std::string& notice : fitted.notices) reasons += "\n  " + notice;
    throw Error(table.source(), "no column is left to predict from besides the target" + reasons);
  }
  return fitted;
}

}  // namespace neurone
