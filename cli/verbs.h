// The verbs of the command, one file each. A verb adds its options to the command line and says what to do.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace neurone::cli {

inline constexpr int exit_interrupted = 130;

/// Runs the verb once the command line is read; returns the exit code. Throws Error and UsageError.
using Action = std::function<int()>;

Action add_train(CLI::App& app);
Action add_describe(CLI::App& app);
Action add_crossvalidate(CLI::App& app);
Action add_predict(CLI::App& app);
Action add_evaluate(CLI::App& app);
Action add_explain(CLI::App& app);
Action add_inspect(CLI::App& app);
Action add_activations(CLI::App& app);
Action add_export(CLI::App& app);
Action add_import(CLI::App& app);
Action add_serve(CLI::App& app);
Action add_verify(CLI::App& app);

/// Throws UsageError for arguments that the verb does not know, with the nearest option.
void reject_unknown_arguments(const CLI::App& verb);

}  // namespace neurone::cli
