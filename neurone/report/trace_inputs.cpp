// The row as it was read, and how its cells became x.
#include <fmt/format.h>

#include <algorithm>

#include "neurone/data/cells.h"
#include "neurone/report/markup.h"
#include "neurone/report/png.h"
#include "neurone/report/trace_sections.h"

namespace neurone::report {
namespace {

// A number of x within its column of the table.
struct Encoded {
  const Column* column = nullptr;
  std::size_t part = 0;
};

Encoded encoded_at(const TablePreparation& table, std::size_t unit) {
  for (const Column& column : table.columns) {
    if (unit < column_width(column)) return {.column = &column, .part = unit};
    unit -= column_width(column);
  }
  return {};
}

std::string scaled(const Scale& scale, std::string_view value) {
  const std::string v = fmt::format("({} − {}) / {}", value, digits(scale.center), digits(scale.spread));
  return scale.clip == 0 ? v : fmt::format("v / √(1 + (v/{})²), v = {}", digits(scale.clip), v);
}

std::string how(const NumericColumn& column, std::size_t part, std::string_view cell) {
  const std::string value =
      is_missing(cell) ? fmt::format("{}, the median of training", digits(column.scale.median)) : escaped(cell);
  if (part == 0) return scaled(column.scale, value);
  if (column.has_indicator && part == 1)
    return fmt::format("1 where the cell is missing, which holds '{}'", escaped(cell));
  const std::size_t bin = part - (column.has_indicator ? 2 : 1);
  return fmt::format("how far {} has come from {} to {}, from 0 to 1", value, digits(column.knots[bin]),
                     digits(column.knots[bin + 1]));
}

std::string how(const DateColumn& column, std::size_t part, std::string_view cell) {
  if (part == 0) {
    const std::string days = is_missing(cell) ? fmt::format("{}, the median of training", digits(column.scale.median))
                                              : fmt::format("days of {} since 1970", escaped(cell));
    return scaled(column.scale, days);
  }
  if (column.has_indicator && part + 1 == column.width())
    return fmt::format("1 where the cell is missing, which holds '{}'", escaped(cell));
  return fmt::format("where {} stands in the {}, on a circle", escaped(cell),
                     part < 3   ? "year"
                     : part < 5 ? "week"
                                : "day");
}

std::string how(const CategoryColumn&, std::size_t, std::string_view cell) {
  return fmt::format("1 where the cell is this value, else 0, and it is '{}'", escaped(cell));
}

std::string origin_in(const TablePreparation& table, const Source& source, std::size_t unit) {
  const auto [column, part] = encoded_at(table, unit);
  const auto& row = std::get<Table>(source);
  const std::string_view cell = trim(row.cell(0, row.column(column_name(*column))));
  return std::visit([&](const auto& each) { return how(each, part, cell); }, *column);
}
std::string origin_in(const ImagePreparation& images, const Source& source, std::size_t unit) {
  return fmt::format("(pixel/255 − {}) / {}, pixel {} of 255", digits(images.mean), digits(images.deviation),
                     std::get<Images>(source).pixels[unit]);
}

std::string as_read(const TablePreparation& preparation, const Source& source) {
  const auto& row = std::get<Table>(source);
  Rows rows{{{"column", "kind", "cell"}}};
  for (const Column& column : preparation.columns)
    rows.cells.push_back({escaped(column_name(column)), std::string(column_kind(column)),
                          escaped(trim(row.cell(0, row.column(column_name(column)))))});
  return rows.html("words");
}
std::string as_read(const ImagePreparation&, const Source& source) {
  const auto& image = std::get<Images>(source);
  return fmt::format("<img class=\"pixels\" alt=\"the image\" src=\"{}\">",
                     png_address(image.pixels, image.height, image.width));
}

}  // namespace

std::string input_origin(const TraceSubject& subject, std::size_t unit) {
  return std::visit([&](const auto& each) { return origin_in(each, subject.trace.source, unit); },
                    subject.model.preparation);
}

Section inputs_section(const Trail& trail) {
  const Trace& trace = trail.trace();
  const std::size_t inputs = trace.x.columns(), followed = trail.followed.front().size();
  Section section{.id = "x", .heading = "The row, and x"};
  section.content =
      std::visit([&](const auto& each) { return as_read(each, trace.source); }, trail.subject.model.preparation);
  section.content += element(
      "p", "",
      fmt::format(
          "What the network sees, x: {} numbers{}.", inputs,
          followed == inputs ? "" : fmt::format(", of which the {} with the largest share are followed", followed)));
  Rows rows{{{"input", "x"}}};
  if (trace.backward()) rows.cells.front().emplace_back("dL/dx");
  std::string blocks;
  for (const std::size_t unit : trail.followed.front()) {
    const Place at = trail.at(0, unit);
    std::vector<std::string> cells{link_to(trail, at, unit_name(trail, at)),
                                   link_to(trail, at, digits(trace.x(0, unit)))};
    if (trace.backward()) cells.push_back(link_to(trail, at, digits(trace.dx(0, unit))));
    rows.cells.push_back(std::move(cells));
    blocks += unit_block(trail, at);
  }
  section.content += blocks + rows.html("numbers");
  return section;
}

}  // namespace neurone::report
