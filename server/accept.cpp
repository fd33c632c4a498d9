#include "server/accept.h"

#include <charconv>
#include <optional>

#include "server/http_grammar.h"

namespace neurone::server {
namespace {

std::optional<int> exactness_of(std::string_view range, std::string_view type) {
  if (is_word(range, type)) return 2;
  const std::string_view all = type.substr(0, type.find('/') + 1);  // "text/"
  if (range.ends_with("/*") && is_word(range.substr(0, range.size() - 1), all)) return 1;
  return range == "*/*" ? std::optional(0) : std::nullopt;
}

// ";q=0.5"; 1 where it is not said, 0 where it is no number from 0 to 1.
double quality_of(std::string_view parameter) {
  if (parameter.size() < 2 || !is_word(parameter.substr(0, 2), "q=")) return 1;
  const std::string_view text = parameter.substr(2);
  double quality = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), quality, std::chars_format::fixed);
  return error == std::errc() && end == text.data() + text.size() && quality >= 0 && quality <= 1 ? quality : 0;
}

}  // namespace

Preference preference_of(std::string_view accept, std::string_view type) {
  if (without_space(accept).empty()) return {};
  Preference best{.quality = 0, .exactness = -1};
  std::ptrdiff_t position = 0;
  for (const std::string_view each : parts_of(accept, ',')) {
    --position;
    const std::vector<std::string_view> words = parts_of(each, ';');
    const std::optional<int> exactness = exactness_of(words.front(), type);
    if (!exactness || *exactness <= best.exactness) continue;  // what names the type best says how it is liked
    best = {.quality = 1, .exactness = *exactness, .position = *exactness == 2 ? position : 0};
    for (std::size_t k = 1; k < words.size(); ++k)
      if (const double quality = quality_of(words[k]); quality < 1) best.quality = quality;
  }
  return best;
}

}  // namespace neurone::server
