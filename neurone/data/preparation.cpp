#include "neurone/data/preparation.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <iterator>
#include <optional>

#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"

namespace neurone {
namespace {

// Where a column stands in the table. One that is meant by another name of the preparation is not suggested.
std::size_t source_of(const Table& table, const std::string& name, const std::vector<Column>& columns) {
  if (const std::optional<std::size_t> found = table.find(name)) return *found;
  std::vector<std::string> open;
  std::ranges::copy_if(table.names(), std::back_inserter(open), [&](const std::string& each) {
    return std::ranges::find(columns, each, column_name) == columns.end();
  });
  throw UsageError(table.source(), unknown_name("column", name, open).what());
}

// Encodes stretches of rows, all the columns of one before the next: room(at) is where the rows of a stretch are
// written, ready(at) is called when they are.
template <class T, class Room, class Ready>
Surprises encode_stretches(const TablePreparation& preparation, const Table& table, const Room& room,
                           const Ready& ready) {
  const std::vector<Column>& columns = preparation.columns;
  std::vector<std::size_t> sources, firsts;  // the columns of the table, and where theirs begin in X
  std::size_t first = 0;
  for (const Column& column : columns) {
    sources.push_back(source_of(table, column_name(column), columns));
    firsts.push_back(first);
    first += column_width(column);
  }
  Surprises surprises;
  std::optional<Error> refusal;  // of the leftmost column that has one, of its first row
  std::size_t wanted = columns.size();
  in_blocks(table, sources, [&](std::size_t k, const Stretch& at) {
    if (k >= wanted) return;
    try {
      for (const auto& [row, kind] : encode_column<T>(columns[k], at, room(at), firsts[k]))
        surprises.cells.push_back(
            {.row = static_cast<std::uint32_t>(row), .column = static_cast<std::uint32_t>(k), .kind = kind});
    } catch (const Error& error) {
      refusal = error;
      wanted = k;
    }
    if (k + 1 == columns.size() && !refusal) ready(at);
  });
  if (refusal) throw *refusal;
  std::ranges::sort(surprises.cells);
  return surprises;
}

}  // namespace

std::size_t TablePreparation::width() const {
  std::size_t sum = 0;
  for (const Column& column : columns) sum += column_width(column);
  return sum;
}

template <class T> std::vector<OneHotBlock> TablePreparation::one_hot_blocks() const {
  std::vector<OneHotBlock> blocks;
  std::size_t first = 0;
  for (const Column& column : columns) {
    const std::size_t width = column_width(column);
    if (std::holds_alternative<CategoryColumn>(column) && width >= 2 && width <= Inputs<T>::widest_block)
      blocks.push_back({.first = first, .width = width});
    first += width;
  }
  return blocks;
}

template <class T> std::size_t TablePreparation::packed_width() const {
  std::size_t packed = width();
  for (const OneHotBlock& block : one_hot_blocks<T>()) packed -= block.width - 1;
  return packed;
}

template <class T> Surprises TablePreparation::encode(const Table& table, MatrixView<T> X) const {
  assert(X.rows() == table.rows() && X.columns() == width());
  return encode_stretches<T>(
      *this, table, [&](const Stretch& at) { return X.rows(at.begin, at.end - at.begin); }, [](const Stretch&) {});
}

template <class T> Inputs<T> TablePreparation::encode(const Table& table) const {
  Inputs<T> inputs(table.rows(), width(), one_hot_blocks<T>());
  Matrix<T> unpacked(std::min(table.rows(), rows_in_block), width());
  const auto rows = [&](const Stretch& at) { return unpacked.view().rows(0, at.end - at.begin); };
  encode_stretches<T>(*this, table, rows, [&](const Stretch& at) { inputs.pack(at.begin, rows(at)); });
  return inputs;
}

template std::size_t TablePreparation::packed_width<float>() const;
template std::size_t TablePreparation::packed_width<double>() const;
template Surprises TablePreparation::encode<float>(const Table&, MatrixView<float>) const;
template Surprises TablePreparation::encode<double>(const Table&, MatrixView<double>) const;
template Inputs<float> TablePreparation::encode<float>(const Table&) const;
template Inputs<double> TablePreparation::encode<double>(const Table&) const;

}  // namespace neurone
