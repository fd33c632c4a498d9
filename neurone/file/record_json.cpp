// How a model came about, as JSON and back.
#include "neurone/file/record_json.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "neurone/core/error.h"

namespace neurone {
namespace {

using Json = nlohmann::ordered_json;

const char* statistic_name(bool is_likelihood) {
  return is_likelihood ? "z" : "t";
}

Json to_json(const Figures& figures) {
  Json object = Json::object();
  for (const auto& [name, value, interval] : figures)
    object[name] = interval ? Json::array({value, interval->low, interval->high}) : Json(value);
  return object;
}

}  // namespace

Json comparison_json(const Comparison& comparison) {
  Json object{{"figure", comparison.figure},
              {"constant", comparison.constant},
              {"linear", comparison.linear},
              {"gain", comparison.gain}};
  if (comparison.gain_interval)
    object["gain_interval"] = {comparison.gain_interval->low, comparison.gain_interval->high};
  return object;
}

namespace {

// The members of how well one output fits, added to an object.
void put_fit(const Fit& fit, Json& object) {
  if (fit.residual_deviation) object["residual_deviation"] = *fit.residual_deviation;
  object["r_squared"] = fit.r_squared;
  if (fit.adjusted_r_squared) object["adjusted_r_squared"] = *fit.adjusted_r_squared;
}

}  // namespace

Json estimates_json(const Estimates& estimates) {
  Json parameters = Json::array();
  for (const Estimate& each : estimates.parameters) {
    Json parameter;
    if (!each.of_class.empty()) parameter["class"] = each.of_class;
    parameter["name"] = each.name;
    parameter["estimate"] = each.value;
    parameter["standard_error"] = each.error;
    parameter[statistic_name(estimates.is_likelihood)] = each.statistic;
    parameter["p"] = each.p;
    parameters.push_back(std::move(parameter));
  }
  Json object{{"parameters", std::move(parameters)},
              {"collinear", estimates.collinear},
              {"in_users_unit", estimates.in_users_unit},
              {"is_likelihood", estimates.is_likelihood},
              {"degrees_of_freedom", estimates.degrees_of_freedom},
              {"condition", estimates.condition}};
  if (!estimates.reference.empty()) object["reference"] = estimates.reference;
  if (estimates.fits.size() == 1) {
    put_fit(estimates.fits.front(), object);
    return object;
  }
  for (const Fit& fit : estimates.fits) {
    Json of_class{{"class", fit.of_class}};
    put_fit(fit, of_class);
    object["fits"].push_back(std::move(of_class));
  }
  return object;
}

Json record_json(const TrainingRecord& record) {
  Json object{
      {"rows", {{"train", record.train_rows}, {"validation", record.validation_rows}, {"test", record.test_rows}}},
      {"epochs", record.epochs},
      {"best_epochs", record.best_epochs},
      {"settings", record.settings},
      {"validation", to_json(record.validation)},
      {"test", to_json(record.test)}};
  if (record.estimates) object["estimates"] = estimates_json(*record.estimates);
  if (record.comparison) object["comparison"] = comparison_json(*record.comparison);
  return object;
}

namespace {

double read_number(const Json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

// "accuracy": 0.98 or "accuracy": [0.98, 0.96, 0.99]
Figures read_figures(const Json& object) {
  Figures figures;
  for (const auto& [name, value] : object.items()) {
    Figure figure{.name = name};
    figure.value = read_number(value.is_array() ? value.at(0) : value);
    if (value.is_array()) figure.interval = {read_number(value.at(1)), read_number(value.at(2))};
    figures.push_back(std::move(figure));
  }
  return figures;
}

std::optional<Interval> read_interval(const Json& object, const char* key) {
  if (!object.contains(key)) return {};
  return Interval{.low = read_number(object[key].at(0)), .high = read_number(object[key].at(1))};
}

std::optional<Comparison> read_comparison(const Json& object) {
  if (!object.contains("comparison")) return {};
  const Json& comparison = object["comparison"];
  return Comparison{.figure = comparison.at("figure").get<std::string>(),
                    .constant = read_number(comparison.at("constant")),
                    .linear = read_number(comparison.at("linear")),
                    .gain = read_number(comparison.at("gain")),
                    .gain_interval = read_interval(comparison, "gain_interval")};
}

std::optional<double> read_if_there(const Json& object, const char* key) {
  return object.contains(key) ? std::optional(read_number(object[key])) : std::nullopt;
}

std::string text_if_there(const Json& object, const char* key) {
  return object.contains(key) ? object[key].get<std::string>() : std::string();
}

Fit read_fit(const Json& object) {
  return {.of_class = text_if_there(object, "class"),
          .r_squared = read_number(object.at("r_squared")),
          .residual_deviation = read_if_there(object, "residual_deviation"),
          .adjusted_r_squared = read_if_there(object, "adjusted_r_squared")};
}

std::optional<Estimates> read_estimates(const Json& record) {
  if (!record.contains("estimates")) return {};
  const Json& object = record["estimates"];
  Estimates estimates{.parameters = {},
                      .collinear = object.at("collinear").get<std::vector<std::string>>(),
                      .in_users_unit = object.at("in_users_unit").get<bool>(),
                      .is_likelihood = object.at("is_likelihood").get<bool>(),
                      .reference = text_if_there(object, "reference"),
                      .degrees_of_freedom = read_number(object.at("degrees_of_freedom")),
                      .condition = read_number(object.at("condition"))};
  if (object.contains("r_squared")) estimates.fits.push_back(read_fit(object));
  if (object.contains("fits"))
    for (const Json& each : object["fits"]) estimates.fits.push_back(read_fit(each));
  for (const Json& each : object.at("parameters"))
    estimates.parameters.push_back({.name = each.at("name").get<std::string>(),
                                    .value = read_number(each.at("estimate")),
                                    .error = read_number(each.at("standard_error")),
                                    .statistic = read_number(each.at(statistic_name(estimates.is_likelihood))),
                                    .p = read_number(each.at("p")),
                                    .of_class = text_if_there(each, "class")});
  return estimates;
}

}  // namespace

TrainingRecord read_record(const Json& object) {
  const Json& rows = object.at("rows");
  return {.train_rows = count_of(rows, "train"),
          .validation_rows = count_of(rows, "validation"),
          .test_rows = count_of(rows, "test"),
          .epochs = count_of(object, "epochs"),
          .best_epochs = object.at("best_epochs").get<std::vector<std::size_t>>(),
          .settings = object.at("settings").get<std::map<std::string, std::string>>(),
          .validation = read_figures(object.at("validation")),
          .test = read_figures(object.at("test")),
          .comparison = read_comparison(object),
          .estimates = read_estimates(object)};
}

std::size_t count_of(const Json& object, const char* key) {
  const Json& value = object.at(key);
  if (!value.is_number_unsigned()) throw Error(std::string(key) + " is not a whole number");
  return value.get<std::size_t>();
}

}  // namespace neurone
