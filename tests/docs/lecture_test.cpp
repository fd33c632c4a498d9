// The lecture in two languages, docs/lecture.md and docs/cours.md: the same slides, formulas, code, commands, links
// and pictures; and the pictures are what examples/lecture draws.
#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/data/temporary_folder.h"

namespace neurone {
namespace {

namespace fs = std::filesystem;

const fs::path docs = PROJECT_SOURCE "/docs";

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// --- pages ---------------------------------------------------------------------------------------------------------

/// A page without its sentences.
struct Skeleton {
  std::vector<std::string> headings;  // "#" or "##", and the number behind it
  std::vector<std::string> code;      // lines within ``` and indented lines
  std::vector<std::string> links, pictures;

  std::vector<std::string> slides;  // what stands in each section, in short, to tell where the two differ
};

void note(Skeleton& page, std::vector<std::string>& list, const std::string& item) {
  list.push_back(item);
  page.slides.push_back(std::to_string(page.headings.size()) + ": " + item);
}

Skeleton skeleton_of(const std::string& name) {
  static const std::regex heading(R"((#+) (\d*).*)"), link(R"((!?)\[([^\]]*)\]\(([^)]*)\))");
  Skeleton page;
  std::istringstream stream(content_of(docs / name));
  bool inside = false;
  for (std::string line; std::getline(stream, line);) {
    std::smatch match;
    if (line.starts_with("```") || inside || line.starts_with("    ")) {
      inside = line.starts_with("```") ? !inside : inside;
      note(page, page.code, line);
    } else if (std::regex_match(line, match, heading)) {
      note(page, page.headings, match[1].str() + match[2].str());
    }
    for (auto at = std::sregex_iterator(line.begin(), line.end(), link); !inside && at != std::sregex_iterator();
         ++at) {
      const std::string target = (*at)[3];
      EXPECT_NE((*at)[2].str(), "") << name << ": a link without words to " << target;
      if (target == "lecture.md" || target == "cours.md") continue;  // each leads to the other
      note(page, (*at)[1] == "!" ? page.pictures : page.links, target);
    }
  }
  return page;
}

TEST(Lecture, says_the_same_in_two_languages) {
  const Skeleton english = skeleton_of("lecture.md"), french = skeleton_of("cours.md");
  EXPECT_EQ(english.headings.size(), 8U);  // the title and seven slides
  EXPECT_EQ(english.headings, french.headings);
  EXPECT_EQ(english.code, french.code);
  EXPECT_EQ(english.pictures, french.pictures);
  EXPECT_EQ(english.links, french.links);
  EXPECT_EQ(english.slides, french.slides);  // and in the same places
  EXPECT_NE(content_of(docs / "lecture.md").find("(cours.md)"), std::string::npos);
  EXPECT_NE(content_of(docs / "cours.md").find("(lecture.md)"), std::string::npos);
}

TEST(Lecture, leads_to_files_that_are_there) {
  const Skeleton page = skeleton_of("lecture.md");
  for (const auto& targets : {page.links, page.pictures})
    for (const std::string& each : targets) EXPECT_TRUE(fs::exists(docs / each)) << each;
}

// In French, a space stands before : ; ? ! and inside « ».
TEST(Lecture, is_set_as_french_is) {
  static const std::regex wrong("[a-zé)»][;:?!]|«[^ ]|[^ ]»|\"|\\.\\.\\.");
  std::istringstream stream(std::regex_replace(content_of(docs / "cours.md"), std::regex("\u00A0"), " "));
  bool inside = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("```")) inside = !inside;
    if (inside || line.starts_with("```") || line.starts_with("    ")) continue;
    const std::string words = std::regex_replace(line, std::regex("`[^`]*`|\\]\\([^)]*\\)"), "x");
    EXPECT_FALSE(std::regex_search(words, wrong)) << line;
  }
}

// --- pictures ------------------------------------------------------------------------------------------------------

/// Where two texts differ, but for numbers that are as good as equal: a last digit may be another processor's.
std::string difference(const std::string& found, const std::string& expected) {
  constexpr double little = 0.15;
  const char *a = found.data(), *b = expected.data();
  const char *const a_end = a + found.size(), *const b_end = b + expected.size();
  while (a < a_end && b < b_end) {
    double x = 0, y = 0;
    const auto number_a = std::from_chars(a, a_end, x), number_b = std::from_chars(b, b_end, y);
    const bool numbers = number_a.ec == std::errc() && number_b.ec == std::errc();
    if (numbers ? std::abs(x - y) > little : *a != *b)
      return std::string(a, std::min(a + 60, a_end)) + " instead of " + std::string(b, std::min(b + 60, b_end));
    a = numbers ? number_a.ptr : a + 1;
    b = numbers ? number_b.ptr : b + 1;
  }
  return a == a_end && b == b_end ? "" : "one ends before the other";
}

std::map<std::string, std::string> pictures_in(const fs::path& folder) {
  std::map<std::string, std::string> pictures;
  for (const auto& entry : fs::directory_iterator(folder))
    pictures["images/lecture/" + entry.path().filename().string()] = content_of(entry.path());
  return pictures;
}

TEST(Lecture, shows_pictures_as_the_library_computes_them) {
  const TemporaryFolder folder;
  ASSERT_EQ(std::system((EXAMPLES "/lecture_pictures " + folder.path() + " >/dev/null").c_str()), 0);
  const auto made = pictures_in(folder.path()), shown = pictures_in(docs / "images/lecture");
  const Skeleton page = skeleton_of("lecture.md");
  EXPECT_EQ(made.size(), page.pictures.size());
  EXPECT_EQ(made.size(), shown.size());
  for (const std::string& name : page.pictures) {
    ASSERT_TRUE(made.contains(name) && shown.contains(name)) << name;
    EXPECT_EQ(difference(shown.at(name), made.at(name)), "") << name << " is old: make docs";
  }
}

TEST(Lecture, a_picture_that_is_another_is_found) {
  const std::string picture = "<path d=\"M1.0 2.0L3.0 4.0\"/>";
  EXPECT_EQ(difference(picture, picture), "");
  EXPECT_EQ(difference("<path d=\"M1.1 2.0L3.0 4.0\"/>", picture), "");
  EXPECT_NE(difference("<path d=\"M1.3 2.0L3.0 4.0\"/>", picture), "");
  EXPECT_NE(difference("<path d=\"M1.0 2.0L3.0 4.0\"", picture), "");
  EXPECT_NE(difference("<path c=\"M1.0 2.0L3.0 4.0\"/>", picture), "");
}

}  // namespace
}  // namespace neurone
