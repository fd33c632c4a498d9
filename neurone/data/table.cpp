// What a table checks when it is made, and the words for its rows and columns in messages.
#include "neurone/data/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"
#include "neurone/data/cells.h"

namespace neurone {
namespace {

constexpr const char* how_to_convert = "say in which encoding it is, as in --encoding windows-1252";

Table::Content content_of(std::vector<std::string> names, const std::vector<std::vector<std::string>>& rows,
                          std::string source) {
  Table::Content content{
      .source = std::move(source), .names = std::move(names), .text = {}, .cells = {}, .lines = {}};
  for (const std::vector<std::string>& row : rows) {
    content.lines.push_back(content.lines.size() + 1);
    if (row.size() != content.names.size())
      throw Error(
          fmt::format("{}:{}", content.source, content.lines.size()),
          fmt::format("{} column{}, expected {}", row.size(), row.size() == 1 ? "" : "s", content.names.size()));
    for (const std::string& cell : row) {
      content.cells.emplace_back(content.text.size(), cell.size());
      content.text += cell;
    }
  }
  return content;
}

// Cells that mean missing by what was said become empty, which means missing everywhere.
void empty_missing(Table::Content& content) {
  const std::vector<std::string>& missing = content.reading.format.missing;
  if (missing.empty()) return;
  for (Cell& cell : content.cells)
    if (std::ranges::binary_search(missing, trim({content.text.data() + cell.begin, cell.size}))) cell.size = 0;
}

}  // namespace

Table::Table(Content content) {
  assert(content.cells.size() == content.lines.size() * content.names.size());
  content.names.refuse_equal(content.source);
  empty_missing(content);
  if (content.lines.size() > std::numeric_limits<std::uint32_t>::max())
    throw Error(content.source, fmt::format("{} rows, expected fewer than 2^32", content.lines.size()));
  rows_.resize(content.lines.size());
  std::iota(rows_.begin(), rows_.end(), std::uint32_t{0});
  content_ = std::make_shared<const Content>(std::move(content));
}

Table::Table(std::vector<std::string> names, const std::vector<std::vector<std::string>>& rows, std::string source)
    : Table(content_of(std::move(names), rows, std::move(source))) {}

std::string Table::place(std::size_t row) const {
  return fmt::format("{}:{}", source(), line(row));
}

std::optional<std::size_t> Table::find(std::string_view name) const {
  return content_->names.find(name);
}

std::size_t Table::column(std::string_view name) const {
  if (const std::optional<std::size_t> found = find(name)) return *found;
  const std::string& header = reading().header;
  throw UsageError(source(),
                   unknown_name("column", name, names()).what() + (header.empty() ? "" : " (" + header + ")"));
}

std::size_t Table::bytes() const {
  return content_->text.capacity() + content_->cells.capacity() * sizeof(Cell) +
         content_->lines.capacity() * sizeof(std::size_t) + rows_.capacity() * sizeof(std::uint32_t);
}

Table Table::select(std::span<const std::uint32_t> rows) const {
  Table selected = *this;
  selected.rows_.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    assert(rows[i] < this->rows());
    selected.rows_[i] = rows_[rows[i]];
  }
  return selected;
}

void check_utf8_name(const Table& table, std::size_t column) {
  if (!is_utf8(table.names()[column]))
    throw Error(table.source(),
                fmt::format("the name of column {} is not UTF-8 text: {}", column + 1, how_to_convert));
}

void check_utf8_cell(const Table& table, std::size_t row, std::size_t column) {
  if (!is_utf8(table.cell(row, column)))
    throw Error(table.place(row),
                fmt::format("column '{}' is not UTF-8 text: {}", table.names()[column], how_to_convert));
}

}  // namespace neurone
