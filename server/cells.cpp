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
    const std::optional<double> value = parse_number(digits);
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

}  // namespace neurone::server
