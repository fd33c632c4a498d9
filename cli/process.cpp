#include "cli/process.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>

#include "neurone/core/error.h"

extern char** environ;  // NOLINT(*-redundant-declaration): POSIX leaves it to the program

namespace neurone::cli {
namespace {

constexpr int exit_not_found = 127, exit_killed = 128;

int start(const std::vector<std::string>& words, int output, pid_t& child) {
  std::vector<std::string> copies = words;
  std::vector<char*> pointers;
  for (std::string& word : copies) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, output);
  posix_spawnattr_t attributes;  // SIGPIPE, which we ignore, is not for others to ignore
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int error = posix_spawnp(&child, pointers[0], &actions, &attributes, pointers.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

Finished run_program(const std::vector<std::string>& words) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw Error(words[0], std::string("cannot be run: ") + std::strerror(errno));
  pid_t child = 0;
  const int error = start(words, ends[1], child);
  close(ends[1]);
  Finished finished;
  std::array<char, 4096> buffer{};
  for (ssize_t size = 0; error == 0 && (size = read(ends[0], buffer.data(), buffer.size())) > 0;)
    finished.output.append(buffer.data(), static_cast<std::size_t>(size));
  close(ends[0]);
  if (error == ENOENT) return {.code = exit_not_found, .output = {}};
  if (error != 0) throw Error(words[0], std::string("cannot be run: ") + std::strerror(error));
  int status = 0;
  waitpid(child, &status, 0);
  finished.code = WIFEXITED(status) ? WEXITSTATUS(status) : exit_killed + WTERMSIG(status);
  return finished;
}

}  // namespace neurone::cli
