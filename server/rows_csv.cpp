#include <algorithm>
#include <utility>

#include "neurone/core/suggestion.h"
#include "neurone/data/csv.h"
#include "server/message.h"
#include "server/rows.h"

namespace neurone::server {

void IgnoredColumns::add(std::string_view name) {
  constexpr std::size_t most = 100, longest = 200;
  if (names_.size() == most || name.size() > longest || name == target_name(model_.model().target)) return;
  if (std::ranges::find(names_, name) == names_.end()) names_.emplace_back(name);
}

std::string IgnoredColumns::missing(const std::string& column) const {
  std::string text = "column '" + column + "' is missing";
  if (const std::string near = nearest_name(column, names_); !near.empty())
    text += ": is '" + near + "' meant to be it?";
  return text;
}

Rows rows_of_csv(const ServedModel& model, std::string_view body) {
  if (model.table() == nullptr)
    throw Refusal(415, "the model '" + model.name() + "' takes images: lists of pixels as JSON");
  try {
    const TableFormat format = said_again({.header = true}, model.table()->format);
    Table table = parse_csv(std::string(body), std::string(rows_name), format);
    IgnoredColumns ignored(model);
    for (const std::string& name : table.names())
      if (!model.find(name)) ignored.add(name);
    for (const std::string& name : model.columns())
      if (!table.find(name)) throw Error(std::string(rows_name), ignored.missing(name));
    return {.source = std::move(table), .ignored = std::move(ignored).names()};
  } catch (const Error& error) {
    throw Refusal(422, error.what());
  }
}

}  // namespace neurone::server
