// The names of a table's columns, and which column each is. Many tables may share them: they are looked at once.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace neurone {

/// Copies share the names, which never change.
class ColumnNames {
 public:
  ColumnNames();
  ColumnNames(std::vector<std::string> names);

  const std::vector<std::string>& list() const { return shared_->names; }
  std::size_t size() const { return shared_->names.size(); }
  /// The column of this name, of several the first. The time does not depend on how many there are.
  std::optional<std::size_t> find(std::string_view name) const;
  /// Throws Error when two columns have the same name, once for all tables that share these. `source` is for the
  /// message.
  void refuse_equal(const std::string& source) const;

 private:
  struct Shared {
    std::vector<std::string> names;
    std::unordered_map<std::string_view, std::size_t> column_of;
    std::optional<std::size_t> second;  // the first column that has the name of one before it
  };
  static std::shared_ptr<const Shared> shared_of(std::vector<std::string> names);

  std::shared_ptr<const Shared> shared_;
};

}  // namespace neurone
