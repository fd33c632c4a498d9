#include "neurone/data/preparation.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <optional>

#include "neurone/core/error.h"

namespace neurone {

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
      for (const auto& [row, kind] : encode_column(columns[k], at, X, firsts[k]))
        surprises.cells.push_back(
            {.row = static_cast<std::uint32_t>(row), .column = static_cast<std::uint32_t>(k), .kind = kind});
    } catch (const Error& error) {
      refusal = error;
      wanted = k;
    }
  });
  if (refusal) throw *refusal;
  std::ranges::sort(surprises.cells);
  return surprises;
}

template Surprises TablePreparation::encode<float>(const Table&, MatrixView<float>) const;
template Surprises TablePreparation::encode<double>(const Table&, MatrixView<double>) const;

}  // namespace neurone
