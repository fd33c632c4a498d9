#include "neurone/data/column_names.h"

#include <fmt/format.h>

#include <utility>

#include "neurone/core/error.h"

namespace neurone {

std::shared_ptr<const ColumnNames::Shared> ColumnNames::shared_of(std::vector<std::string> names) {
  auto shared = std::make_shared<Shared>();
  shared->names = std::move(names);
  shared->column_of.reserve(shared->names.size());
  for (std::size_t j = 0; j < shared->names.size(); ++j)
    if (!shared->column_of.emplace(shared->names[j], j).second && !shared->second) shared->second = j;
  return shared;
}

ColumnNames::ColumnNames() {
  static const std::shared_ptr<const Shared> none = shared_of({});
  shared_ = none;
}

ColumnNames::ColumnNames(std::vector<std::string> names) : shared_(shared_of(std::move(names))) {}

std::optional<std::size_t> ColumnNames::find(std::string_view name) const {
  const auto found = shared_->column_of.find(name);
  if (found == shared_->column_of.end()) return {};
  return found->second;
}

void ColumnNames::refuse_equal(const std::string& source) const {
  if (!shared_->second) return;
  const std::string& name = shared_->names[*shared_->second];
  throw Error(source, fmt::format("two columns are called '{}': columns {} and {}", name, *find(name) + 1,
                                  *shared_->second + 1));
}

}  // namespace neurone
