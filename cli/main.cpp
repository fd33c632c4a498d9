// The command `neurone`: reads the command line, runs the verb, turns errors into messages and exit codes.
// Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/verbs.h"
#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"

namespace {

using namespace neurone;

constexpr int exit_failed = 1;
constexpr int exit_wrong_usage = 2;

int run(int argc, char** argv) {
  CLI::App app{"neurone: train, examine and use feed-forward neural networks", "neurone"};
  app.set_version_flag("--version", "neurone " NEURONE_VERSION);
  app.set_help_all_flag("--help-all", "Print the help of all verbs and exit");
  app.allow_extras();
  app.footer("neurone VERB --help tells more. Start with: neurone train TABLE.csv --target COLUMN");
  std::vector<std::pair<CLI::App*, cli::Action>> verbs;
  for (const auto add : {cli::add_train, cli::add_describe, cli::add_crossvalidate, cli::add_predict,
                         cli::add_evaluate, cli::add_explain, cli::add_inspect, cli::add_activations, cli::add_export,
                         cli::add_import, cli::add_serve, cli::add_verify}) {
    cli::Action action = add(app);
    verbs.emplace_back(app.get_subcommands({}).back(), std::move(action));
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    throw UsageError(error.what());
  }
  const std::vector<std::string> rest = app.remaining();  // what stands before the verb, or where it should stand
  if (!rest.empty()) {
    if (rest.front().starts_with("-")) cli::reject_unknown_arguments(app);
    std::vector<std::string> names;
    for (const auto& each : verbs) names.push_back(each.first->get_name());
    throw unknown_name("verb", rest.front(), names);
  }
  for (const auto& [verb, action] : verbs) {
    if (!verb->parsed()) continue;
    cli::reject_unknown_arguments(*verb);
    return action();
  }
  fmt::print(stderr, "{}", app.help());
  return exit_wrong_usage;
}

int not_enough_memory() {
  fmt::print(stderr, "neurone: not enough memory\n");
  return exit_failed;
}

}  // namespace

void neurone::cli::reject_unknown_arguments(const CLI::App& verb) {
  const std::vector<std::string> rest = verb.remaining();
  if (rest.empty()) return;
  const std::string& first = rest.front();
  if (!first.starts_with("-")) throw UsageError("unexpected argument '" + first + "'");
  std::vector<std::string> options;
  for (const CLI::Option* option : verb.get_options({}))
    for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
  throw unknown_name("option", first.substr(0, first.find('=')), options);
}

int main(int argc, char** argv) {
  try {
    const int code = run(argc, argv);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
      throw Error("standard output", std::string("cannot be written: ") + std::strerror(errno));
    return code;
  } catch (const UsageError& error) {
    fmt::print(stderr, "neurone: {}\n", error.what());
    return exit_wrong_usage;
  } catch (const std::bad_alloc&) {
    return not_enough_memory();
  } catch (const std::length_error&) {  // what a string or vector throws when asked for more than it could count
    return not_enough_memory();
  } catch (const std::filesystem::filesystem_error& error) {
    fmt::print(stderr, "neurone: {}: {}\n", error.path1().string(), error.code().message());
    return exit_failed;
  } catch (const std::system_error& error) {  // a thread that cannot be started, a lock
    fmt::print(stderr, "neurone: {}\n", error.code().message());
    return exit_failed;
  } catch (const std::exception& error) {
    fmt::print(stderr, "neurone: {}\n", error.what());
    return exit_failed;
  }
}
