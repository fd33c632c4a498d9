// Answers about the models that change with the models alone: made once, and shared by all who ask for them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "server/models.h"

namespace neurone::server {

/// Safe from many threads.
class Documents {
 public:
  using Text = std::shared_ptr<const std::string>;
  using Of = std::shared_ptr<const Models::Catalogue>;

  /// Null where it has not been kept since the models changed.
  Text find(const Of& models, const std::string& name);
  void keep(const Of& models, const std::string& name, Text text);

 private:
  void follow(const Of& models);

  std::mutex mutex_;
  std::weak_ptr<const Models::Catalogue> models_;  // that the texts are about
  std::map<std::string, Text> texts_;
};

}  // namespace neurone::server
