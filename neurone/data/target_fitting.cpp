// What the target column is, guessed from its values where the user does not say, and its classes and numbers.
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/data/cells.h"
#include "neurone/data/class_order.h"
#include "neurone/data/dates.h"
#include "neurone/data/form_search.h"
#include "neurone/data/target.h"

namespace neurone {
namespace {

// Up to this many different whole numbers could be classes as well as amounts.
constexpr std::size_t most_doubtful_values = 20;

// What a look over the column shows.
struct Glance {
  std::map<std::string, std::size_t, std::less<>> values;  // the different ones, and how many rows have each
  FormSearch search;
};

Glance look(const Table& table, std::size_t column, const TargetChoices& choices) {
  Glance glance;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    const auto known = glance.values.find(cell);
    if (known != glance.values.end()) {
      ++known->second;
      continue;
    }
    check_utf8_cell(table, row, column);
    glance.values.emplace(cell, 1);
  }
  if (!choices.form) {
    glance.search = find_number_form(table, column, Units::of_amounts);
    return glance;
  }
  glance.search.form = *choices.form;
  glance.search.values = table.rows();
  for (const auto& [value, count] : glance.values)
    if (parse_number(value, *choices.form)) glance.search.fitting += count;
  return glance;
}

std::string column_words(const Table& table, const std::string& name) {
  return table.source() + ": target column '" + name + "'";
}

std::string target_column(const std::string& name) {
  return "target column '" + name + "'";
}

// --- numbers or classes ------------------------------------------------------------------------------------------

// Does the column hold dates? Of its values, each looked at once.
bool are_dates(const Glance& glance) {
  DateOrders orders;
  for (const auto& [value, count] : glance.values)
    if (orders.worth_looking()) orders.look(value);
  return orders.most_are_dates();
}

bool are_whole(const Glance& glance) {
  return std::ranges::all_of(glance.values, [&](const auto& each) {
    const CellNumber number = parse_number(each.first, glance.search.form);
    return number && *number == std::floor(*number);
  });
}

Task find_task(const Table& table, const std::string& name, const Glance& glance, std::size_t different) {
  const FormSearch& search = glance.search;
  if (different == 2 || !search.most_fit()) return Task::classification;
  if (search.all_fit() && are_whole(glance) && different <= most_doubtful_values) {
    throw UsageError(column_words(table, name) + " has " + std::to_string(different) +
                     " different whole numbers, which could be classes or amounts: say --task classification or "
                     "--task regression");
  }
  return Task::regression;
}

// What is no class: dates and amounts, unless somebody says so.
void refuse_unlikely_classes(const Table& table, const std::string& name, const Glance& glance) {
  const std::string& example = glance.values.begin()->first;
  if (are_dates(glance))
    throw Error(column_words(table, name) + " holds dates ('" + example +
                "'), which cannot be predicted: a number of days can, and --task classification takes a date that is "
                "in many rows for a class");
  if (!glance.search.other_unit.empty() && glance.values.size() > 2)
    throw Error(column_words(table, name) + " looks like amounts in " + glance.search.other_unit + " ('" + example +
                "'): --task regression reads them as numbers, --task classification takes them for classes");
}

// A class is learnt from several rows.
void refuse_rare_classes(const Table& table, const std::string& name, const Glance& glance, std::size_t classes) {
  constexpr std::size_t fewest_rows = 10;  // of fewer, values that are different say nothing
  if (table.rows() < fewest_rows || classes <= 2 || 2 * classes <= table.rows()) return;
  const bool numbers = glance.search.most_fit();
  throw Error(column_words(table, name) + " has " + std::to_string(classes) + " different values in " +
              std::to_string(table.rows()) + " rows, which look like " +
              (numbers             ? "amounts: say --task regression"
               : are_dates(glance) ? "dates, which cannot be predicted"
               : glance.search.other_unit.empty()
                   ? "names"
                   : "amounts in " + glance.search.other_unit + ": say --task regression") +
              " (a class has to be in several rows to be learnt)");
}

// --- classes
// ---------------------------------------------------------------------------------------------------------

Spelling spelling_of(const Glance& glance) {
  std::vector<std::string_view> values;
  for (const auto& [value, count] : glance.values)
    if (!is_missing_target(value)) values.push_back(value);
  return find_spelling(values, glance.search.all_fit() ? glance.search.form : NumberForm{});
}

// Each value as most rows write it; where two ways are as common, the shorter one.
std::vector<std::string> commonest_spellings(const Glance& glance, const Spelling& spelling) {
  struct Way {
    const std::string* text;
    std::size_t rows;
  };
  std::map<std::string, Way> ways;  // by value
  for (const auto& [text, rows] : glance.values) {
    const auto [at, is_new] = ways.try_emplace(spelling.value_of(text), Way{.text = &text, .rows = rows});
    Way& best = at->second;
    if (rows > best.rows || (rows == best.rows && text.size() < best.text->size()))
      best = {.text = &text, .rows = rows};
  }
  std::vector<std::string> classes;
  for (const auto& [value, way] : ways) classes.push_back(*way.text);
  std::ranges::sort(classes, class_order);
  return classes;
}

// --- numbers -----------------------------------------------------------------------------------------------------

[[noreturn]] void refuse_one_value(const Table& table, const std::string& name, bool in_several_forms) {
  const std::string value(table.rows() == 0 ? "" : table.cell(0, table.column(name)));
  throw Error(column_words(table, name) + " has " +
              (table.rows() == 0 ? "no values" : "one value only, '" + value + "'") +
              (in_several_forms ? ", in several forms," : "") +
              " in the training rows: nothing can be learnt, expected at least two");
}

NumberTarget fit_number(const Table& table, const std::string& name, const NumberForm& form) {
  NumberTarget target{.name = name, .form = form};
  const std::vector<double> values = target_values(table, target);
  if (std::ranges::adjacent_find(values, std::ranges::not_equal_to()) == values.end()) {
    const std::size_t column = table.column(name);
    bool several = false;
    for (std::size_t row = 1; row < table.rows(); ++row)
      several = several || table.cell(row, column) != table.cell(0, column);
    refuse_one_value(table, name, several);
  }
  const auto n = static_cast<double>(values.size());
  for (const double value : values) target.mean += value / n;
  double variance = 0;
  for (const double value : values) variance += (value - target.mean) * (value - target.mean) / n;
  target.deviation = std::sqrt(variance);
  target.lowest = std::ranges::min(values);
  target.highest = std::ranges::max(values);
  if (!(target.deviation > 0 && std::isfinite(target.deviation)))
    throw Error(column_words(table, name) + " has values too large or too close to each other to be standardised");
  return target;
}

}  // namespace

Target fit_target(const Table& table, const std::string& name, const TargetChoices& choices) {
  const std::size_t column = table.column(name);
  check_utf8_name(table, column);
  if (choices.task == Task::regression) {
    if (choices.form) return fit_number(table, name, *choices.form);
    const FormSearch search = find_number_form(table, column, Units::any);
    refuse_ambiguous(table, column, target_column(name), search);
    return fit_number(table, name, search.most_fit() ? search.form : NumberForm{});
  }
  const Glance glance = look(table, column, choices);
  const Spelling spelling = spelling_of(glance);
  std::vector<std::string> classes = commonest_spellings(glance, spelling);
  if (classes.size() < 2) refuse_one_value(table, name, glance.values.size() > 1);
  if (!choices.task) {
    refuse_ambiguous(table, column, target_column(name), glance.search);
    if (find_task(table, name, glance, classes.size()) == Task::regression)
      return fit_number(table, name, glance.search.form);
    refuse_unlikely_classes(table, name, glance);
  }
  refuse_rare_classes(table, name, glance, classes.size());
  return ClassTarget{.name = name, .classes = std::move(classes), .spelling = spelling};
}

std::vector<std::string> notices_of_target(const Target& target) {
  std::vector<std::string> notices;
  if (const auto* number = std::get_if<NumberTarget>(&target)) {
    if (!number->form.unit.empty())
      notices.push_back(target_column(number->name) + " is read as numbers in " + number->form.unit);
    return notices;
  }
  const auto& classes = std::get<ClassTarget>(target);
  if (classes.spelling.kind != Spelling::Kind::text) return notices;
  if (std::string notice = notice_of_alike(target_column(classes.name), classes.classes); !notice.empty())
    notices.push_back(std::move(notice));
  return notices;
}

}  // namespace neurone
