// docs/activations.md is the list of activations, written as a table.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "neurone/activation/activation.h"

namespace neurone {
namespace {

/// Code in a cell of a table, where a bar would end the cell.
std::string cell(std::string_view text) {
  std::string code;
  for (const char c : text) code += c == '|' ? std::string("\\|") : std::string(1, c);
  return "`" + code + "`";
}

std::string table() {
  std::string text = R"(# Activations

`z` is the pre-activation, `a` the value. Each line is a struct of
[neurone/activation/activations.h](../neurone/activation/activations.h), where value and slope stand one below the
other; the name is what `--activation` takes. A test compares this page with the list; `neurone activations` prints it, and
compares each derivative with the complex step.

| name | value | derivative | range |
|---|---|---|---|
)";
  for (const Activation& each : all_activations()) {
    text += "| `" + std::string(each.name()) + "` | " + cell(each.formula()) + " | " + cell(each.derivative()) +
            " | " + std::string(each.range()) + " |\n";
  }
  return text;
}

TEST(Documentation, has_every_activation_as_the_sheet_says) {
  std::ifstream file(PROJECT_SOURCE "/docs/activations.md");
  const std::string found{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(found == table()) << "docs/activations.md has to be:\n" << table();
}

}  // namespace
}  // namespace neurone
