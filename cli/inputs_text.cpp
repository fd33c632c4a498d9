// Of a category the numbers that are not 0, of bins all, because together they say how far a number has come.
#include "cli/inputs_text.h"

#include <fmt/format.h>
#include <algorithm>

#include "cli/text_table.h"
#include "neurone/core/shown.h"
#include "neurone/data/cells.h"
#include "neurone/data/input_names.h"

namespace neurone::cli {
namespace {

constexpr std::size_t most_columns = 40;

std::string encoded(const Column& column, std::span<const double> x) {
  const std::vector<std::string> names = input_names(column);
  const bool category = std::holds_alternative<CategoryColumn>(column);
  std::size_t zeros = 0;
  TextTable table({{.least = 40, .gap = 4}, {}});
  for (std::size_t j = 0; j < x.size(); ++j) {
    if (category && x[j] == 0)
      ++zeros;
    else
      table.add({names[j], fmt::format("{:.7g}", x[j])});
  }
  if (zeros > 0) table.add({fmt::format("… {} other values", zeros), "0"});
  return table.text();
}

std::string row_as_read(const TablePreparation& preparation, const Trace& trace) {
  const auto& row = std::get<Table>(trace.source);
  std::string text = "the row as read, and x\n";
  std::size_t first = 0;
  for (std::size_t c = 0; c < std::min(preparation.columns.size(), most_columns); ++c) {
    const Column& column = preparation.columns[c];
    const std::string_view cell = trim(row.cell(0, row.column(column_name(column))));
    text += fmt::format("  {:<42} {}\n", shown(column_name(column)), cell.empty() ? "(empty)" : shown(cell));
    text += encoded(column, trace.x[0].subspan(first, column_width(column)));
    first += column_width(column);
  }
  if (preparation.columns.size() > most_columns)
    text += fmt::format("  … and {} more columns\n", preparation.columns.size() - most_columns);
  return text + "\n";
}

std::string row_as_read(const ImagePreparation& preparation, const Trace& trace) {
  constexpr std::size_t most_lines = 40;
  constexpr std::string_view shades = " .:-=+*#%@";
  const auto& image = std::get<Images>(trace.source);
  std::string text = fmt::format("the image as read, {} × {} pixels; x = (pixel/255 − {:.6g}) / {:.6g}\n",
                                 image.height, image.width, preparation.mean, preparation.deviation);
  if (std::max(image.height, image.width) > most_lines) return text + "\n";
  for (std::size_t i = 0; i < image.height; ++i) {
    std::string line = "  ";
    for (std::size_t j = 0; j < image.width; ++j)
      line += std::string(2, shades[image.pixels[i * image.width + j] * shades.size() / 256]);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text + "\n";
}

}  // namespace

std::string inputs_text(const Preparation& preparation, const Trace& trace) {
  return std::visit([&](const auto& each) { return row_as_read(each, trace); }, preparation);
}

}  // namespace neurone::cli
