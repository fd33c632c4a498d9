// What the tests of pages share: is the markup right?
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace neurone {

/// Elements that are opened and not closed in the right order, and characters that begin nothing; empty: none.
inline std::string mistakes_in(std::string_view html) {
  const std::vector<std::string_view> without_end{"meta", "link", "img", "!DOCTYPE"};
  std::vector<std::string_view> open;
  for (std::size_t at = 0; (at = html.find_first_of("<>&", at)) != std::string_view::npos; ++at) {
    const std::string_view rest = html.substr(at);
    if (html[at] == '&') {
      const auto starts = [&](std::string_view entity) { return rest.starts_with(entity); };
      if (!std::ranges::any_of(std::initializer_list<std::string_view>{"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"},
                               starts))
        return "a bare & before " + std::string(rest.substr(0, 20));
      continue;
    }
    const std::size_t end = rest.find('>');
    if (html[at] == '>' || end == std::string_view::npos) return "a bare " + std::string(rest.substr(0, 20));
    std::string_view tag = rest.substr(1, end - 1);
    at += end;
    if (tag.find('<') != std::string_view::npos || std::ranges::count(tag, '"') % 2 != 0)
      return "no element: " + std::string(tag);
    const bool closes = tag.starts_with('/');
    if (closes) tag.remove_prefix(1);
    const std::string_view name = tag.substr(0, tag.find_first_of(" /"));
    if (tag.ends_with('/') || std::ranges::find(without_end, name) != without_end.end()) continue;
    if (!closes) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return "</" + std::string(name) + "> closes nothing";
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "<" + std::string(open.back()) + "> is left open";
}

}  // namespace neurone
