// How a model came about, as JSON and back.
#include "neurone/file/record_json.h"

#include <limits>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/file/json_members.h"

namespace neurone {
namespace {

const char* statistic_name(bool is_likelihood) {
  return is_likelihood ? "z" : "t";
}

JsonTree pair_of(double low, double high) {
  return JsonTree(std::vector{low, high});
}

JsonTree to_json(const Figures& figures) {
  JsonTree object = JsonTree::Members();
  for (const auto& [name, value, interval] : figures)
    object.add(name, interval ? JsonTree(std::vector{value, interval->low, interval->high}) : JsonTree(value));
  return object;
}

}  // namespace

JsonTree comparison_json(const Comparison& comparison) {
  JsonTree object;
  object.add("figure", comparison.figure)
      .add("constant", comparison.constant)
      .add("linear", comparison.linear)
      .add("gain", comparison.gain);
  if (comparison.gain_interval)
    object.add("gain_interval", pair_of(comparison.gain_interval->low, comparison.gain_interval->high));
  return object;
}

namespace {

// The members of how well one output fits, added to an object.
void put_fit(const Fit& fit, JsonTree& object) {
  if (fit.residual_deviation) object.add("residual_deviation", *fit.residual_deviation);
  object.add("r_squared", fit.r_squared);
  if (fit.adjusted_r_squared) object.add("adjusted_r_squared", *fit.adjusted_r_squared);
}

}  // namespace

JsonTree estimates_json(const Estimates& estimates) {
  JsonTree parameters = JsonTree::List();
  for (const Estimate& each : estimates.parameters) {
    JsonTree parameter;
    if (!each.of_class.empty()) parameter.add("class", each.of_class);
    parameter.add("name", each.name)
        .add("estimate", each.value)
        .add("standard_error", each.error)
        .add(statistic_name(estimates.is_likelihood), each.statistic)
        .add("p", each.p);
    parameters.append(std::move(parameter));
  }
  JsonTree object;
  object.add("parameters", std::move(parameters))
      .add("collinear", JsonTree(estimates.collinear))
      .add("in_users_unit", estimates.in_users_unit)
      .add("is_likelihood", estimates.is_likelihood)
      .add("degrees_of_freedom", estimates.degrees_of_freedom)
      .add("condition", estimates.condition);
  if (!estimates.reference.empty()) object.add("reference", estimates.reference);
  if (estimates.fits.size() == 1) {
    put_fit(estimates.fits.front(), object);
    return object;
  }
  JsonTree fits;
  for (const Fit& fit : estimates.fits) {
    JsonTree of_class;
    of_class.add("class", fit.of_class);
    put_fit(fit, of_class);
    fits.append(std::move(of_class));
  }
  if (!fits.is_null()) object.add("fits", std::move(fits));
  return object;
}

JsonTree record_json(const TrainingRecord& record) {
  JsonTree rows, settings = JsonTree::Members(), object;
  rows.add("train", record.train_rows).add("validation", record.validation_rows).add("test", record.test_rows);
  for (const auto& [name, text] : record.settings) settings.add(name, text);
  object.add("rows", std::move(rows))
      .add("epochs", record.epochs)
      .add("best_epochs", JsonTree(record.best_epochs))
      .add("settings", std::move(settings))
      .add("validation", to_json(record.validation))
      .add("test", to_json(record.test));
  if (record.estimates) object.add("estimates", estimates_json(*record.estimates));
  if (record.comparison) object.add("comparison", comparison_json(*record.comparison));
  return object;
}

namespace {

// null stands for a figure that nobody can tell: NaN
double read_number(const JsonTree& value, const std::string& what) {
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value.is_number()) refuse_kind(what, value, "a number");
  return value.number();
}
double read_number_in(const JsonTree& object, const char* key) {
  return read_number(json_member(object, key), key);
}

// "accuracy": 0.98 or "accuracy": [0.98, 0.96, 0.99]
Figures read_figures(const JsonTree& object, const char* key) {
  Figures figures;
  for (const auto& [name, value] : json_object(object, key)) {
    Figure figure{.name = name};
    const JsonTree::List* list = value.list();
    if (list != nullptr && list->size() != 3) throw Error(name + " is a list, expected three numbers");
    figure.value = read_number(list != nullptr ? list->front() : value, name);
    if (list != nullptr) figure.interval = {read_number((*list)[1], name), read_number((*list)[2], name)};
    figures.push_back(std::move(figure));
  }
  return figures;
}

std::optional<Interval> read_interval(const JsonTree& object, const char* key) {
  if (object.find(key) == nullptr) return {};
  const JsonTree::List& list = json_list(object, key);
  if (list.size() != 2) throw Error(std::string(key) + " is not of two numbers");
  return Interval{.low = read_number(list[0], key), .high = read_number(list[1], key)};
}

std::optional<Comparison> read_comparison(const JsonTree& object) {
  if (object.find("comparison") == nullptr) return {};
  const JsonTree& comparison = json_member(object, "comparison");
  return Comparison{.figure = json_text(comparison, "figure"),
                    .constant = read_number_in(comparison, "constant"),
                    .linear = read_number_in(comparison, "linear"),
                    .gain = read_number_in(comparison, "gain"),
                    .gain_interval = read_interval(comparison, "gain_interval")};
}

std::optional<double> read_if_there(const JsonTree& object, const char* key) {
  return object.find(key) != nullptr ? std::optional(read_number_in(object, key)) : std::nullopt;
}

std::string text_if_there(const JsonTree& object, const char* key) {
  return object.find(key) != nullptr ? json_text(object, key) : std::string();
}

Fit read_fit(const JsonTree& object) {
  return {.of_class = text_if_there(object, "class"),
          .r_squared = read_number_in(object, "r_squared"),
          .residual_deviation = read_if_there(object, "residual_deviation"),
          .adjusted_r_squared = read_if_there(object, "adjusted_r_squared")};
}

std::optional<Estimates> read_estimates(const JsonTree& record) {
  if (record.find("estimates") == nullptr) return {};
  const JsonTree& object = json_member(record, "estimates");
  Estimates estimates{.parameters = {},
                      .collinear = json_texts(object, "collinear"),
                      .in_users_unit = json_truth(object, "in_users_unit"),
                      .is_likelihood = json_truth(object, "is_likelihood"),
                      .reference = text_if_there(object, "reference"),
                      .degrees_of_freedom = read_number_in(object, "degrees_of_freedom"),
                      .condition = read_number_in(object, "condition")};
  if (object.find("r_squared") != nullptr) estimates.fits.push_back(read_fit(object));
  if (object.find("fits") != nullptr)
    for (const JsonTree& each : json_list(object, "fits")) estimates.fits.push_back(read_fit(each));
  for (const JsonTree& each : json_list(object, "parameters"))
    estimates.parameters.push_back({.name = json_text(each, "name"),
                                    .value = read_number_in(each, "estimate"),
                                    .error = read_number_in(each, "standard_error"),
                                    .statistic = read_number_in(each, statistic_name(estimates.is_likelihood)),
                                    .p = read_number_in(each, "p"),
                                    .of_class = text_if_there(each, "class")});
  return estimates;
}

std::vector<std::size_t> read_counts(const JsonTree& object, const char* key) {
  std::vector<std::size_t> counts;
  for (const JsonTree& each : json_list(object, key)) {
    if (each.count() == nullptr) refuse_kind(std::string("an element of ") + key, each, "a whole number");
    counts.push_back(*each.count());
  }
  return counts;
}

std::map<std::string, std::string> read_settings(const JsonTree& object, const char* key) {
  std::map<std::string, std::string> settings;
  for (const auto& [name, value] : json_object(object, key)) {
    if (value.text() == nullptr) refuse_kind(std::string(key) + ": " + name, value, "a text");
    settings[name] = *value.text();
  }
  return settings;
}

}  // namespace

TrainingRecord read_record(const JsonTree& object) {
  const JsonTree& rows = json_member(object, "rows");
  return {.train_rows = json_count(rows, "train"),
          .validation_rows = json_count(rows, "validation"),
          .test_rows = json_count(rows, "test"),
          .epochs = json_count(object, "epochs"),
          .best_epochs = read_counts(object, "best_epochs"),
          .settings = read_settings(object, "settings"),
          .validation = read_figures(object, "validation"),
          .test = read_figures(object, "test"),
          .comparison = read_comparison(object),
          .estimates = read_estimates(object)};
}

}  // namespace neurone
