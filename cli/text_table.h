// Tables in text, for people: columns as wide as what stands in them, with a space between any two.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace neurone::cli {

struct TextColumn {
  enum class Side { left, right };
  Side side = Side::left;  ///< to which cells are put
  std::size_t least = 0;   ///< columns of the terminal that it takes at least
  std::size_t gap = 1;     ///< spaces before it
  std::size_t most = 60;   ///< longer cells are shortened
};

class TextTable {
 public:
  explicit TextTable(std::vector<TextColumn> columns) : columns_(std::move(columns)) {}

  /// As many cells as columns, or fewer; each as shown() writes it.
  void add(const std::vector<std::string>& cells);
  /// A line that the widths do not follow.
  void add_heading(const std::string& line);

  /// A line for each row, ending with a newline, without spaces before it.
  std::string text() const;

 private:
  std::vector<TextColumn> columns_;
  std::vector<std::vector<std::string>> rows_;  // of a heading one cell
  std::vector<std::size_t> headings_;           // which rows they are
};

}  // namespace neurone::cli
