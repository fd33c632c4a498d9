#include "neurone/file/format_json.h"

#include <string>
#include <utility>
#include <vector>

#include "neurone/file/json_members.h"

namespace neurone {

JsonTree format_json(const TableFormat& format) {
  JsonTree object, missing;
  for (const auto& [part, text] : said_parts(format)) {
    if (part == "missing")
      missing.append(text);
    else
      object.add(part, text);
  }
  if (!missing.is_null()) object.add("missing", std::move(missing));
  return object;
}

TableFormat read_format(const JsonTree& object) {
  TableFormat format;
  for (const std::string_view name : format_parts) {
    const std::string part(name);
    const JsonTree* said = object.find(part);
    if (said == nullptr) continue;
    const auto texts =
        said->list() != nullptr ? json_texts(object, part.c_str()) : std::vector{json_text(object, part.c_str())};
    for (const std::string& text : texts) set_format_part(part, text, format);
  }
  check_format(format);
  return format;
}

}  // namespace neurone
