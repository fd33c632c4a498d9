// What data/columns.cpp does with a cell, for whole columns, in double as there. All numbers and dates go side by
// side through the same few nodes, however many columns there are; at the end everything is put where the network
// expects it.
#include "neurone/export/onnx_preparation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>

#include "neurone/core/choice.h"
#include "neurone/core/error.h"
#include "neurone/data/cells.h"
#include "neurone/export/calendar.h"
#include "neurone/export/onnx_formula.h"

namespace neurone {
namespace {

constexpr auto wide = OnnxType::float64;

// Some columns of a tensor, and the places in X of what becomes of them.
struct Picked {
  std::vector<std::int64_t> from;
  std::vector<std::size_t> places;

  void add(std::int64_t column, std::size_t place) {
    from.push_back(column);
    places.push_back(place);
  }
};

class OnnxColumns {
 public:
  OnnxColumns(const TablePreparation& table, OnnxType numbers, OnnxType to, OnnxGraph& graph)
      : numbers_(numbers), to_(to), graph_(graph) {
    std::size_t first = 0;
    std::int64_t count = 0;
    marks_ = all_marks_of_missing(table.format);
    for (const Column& column : table.columns) {
      const bool is_text = std::holds_alternative<CategoryColumn>(column);
      columns_.push_back({.column = column, .first = first, .number = is_text ? -1 : count++});
      first += column_width(column);
    }
  }

  std::string add_columns() {
    std::vector<std::string> numbers;
    for (const Placed& each : columns_) {
      const std::string input = std::visit([&](const auto& column) { return add_input(column); }, each.column);
      if (const auto* category = std::get_if<CategoryColumn>(&each.column))
        add_category(*category, each.first, input);
      else
        numbers.push_back(input);
    }
    if (!numbers.empty()) add_numbers(concat(numbers));
    return in_order();
  }

  std::string add_matrix() {
    std::string names;
    for (const Placed& each : columns_) {
      if (!std::holds_alternative<NumericColumn>(each.column))
        throw UsageError(fmt::format("column '{}' is a {}: one matrix is for numbers alone", column_name(each.column),
                                     column_kind(each.column)));
      names += (names.empty() ? "" : ", ") + column_name(each.column);
    }
    add_numbers(widened(graph_.add_input({.name = "X",
                                          .type = numbers_,
                                          .shape = {any_rows, static_cast<std::int64_t>(columns_.size())},
                                          .description = "the columns " + names + "; NaN where missing"})));
    return in_order();
  }

 private:
  std::vector<std::string> marks_;  // of what is missing

  struct Placed {
    const Column& column;
    std::size_t first;    // of its columns in X
    std::int64_t number;  // among the columns of numbers and dates, −1 for categories
  };

  // --- inputs: tensors of rows × 1, numbers and dates in double ----------------------------------------------------

  std::string add_input(const NumericColumn& column) {
    return widened(graph_.add_input(
        {.name = column.name,
         .type = numbers_,
         .shape = {any_rows, 1},
         .description = "number" + in_unit(column) + ", NaN where missing" + range_text(column.scale)}));
  }
  std::string add_input(const DateColumn& column) {
    const std::string clock = column.has_offset.value_or(false) ? " in UTC" : "";
    const std::string what =
        "days since 1970-01-01" + clock + ", the time of day behind the point, NaN where missing";
    return graph_.add_input(
        {.name = column.name, .type = wide, .shape = {any_rows, 1}, .description = what + range_text(column.scale)});
  }
  std::string add_input(const CategoryColumn& column) {
    return graph_.add_input({.name = column.name,
                             .type = OnnxType::text,
                             .shape = {any_rows, 1},
                             .description = "category, \"\" where missing"});
  }
  static std::string in_unit(const NumericColumn& column) {
    return column.form.unit.empty() ? "" : " in " + column.form.unit;
  }
  static std::string range_text(const Scale& scale) {
    if (!std::isfinite(scale.lowest) || !std::isfinite(scale.highest)) return {};
    return fmt::format("; training had {} to {}", setting_text(scale.lowest), setting_text(scale.highest));
  }

  // --- numbers and dates: V, rows × count, in double
  // ----------------------------------------------------------------

  void add_numbers(const std::string& V) {
    Picked all, indicators;
    std::vector<Scale> scales;
    for (const auto& [column, first, number] : columns_) {
      const auto* numeric = std::get_if<NumericColumn>(&column);
      const auto* date = std::get_if<DateColumn>(&column);
      if (numeric == nullptr && date == nullptr) continue;
      all.add(number, first);
      scales.push_back(numeric != nullptr ? numeric->scale : date->scale);
      // the indicator stands behind the scaled number, of a date at the end
      if (numeric != nullptr && numeric->has_indicator) indicators.add(number, first + 1);
      if (date != nullptr && date->has_indicator) indicators.add(number, first + date->width() - 1);
    }
    const auto each = [&](double Scale::* member) {
      std::vector<double> values;
      for (const Scale& scale : scales) values.push_back(scale.*member);
      return constant("of columns", values);
    };
    const std::string missing = node("IsNaN", {V});
    const std::string filled = node("Where", {missing, each(&Scale::median), V});
    const std::string z = node("Div", {node("Sub", {filled, each(&Scale::center)}), each(&Scale::spread)});
    add_part(bent(z, scales), wide, all.places);
    if (!indicators.from.empty()) add_part(gather(missing, indicators.from), OnnxType::boolean, indicators.places);
    add_bins(filled);
    const Formula days = Formula::variable();
    add_season(filled, missing, calendar::part_of_year(days), 1);
    add_season(filled, missing, calendar::part_of_week(days), 3);
    add_season(filled, missing, calendar::part_of_day(days), place_of_day);
  }

  // z / √(1 + (z/clip)²). The square of a number far away would overflow: one beyond 10¹⁰⁰ is bent as that is.
  std::string bent(const std::string& z, const std::vector<Scale>& scales) {
    if (std::ranges::all_of(scales, [](const Scale& scale) { return scale.clip == 0; })) return z;
    std::vector<double> clips;
    for (const Scale& scale : scales)
      clips.push_back(scale.clip == 0 ? std::numeric_limits<double>::infinity() : scale.clip);
    const std::string near = node("Clip", {z, graph_.number(wide, -1e100), graph_.number(wide, 1e100)});
    const std::string share = node("Div", {near, constant("of columns", clips)});
    const std::string square = node("Mul", {share, share});
    return node("Div", {near, node("Sqrt", {node("Add", {graph_.number(wide, 1), square})})});
  }

  // clamp((v − low) / (high − low), 0, 1) for all bins of all columns, which stand at the end of their column's
  void add_bins(const std::string& filled) {
    Picked bins;
    std::vector<double> lows, widths;
    for (const auto& [column, first, number] : columns_) {
      const auto* numeric = std::get_if<NumericColumn>(&column);
      if (numeric == nullptr) continue;
      for (std::size_t k = 0; k < numeric->bins(); ++k) {
        bins.add(number, first + numeric->width() - numeric->bins() + k);
        lows.push_back(numeric->knots[k]);
        widths.push_back(numeric->knots[k + 1] - numeric->knots[k]);
      }
    }
    if (bins.from.empty()) return;
    const std::string above = node("Sub", {gather(filled, bins.from), constant("lows of bins", lows)});
    const std::string part = node("Div", {above, constant("widths of bins", widths)});
    add_part(node("Clip", {part, graph_.number(wide, 0), graph_.number(wide, 1)}), wide, bins.places);
  }

  // Sine and cosine of the part of the year, week or day, `behind` the scaled days; 0 where the date is missing.
  void add_season(const std::string& filled, const std::string& missing, const Formula& part, std::size_t behind) {
    Picked dates;
    for (const auto& [column, first, number] : columns_)
      if (const auto* date = std::get_if<DateColumn>(&column))
        if (behind < place_of_day || date->has_time) dates.add(number, first + behind);
    if (dates.from.empty()) return;
    const Formula angle = Formula(2 * std::numbers::pi) * part;
    const std::string days = gather(filled, dates.from), none = gather(missing, dates.from);
    // runtimes lack a cosine in double: cos x = sin(x + π/2)
    for (const Formula& wave : {sin(angle), sin(angle + Formula(std::numbers::pi / 2))}) {
      const std::string place = add_formula(wave, wide, days, graph_);
      add_part(node("Where", {none, graph_.number(wide, 0), place}), wide, dates.places);
      for (std::size_t& each : dates.places) ++each;
    }
  }

  // --- categories --------------------------------------------------------------------------------------------------

  // One-hot: the number of the value, −1 for one that training has not seen, compared with each.
  void add_category(const CategoryColumn& column, std::size_t first, const std::string& input) {
    std::vector<std::int64_t> all(column.values.size());
    std::iota(all.begin(), all.end(), 0);
    std::vector<std::string> keys = column.values;
    std::vector<std::int64_t> numbers = all;
    for (std::size_t place = 0; place < column.values.size(); ++place)
      for (const std::string& text : column.spelling.usual(column.values[place]))
        if (text != column.values[place]) {
          keys.push_back(text);
          numbers.push_back(static_cast<std::int64_t>(place));
        }
    if (!column.values.empty() && column.values.front().empty()) {
      for (const std::string& mark : marks_) {
        if (mark.empty()) continue;
        keys.emplace_back(mark);
        numbers.push_back(0);
      }
    }
    // added one by one: g++ 12 takes a list in braces apart twice where memory ends while it is made
    OnnxNode encoder{.operation = "LabelEncoder", .inputs = {input}, .domain = onnx_ml};
    encoder.attributes.emplace_back("keys_strings", std::move(keys));
    encoder.attributes.emplace_back("values_int64s", std::move(numbers));
    encoder.attributes.emplace_back("default_int64", std::int64_t{-1});
    const std::string number = graph_.add(encoder);
    const std::string each = graph_.add_constant<std::int64_t>(
        "numbers of " + column.name, {1, static_cast<std::int64_t>(all.size())}, std::span<const std::int64_t>(all));
    std::vector<std::size_t> places(all.size());
    std::iota(places.begin(), places.end(), first);
    add_part(node("Equal", {number, each}), OnnxType::boolean, places);
  }

  // --- putting together --------------------------------------------------------------------------------------------

  // Columns of X, and their places in it.
  void add_part(const std::string& tensor, OnnxType type, const std::vector<std::size_t>& places) {
    parts_.push_back(type == to_ ? tensor : cast(tensor, to_));
    places_.insert(places_.end(), places.begin(), places.end());
  }

  std::string in_order() {
    std::vector<std::int64_t> order(places_.size());  // for each column of X where it is now
    for (std::size_t at = 0; at < places_.size(); ++at) order[places_[at]] = static_cast<std::int64_t>(at);
    const std::string all = concat(parts_);
    return std::ranges::is_sorted(order) ? all : gather(all, order);
  }

  std::string node(const char* operation, const std::vector<std::string>& inputs) {
    return graph_.add({operation, inputs});
  }
  std::string cast(const std::string& tensor, OnnxType to) {
    return graph_.add({"Cast", {tensor}, {{"to", static_cast<std::int64_t>(to)}}});
  }
  std::string widened(const std::string& tensor) { return numbers_ == wide ? tensor : cast(tensor, wide); }
  std::string concat(const std::vector<std::string>& tensors) {
    return tensors.size() == 1 ? tensors.front() : graph_.add({"Concat", tensors, {{"axis", std::int64_t{1}}}});
  }
  std::string gather(const std::string& tensor, const std::vector<std::int64_t>& columns) {
    const std::string indices = graph_.add_constant<std::int64_t>(
        "which columns", {static_cast<std::int64_t>(columns.size())}, std::span<const std::int64_t>(columns));
    return graph_.add({"Gather", {tensor, indices}, {{"axis", std::int64_t{1}}}});
  }
  std::string constant(const std::string& name, const std::vector<double>& values) {
    return graph_.add_constant<double>(name, {1, static_cast<std::int64_t>(values.size())},
                                       std::span<const double>(values));
  }

  static constexpr std::size_t place_of_day = 5;  // of the day's sine in a column of dates

  OnnxType numbers_, to_;
  OnnxGraph& graph_;
  std::vector<Placed> columns_;
  std::vector<std::string> parts_;
  std::vector<std::size_t> places_;
};

}  // namespace

std::string add_columns(const TablePreparation& table, OnnxType numbers, OnnxType to, OnnxGraph& graph) {
  return OnnxColumns(table, numbers, to, graph).add_columns();
}

std::string add_matrix(const TablePreparation& table, OnnxType numbers, OnnxType to, OnnxGraph& graph) {
  return OnnxColumns(table, numbers, to, graph).add_matrix();
}

// (pixel/255 − mean) / deviation
std::string add_images(const ImagePreparation& images, OnnxType numbers, OnnxType to, OnnxGraph& graph,
                       PixelShape pixels) {
  const auto size = [](std::size_t count) { return static_cast<std::int64_t>(count); };
  const std::string input = graph.add_input(
      {.name = "images",
       .type = numbers,
       .shape = pixels == PixelShape::rows ? OnnxShape{any_rows, size(images.width())}
                                           : OnnxShape{any_rows, size(images.height), size(images.width_in_pixels)},
       .description = "pixels from 0 to 255"});
  const std::vector<std::int64_t> shape{-1, static_cast<std::int64_t>(images.width())};
  const std::string flat = graph.add(
      {"Reshape",
       {input, graph.add_constant<std::int64_t>("rows of pixels", {2}, std::span<const std::int64_t>(shape))}});
  const auto cast = [&](const std::string& tensor, OnnxType type) {
    return graph.add({"Cast", {tensor}, {{"to", static_cast<std::int64_t>(type)}}});
  };
  const auto with = [&](const char* operation, const std::string& tensor, double number) {
    return graph.add({operation, {tensor, graph.number(wide, number)}});
  };
  const std::string values = numbers == wide ? flat : cast(flat, wide);
  const std::string z = with("Div", with("Sub", with("Div", values, 255), images.mean), images.deviation);
  return to == wide ? z : cast(z, to);
}

}  // namespace neurone
