// Every value is tried in each notation, with the unit that most values have.
#include "neurone/data/form_search.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "neurone/core/choice.h"

namespace neurone {
namespace {

constexpr std::size_t enough_values = 1000;  // to see that hardly one of them fits

constexpr std::array<std::string_view, 47> units_of_amounts{
    "%",      "\u2030", "$",      "\u20AC", "\u00A3", "\u00A5",  "\u20B9", "\u20BD", "\u20A9", "\u20BA",
    "\u20B4", "\u20AA", "\u20AB", "\u20A6", "\u20B1", "\u0E3F",  "\u20A1", "\u00A2", "US$",    "CA$",
    "A$",     "R$",     "NT$",    "HK$",    "EUR",    "USD",     "GBP",    "CHF",    "JPY",    "CNY",
    "INR",    "CAD",    "AUD",    "NZD",    "SEK",    "NOK",     "DKK",    "PLN",    "CZK",    "HUF",
    "BRL",    "MXN",    "ZAR",    "Fr.",    "kr",     "z\u0142", "K\u010D"};

// Calls function(row, cell) for every value that is not missing, until it returns false.
template <class Function> void each_value(const Table& table, std::size_t column, const Function& function) {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    if (!is_missing(cell) && !function(row, cell)) return;
  }
}

// The unit of most of the first values; empty where most have none.
std::string_view commonest_unit(const Table& table, std::size_t column) {
  std::map<std::string_view, std::size_t> counts;
  std::size_t looked_at = 0;
  each_value(table, column, [&](std::size_t, std::string_view cell) {
    ++counts[unit_of(cell)];
    return ++looked_at < enough_values;
  });
  const auto most = std::ranges::max_element(counts, {}, [](const auto& each) { return each.second; });
  return most == counts.end() ? std::string_view{} : most->first;
}

// Does every value that is a number without the unit lie behind one? A unit in front, as in "Q1", is a name.
bool stands_behind(const Table& table, std::size_t column, std::string_view unit) {
  bool behind = false;
  each_value(table, column, [&](std::size_t, std::string_view cell) {
    behind = trim_spaces(cell).ends_with(unit);
    return unit_of(cell) != unit;
  });
  return behind;
}

}  // namespace

FormSearch find_number_form(const Table& table, std::size_t column, Units units) {
  const std::string_view unit = commonest_unit(table, column);
  const bool allowed = units == Units::any || std::ranges::find(units_of_amounts, unit) != units_of_amounts.end();
  constexpr std::array notations{Notation::point, Notation::groups, Notation::comma};
  std::array<NumberForm, 3> forms;
  for (const Notation each : notations) forms[static_cast<std::size_t>(each)] = {each, std::string(unit)};
  std::array<std::size_t, 3> fitting{};
  std::optional<std::size_t> ambiguous;
  FormSearch search;
  const std::optional<DecimalSign> decimal = table.reading().format.decimal;
  const auto reads = [&](Notation each) {
    return !decimal || (decimal == DecimalSign::comma) == (each == Notation::comma);
  };
  each_value(table, column, [&](std::size_t row, std::string_view cell) {
    ++search.values;
    std::array<NumberRoom, 3> rooms;  // NOLINT(*-member-init): written before they are read
    std::array<std::optional<std::string_view>, 3> plain;
    for (std::size_t k = 0; k < forms.size(); ++k) {
      if (reads(notations[k])) plain[k] = plain_number(cell, forms[k], rooms[k]);
      if (plain[k]) ++fitting[k];
    }
    if (plain[1] && plain[2] && parse_number(*plain[1]) != parse_number(*plain[2]) && !ambiguous) ambiguous = row;
    return search.values < enough_values || 10 * std::ranges::max(fitting) > search.values;
  });
  const auto best = static_cast<std::size_t>(std::ranges::max_element(fitting) - fitting.begin());
  if (!allowed && !unit.empty()) {
    if (2 * fitting[best] > search.values && stands_behind(table, column, unit)) search.other_unit = unit;
    return search;
  }
  search.form = forms[best];
  search.fitting = fitting[best];
  if (best == 1 && fitting[1] == fitting[2] && search.all_fit()) search.ambiguous_row = ambiguous;
  return search;
}

void refuse_ambiguous(const Table& table, std::size_t column, const std::string& what, const FormSearch& search) {
  if (!search.ambiguous_row) return;
  const std::string_view cell = table.cell(*search.ambiguous_row, column);
  const auto as = [&](Notation notation) {
    return setting_text(parse_number(cell, {notation, search.form.unit}).value_or(0));
  };
  throw Error(table.place(*search.ambiguous_row),
              what + ": '" + std::string(cell) + "' may be " + as(Notation::groups) + " or " + as(Notation::comma) +
                  ", and no other row tells: say --decimal point or --decimal comma");
}

NumberForm form_or_plain(const Table& table, std::size_t column, const std::string& what) {
  const FormSearch search = find_number_form(table, column, Units::of_amounts);
  refuse_ambiguous(table, column, what, search);
  return search.all_fit() ? search.form : NumberForm{};
}

}  // namespace neurone
