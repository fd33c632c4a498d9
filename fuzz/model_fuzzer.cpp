// Any bytes are either refused with neurone::Error or a model; a model predicts, survives formatting and parsing, and
// is exported or refused.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/export/c.h"
#include "neurone/export/onnx.h"
#include "neurone/file/model_file.h"
#include "neurone/model/model.h"

namespace {

using namespace neurone;

void check(bool holds) {
  if (!holds) std::abort();
}

std::string known_value(const NumericColumn&) {
  return "5";
}
std::string known_value(const DateColumn& column) {
  return column.order == DateOrder::ymd ? "2024-05-05" : "5.5.2024";
}
std::string known_value(const CategoryColumn& column) {
  return column.values.empty() ? "" : column.values.back();
}
std::string strange_value(const NumericColumn&) {
  return "-1000000000";
}
std::string strange_value(const DateColumn& column) {
  return column.order == DateOrder::ymd ? "0001-01-01" : "1.1.0001";
}
std::string strange_value(const CategoryColumn&) {
  return "never seen";
}

// Three rows that fit the columns: of values that training knew, of missing ones, of others.
Source made_up(const TablePreparation& preparation) {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows(3);
  for (const Column& column : preparation.columns) {
    names.push_back(column_name(column));
    rows[0].push_back(std::visit([](const auto& each) { return known_value(each); }, column));
    rows[1].emplace_back();
    rows[2].push_back(std::visit([](const auto& each) { return strange_value(each); }, column));
  }
  return Table(std::move(names), rows);
}

// One image of that size, of all greys.
Source made_up(const ImagePreparation& preparation) {
  Images images{.height = preparation.height,
                .width = preparation.width_in_pixels,
                .pixels = std::vector<std::uint8_t>(preparation.width()),
                .labels = {},
                .source = "fuzz"};
  for (std::size_t i = 0; i < images.pixels.size(); ++i) images.pixels[i] = static_cast<std::uint8_t>(i);
  return images;
}

void predict_something(const Model& model) {
  const Source source = std::visit([](const auto& each) { return made_up(each); }, model.preparation);
  const Predictions made = predict(model, source);
  check(made.values.rows() == rows(source));
  if (const auto* target = std::get_if<ClassTarget>(&model.target)) {
    check(made.classes.size() == rows(source) && made.values.columns() == target->classes.size());
    for (const std::uint32_t each : made.classes) check(each < target->classes.size());
  }
}

void export_as_everything(const Model& model) {
  try {
    check(!format_onnx(model).empty());
    check(!format_c(model, "fuzz").source.empty());
  } catch (const Error&) {  // a category with a zero byte, say, is nothing for C
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string formatted;
  try {
    const Model model = parse_model(std::string(reinterpret_cast<const char*>(data), size), "fuzz");
    formatted = format_model(model);
    predict_something(model);
    export_as_everything(model);
  } catch (const Error&) {
    if (formatted.empty()) return 0;  // refused; else two columns have one name, and no table can have that
  }
  check(format_model(parse_model(formatted, "fuzz")) == formatted);
  return 0;
}
