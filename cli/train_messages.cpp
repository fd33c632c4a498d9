#include "cli/train_messages.h"

#include <fmt/format.h>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/estimates_text.h"
#include "cli/figures.h"
#include "cli/network_text.h"
#include "neurone/core/shown.h"
#include "neurone/file/record_json.h"
#include "neurone/network/layer_lines.h"

namespace neurone::cli {
namespace {

using Json = nlohmann::ordered_json;

void print_event(const Json& event) {  // a path may be no UTF-8
  fmt::print("{}\n", event.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

template <class T> void print_start(const Fitting<T>& fitting, std::size_t without_target, bool json) {
  const Preparations& ready = fitting.preparations();
  const Network<T>& network = fitting.network();
  const auto* classes = std::get_if<ClassTarget>(&ready.target);
  if (json) {
    Json event{{"event", "start"},
               {"columns", columns_json(ready.preparation)},
               {"task", task_name(task_of(ready.target))},
               {"target", target_name(ready.target)}};
    if (classes != nullptr) event["classes"] = classes->classes;
    event["rows"] = {{"train", fitting.train_rows()},
                     {"validation", fitting.validation_rows()},
                     {"test", fitting.test_rows()},
                     {"without_target", without_target}};
    event["networks"] = fitting.networks();
    event["layers"] = layers_json(network);
    event["parameters"] = network.parameters().size();
    event["loss"] = ready.loss.text();
    event["memory"] = static_cast<std::size_t>(fitting.memory().total());
    event["epochs"] = ready.training.epochs;
    event["batch"] = ready.training.batch;
    print_event(event);
    std::fflush(stdout);
    return;
  }
  if (fitting.in_folds())
    fmt::print("{} rows, of which each network trains on {} and validates on {}; {} to test\n",
               fitting.train_rows() + fitting.validation_rows(), fitting.train_rows(), fitting.validation_rows(),
               fitting.test_rows());
  else
    fmt::print("{} rows to train, {} to validate, {} to test\n", fitting.train_rows(), fitting.validation_rows(),
               fitting.test_rows());
  fmt::print("target {}: {}\n", shown(target_name(ready.target)),
             classes == nullptr ? "a number" : fmt::format("{} classes", classes->classes.size()));
  std::string text = std::to_string(network.inputs());
  for (const LayerLine& line : layer_lines(network)) text += " → " + line.text;
  const std::string several = fitting.networks() == 1 ? "network" : fmt::format("{} networks", fitting.networks());
  fmt::print("{} {}: {} parameters{}\n", several, text, network.parameters().size(),
             fitting.networks() == 1 ? "" : " each");
  fmt::print("memory: about {}\n", bytes_text(fitting.memory().total()));
  std::fflush(stdout);
}

void print_certificate(const GradientCheck& check, bool json) {
  constexpr double most = 1e-3;  // a kink of relu that lies between the two places moves the differences, a wrong
                                 // slope far more
  if (json)
    print_event({{"event", "certificate"},
                 {"rows", check.rows},
                 {"checked", check.checked},
                 {"parameters", check.parameters},
                 {"largest_error", check.largest_error}});
  else
    fmt::print("gradient compared with differences: {} of {} parameters, {} rows, largest relative error {:.2g}\n",
               check.checked, check.parameters, check.rows, check.largest_error);
  if (!(check.largest_error <= most))
    throw Error(fmt::format("the gradient is not that of the loss: relative error {:.2g}, expected at most {}",
                            check.largest_error, most));
}

void print_done(const Ended& run, bool json) {
  const auto& [made, networks, restarts, written, seconds, was_interrupted] = run;
  const TrainingRecord& record = made.model.record;
  if (json) {
    Json event{{"event", "done"},
               {"best_epoch", record.best_epochs.front()},
               {"best_epochs", record.best_epochs},
               {"epochs", record.epochs}};
    if (!record.validation.empty()) event["validation"] = values_json(record.validation);
    if (!record.test.empty()) {
      event["test"] = values_json(record.test);
      event["test_intervals"] = intervals_json(record.test);
    }
    if (record.comparison) event["comparison"] = Json::parse(comparison_json(*record.comparison).dump());
    if (record.estimates) event["estimates"] = Json::parse(estimates_json(*record.estimates).dump());
    if (!made.remarks.empty()) event["remarks"] = made.remarks;
    event["interrupted"] = was_interrupted;
    event["model"] = written.model;
    if (!written.page.empty()) event["report"] = written.page;
    event["seconds"] = seconds;
    print_event(event);
    return;
  }
  if (was_interrupted && restarts)
    fmt::print("interrupted: of the starting points tried so far the best is kept\n");
  else if (was_interrupted && made.model.size() > 1)
    fmt::print("interrupted: {} of {} networks are ready, and kept\n", made.model.size(), networks);
  else if (was_interrupted)
    fmt::print("interrupted after epoch {}{}: the best so far is kept\n", record.epochs,
               networks == 1 ? "" : fmt::format(" of the first of {} networks", networks));
  fmt::print("best epoch {} of {}", fmt::join(record.best_epochs, ", "), record.epochs);
  for (const Figure& each : record.validation)
    if (each.name != "loss") fmt::print(", validation {} {:.4g}", each.name, each.value);
  fmt::print(", {:.1f} s\n", seconds);
  if (record.estimates) fmt::print("{}", estimates_text(*record.estimates, target_name(made.model.target)));
  if (!record.test.empty()) print_figures(record.test, "test rows", record.test_rows);
  if (record.comparison) print_comparison(*record.comparison);
  fmt::print("model {}\n", shown_sentence(written.model));
  if (!written.page.empty()) fmt::print("page {}\n", shown_sentence(written.page));
}

template void print_start<float>(const Fitting<float>&, std::size_t, bool);
template void print_start<double>(const Fitting<double>&, std::size_t, bool);

}  // namespace neurone::cli
