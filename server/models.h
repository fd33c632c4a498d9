// The models that are served, by name. A model is replaced whole: whoever has one keeps it to the end of the request.
// Reading files and noticing that they change is left to watcher.h.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "neurone/model/model.h"

namespace neurone::server {

/// A model with what each request would otherwise look up again. Never changes.
class ServedModel {
 public:
  ServedModel(std::string name, Model model);
  ServedModel(const ServedModel&) = delete;
  ServedModel& operator=(const ServedModel&) = delete;

  const std::string& name() const { return name_; }
  const Model& model() const { return model_; }
  /// Null for a model of images.
  const TablePreparation* table() const { return std::get_if<TablePreparation>(&model_.preparation); }
  /// Of the columns that it uses, in the order of its preparation; none for images.
  const std::vector<std::string>& columns() const { return names_.list(); }
  const ColumnNames& column_names() const { return names_; }
  std::optional<std::size_t> find(std::string_view column) const { return names_.find(column); }

  /// Multiplications and additions that a row takes, and what takes as long, from its inputs to its answer.
  std::size_t work() const { return work_; }
  /// Memory that a row takes at most, from its cells to its answer.
  std::size_t row_bytes() const { return row_bytes_; }

 private:
  std::string name_;
  Model model_;
  ColumnNames names_;
  std::size_t work_ = 0, row_bytes_ = 0;
};

using ModelPointer = std::shared_ptr<const ServedModel>;

/// Safe from many threads.
class Models {
 public:
  using Catalogue = std::map<std::string, ModelPointer, std::less<>>;

  std::shared_ptr<const Catalogue> all() const;
  /// Throws Refusal 404 with the nearest name.
  ModelPointer named(std::string_view name) const;
  /// The only one. Throws Refusal 404 where there is none, or more than one to choose from.
  ModelPointer only() const;

  void put(ModelPointer model);
  void remove(const std::string& name);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Catalogue> catalogue_ = std::make_shared<const Catalogue>();
};

}  // namespace neurone::server
