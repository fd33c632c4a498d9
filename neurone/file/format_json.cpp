#include "neurone/file/format_json.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace neurone {

nlohmann::ordered_json format_json(const TableFormat& format) {
  auto object = nlohmann::ordered_json::object();
  for (const auto& [part, text] : said_parts(format)) {
    if (part == "missing")
      object[part].push_back(text);
    else
      object[part] = text;
  }
  return object;
}

TableFormat read_format(const nlohmann::ordered_json& object) {
  TableFormat format;
  for (const std::string_view part : format_parts) {
    if (!object.contains(part)) continue;
    const auto& said = object.at(std::string(part));
    const auto texts = said.is_array() ? said.get<std::vector<std::string>>() : std::vector{said.get<std::string>()};
    for (const std::string& text : texts) set_format_part(part, text, format);
  }
  check_format(format);
  return format;
}

}  // namespace neurone
