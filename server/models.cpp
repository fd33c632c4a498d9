#include "server/models.h"

#include <fmt/format.h>

#include <utility>

#include "neurone/core/suggestion.h"
#include "server/message.h"

namespace neurone::server {

ServedModel::ServedModel(std::string name, Model model) : name_(std::move(name)), model_(std::move(model)) {
  if (table() == nullptr) return;
  std::vector<std::string> names;
  for (const Column& each : table()->columns) names.push_back(column_name(each));
  names_ = std::move(names);
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
