#include "tests/cli/command.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <sstream>

namespace neurone {
namespace {

[[noreturn]] void become(const std::string& folder, const std::vector<std::string>& arguments, int input, int output,
                         int errors) {
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  std::vector<std::string> words{NEURONE_COMMAND};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  if (chdir(folder.c_str()) == 0) execv(NEURONE_COMMAND, pointers.data());
  _exit(127);
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Outcome run_command(const std::string& folder, const std::vector<std::string>& arguments, std::string_view input,
                    const std::function<void(std::string_view, int)>& on_line) {
  const TemporaryFolder aside;
  aside.write("input", input);
  const std::string errors = aside.path("errors");
  std::array<int, 2> pipe_ends{};
  if (pipe(pipe_ends.data()) != 0) throw std::runtime_error("no pipe");
  const int in = open(aside.path("input").c_str(), O_RDONLY | O_CLOEXEC);
  const int err = open(errors.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  const pid_t child = fork();
  if (child == 0) {
    close(pipe_ends[0]);
    become(folder, arguments, in, pipe_ends[1], err);
  }
  close(pipe_ends[1]);
  close(in);
  close(err);

  Outcome outcome;
  std::array<char, 4096> buffer{};
  std::size_t line = 0;  // where the line that is not complete yet begins
  for (ssize_t n = 0; (n = read(pipe_ends[0], buffer.data(), buffer.size())) > 0;) {
    outcome.output.append(buffer.data(), static_cast<std::size_t>(n));
    for (std::size_t end = 0; (end = outcome.output.find('\n', line)) != std::string::npos; line = end + 1)
      if (on_line) on_line(std::string_view(outcome.output).substr(line, end - line), child);
  }
  close(pipe_ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.errors = content(errors);
  return outcome;
}

Command::Command() {
  std::filesystem::copy(PROJECT_DATA "/penguins/penguins.csv", folder.path("penguins.csv"));
}

std::string Command::bytes(const std::string& name) const {
  return content(folder.path(name));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace neurone
