// docs/server.md has the options that the command has.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "tests/cli/command.h"

namespace neurone {
namespace {

std::set<std::string> found(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::set<std::string> names;
  for (std::sregex_iterator each(text.begin(), text.end(), expression), end; each != end; ++each)
    names.insert((*each)[1]);
  return names;
}

TEST(Documentation, has_the_options_of_the_server) {
  std::ifstream file(PROJECT_SOURCE "/docs/server.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string> options = found(Command()({"serve", "--help"}).output, "\n +(--[a-z-]+( [A-Z]+)?)");
  EXPECT_GE(options.size(), 10);
  EXPECT_EQ(found(page, "\n\\| `(--[a-z-]+( [A-Z]+)?)` \\|"), options);
}

// tools/check_proxy.py starts these files.
TEST(Documentation, quotes_the_configurations_of_proxies_whole) {
  const auto text = [](const std::string& path) {
    std::ifstream file(PROJECT_SOURCE + ("/" + path));
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  for (const char* path : {"examples/proxy/nginx.conf", "examples/proxy/Caddyfile"}) {
    ASSERT_FALSE(text(path).empty());
    EXPECT_NE(text("docs/server.md").find("\n" + text(path) + "```\n"), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace neurone
