#include "neurone/report/style.h"

namespace neurone::report {
namespace {

std::string variables(std::string_view Colour::* scheme) {
  std::string text;
  for (const Colour& each : palette) {
    text += " --";
    text += each.name;
    text += ": ";
    text += each.*scheme;
    text += ';';
  }
  return text;
}

}  // namespace

std::string palette_rules() {
  return "\n:root { color-scheme: light dark;" + variables(&Colour::light) +
         " }\n@media (prefers-color-scheme: dark) { :root {" + variables(&Colour::dark) + " } }";
}

}  // namespace neurone::report
