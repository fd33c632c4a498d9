// A table as it was written: text cells by row and column, each row with its place in the file.
// Leaves to cells.h and preparation what a cell means, to the readers how files are cut into cells.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/data/column_names.h"
#include "neurone/data/table_format.h"

namespace neurone {

/// Where the text of a cell stands in the table's buffer. Eight bytes, because a table has many: a buffer may have
/// 1 TiB, a cell just under 16 MiB.
struct Cell {
  static constexpr std::size_t longest = (std::size_t{1} << 24) - 1;
  static constexpr std::size_t farthest = (std::size_t{1} << 40) - 1;

  Cell(std::size_t begin_, std::size_t size_) : begin(begin_ & farthest), size(size_ & longest) {
    assert(begin_ <= farthest && size_ <= longest);
  }

  std::uint64_t begin : 40;
  std::uint64_t size : 24;
};

/// How a table was read: what was said of its format, and what was taken for what where nothing was said.
struct Reading {
  TableFormat format{};
  /// "the first row was taken for data, because '2019' is a number: --header yes says otherwise"; empty where it was
  /// said, and for tables that come from no file.
  std::string header{};
  std::vector<std::string> doubts{};  ///< for the user: guesses that may be wrong, a sentence each
};

/// Copies and selections share the text, which never changes: cells stay valid as long as one of them lives.
class Table {
 public:
  /// What a reader hands over.
  struct Content {
    std::string source;              ///< "train.csv", for messages
    ColumnNames names;               ///< no two alike
    std::string text;                ///< the buffer in which the cells stand
    std::vector<Cell> cells;         ///< rows × columns, row after row
    std::vector<std::size_t> lines;  ///< for each row the line on which it begins, from 1
    Reading reading{};
  };

  Table() : Table(Content{}) {}
  /// Cells that mean missing by the format become empty. Throws Error when two columns have the same name.
  explicit Table(Content content);
  /// A table that comes from no file; its lines are counted from 1.
  /// Throws Error for a row that has not a cell for each name, and when two columns have the same name.
  Table(std::vector<std::string> names, const std::vector<std::vector<std::string>>& rows,
        std::string source = "table");

  const std::string& source() const { return content_->source; }
  const std::vector<std::string>& names() const { return content_->names.list(); }
  const Reading& reading() const { return content_->reading; }
  std::size_t rows() const { return rows_.size(); }
  std::size_t columns() const { return content_->names.size(); }

  std::string_view cell(std::size_t row, std::size_t column) const {
    assert(row < rows() && column < columns());
    const Cell cell = content_->cells[rows_[row] * columns() + column];
    return {content_->text.data() + cell.begin, cell.size};
  }
  /// The line of the file on which the row begins, from 1.
  std::size_t line(std::size_t row) const {
    assert(row < rows());
    return content_->lines[rows_[row]];
  }
  /// For messages: "train.csv:41".
  std::string place(std::size_t row) const;

  /// The column of this name, if there is one.
  std::optional<std::size_t> find(std::string_view name) const;
  /// The column of this name. Throws UsageError: "train.csv: unknown column 'agee': did you mean 'age'?"
  std::size_t column(std::string_view name) const;

  /// Memory that it takes, with the content that it may share with others.
  std::size_t bytes() const;

  /// The table of these rows, in this order; a row may come more than once.
  Table select(std::span<const std::uint32_t> rows) const;

 private:
  std::shared_ptr<const Content> content_;
  std::vector<std::uint32_t> rows_;  // which rows of the content are the rows of this table
};

/// What a model keeps has to be UTF-8. These throw Error where it is not:
/// "people.csv: the name of column 3 is not UTF-8 text: …", "people.csv:12: column 'city' is not UTF-8 text: …"
void check_utf8_name(const Table& table, std::size_t column);
void check_utf8_cell(const Table& table, std::size_t row, std::size_t column);

}  // namespace neurone
