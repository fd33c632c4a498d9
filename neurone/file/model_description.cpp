// Each part of a model has its pair of functions, to JSON and back.
#include "neurone/file/model_description.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "neurone/file/format_json.h"
#include "neurone/file/record_json.h"

namespace neurone {
namespace {

using Json = nlohmann::ordered_json;

// --- writing ------------------------------------------------------------------------------------------------------

void add_scale(const Scale& scale, Json& object) {
  object["median"] = scale.median;
  object["center"] = scale.center;
  object["spread"] = scale.spread;
  object["clip"] = scale.clip;
  if (std::isfinite(scale.lowest) && std::isfinite(scale.highest)) object["range"] = {scale.lowest, scale.highest};
}

Json to_json(const NumericColumn& column) {
  Json object{{"name", column.name}, {"kind", column.kind}, {"notation", notation_name(column.form.notation)}};
  if (!column.form.unit.empty()) object["unit"] = column.form.unit;
  add_scale(column.scale, object);
  object["indicator"] = column.has_indicator;
  if (!column.knots.empty()) object["knots"] = column.knots;
  return object;
}

Json to_json(const DateColumn& column) {
  Json object{{"name", column.name}, {"kind", column.kind}, {"order", date_order_name(column.order)}};
  add_scale(column.scale, object);
  object["time"] = column.has_time;
  object["indicator"] = column.has_indicator;
  if (column.has_time && column.has_offset) object["offset"] = *column.has_offset;
  return object;
}

// A form that is plain is not written: files from before there were others are read as such.
void add_form(const NumberForm& form, Json& object) {
  if (form.notation != Notation::point) object["notation"] = notation_name(form.notation);
  if (!form.unit.empty()) object["unit"] = form.unit;
}

void add_spelling(const Spelling& spelling, Json& object) {
  if (spelling.kind != Spelling::Kind::text) object["spelling"] = spelling_name(spelling.kind);
  add_form(spelling.form, object);
}

Json to_json(const CategoryColumn& column) {
  Json object{{"name", column.name}, {"kind", column.kind}, {"values", column.values}};
  add_spelling(column.spelling, object);
  return object;
}

Json to_json(const TablePreparation& preparation) {
  Json columns = Json::array();
  for (const Column& column : preparation.columns)
    columns.push_back(std::visit([](const auto& each) { return to_json(each); }, column));
  Json object{{"kind", "table"}, {"columns", std::move(columns)}};
  if (Json format = format_json(preparation.format); !format.empty()) object["format"] = std::move(format);
  return object;
}

Json to_json(const ImagePreparation& images) {
  return {{"kind", "images"},
          {"height", images.height},
          {"width", images.width_in_pixels},
          {"mean", images.mean},
          {"deviation", images.deviation}};
}

Json to_json(const ClassTarget& target) {
  Json object{{"kind", "classes"}, {"name", target.name}, {"classes", target.classes}, {"one_hot", target.one_hot}};
  add_spelling(target.spelling, object);
  return object;
}

Json to_json(const NumberTarget& target) {
  Json object{{"kind", "number"}, {"name", target.name}, {"mean", target.mean}, {"deviation", target.deviation}};
  if (std::isfinite(target.lowest) && std::isfinite(target.highest))
    object["range"] = {target.lowest, target.highest};
  add_form(target.form, object);
  return object;
}

// --- reading: everything is checked before it is believed ----------------------------------------------------------

double finite(const Json& object, const char* key) {
  const double value = object.at(key).get<double>();
  if (!std::isfinite(value)) throw Error(std::string(key) + " is not finite");
  return value;
}

double above_zero(const Json& object, const char* key) {
  const double value = finite(object, key);
  if (!(value > 0)) throw Error(std::string(key) + " is not above 0");
  return value;
}

std::vector<std::string> texts_of(const Json& object, const char* key) {
  return object.at(key).get<std::vector<std::string>>();
}

// "range": [lowest, highest], what training has seen, where it is known.
void read_range(const Json& object, double& lowest, double& highest) {
  if (!object.contains("range")) return;
  lowest = object["range"].at(0).get<double>();
  highest = object["range"].at(1).get<double>();
  if (!(lowest <= highest)) throw Error("the range is empty");
}

Scale read_scale(const Json& object) {
  Scale scale{.median = finite(object, "median"),
              .center = finite(object, "center"),
              .spread = above_zero(object, "spread"),
              .clip = object.at("clip") == 0 ? 0 : above_zero(object, "clip")};
  read_range(object, scale.lowest, scale.highest);
  return scale;
}

std::vector<double> read_knots(const Json& object) {
  if (!object.contains("knots")) return {};
  const auto knots = object["knots"].get<std::vector<double>>();
  if (knots.size() < 2 || std::ranges::adjacent_find(knots, std::ranges::greater_equal()) != knots.end())
    throw Error("knots do not rise");
  return knots;
}

NumberForm read_form(const Json& object) {
  return {parse_notation(object.value("notation", std::string(notation_name(Notation::point)))),
          object.value("unit", std::string())};
}

Spelling read_spelling(const Json& object) {
  if (!object.contains("spelling")) return {};
  return {.kind = parse_spelling(object["spelling"].get<std::string>()), .form = read_form(object)};
}

Column read_column(const Json& object) {
  const auto name = object.at("name").get<std::string>();
  const auto kind = object.at("kind").get<std::string>();
  if (kind == NumericColumn::kind)
    return NumericColumn{
        .name = name,
        .scale = read_scale(object),
        .form = {parse_notation(object.at("notation").get<std::string>()), object.value("unit", std::string())},
        .has_indicator = object.at("indicator").get<bool>(),
        .knots = read_knots(object)};
  if (kind == DateColumn::kind) {
    DateColumn column{.name = name,
                      .scale = read_scale(object),
                      .order = parse_date_order(object.at("order").get<std::string>()),
                      .has_time = object.at("time").get<bool>(),
                      .has_indicator = object.at("indicator").get<bool>()};
    if (object.contains("offset")) column.has_offset = object["offset"].get<bool>();
    return column;
  }
  if (kind != CategoryColumn::kind) throw Error("column '" + name + "' is of unknown kind '" + kind + "'");
  CategoryColumn column{.name = name, .values = texts_of(object, "values"), .spelling = read_spelling(object)};
  if (std::ranges::adjacent_find(column.values, std::ranges::greater_equal{}) != column.values.end())
    throw Error("column '" + name + "': values are not sorted");  // lookup needs them in order, each once
  return column;
}

Preparation read_preparation(const Json& input) {
  const auto kind = input.at("kind").get<std::string>();
  if (kind == "table") {
    TablePreparation preparation;
    for (const Json& column : input.at("columns")) preparation.columns.push_back(read_column(column));
    if (input.contains("format")) preparation.format = read_format(input["format"]);
    return preparation;
  }
  if (kind != "images") throw Error("unknown kind of input '" + kind + "'");
  const ImagePreparation images{.height = count_of(input, "height"),
                                .width_in_pixels = count_of(input, "width"),
                                .mean = finite(input, "mean"),
                                .deviation = above_zero(input, "deviation")};
  constexpr std::size_t most = 1U << 16;
  if (images.height > most || images.width_in_pixels > most) throw Error("images are too large");
  return images;
}

Target read_target(const Json& object) {
  const auto name = object.at("name").get<std::string>();
  const auto kind = object.at("kind").get<std::string>();
  if (kind == "number") {
    NumberTarget target{.name = name,
                        .mean = finite(object, "mean"),
                        .deviation = above_zero(object, "deviation"),
                        .form = read_form(object)};
    read_range(object, target.lowest, target.highest);
    return target;
  }
  if (kind != "classes") throw Error("unknown kind of target '" + kind + "'");
  ClassTarget target{.name = name,
                     .classes = texts_of(object, "classes"),
                     .one_hot = object.at("one_hot").get<bool>(),
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
        Json layers = Json::array();
        for (const LayerSpec& layer : networks.front().spec().layers) layers.push_back(choice_text(layer));
        const Json object{{"input", std::visit([](const auto& each) { return to_json(each); }, model.preparation)},
                          {"target", std::visit([](const auto& each) { return to_json(each); }, model.target)},
                          {"loss", model.loss.text()},
                          {"precision", precision_name<T>},
                          {"layers", std::move(layers)},
                          {"networks", networks.size()},
                          {"temperature", model.calibration.temperature},
                          {"training", record_json(model.record)}};
        return object.dump();
      },
      model.networks);
}

ModelDescription parse_model_description(std::string_view text) {
  const Json object = Json::parse(text);
  ModelDescription read{.preparation = read_preparation(object.at("input")),
                        .target = read_target(object.at("target")),
                        .loss = Loss::parse(object.at("loss").get<std::string>()),
                        .precision = object.at("precision").get<std::string>(),
                        .layers = texts_of(object, "layers"),
                        .networks = count_of(object, "networks"),
                        .temperature = above_zero(object, "temperature"),
                        .record = read_record(object.at("training"))};
  if (read.precision != precision_name<float> && read.precision != precision_name<double>)
    throw Error("unknown precision '" + read.precision + "'");
  return read;
}

}  // namespace neurone
