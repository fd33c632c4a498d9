// What data/columns.cpp does with a cell, in double as there.
#include "neurone/export/c_preparation.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "neurone/core/choice.h"
#include "neurone/data/cells.h"
#include "neurone/export/c_formula.h"
#include "neurone/export/c_text.h"
#include "neurone/export/calendar.h"

namespace neurone {
namespace {

std::string range_comment(const Scale& scale) {
  if (!std::isfinite(scale.lowest) || !std::isfinite(scale.highest)) return {};
  return fmt::format("; training had {} to {}", setting_text(scale.lowest), setting_text(scale.highest));
}

CInput c_input(const NumericColumn& column, const std::string& name) {
  const std::string unit = column.form.unit.empty() ? "" : ", in " + column.form.unit;
  return {name, "double " + name, column.name + unit + range_comment(column.scale)};
}
CInput c_input(const DateColumn& column, const std::string& name) {
  const std::string clock = column.has_offset.value_or(false) ? ", in UTC" : "";
  return {name, "double " + name, column.name + ": days since 1970-01-01" + clock + range_comment(column.scale)};
}
CInput c_input(const CategoryColumn& column, const std::string& name) {
  const std::string_view written = column.spelling.kind == Spelling::Kind::number    ? ", numbers as 7 or 7.0"
                                   : column.spelling.kind == Spelling::Kind::boolean ? ", true or false"
                                                                                     : "";
  return {name, "const char* " + name,
          fmt::format("{}: one of {} categories{}", column.name, column.values.size(), written)};
}

// --- from a column into x ------------------------------------------------------------------------------------------

constexpr const char* number_functions = R"(
/* z = (value - center) / spread, bent to z / root(1 + (z/clip)^2) where there is a clip; training had numbers from
   lowest to highest. */
struct scale {
  double median, center, spread, clip, lowest, highest;
};

static double scaled(double value, const struct scale* s) {
  const double z = (value - s->center) / s->spread;
  return s->clip == 0 ? z : z / hypot(1.0, z / s->clip);
}

static int is_outside(double value, const struct scale* s, int may_miss) {
  return value != value ? !may_miss : value < s->lowest || value > s->highest;
}
)";

constexpr const char* numeric_function = R"(
/* The scaled number, 1 for a missing one, and for each bin how far the number has come in it, from 0 to 1. Returns where
   the next column begins. */
static real* numeric(double value, const struct scale* s, int has_indicator, int bins, const double* knots, int* outside,
                     real* x) {
  const int missing = value != value;
  *outside += is_outside(value, s, has_indicator);
  if (missing) value = s->median;
  *x++ = (real)scaled(value, s);
  if (has_indicator) *x++ = missing ? (real)1 : (real)0;
  for (int k = 0; k < bins; ++k) {
    const double part = (value - knots[k]) / (knots[k + 1] - knots[k]);
    *x++ = (real)(part < 0 ? 0 : part > 1 ? 1 : part);
  }
  return x;
}
)";

constexpr const char* date_function = R"(
static real* place(double part, int missing, real* x) {
  const double angle = 2 * 3.141592653589793 * part;
  *x++ = missing ? (real)0 : (real)sin(angle);
  *x++ = missing ? (real)0 : (real)cos(angle);
  return x;
}

/* The scaled days; the places in year, week and day; 1 for a missing date. */
static real* date(double days, const struct scale* s, int has_time, int has_indicator, int* outside, real* x) {
  const int missing = days != days;
  *outside += is_outside(days, s, has_indicator);
  if (missing) days = s->median;
  *x++ = (real)scaled(days, s);
  x = place(part_of_year(days), missing, x);
  x = place(part_of_week(days), missing, x);
  if (has_time) x = place(part_of_day(days), missing, x);
  if (has_indicator) *x++ = missing ? (real)1 : (real)0;
  return x;
}
)";

constexpr const char* category_function = R"(
/* A 1 at the place of the value among the `width` of the column; none for one that training has not seen. The texts of
   the values are sorted; places[k] is that of text k, or k where places is NULL. */
static real* category(const char* text, int count, const char* const* values, const int* places, int width, int* unknown,
                      real* x) {
  int low = 0, high = count;
  const char* const value = text == NULL || is_missing(text) ? "" : text;
  for (int k = 0; k < width; ++k) x[k] = 0;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (strcmp(values[middle], value) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  if (low < count && strcmp(values[low], value) == 0)
    x[places == NULL ? low : places[low]] = 1;
  else
    ++*unknown;
  return x + width;
}
)";

constexpr const char* missing_function = R"(
/* Is the text, without the spaces around it, a mark of what is missing? */
static int is_missing(const char* text) {
  size_t size;
  while (*text == ' ' || *text == '\t') ++text;
  size = strlen(text);
  while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\t')) --size;
  for (size_t k = 0; k < sizeof marks_of_missing / sizeof marks_of_missing[0]; ++k)
    if (strlen(marks_of_missing[k]) == size && strncmp(marks_of_missing[k], text, size) == 0) return 1;
  return 0;
}
)";

std::string marks_array(const TableFormat& format) {
  std::string text;
  for (const std::string& mark : all_marks_of_missing(format))
    text += (text.empty() ? "" : ", ") + c_string(mark, "a mark");
  text = "static const char* const marks_of_missing[] = {" + text;
  return text + "};\n";
}

std::string calendar_functions() {
  constexpr CArithmetic in_double{.type = "double", .own = "", .function = "", .function_end = ""};
  const Formula days = Formula::variable();
  std::string text;
  for (const auto& [name, formula] : {std::pair("part_of_year", calendar::part_of_year(days)),
                                      {"part_of_week", calendar::part_of_week(days)},
                                      {"part_of_day", calendar::part_of_day(days)}})
    text += fmt::format("\nstatic double {}(double days) {{\n{}}}\n", name, c_body(formula, in_double, "days"));
  return text;
}

// Writes the columns of a table one after the other.
class CColumns {
 public:
  CPreparation written(const TablePreparation& table, const std::vector<CInput>& inputs) {
    for (std::size_t k = 0; k < inputs.size(); ++k)
      std::visit([&](const auto& column) { add(column, inputs[k].name); }, table.columns[k]);
    if (has_numbers_ || has_dates_) written_.functions += number_functions;
    if (has_numbers_) written_.functions += numeric_function;
    if (has_dates_) written_.functions += calendar_functions() + date_function;
    if (has_categories_)
      written_.functions += "\n" + marks_array(table.format) + missing_function + category_function;
    return std::move(written_);
  }

 private:
  void add(const NumericColumn& column, const std::string& name) {
    has_numbers_ = true;
    add_scale(column.scale, name);
    std::string knots = "NULL";
    if (!column.knots.empty()) {
      knots = "knots_of_" + name;
      const std::span<const double> all(column.knots);
      std::string values;
      for (const double knot : all) values += (values.empty() ? "" : ", ") + c_number(knot);
      written_.constants += fmt::format("static const double {}[{}] = {{{}}};\n", knots, all.size(), values);
    }
    written_.calls += fmt::format("  next = numeric(input->{}, &scale_of_{}, {}, {}, {}, &output->outside, next);\n",
                                  name, name, column.has_indicator ? 1 : 0, column.bins(), knots);
  }
  void add(const DateColumn& column, const std::string& name) {
    has_dates_ = true;
    add_scale(column.scale, name);
    written_.calls += fmt::format("  next = date(input->{}, &scale_of_{}, {}, {}, &output->outside, next);\n", name,
                                  name, column.has_time ? 1 : 0, column.has_indicator ? 1 : 0);
  }
  void add(const CategoryColumn& column, const std::string& name) {
    has_categories_ = true;
    std::map<std::string, std::size_t> texts;  // with the places of their values
    for (std::size_t place = 0; place < column.values.size(); ++place)
      for (const std::string& text : column.spelling.usual(column.values[place])) texts.emplace(text, place);
    std::string values, places;
    for (const auto& [text, place] : texts) {
      values += (values.empty() ? "" : ",\n    ") + c_string(text, "a category of column '" + column.name + "'");
      places += fmt::format("{}{}", places.empty() ? "" : ", ", place);
    }
    written_.constants +=
        fmt::format("static const char* const values_of_{}[{}] = {{\n    {}}};\n", name, texts.size(), values);
    const bool several = texts.size() > column.values.size();
    if (several)
      written_.constants += fmt::format("static const int places_of_{}[{}] = {{{}}};\n", name, texts.size(), places);
    written_.calls +=
        fmt::format("  next = category(input->{}, {}, values_of_{}, {}, {}, &output->unknown, next);\n", name,
                    texts.size(), name, several ? "places_of_" + name : "NULL", column.values.size());
  }
  void add_scale(const Scale& scale, const std::string& name) {
    written_.constants +=
        fmt::format("static const struct scale scale_of_{} = {{{}, {}, {}, {}, {}, {}}};\n", name,
                    c_number(scale.median), c_number(scale.center), c_number(scale.spread), c_number(scale.clip),
                    std::isfinite(scale.lowest) ? c_number(scale.lowest) : "-INFINITY",
                    std::isfinite(scale.highest) ? c_number(scale.highest) : "INFINITY");
  }

  CPreparation written_;
  bool has_numbers_ = false, has_dates_ = false, has_categories_ = false;
};

std::string c_cell(const NumericColumn& column, std::string_view cell) {
  return c_number_or_nan(parse_number(cell, column.form).value_or(std::nan("")));
}
std::string c_cell(const DateColumn& column, std::string_view cell) {
  const std::optional<Date> date = parse_date(cell, column.order);
  return date ? c_number(days_since_1970(*date)) : "NAN";
}
std::string c_cell(const CategoryColumn& column, std::string_view cell) {
  const std::optional<std::size_t> place = column.find(cell);
  return c_string(place ? std::string_view(column.values[*place]) : cell, "a cell of column '" + column.name + "'");
}

}  // namespace

std::vector<CInput> c_inputs(const Preparation& preparation) {
  if (const auto* images = std::get_if<ImagePreparation>(&preparation))
    return {{"pixels", fmt::format("unsigned char pixels[{}]", images->width()),
             fmt::format("{} x {}, row after row", images->height, images->width_in_pixels)}};
  CNames names;
  std::vector<CInput> inputs;
  for (const Column& column : std::get<TablePreparation>(preparation).columns) {
    const std::string name = names.make(column_name(column));
    inputs.push_back(std::visit([&](const auto& each) { return c_input(each, name); }, column));
  }
  return inputs;
}

CPreparation c_preparation(const Preparation& preparation, const std::vector<CInput>& inputs) {
  if (const auto* images = std::get_if<ImagePreparation>(&preparation))
    return {.constants = {},
            .functions = {},
            .calls = fmt::format(
                "  for (int i = 0; i < {}; ++i) *next++ = (real)((input->pixels[i] / 255.0 - {}) / {});\n",
                images->width(), c_number(images->mean), c_number(images->deviation))};
  return CColumns().written(std::get<TablePreparation>(preparation), inputs);
}

std::vector<std::string> c_rows(const Preparation& preparation, const Source& source) {
  std::vector<std::string> rows;
  if (const auto* images = std::get_if<Images>(&source)) {
    const std::size_t size = images->height * images->width;
    for (std::size_t i = 0; i < images->count(); ++i) {
      std::string text = "{{";
      for (std::size_t pixel = 0; pixel < size; ++pixel)
        text += fmt::format("{}{}",
                            pixel == 0        ? ""
                            : pixel % 28 == 0 ? ",\n      "
                                              : ",",
                            images->pixels[i * size + pixel]);
      rows.push_back(text + "}}");
    }
    return rows;
  }
  const auto& table = std::get<Table>(source);
  const auto& columns = std::get<TablePreparation>(preparation).columns;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::string text = "{";
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const std::string_view cell = table.cell(row, table.column(column_name(columns[k])));
      text += (k == 0 ? "" : ", ") + std::visit([&](const auto& column) { return c_cell(column, cell); }, columns[k]);
    }
    rows.push_back(text + "}");
  }
  return rows;
}

}  // namespace neurone
