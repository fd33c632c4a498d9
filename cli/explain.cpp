// neurone explain MODEL DATA: one row's way through the network, as text, JSON or a page.
// What the numbers are is left to neurone/model/trace.h.
#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/format_options.h"
#include "cli/machine.h"
#include "cli/source.h"
#include "cli/trace_json.h"
#include "cli/trace_text.h"
#include "cli/verbs.h"
#include "neurone/core/file.h"
#include "neurone/core/shown.h"
#include "neurone/file/model_file.h"
#include "neurone/report/trace_page.h"

namespace neurone::cli {
namespace {

struct ExplainOptions {
  std::string model, data, neuron, page;
  std::size_t row = 1, network = 1, member = 1;
  TableFormat format;
  bool backward = false, json = false;
  Machine machine;
};

std::string name_of_file(const std::string& path) {
  if (path == "-") return "standard input";
  const std::filesystem::path whole(path);
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

// "2:17" is the 17th unit of the second layer.
Place place_of(const Trace& trace, const std::string& text, std::size_t member) {
  const auto refuse = [&](const std::string& expected) {
    throw UsageError("--neuron " + text + ": expected " + expected);
  };
  const auto number = [&](std::string_view part) {
    if (part.empty() || part.size() > 9 || part.find_first_not_of("0123456789") != std::string_view::npos)
      refuse("layer:unit, two numbers counted from 1, as in 2:17");
    return static_cast<std::size_t>(std::stoul(std::string(part)));
  };
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::size_t layer = number(text.substr(0, colon)),
                    unit = number(text.substr(std::min(colon + 1, text.size())));
  if (layer < 1 || layer > trace.depth()) refuse(fmt::format("a layer from 1 to {}", trace.depth()));
  const Matrix<double>& A = trace.A(layer);
  if (unit < 1 || unit > A.columns()) refuse(fmt::format("a unit of layer {} from 1 to {}", layer, A.columns()));
  return {.depth = layer, .row = A.rows() == 1 ? 0 : member, .unit = unit - 1};
}

// Cells may hold any bytes; those that are no UTF-8 become U+FFFD.
void print_json(const nlohmann::ordered_json& object) {
  fmt::print("{}\n", object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void write_page(const ExplainOptions& options, const Traced& traced, std::optional<Place> neuron) {
  write_file(options.page, report::trace_page({.model = traced.model,
                                               .trace = traced.trace,
                                               .data_name = traced.data_name,
                                               .model_name = traced.model_name,
                                               .member = traced.member,
                                               .wanted = neuron,
                                               .version = NEURONE_VERSION}));
  fmt::print("page {}\n", shown_sentence(options.page));
}

int run_explain(const ExplainOptions& options) {
  const Model model = load_model(options.model);
  const Source source = read_source(model, options.data, options.format);
  threads_of(options.machine);  // for the instruction set: one row is not shared out
  const Trace trace = trace_row(
      model, source, {.row = options.row - 1, .network = options.network - 1, .backward = options.backward});
  const std::size_t member = options.member - 1;
  if (member >= trace.members())
    throw UsageError(fmt::format("--member {}: the network has {}", options.member,
                                 trace.members() == 1 ? "no members" : fmt::format("{} members", trace.members())));
  report_unused_columns(model, source);
  report(model, trace.predictions.surprises);
  const Traced traced{.model = model,
                      .trace = trace,
                      .model_name = name_of_file(options.model),
                      .data_name = name_of_file(options.data),
                      .member = member};
  std::optional<Place> neuron;
  if (!options.neuron.empty()) neuron = place_of(trace, options.neuron, member);
  if (!options.page.empty())
    write_page(options, traced, neuron);
  else if (options.json)
    print_json(neuron ? neuron_json(trace, *neuron) : trace_json(traced));
  else
    fmt::print("{}", neuron ? neuron_text(traced, *neuron) : trace_text(traced));
  return 0;
}

}  // namespace

VerbPointer explain_verb(const std::string& word) {
  const auto options = std::make_shared<ExplainOptions>();
  auto verb = std::make_unique<Verb>(word, "Show how one row becomes its prediction, number by number");
  verb->add_input("MODEL", options->model, "Model file written by neurone train", Content::model)->required();
  verb->add_input("DATA", options->data, "CSV file (.gz too), - for standard input; IDX file or folder for images",
                  Content::table)
      ->required();
  add_format_options_of_model(*verb, options->format);
  constexpr WholeRange counted{.least = 1, .most = 4294967295};
  add_whole(*verb, "--row", options->row, "Which row (or image) below the head; 1 if not given", counted);
  add_whole(*verb, "--network", options->network, "Which of several networks; 1 if not given", counted);
  add_whole(*verb, "--member", options->member, "Which row behind a members layer is shown; 1 if not given", counted);
  verb->add_flag("--backward", options->backward, "The loss and its gradients too: DATA needs the target");
  verb->add_option("--neuron", options->neuron, "LAYER:UNIT, as in 2:17: this one alone, with every term of its sum");
  CLI::Option* page =
      verb->add_output("--page", options->page, "Write a page in which every number leads to those that made it");
  verb->add_flag("--json", options->json, "One JSON object with every number, instead of text")->excludes(page);
  add_machine_options(*verb, options->machine);
  verb->action = [options] { return run_explain(*options); };
  return verb;
}

}  // namespace neurone::cli
