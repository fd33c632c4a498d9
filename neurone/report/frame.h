// What every page has around its sections: the head, the style, links to the sections.
// What stands in them is left to page.cpp and trace_page.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace neurone::report {

/// A part of a page: where links lead, what they are called, and the markup below the heading. Without content there
/// is no such part.
struct Section {
  std::string id, heading, content{};
};

struct PageFrame {
  std::string title;              ///< markup, without elements
  std::string above;              ///< markup that stands before the links
  std::string_view more_style{};  ///< beside the style of all pages
};

/// The whole file. No script may run in it, and it asks for nothing on the network.
std::string framed(const PageFrame& frame, std::span<const Section> sections);

}  // namespace neurone::report
