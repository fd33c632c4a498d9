#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

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

namespace {

// Bytes of the cells, the lines and the names of a table: there are no more of them than separators and line ends, a
// buffer that grows takes twice what is in it, a name a few hundred bytes, and the text is copied.
std::size_t bytes_of_table(std::string_view text) {
  const auto ends_cell = [](char c) {
    return c == ',' || c == ';' || c == '\t' || c == '|' || c == '\n' || c == '\r';
  };
  std::size_t head = 0;  // up to the first line end that is not in quotes
  for (bool quoted = false; head < text.size(); ++head) {
    if (text[head] == '"') quoted = !quoted;
    if (!quoted && (text[head] == '\n' || text[head] == '\r')) break;
  }
  constexpr std::size_t name = 400;
  const auto cells = static_cast<std::size_t>(std::ranges::count_if(text, ends_cell)) + 1;
  const auto names = static_cast<std::size_t>(std::ranges::count_if(text.substr(0, head), ends_cell)) + 1;
  return text.size() + 2 * cells * (sizeof(Cell) + sizeof(std::size_t)) + names * name;
}

}  // namespace

Rows rows_of_csv(const ServedModel& model, std::string_view body, Allowance& allowance) {
  if (model.table() == nullptr)
    throw Refusal(415, "the model '" + model.name() + "' takes images: lists of pixels as JSON");
  allowance.bytes(bytes_of_table(body));
  Table table;
  try {
    const TableFormat format = said_again({.header = true}, model.table()->format);
    table = parse_csv(std::string(body), std::string(rows_name), format);
  } catch (const Error& error) {
    throw Refusal(422, error.what());
  }
  allowance.rows(table.rows());
  IgnoredColumns ignored(model);
  std::vector<bool> stands(model.columns().size());
  for (const std::string& name : table.names()) {
    if (const std::optional<std::size_t> column = model.find(name))
      stands[*column] = true;
    else
      ignored.add(name);
  }
  if (const auto lacks = std::ranges::find(stands, false); lacks != stands.end()) {
    const auto column = static_cast<std::size_t>(lacks - stands.begin());
    throw Refusal(422, std::string(rows_name) + ": " + ignored.missing(model.columns()[column]));
  }
  return {.source = std::move(table), .ignored = std::move(ignored).names()};
}

}  // namespace neurone::server
