// The progress bar, seen through a terminal of our own.
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "tests/cli/command.h"

namespace neurone {
namespace {

struct Screen {
  int code = -1;
  std::string text;  // all that was written, escapes and all
};

// Trains on penguins in a terminal of so many columns.
Screen train_in_terminal(std::size_t columns, const std::vector<std::string>& more) {
  const Command command;
  std::vector<std::string> words{NEURONE_COMMAND, "train", "penguins.csv", "--target", "body_mass_g"};
  words.insert(words.end(), more.begin(), more.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  winsize size{};
  size.ws_row = 24;
  size.ws_col = static_cast<unsigned short>(columns);
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    unsetenv("NO_COLOR");
    if (chdir(command.folder.path().c_str()) == 0) execv(NEURONE_COMMAND, arguments.data());
    _exit(127);
  }
  Screen screen;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = read(terminal, buffer.data(), buffer.size())) > 0;)
    screen.text.append(buffer.data(), static_cast<std::size_t>(n));
  close(terminal);
  int status = 0;
  waitpid(child, &status, 0);
  screen.code = WEXITSTATUS(status);
  return screen;
}

// What the bar drew, one text for each time, without escapes.
std::vector<std::string> bars_of(const std::string& text) {
  const std::string start = "\r\x1b[K";
  std::vector<std::string> bars;
  for (std::size_t at = text.find(start); at != std::string::npos; at = text.find(start, at)) {
    at += start.size();
    std::string bar;
    for (; at < text.size() && text[at] != '\r' && text[at] != '\n'; ++at) {
      if (text[at] == '\x1b')
        at = text.find('m', at);
      else
        bar += text[at];
    }
    bars.push_back(bar);
  }
  return bars;
}

std::size_t code_points(const std::string& text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80 ? 1 : 0;
  return count;
}

TEST(ProgressBar, is_never_wider_than_the_terminal) {
  for (const std::size_t columns : {30U, 80U, 200U}) {
    const Screen screen = train_in_terminal(columns, {"--epochs", "5"});
    ASSERT_EQ(screen.code, 0) << screen.text;
    const std::vector<std::string> bars = bars_of(screen.text);
    ASSERT_GE(bars.size(), 5U) << screen.text;
    for (const std::string& bar : bars) {
      EXPECT_LT(code_points(bar), columns) << bar;
      EXPECT_TRUE(bar.starts_with("network ") && bar.find("/4 epoch ") != std::string::npos) << bar;
    }
    EXPECT_EQ(bars.back().ends_with("…"), columns < 200) << bars.back();
    EXPECT_EQ(bars.back().find("validation loss") != std::string::npos, columns >= 80) << bars.back();
  }
}

TEST(ProgressBar, switches_off_each_colour_that_it_switches_on) {
  const Screen screen = train_in_terminal(20, {"--epochs", "2"});
  std::size_t on = 0, off = 0;
  for (std::size_t at = 0; (at = screen.text.find("\x1b[32m", at)) != std::string::npos; ++at) ++on;
  for (std::size_t at = 0; (at = screen.text.find("\x1b[0m", at)) != std::string::npos; ++at) ++off;
  EXPECT_GT(on, 0U);
  EXPECT_EQ(on, off);
}

TEST(ProgressBar, leaves_an_error_its_own_line) {
  const Screen screen = train_in_terminal(80, {"--optimizer", "sgd", "--learning-rate", "0.5", "--batch", "1",
                                               "--layer", "dense 64 identity", "--layer", "dense 64 identity"});
  EXPECT_EQ(screen.code, 1) << screen.text;
  EXPECT_NE(screen.text.find("\r\nneurone: training diverged"), std::string::npos) << screen.text;
}

}  // namespace
}  // namespace neurone
