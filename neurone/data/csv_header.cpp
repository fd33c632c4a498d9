// Names differ from what stands below them: they are text above numbers, or texts that do not recur where all others
// do.
#include "neurone/data/csv_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/data/cells.h"
#include "neurone/data/dates.h"

namespace neurone {
namespace {

using CellTexts = std::vector<std::string_view>;

bool is_number_in_some_notation(std::string_view cell) {
  return parse_number(cell) || parse_number(cell, Notation::groups) || parse_number(cell, Notation::comma);
}

bool is_date_in_some_order(std::string_view cell) {
  return parse_date(cell, DateOrder::ymd) || parse_date(cell, DateOrder::dmy) || parse_date(cell, DateOrder::mdy);
}

bool is_value(std::string_view cell) {
  return is_number_in_some_notation(cell) || is_date_in_some_order(cell);
}

bool holds_digits_only(std::string_view cell) {
  return !cell.empty() && std::ranges::all_of(cell, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_text(std::string_view cell) {
  return !is_missing(cell) && !is_value(cell);
}

// What stands below a cell of the first row.
struct Below {
  std::size_t numbers = 0, fractions = 0, texts = 0;
  std::unordered_map<std::string_view, std::size_t> counts{};  // of the texts

  bool has(std::string_view cell) const { return counts.contains(cell); }
  bool all_recur() const {
    return texts >= 4 && std::ranges::all_of(counts, [](const auto& each) { return each.second > 1; });
  }
};

// The first row, and what stands below each of its cells in the rows that have as many.
struct FirstRows {
  std::string text;  // in which the cells stand
  CellTexts first{};
  std::vector<Below> below{};
  bool has_apostrophes = false;  // around every cell of a column
};

void look_below(const std::vector<CellTexts>& rows, FirstRows& seen) {
  seen.below.resize(seen.first.size());
  for (const CellTexts& row : rows) {
    if (row.size() != seen.first.size() || row == seen.first) continue;  // a header may stand twice
    for (std::size_t j = 0; j < row.size(); ++j) {
      Below& below = seen.below[j];
      if (is_number_in_some_notation(row[j])) {
        ++below.numbers;
        if (!holds_digits_only(row[j])) ++below.fractions;
      } else if (!is_missing(row[j])) {
        ++below.texts;
        ++below.counts[row[j]];
      }
    }
  }
  const auto in_apostrophes = [](std::string_view cell) {
    return cell.size() >= 2 && cell.front() == '\'' && cell.back() == '\'';
  };
  for (std::size_t j = 0; j < seen.first.size() && !seen.has_apostrophes; ++j)
    seen.has_apostrophes = !rows.empty() && std::ranges::all_of(rows, [&](const CellTexts& row) {
      return j < row.size() && in_apostrophes(row[j]);
    });
}

void cut_rows(const CsvMarks& marks, FirstRows& seen) {
  constexpr std::size_t most_rows = 1000;
  const std::string source;
  CsvRows reader(seen.text, source, marks);
  std::vector<std::vector<Cell>> cut;
  try {
    for (std::vector<Cell> row; cut.size() <= most_rows && reader.next(row); row.clear()) cut.push_back(row);
  } catch (const Error&) {
    // what is wrong with a row is told when it is read for good
  }
  std::vector<CellTexts> rows(cut.size());
  for (std::size_t i = 0; i < cut.size(); ++i)
    for (const Cell& cell : cut[i]) rows[i].emplace_back(seen.text.data() + cell.begin, cell.size);
  if (rows.empty()) return;
  seen.first = rows.front();
  rows.erase(rows.begin());
  look_below(rows, seen);
}

// 0, 1, 2, … among the cells of the first row that are numbers: how many; 0 where they are others.
std::size_t counted_from_0(const CellTexts& first) {
  std::size_t count = 0;
  for (const std::string_view cell : first) {
    if (!is_value(cell)) continue;
    if (cell != std::to_string(count)) return 0;
    ++count;
  }
  return count;
}

// "column_3", as a column without a name is called.
bool is_made_up_name(std::string_view name) {
  constexpr std::string_view beginning = "column_";
  return name.starts_with(beginning) && holds_digits_only(name.substr(beginning.size()));
}

struct Verdict {
  bool has_header;
  bool is_doubtful;
  std::string reason;  // none: no need for one
};

// By the names that are sought. A number may stand in a row of data: it counts only where all of them are there.
std::optional<Verdict> by_sought(const CellTexts& first, const SoughtColumns& sought) {
  const std::unordered_set<std::string_view> cells(first.begin(), first.end());
  const auto stands = [&](const std::string& name) { return cells.contains(name); };
  const auto name =
      std::ranges::find_if(sought.names, [&](const auto& each) { return !is_value(each) && stands(each); });
  if (name != sought.names.end()) return Verdict{true, false, fmt::format("'{}' stands in it", *name)};
  if (!sought.names.empty() && std::ranges::all_of(sought.names, stands))
    return Verdict{true, false, fmt::format("'{}' stands in it", sought.names.front())};
  if (sought.are_a_models && std::ranges::all_of(sought.names, is_made_up_name))
    return Verdict{false, false, "the model's columns have no names"};
  return {};
}

Verdict without_values(const FirstRows& seen) {
  std::size_t recurring = 0, rows = 0;
  for (std::size_t j = 0; j < seen.first.size(); ++j) {
    rows = std::max(rows, seen.below[j].texts);
    if (!is_missing(seen.first[j]) && !seen.below[j].has(seen.first[j])) return {true, false, ""};
    recurring += is_missing(seen.first[j]) ? 0U : 1U;
  }
  if (recurring == 0 || rows < 3) return {true, false, ""};
  return {false, true, "all of its cells stand below it as well"};
}

// Where one of the cells is a number or a date.
Verdict with_values(const FirstRows& seen) {
  const CellTexts& first = seen.first;
  const auto value = std::ranges::find_if(first, is_value);
  const std::string is_a_number =
      fmt::format("'{}' is a {}", *value, is_number_in_some_notation(*value) ? "number" : "date");
  std::unordered_set<std::string_view> different;
  bool can_be_names = true;  // different from each other, and of the values whole numbers and dates at most
  for (const std::string_view cell : first)
    can_be_names = can_be_names && (cell.empty() || different.insert(cell).second) &&
                   (!is_value(cell) || holds_digits_only(cell) || is_date_in_some_order(cell));
  if (!can_be_names) return {false, false, is_a_number};

  bool texts_are_new = true, some_are_new = false, fractions_below = false;
  std::string_view above_numbers, above_recurring;
  for (std::size_t j = 0; j < first.size(); ++j) {
    const Below& below = seen.below[j];
    const bool is_number_or_none = is_missing(first[j]) || is_number_in_some_notation(first[j]);
    if (!is_number_or_none && below.texts == 0 && below.numbers >= 2 && above_numbers.empty())
      above_numbers = first[j];
    if (is_text(first[j])) {
      if (below.all_recur() && !below.has(first[j]) && above_recurring.empty()) above_recurring = first[j];
      texts_are_new = texts_are_new && !below.has(first[j]);
      some_are_new = some_are_new || !below.has(first[j]);
    } else {
      fractions_below = fractions_below || below.fractions > 0;
    }
  }
  const bool has_below =
      std::ranges::any_of(seen.below, [](const Below& each) { return each.numbers + each.texts > 0; });
  if (!above_numbers.empty()) return {true, true, fmt::format("'{}' stands above numbers", above_numbers)};
  if (texts_are_new && !above_recurring.empty())
    return {true, true, fmt::format("'{}' does not recur below it, where all else does", above_recurring)};
  const std::size_t counted = counted_from_0(first);
  constexpr std::size_t surely_counted = 4;
  if (has_below && (counted >= surely_counted || (counted >= 2 && first.front().empty())))
    return {true, true, "its cells count 0, 1, 2 …"};
  return {false, has_below && ((texts_are_new && some_are_new) || counted >= 2 || fractions_below), is_a_number};
}

}  // namespace

HeaderFound find_header(std::string_view beginning, const CsvMarks& marks, std::optional<bool> said,
                        const SoughtColumns& sought) {
  FirstRows seen{.text = std::string(beginning)};
  cut_rows(marks, seen);
  HeaderFound found{.has_header = said.value_or(false), .has_apostrophes = seen.has_apostrophes};
  if (seen.first.empty()) return found;
  if (!said) {
    std::optional<Verdict> verdict = by_sought(seen.first, sought);
    const bool by_name = verdict.has_value();
    if (!verdict) verdict = std::ranges::any_of(seen.first, is_value) ? with_values(seen) : without_values(seen);
    found.has_header = verdict->has_header;
    found.is_doubtful = verdict->is_doubtful;
    if (!verdict->reason.empty() && !(by_name && verdict->has_header))
      found.why = fmt::format("the first row was taken for {}, because {}: --header {} says otherwise",
                              verdict->has_header ? "the header" : "data", verdict->reason,
                              verdict->has_header ? "no" : "yes");
  }
  if (sought.are_a_models && found.has_header) {
    const std::unordered_set<std::string_view> cells(seen.first.begin(), seen.first.end());
    found.is_sure = std::ranges::all_of(sought.names, [&](const std::string& name) { return cells.contains(name); });
  }
  return found;
}

}  // namespace neurone
