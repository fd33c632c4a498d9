#include "server/cells.h"

#include <cmath>
#include <optional>

namespace neurone::server {

bool reads_digits(const Column& column) {
  const auto* numeric = std::get_if<NumericColumn>(&column);
  return numeric != nullptr && numeric->form.is_plain();
}

std::string cell_of(const Column& column, std::string_view digits) {
  const auto shortest = [&](const NumberForm& form) {
    const CellNumber value = parse_number(digits);
    return value ? number_cell(*value, form) : std::string(digits);
  };
  if (const auto* numeric = std::get_if<NumericColumn>(&column))
    return numeric->form.is_plain() ? std::string(digits) : shortest(numeric->form);
  if (const auto* category = std::get_if<CategoryColumn>(&column)) {
    if (!category->find(digits)) {
      std::string other = shortest(Notation::point);
      if (category->find(other)) return other;
    }
  }
  return std::string(digits);
}

std::string cell_of(const Column& column, double value) {
  if (std::isnan(value)) return {};
  return cell_of(column, number_cell(value, Notation::point));
}

std::string_view truth_cell(const Column& column, bool value) {
  const std::string_view word = value ? "true" : "false";
  const auto* category = std::get_if<CategoryColumn>(&column);
  if (category != nullptr && std::ranges::binary_search(category->values, word)) return word;
  return value ? "1" : "0";
}

}  // namespace neurone::server
