// The code in the documentation is the code: a block that begins with a comment `// path/to/file`, of Python with
// `#`, stands in that file, line for line. Indentation and empty lines do not count; a line `// …` or `…` in a block
// leaves lines out. What a block ```text shows below a command, `$ neurone …` or an example, is what that prints on
// standard output.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/data/temporary_folder.h"

namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

const fs::path root = PROJECT_SOURCE;

std::string trimmed(const std::string& line) {
  const auto first = line.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t") - first + 1);
}

/// The lines that are not empty, without indentation.
Lines lines_of(std::istream& stream) {
  Lines lines;
  for (std::string line; std::getline(stream, line);)
    if (line = trimmed(line); !line.empty()) lines.push_back(line);
  return lines;
}
Lines lines_of(const fs::path& path) {
  std::ifstream file(path);
  return lines_of(file);
}

/// A block of a page, ```cpp or ```text: `source` is the file or command that its first line names.
struct Quote {
  std::string page, source;
  Lines lines;
};

/// The blocks that begin with ```kind and whose first line begins with `mark`.
std::vector<Quote> quotes(const fs::path& page, std::string_view kind, std::string_view mark) {
  std::vector<Quote> found;
  bool inside = false, quoting = false;
  const Lines lines = lines_of(page);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    if (line.starts_with("```")) {
      inside = !inside;
      quoting = inside && line.substr(3) == kind && i + 1 < lines.size() && lines[i + 1].starts_with(mark);
      if (quoting) found.push_back({page.filename().string(), lines[++i].substr(mark.size()), {}});
    } else if (quoting) {
      found.back().lines.push_back(line);
    }
  }
  return found;
}

bool is_gap(const std::string& line) {
  return line == "// …" || line == "…";
}

/// What is wrong with a quote; empty: it stands in the file.
std::string mistake(const Quote& quote, const Lines& source) {
  auto from = source.begin();
  for (auto begin = quote.lines.begin(); begin != quote.lines.end();) {
    const auto end = std::find_if(begin, quote.lines.end(), is_gap);
    const auto at = std::search(from, source.end(), begin, end);
    if (at == source.end() && begin != end) {
      // the longest beginning that stands there: the line behind it is the one that does not
      auto good = begin;
      while (std::search(from, source.end(), begin, good + 1) != source.end()) ++good;
      return quote.page + " quotes " + quote.source + ", where this line is not or not here: " + *good;
    }
    from = at + (end - begin);
    begin = end == quote.lines.end() ? end : end + 1;
  }
  return {};
}

std::vector<fs::path> pages() {
  std::vector<fs::path> found;
  if (fs::exists(root / "README.md")) found.push_back(root / "README.md");
  for (const auto& entry : fs::directory_iterator(root / "docs"))
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

/// A command of a page with the program's place of this build, for a shell in a folder of its own.
std::string runnable(const std::string& command) {
  const std::string neurone = "neurone ", examples = "build/test/examples/";
  if (command.starts_with(neurone)) return NEURONE_COMMAND " " + command.substr(neurone.size()) + " 2>/dev/null";
  if (command.starts_with(examples)) return EXAMPLES "/" + command.substr(examples.size());
  ADD_FAILURE() << "neither neurone nor an example: " << command;
  return "true";
}

/// What a command prints, as lines_of.
Lines output_of(const std::string& command, const std::string& folder) {
  FILE* const pipe = popen(("cd " + folder + " && " + runnable(command)).c_str(), "r");
  std::string text;
  for (int c = pipe ? std::fgetc(pipe) : EOF; c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  if (pipe) pclose(pipe);
  std::istringstream stream(text);
  return lines_of(stream);
}

TEST(Documentation, quotes_code_as_it_stands) {
  std::size_t checked = 0;
  for (const fs::path& page : pages()) {
    std::vector<Quote> all = quotes(page, "cpp", "// ");
    std::ranges::copy(quotes(page, "python", "# "), std::back_inserter(all));
    for (const Quote& quote : all) {
      if (quote.source.find(' ') != std::string::npos) continue;  // a sentence
      EXPECT_TRUE(fs::is_regular_file(root / quote.source)) << page << " names " << quote.source;
      EXPECT_FALSE(quote.lines.empty()) << page << " quotes nothing of " << quote.source;
      EXPECT_EQ(mistake(quote, lines_of(root / quote.source)), "");
      ++checked;
    }
  }
  EXPECT_GT(checked, 0U);
}

// The commands of a page run one after the other in one folder, where data/ is that of the project.
TEST(Documentation, quotes_what_commands_print) {
  std::size_t checked = 0;
  for (const fs::path& page : pages()) {
    const neurone::TemporaryFolder folder;
    fs::create_directory_symlink(root / "data", folder.path("data"));
    for (const Quote& quote : quotes(page, "text", "$ ")) {
      EXPECT_FALSE(quote.lines.empty()) << page << " quotes nothing of " << quote.source;
      EXPECT_EQ(mistake(quote, output_of(quote.source, folder.path())), "");
      ++checked;
    }
  }
  EXPECT_GT(checked, 0U);
}

TEST(Documentation, a_changed_or_misplaced_line_is_found) {
  const Lines source{"int a;", "int b;", "int c;", "int d;"};
  const auto found = [&](Lines lines) {
    return mistake({.page = "p", .source = "s", .lines = std::move(lines)}, source);
  };
  const std::string blame = "p quotes s, where this line is not or not here: ";
  EXPECT_EQ(found({"int b;", "int c;"}), "");
  EXPECT_EQ(found({"int a;", "// …", "int d;"}), "");
  EXPECT_EQ(found({"int b;", "int x;"}), blame + "int x;");
  EXPECT_EQ(found({"int a;", "int c;"}), blame + "int c;");
  EXPECT_EQ(found({"int d;", "// …", "int a;"}), blame + "int a;");
  EXPECT_EQ(found({"int d;", "int e;"}), blame + "int e;");
}

}  // namespace
