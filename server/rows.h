// The rows of a request as a table with the columns of a model: from JSON (rows_json.cpp), from CSV (rows_csv.cpp).
// What the cells mean is left to the model's preparation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/allowance.h"
#include "server/models.h"

namespace neurone::server {

struct Rows {
  Source source;
  std::vector<std::string>
      ignored{};  ///< columns that the model does not use, its target left out; the first hundred
};

/// What messages call the rows: "rows:3: column 'age' is missing".
inline constexpr std::string_view rows_name = "rows";

/// An object, {"age": 39, "workclass": null}, or a list of them; null is a missing value. For a model of images a
/// list of pixels, of lines of pixels, or of images. What stands twice in an object is refused where the model uses
/// it. Throws Refusal: 400 for what is no JSON, 422 for what are no rows of the model; and what the allowance throws.
Rows rows_of_json(const ServedModel& model, std::string_view body, Allowance& allowance);

/// A head with the names of the columns, then the rows. Throws Refusal 422, and 415 for a model of images; and what
/// the allowance throws.
Rows rows_of_csv(const ServedModel& model, std::string_view body, Allowance& allowance);

/// The columns that stand in the request and not in the model.
class IgnoredColumns {
 public:
  explicit IgnoredColumns(const ServedModel& model) : model_(model) {}

  void add(std::string_view name);
  /// "column 'age' is missing: is 'agee' meant to be it?"
  std::string missing(const std::string& column) const;
  std::vector<std::string> names() && { return std::move(names_); }

 private:
  const ServedModel& model_;
  std::vector<std::string> names_;
};

}  // namespace neurone::server
