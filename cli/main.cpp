// The command `neurone`: finds the verb, reads its options, runs it, turns errors into messages and exit codes.
// Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "cli/messages.h"
#include "cli/verbs.h"
#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"
#include "neurone/core/temporary_file.h"

namespace {

using namespace neurone;

constexpr int exit_failed = 1;
constexpr int exit_wrong_usage = 2;
const std::string not_printed = "standard output: cannot be written: ";

int run(std::vector<std::string> words) {
  if (words.empty()) {
    fmt::print(stderr, "{}", cli::overview());
    return exit_wrong_usage;
  }
  std::string first = words.front();
  words.erase(words.begin());
  if (first == "--help-all") words.insert(words.begin(), "--all");
  if (first == "--help" || first == "-h" || first == "--help-all") first = "help";
  if (first == "--version") first = "version";
  if (first.starts_with('-')) throw unknown_name("option", first, {"--help", "--help-all", "--version"});

  const cli::VerbPointer verb = cli::verb_named(first);
  if (!verb->read(words)) {
    fmt::print("{}", verb->help());
    return 0;
  }
  const cli::Files files = verb->files();
  cli::check_overwriting(files);
  cli::check_contents(files);
  for (const cli::NamedFile& each : files.written) remove_leftovers(each.path);
  return verb->action();
}

// What is printed has arrived, or an error says that it has not.
void check_standard_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw Error(not_printed + std::strerror(errno));
}

// A stream that the caller closed would be the first file that is opened: what is printed would go into it. So it is
// opened the wrong way round, and printing fails.
void occupy_standard_streams() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(number, F_GETFD) < 0 && errno == EBADF)
      static_cast<void>(::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

int failed(const std::string& message, int code = exit_failed) {
  cli::say("neurone: " + message);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);  // a reader that leaves early is an error like any other
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  try {
    const int code = run({words.begin() + 1, words.end()});
    check_standard_output();
    return code;
  } catch (const UsageError& error) {
    return failed(error.what(), exit_wrong_usage);
  } catch (const std::bad_alloc&) {
    return failed("not enough memory");
  } catch (const std::length_error&) {  // what a string or vector throws when asked for more than it could count
    return failed("not enough memory");
  } catch (const std::filesystem::filesystem_error& error) {
    return failed(error.path1().string() + ": " + error.code().message());
  } catch (const std::system_error& error) {  // of fmt::print, a thread that cannot be started, a lock
    return failed(std::ferror(stdout) != 0 ? not_printed + error.code().message() : error.code().message());
  } catch (const std::exception& error) {
    return failed(error.what());
  }
}
