// Each part of a model has its pair of functions, to JSON and back.
#include "neurone/file/model_description.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "neurone/file/format_json.h"
#include "neurone/file/json_members.h"
#include "neurone/file/record_json.h"
#include "neurone/file/safetensors_header.h"

namespace neurone {
namespace {

// --- writing ------------------------------------------------------------------------------------------------------

JsonTree limits_json(double lowest, double highest) {
  return JsonTree(std::vector{lowest, highest});
}

void add_scale(const Scale& scale, JsonTree& object) {
  object.add("median", scale.median).add("center", scale.center).add("spread", scale.spread).add("clip", scale.clip);
  if (std::isfinite(scale.lowest) && std::isfinite(scale.highest))
    object.add("range", limits_json(scale.lowest, scale.highest));
}

JsonTree to_json(const NumericColumn& column) {
  JsonTree object;
  object.add("name", column.name).add("kind", column.kind).add("notation", notation_name(column.form.notation));
  if (!column.form.unit.empty()) object.add("unit", column.form.unit);
  add_scale(column.scale, object);
  object.add("indicator", column.has_indicator);
  if (!column.knots.empty()) object.add("knots", JsonTree(column.knots));
  return object;
}

JsonTree to_json(const DateColumn& column) {
  JsonTree object;
  object.add("name", column.name).add("kind", column.kind).add("order", date_order_name(column.order));
  add_scale(column.scale, object);
  object.add("time", column.has_time).add("indicator", column.has_indicator);
  if (column.has_time && column.has_offset) object.add("offset", *column.has_offset);
  return object;
}

// A form that is plain is not written: files from before there were others are read as such.
void add_form(const NumberForm& form, JsonTree& object) {
  if (form.notation != Notation::point) object.add("notation", notation_name(form.notation));
  if (!form.unit.empty()) object.add("unit", form.unit);
}

void add_spelling(const Spelling& spelling, JsonTree& object) {
  if (spelling.kind != Spelling::Kind::text) object.add("spelling", spelling_name(spelling.kind));
  add_form(spelling.form, object);
}

JsonTree to_json(const CategoryColumn& column) {
  JsonTree object;
  object.add("name", column.name).add("kind", column.kind).add("values", JsonTree(column.values));
  add_spelling(column.spelling, object);
  return object;
}

JsonTree to_json(const TablePreparation& preparation) {
  JsonTree columns = JsonTree::List(), object;
  for (const Column& column : preparation.columns)
    columns.append(std::visit([](const auto& each) { return to_json(each); }, column));
  object.add("kind", "table").add("columns", std::move(columns));
  if (JsonTree format = format_json(preparation.format); !format.is_null()) object.add("format", std::move(format));
  return object;
}

JsonTree to_json(const ImagePreparation& images) {
  JsonTree object;
  object.add("kind", "images")
      .add("height", images.height)
      .add("width", images.width_in_pixels)
      .add("mean", images.mean)
      .add("deviation", images.deviation);
  return object;
}

JsonTree to_json(const ClassTarget& target) {
  JsonTree object;
  object.add("kind", "classes")
      .add("name", target.name)
      .add("classes", JsonTree(target.classes))
      .add("one_hot", target.one_hot);
  add_spelling(target.spelling, object);
  return object;
}

JsonTree to_json(const NumberTarget& target) {
  JsonTree object;
  object.add("kind", "number").add("name", target.name).add("mean", target.mean).add("deviation", target.deviation);
  if (std::isfinite(target.lowest) && std::isfinite(target.highest))
    object.add("range", limits_json(target.lowest, target.highest));
  add_form(target.form, object);
  return object;
}

// --- reading: everything is checked before it is believed ----------------------------------------------------------

double above_zero(const JsonTree& object, const char* key) {
  const double value = json_number(object, key);
  if (!(value > 0)) throw Error(std::string(key) + " is not above 0");
  return value;
}

// "range": [lowest, highest], what training has seen, where it is known.
void read_range(const JsonTree& object, double& lowest, double& highest) {
  if (object.find("range") == nullptr) return;
  const std::vector<double> range = json_numbers(object, "range");
  if (range.size() != 2) throw Error("the range is not of two numbers");
  lowest = range[0];
  highest = range[1];
  if (!(lowest <= highest)) throw Error("the range is empty");
}

Scale read_scale(const JsonTree& object) {
  Scale scale{.median = json_number(object, "median"),
              .center = json_number(object, "center"),
              .spread = above_zero(object, "spread"),
              .clip = json_number(object, "clip") == 0 ? 0 : above_zero(object, "clip")};
  read_range(object, scale.lowest, scale.highest);
  return scale;
}

std::vector<double> read_knots(const JsonTree& object) {
  if (object.find("knots") == nullptr) return {};
  std::vector<double> knots = json_numbers(object, "knots");
  if (knots.size() < 2 || std::ranges::adjacent_find(knots, std::ranges::greater_equal()) != knots.end())
    throw Error("knots do not rise");
  return knots;
}

// What a member says, where there is one; else `otherwise`.
std::string text_or(const JsonTree& object, const char* key, std::string_view otherwise) {
  return object.find(key) == nullptr ? std::string(otherwise) : json_text(object, key);
}

NumberForm read_form(const JsonTree& object) {
  return {parse_notation(text_or(object, "notation", notation_name(Notation::point))), text_or(object, "unit", "")};
}

Spelling read_spelling(const JsonTree& object) {
  if (object.find("spelling") == nullptr) return {};
  return {.kind = parse_spelling(json_text(object, "spelling")), .form = read_form(object)};
}

Column read_column_called(const std::string& name, const JsonTree& object) {
  const std::string kind = json_text(object, "kind");
  if (kind == NumericColumn::kind)
    return NumericColumn{.name = name,
                         .scale = read_scale(object),
                         .form = {parse_notation(json_text(object, "notation")), text_or(object, "unit", "")},
                         .has_indicator = json_truth(object, "indicator"),
                         .knots = read_knots(object)};
  if (kind == DateColumn::kind) {
    DateColumn column{.name = name,
                      .scale = read_scale(object),
                      .order = parse_date_order(json_text(object, "order")),
                      .has_time = json_truth(object, "time"),
                      .has_indicator = json_truth(object, "indicator")};
    if (object.find("offset") != nullptr) column.has_offset = json_truth(object, "offset");
    return column;
  }
  if (kind != CategoryColumn::kind) throw Error("unknown kind '" + kind + "'");
  CategoryColumn column{.name = name, .values = json_texts(object, "values"), .spelling = read_spelling(object)};
  if (std::ranges::adjacent_find(column.values, std::ranges::greater_equal{}) != column.values.end())
    throw Error("values are not sorted");  // lookup needs them in order, each once
  return column;
}

Column read_column(const JsonTree& object) {
  const std::string name = json_text(object, "name");
  try {
    return read_column_called(name, object);
  } catch (const Error& error) {
    throw Error("column " + quoted_name(name), error.what());
  }
}

Preparation read_preparation(const JsonTree& input) {
  const std::string kind = json_text(input, "kind");
  if (kind == "table") {
    TablePreparation preparation;
    for (const JsonTree& column : json_list(input, "columns")) preparation.columns.push_back(read_column(column));
    if (const JsonTree* format = input.find("format")) preparation.format = read_format(*format);
    return preparation;
  }
  if (kind != "images") throw Error("unknown kind of input '" + kind + "'");
  const ImagePreparation images{.height = json_count(input, "height"),
                                .width_in_pixels = json_count(input, "width"),
                                .mean = json_number(input, "mean"),
                                .deviation = above_zero(input, "deviation")};
  constexpr std::size_t most = 1U << 16;
  if (images.height > most || images.width_in_pixels > most) throw Error("images are too large");
  return images;
}

Target read_target(const JsonTree& object) {
  const std::string name = json_text(object, "name"), kind = json_text(object, "kind");
  if (kind == "number") {
    NumberTarget target{.name = name,
                        .mean = json_number(object, "mean"),
                        .deviation = above_zero(object, "deviation"),
                        .form = read_form(object)};
    read_range(object, target.lowest, target.highest);
    return target;
  }
  if (kind != "classes") throw Error("unknown kind of target '" + kind + "'");
  ClassTarget target{.name = name,
                     .classes = json_texts(object, "classes"),
                     .one_hot = json_truth(object, "one_hot"),
                     .spelling = read_spelling(object)};
  if (target.classes.size() < 2) throw Error("target: fewer than two classes");
  for (const std::string& each : target.classes)  // lookup needs them in order, each once
    if (target.find(each) != static_cast<std::uint32_t>(&each - target.classes.data()))
      throw Error("target: classes are not sorted");
  return target;
}

}  // namespace

std::string describe_model(const Model& model) {
  return std::visit(
      [&]<class T>(const Networks<T>& networks) {
        JsonTree layers = JsonTree::List(), object;
        for (const LayerSpec& layer : networks.front().spec().layers) layers.append(choice_text(layer));
        object.add("input", std::visit([](const auto& each) { return to_json(each); }, model.preparation))
            .add("target", std::visit([](const auto& each) { return to_json(each); }, model.target))
            .add("loss", model.loss.text())
            .add("precision", precision_name<T>)
            .add("layers", std::move(layers))
            .add("networks", networks.size())
            .add("temperature", model.calibration.temperature)
            .add("training", record_json(model.record));
        return object.dump();
      },
      model.networks);
}

ModelDescription parse_model_description(std::string_view text) {
  const JsonTree object = parse_json_tree(text, "the description");
  ModelDescription read{.preparation = read_preparation(json_member(object, "input")),
                        .target = read_target(json_member(object, "target")),
                        .loss = Loss::parse(json_text(object, "loss")),
                        .precision = json_text(object, "precision"),
                        .layers = json_texts(object, "layers"),
                        .networks = json_count(object, "networks"),
                        .temperature = above_zero(object, "temperature"),
                        .record = read_record(json_member(object, "training"))};
  if (read.precision != precision_name<float> && read.precision != precision_name<double>)
    throw Error("unknown precision '" + read.precision + "'");
  return read;
}

}  // namespace neurone
