// Widths are those of the terminal: a Chinese letter takes two of its columns.
#include "cli/text_table.h"

#include <algorithm>
#include <cassert>

#include "neurone/core/shown.h"

namespace neurone::cli {

void TextTable::add(const std::vector<std::string>& cells) {
  assert(cells.size() <= columns_.size());
  std::vector<std::string>& row = rows_.emplace_back();
  for (std::size_t k = 0; k < cells.size(); ++k) row.push_back(shown(cells[k], columns_[k].most));
}

void TextTable::add_heading(const std::string& line) {
  headings_.push_back(rows_.size());
  rows_.push_back({shown_sentence(line)});
}

std::string TextTable::text() const {
  const auto is_heading = [&](std::size_t row) { return std::ranges::binary_search(headings_, row); };
  std::vector<std::size_t> widths;
  for (const TextColumn& each : columns_) widths.push_back(each.least);
  for (std::size_t row = 0; row < rows_.size(); ++row)
    for (std::size_t k = 0; k < rows_[row].size() && !is_heading(row); ++k)
      widths[k] = std::max(widths[k], display_width(rows_[row][k]));
  std::string text;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    std::string line;
    for (std::size_t k = 0; k < rows_[row].size(); ++k) {
      const std::string& cell = rows_[row][k];
      if (is_heading(row)) {
        line = cell;
        continue;
      }
      const std::string space(widths[k] - display_width(cell), ' ');
      line += std::string(columns_[k].gap, ' ');
      line += columns_[k].side == TextColumn::Side::left ? cell + space : space + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace neurone::cli
