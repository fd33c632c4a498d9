#include "cli/train_options.h"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <iterator>

#include "cli/format_options.h"
#include "cli/verbs.h"
#include "neurone/core/choice.h"
#include "neurone/core/memory.h"

namespace neurone::cli {
namespace {

template <class Variant> std::string names_of() {
  return fmt::format("{}", fmt::join(choice_names<Variant>(), ", "));
}

std::vector<std::string> all_activation_names() {
  std::vector<std::string> names;
  for (const Activation& each : all_activations()) names.emplace_back(each.name());
  return names;
}

constexpr std::size_t most_counted = 1'000'000'000;
constexpr WholeRange counted{.least = 1, .most = most_counted};

// Units between commas, as in 128,64.
std::vector<std::size_t> parse_hidden(const std::string& text) {
  std::vector<std::size_t> units;
  if (text == "none") return units;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    units.push_back(read_whole("--hidden " + text, std::string_view(text).substr(begin, end - begin), {.least = 1}));
    begin = end + 1;
  }
  return units;
}

void check(const TrainOptions& options) {
  if (!options.precision.empty() && options.precision != "float" && options.precision != "double" &&
      options.precision != "bf16")
    throw UsageError("--precision: expected float, double or bf16, found '" + options.precision + "'");
  if (options.precision == "bf16") check_factors(Factors::bf16);
  if (!options.layers.empty() && !options.network_file.empty())
    throw UsageError("--layer and --network both name the hidden layers: give one of them");
  const Part validation = part_of("--validation", options.validation);
  if (validation.fraction == 0 && validation.file.empty()) {
    for (const auto& [name, is_said] :
         {std::pair("--patience", options.patience > 0), {"--stop", !options.stop.empty()}})
      if (is_said)
        throw UsageError(fmt::format("{} needs validation rows to watch, and --validation says none", name));
  }
  if (options.report == "-")
    throw UsageError("--report: a page goes to a file; standard output is for messages and events");
  if (options.output == "-")
    throw UsageError("--output: a model goes to a file; standard output is for messages and events");
  const bool whole = !options.layers.empty() || !options.network_file.empty();
  if (whole && !(options.activation.empty() && options.initialiser.empty()))
    throw UsageError("--activation and --initialiser cannot go with --layer or --network: give them layer by layer");
  if (options.best && (whole || !options.optimizer.empty()))
    throw UsageError("--best is a recipe, which --layer, --network and --optimizer leave: give one or the other");
  if (whole && !options.hidden.empty())
    throw UsageError("--hidden cannot go with --layer or --network, which name the hidden layers one by one");
  if (whole && options.dropout)
    throw UsageError(
        "--dropout cannot go with --layer or --network: give a layer \"dropout RATE\" where you want it");
}

}  // namespace

void add_learning_options(Verb& verb, TrainOptions& o) {
  verb.add_option("--target", o.target, "Column to predict")->group("Data");
  verb.add_option("--task", o.task, "classification or regression, where the target could be either")->group("Data");
  verb.add_option("--category", o.category,
                  "Column of categories although they are numbers or dates; may be repeated")
      ->allow_extra_args(false)
      ->group("Data");
  verb.add_option("--numeric", o.numeric, "Column of numbers although it looks like an identifier; may be repeated")
      ->allow_extra_args(false)
      ->group("Data");
  verb.add_option("--scaling", o.scaling,
                  "Of numbers: standard (mean, deviation), robust (median, quartiles, ends bent) or none; by the "
                  "recipe if not given")
      ->group("Data");
  verb.add_flag("--raw", o.raw,
                "Numbers as they are, and a number that is the target: neither scaled nor held in the training range")
      ->group("Data");
  add_whole(verb, "--bins", o.bins,
            "Of the piecewise-linear encoding of numbers; 0 for none; by the recipe if not given",
            {.most = most_counted})
      ->group("Data");
  verb.add_option("--weight", o.weight, "Column with what each row counts in training")->group("Data");
  verb.add_option("--group", o.group, "Column whose values are never on both sides of a split")->group("Data");
  verb.add_option("--time", o.time, "Column of numbers or dates: test and validation rows are the latest")
      ->group("Data");
  verb.add_option("--class-weight", o.class_weight, "balanced, or CLASS=WEIGHT; may be repeated")
      ->allow_extra_args(false)
      ->group("Data");
  verb.add_option("--ignore", o.ignore, "Column to leave out; may be repeated")
      ->allow_extra_args(false)
      ->group("Data");

  add_format_options(verb, o.format);

  verb.add_option("--hidden", o.hidden,
                  "Units of the hidden layers, as in 128,64; none for no hidden layer; by the recipe if not given")
      ->group("Network");
  verb.add_option("--activation", o.activation,
                  fmt::format("Of the hidden layers: {}; by the recipe if not given",
                              fmt::join(all_activation_names(), ", ")))
      ->group("Network");
  verb.add_option("--output-activation", o.output_activation, "Of the last layer; decided by the loss if not given")
      ->group("Network");
  verb.add_option("--layer", o.layers,
                  "A hidden layer, as in \"dense 128 tanh\" (" + names_of<LayerSpec>() + "); repeated for each layer")
      ->allow_extra_args(false)
      ->group("Network");
  verb.add_input("--network", o.network_file,
                 "TOML file with the hidden layers: [[layer]] type = \"dense\", units = 128, …")
      ->group("Network");
  verb.add_option("--initialiser", o.initialiser,
                  "Of the weights: auto, " + names_of<initialisers::Any>() + "; by the recipe if not given")
      ->group("Network");
  add_real(verb, "--dropout", o.dropout,
           "Share of units dropped behind each hidden layer; by the recipe if not given", share_below_one)
      ->group("Network");
  verb.add_flag("--no-output-bias", o.no_output_bias, "The last layer without b")->group("Network");
  verb.add_input("--start", o.start,
                 "TOML file with values that parameters begin with: \"0.W\" = [[1, 2], [3, 4]], \"0.b\" = [5, 6]")
      ->group("Network");
  verb.add_option("--precision", o.precision,
                  "float, double, or bf16: float with products in bfloat16; if not given double for optimizers that "
                  "look at all rows, else float")
      ->group("Network");

  verb.add_option("--loss", o.loss,
                  "cross_entropy, focal, " + names_of<losses::Any>() + "; decided by the task if not given")
      ->group("Training");
  verb.add_option("--optimizer", o.optimizer,
                  names_of<optimizers::Any>() + "; settings as in adam:beta1=0.95; by the recipe if not given")
      ->group("Training");
  add_real(verb, "--learning-rate", o.learning_rate, "The optimizer's own if not given", at_least_zero)
      ->group("Training");
  verb.add_option("--schedule", o.schedule,
                  "Of the learning rate: " + names_of<schedules::Any>() + "; by the recipe if not given")
      ->group("Training");
  add_real(verb, "--warmup", o.warmup, "Epochs over which the learning rate rises from 0", at_least_zero)
      ->group("Training");
  add_whole(verb, "--batch", o.batch, "Rows a step; by the recipe if not given", counted)->group("Training");
  add_whole(verb, "--epochs", o.epochs, "By the recipe and the number of rows if not given", counted)
      ->group("Training");
  add_whole(verb, "--patience", o.patience, "Stop after this many epochs without a better validation; 0: never",
            {.most = most_counted})
      ->group("Training");
  verb.add_option(
          "--stop", o.stop,
          "Stop by the course of the losses: " + names_of<stopping::Any>() + "; settings as in generalisation-loss:5")
      ->group("Training");
  verb.add_option("--best-by", o.best_by,
                  "The figure of the validation rows that chooses the best epoch: metric, loss")
      ->capture_default_str()
      ->group("Training");
  add_real(verb, "--weight-decay", o.weight_decay,
           "Decoupled: w = w - rate * decay * w in each step; by the recipe if not given", at_least_zero)
      ->group("Training");
  add_real(verb, "--l1", o.l1, "Penalty l1 * sum |w|", at_least_zero)->group("Training");
  add_real(verb, "--l2", o.l2, "Penalty l2 / 2 * sum w^2", at_least_zero)->group("Training");
  add_real(verb, "--clip-norm", o.clip_norm, "Largest norm of the gradient; 0: no limit", at_least_zero)
      ->group("Training");
  add_real(verb, "--clip-value", o.clip_value, "Largest element of the gradient; 0: no limit", at_least_zero)
      ->group("Training");
  add_real(verb, "--label-smoothing", o.label_smoothing, "Share of a class label spread over all classes",
           share_below_one)
      ->group("Training");
  add_whole(verb, "--ensemble", o.ensemble, "Networks whose predictions are averaged; by the recipe if not given",
            counted)
      ->group("Training");
  add_whole(verb, "--restarts", o.restarts, "Starting points tried, of which the best is kept", counted)
      ->capture_default_str()
      ->group("Training");
  verb.add_flag("--best", o.best,
                "For tables: two times 32 networks in one, more accurate as a rule, up to 16 times slower")
      ->group("Training");
  add_whole(verb, "--seed", o.seed, "Same seed, same bits")->capture_default_str()->group("Training");

  verb.offer("--task", {"classification", "regression"});
  verb.offer("--scaling", {"standard", "robust", "none"});
  verb.offer("--class-weight", {"balanced"});
  verb.offer("--activation", all_activation_names());
  verb.offer("--output-activation", all_activation_names());
  verb.offer("--layer", choice_names<LayerSpec>());
  verb.offer("--initialiser", choice_names<initialisers::Any>());
  verb.offer("--precision", {"float", "double", "bf16"});
  verb.offer("--loss", choice_names<losses::Any>());
  verb.offer("--optimizer", choice_names<optimizers::Any>());
  verb.offer("--schedule", choice_names<schedules::Any>());
  verb.offer("--stop", choice_names<stopping::Any>());
  verb.offer("--best-by", {"metric", "loss"});
}

void add_train_options(Verb& verb, TrainOptions& o) {
  verb.add_input("DATA", o.data, "CSV file (.gz too), - for standard input, or a folder of IDX files",
                 Content::table);
  add_learning_options(verb, o);
  verb.add_input("--test", o.test, "FILE or FRACTION to test on: a fifth of the rows if not given; 0 for none",
                 Content::table)
      ->group("Data");
  verb.add_input("--validation", o.validation,
                 "FILE or FRACTION of the training rows to choose the best epoch by; 0 for none", Content::table)
      ->capture_default_str()
      ->group("Data");
  verb.add_output("--output", o.output, "Model file; named after DATA if not given")->group("Files and messages");
  verb.add_output("--report", o.report,
                  "HTML page about the model; named after the model if not given; none for none")
      ->group("Files and messages");
  verb.add_output("--checkpoint", o.checkpoint, "File that keeps the run after every epoch, for --resume", "--resume")
      ->group("Files and messages");
  verb.add_input("--resume", o.resume, "Go on with the run in this checkpoint, bit for bit, with its options")
      ->group("Files and messages");
  verb.add_flag("--certify", o.certify,
                "Before training, compare the network's gradient with finite differences on these rows")
      ->group("Files and messages");
  verb.add_flag("--json", o.json, "Events as JSON Lines on standard output: start, epoch, done")
      ->group("Files and messages");
  verb.add_flag("--no-rows", o.no_rows,
                "Keep no rows of the table in the model: it proves itself by made-up ones (neurone verify)")
      ->group("Files and messages");
  verb.add_flag("--quiet", o.quiet, "No progress")->group("Files and messages");
  add_machine_options(verb, o.machine);
}

Plan plan_of(const TrainOptions& o) {
  check(o);
  const auto unless_empty = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); };
  Plan plan{.target = o.target,
            .columns = {.ignore = o.ignore, .category = o.category, .numeric = o.numeric},
            .bins = o.bins,
            .activation = unless_empty(o.activation),
            .initialiser = unless_empty(o.initialiser),
            .dropout = o.dropout,
            .output_activation = unless_empty(o.output_activation),
            .loss = unless_empty(o.loss),
            .output_bias = !o.no_output_bias,
            .raw = o.raw,
            .epochs = o.epochs,
            .batch = o.batch,
            .learning_rate = o.learning_rate,
            .warmup = o.warmup,
            .label_smoothing = o.label_smoothing,
            .regularisation = {.l1 = o.l1, .l2 = o.l2, .weight_decay = o.weight_decay},
            .clipping = {.norm = o.clip_norm, .value = o.clip_value},
            .best_by = parse_best_by(o.best_by),
            .patience = o.patience,
            .seed = o.seed,
            .products = o.precision == "bf16" ? Factors::bf16 : Factors::full,
            .threads = threads_of(o.machine),
            .most_memory = available_memory(),
            .keep_rows = !o.no_rows,
            .best = o.best,
            .validation = part_of("--validation", o.validation).fraction,
            .ensemble = o.ensemble,
            .restarts = o.restarts};
  plan.weight = unless_empty(o.weight);
  plan.group = unless_empty(o.group);
  plan.time = unless_empty(o.time);
  if (plan.group && plan.time) throw UsageError("--group and --time both say how to split: give one of them");
  if (!o.task.empty()) plan.task = parse_task(o.task);
  if (!o.scaling.empty()) plan.columns.scaling = parse_scaling(o.scaling);
  if (!o.hidden.empty()) plan.hidden = parse_hidden(o.hidden);
  if (!o.activation.empty()) find_activation(o.activation);
  if (!o.output_activation.empty()) find_activation(o.output_activation);
  if (!o.optimizer.empty()) plan.optimizer = parse_choice<optimizers::Any>("optimizer", o.optimizer);
  if (!o.schedule.empty()) plan.schedule = parse_choice<schedules::Any>("schedule", o.schedule);
  if (!o.stop.empty()) plan.stopping = parse_choice<stopping::Any>("stopping criterion", o.stop);
  for (const std::string& text : o.class_weight) {
    const std::size_t equals = text.rfind('=');
    if (text == "balanced")
      plan.balanced = true;
    else if (equals == std::string::npos)
      throw UsageError("--class-weight: expected balanced or CLASS=WEIGHT, found '" + text + "'");
    else
      read_setting("--class-weight " + text.substr(0, equals), text.substr(equals + 1),
                   plan.class_weights[text.substr(0, equals)]);
  }
  for (const std::string& text : o.layers) plan.layers.push_back(parse_choice<LayerSpec>("layer", text));
  if (!o.network_file.empty()) plan.layers = read_network_file(o.network_file);
  if (!o.start.empty()) plan.start = read_start_file(o.start);
  return plan;
}

void check_columns(const Table& table, const Plan& plan) {
  std::vector<std::string> named;
  if (!plan.target.empty()) named.push_back(plan.target);
  for (const std::optional<std::string>& each : {plan.weight, plan.group, plan.time})
    if (each) named.push_back(*each);
  for (const auto& names : {plan.columns.ignore, plan.columns.category, plan.columns.numeric})
    named.insert(named.end(), names.begin(), names.end());
  std::vector<std::string> open;  // what a misspelt name may mean
  std::ranges::copy_if(table.names(), std::back_inserter(open),
                       [&](const std::string& each) { return std::ranges::find(named, each) == named.end(); });
  const std::string& header = table.reading().header;
  for (const std::string& name : named)
    if (!table.find(name))
      throw UsageError(table.source(),
                       unknown_name("column", name, open).what() + (header.empty() ? "" : " (" + header + ")"));
}

bool in_double(const TrainOptions& options, const Plan& plan) {
  return options.precision == "double" || (options.precision.empty() && has_solver(plan));
}

Part part_of(const std::string& option, const std::string& text) {
  try {
    return {.file = "", .fraction = read_real(option, text, share_below_one)};
  } catch (const UsageError&) {
    std::error_code error;
    const bool like_a_number = text.find_first_not_of("+-0123456789.,%eE") == std::string::npos;
    if (!like_a_number || std::filesystem::exists(text, error)) return {.file = text};
    throw UsageError(option + ": expected a file or a fraction below 1, as in 0.2, found '" + text + "'");
  }
}

}  // namespace neurone::cli
