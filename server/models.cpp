#include "server/models.h"

#include <fmt/format.h>

#include <utility>

#include "neurone/core/suggestion.h"
#include "server/message.h"

namespace neurone::server {
namespace {

// Each parameter is multiplied once; writing an output, a number of some twenty digits, takes as long as thousands.
std::size_t work_of_row(const Model& model) {
  constexpr std::size_t work_of_output = 4000;
  const std::size_t parameters = std::visit(
      [](const auto& networks) {
        std::size_t sum = 0;
        for (const auto& each : networks) sum += each.parameters().size();
        return sum;
      },
      model.networks);
  return parameters + model.outputs() * work_of_output;
}

// Buffers that grow by doubling are counted twice. A flag names its column and says what is surprising.
std::size_t bytes_of_row(const Model& model, const std::vector<std::string>& columns) {
  constexpr std::size_t digits = 32, words = 80, rest = 200;
  std::size_t bytes = rest + model.inputs() * (is_float(model) ? sizeof(float) : sizeof(double));
  for (const std::string& each : value_names(model)) bytes += 2 * (2 * sizeof(double) + digits + each.size());
  for (const std::string& each : columns) bytes += 2 * (sizeof(Cell) + sizeof(Surprise) + words + each.size());
  return bytes;
}

}  // namespace

ServedModel::ServedModel(std::string name, Model model) : name_(std::move(name)), model_(std::move(model)) {
  if (table() != nullptr) {
    std::vector<std::string> names;
    for (const Column& each : table()->columns) names.push_back(column_name(each));
    names_ = std::move(names);
  }
  work_ = work_of_row(model_);
  row_bytes_ = bytes_of_row(model_, columns());
}

std::shared_ptr<const Models::Catalogue> Models::all() const {
  const std::lock_guard lock(mutex_);
  return catalogue_;
}

ModelPointer Models::named(std::string_view name) const {
  const std::shared_ptr<const Catalogue> catalogue = all();
  const auto found = catalogue->find(name);
  if (found != catalogue->end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, model] : *catalogue) names.push_back(known);
  constexpr std::size_t longest = 200;
  throw Refusal(404, unknown_name("model", name.substr(0, longest), names).what());
}

ModelPointer Models::only() const {
  const std::shared_ptr<const Catalogue> catalogue = all();
  if (catalogue->size() == 1) return catalogue->begin()->second;
  if (catalogue->empty()) throw Refusal(404, "no model is being served");
  throw Refusal(404, fmt::format("{} models are being served: say which, as in /models/{}/predict", catalogue->size(),
                                 catalogue->begin()->first));
}

void Models::put(ModelPointer model) {
  const std::lock_guard lock(mutex_);
  auto changed = std::make_shared<Catalogue>(*catalogue_);
  (*changed)[model->name()] = std::move(model);
  catalogue_ = std::move(changed);
}

void Models::remove(const std::string& name) {
  const std::lock_guard lock(mutex_);
  auto changed = std::make_shared<Catalogue>(*catalogue_);
  changed->erase(name);
  catalogue_ = std::move(changed);
}

}  // namespace neurone::server
