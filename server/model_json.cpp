#include "server/model_json.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

namespace neurone::server {
namespace {

using Ordered = nlohmann::ordered_json;

// Days since 1970 as the calendar has them: 2024-03-01.
std::string day_text(double days) {
  using namespace std::chrono;
  const year_month_day date{sys_days{std::chrono::days{static_cast<int>(std::floor(days))}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

Ordered description_of(const NumericColumn& column) {
  Ordered object{{"name", column.name}, {"kind", column.kind}, {"median", column.scale.median}};
  if (std::isfinite(column.scale.lowest) && std::isfinite(column.scale.highest))
    object["range"] = {column.scale.lowest, column.scale.highest};
  return object;
}

Ordered description_of(const DateColumn& column) {
  Ordered object{{"name", column.name}, {"kind", column.kind}, {"order", date_order_name(column.order)}};
  object["time"] = column.has_time;
  object["median"] = day_text(column.scale.median);
  if (std::isfinite(column.scale.lowest) && std::isfinite(column.scale.highest))
    object["range"] = {day_text(column.scale.lowest), day_text(column.scale.highest)};
  return object;
}

Ordered description_of(const CategoryColumn& column) {
  return {{"name", column.name}, {"kind", column.kind}, {"values", column.values}};
}

}  // namespace

Ordered description_of(const ServedModel& served) {
  const Model& model = served.model();
  Ordered object{{"name", served.name()}, {"task", task_name(task_of(model.target))}};
  object["target"] = target_name(model.target);
  if (const auto* classes = std::get_if<ClassTarget>(&model.target)) object["classes"] = classes->classes;
  if (const auto* images = std::get_if<ImagePreparation>(&model.preparation)) {
    object["images"] = {{"height", images->height}, {"width", images->width_in_pixels}};
  } else {
    object["columns"] = Ordered::array();
    for (const Column& column : served.table()->columns)
      object["columns"].push_back(std::visit([](const auto& each) { return description_of(each); }, column));
  }
  object["rows"] = {{"train", model.record.train_rows}, {"test", model.record.test_rows}};
  for (const Figure& figure : model.record.test) object["test"][std::string(figure.name)] = figure.value;
  return object;
}

}  // namespace neurone::server
