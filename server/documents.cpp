#include "server/documents.h"

#include <utility>

namespace neurone::server {

// What was said of other models is forgotten.
void Documents::follow(const Of& models) {
  if (models_.lock() == models) return;
  texts_.clear();
  models_ = models;
}

Documents::Text Documents::find(const Of& models, const std::string& name) {
  const std::lock_guard lock(mutex_);
  follow(models);
  const auto found = texts_.find(name);
  return found == texts_.end() ? nullptr : found->second;
}

void Documents::keep(const Of& models, const std::string& name, Text text) {
  const std::lock_guard lock(mutex_);
  follow(models);
  texts_.insert_or_assign(name, std::move(text));
}

}  // namespace neurone::server
