#include "neurone/model/plan.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"

namespace neurone {
namespace {

// --- what is decided when the user did not say -------------------------------------------------------------------

const std::vector<std::size_t> default_hidden{128, 64};

// About 600,000 rows seen in all: small tables need more rounds than large ones.
std::size_t default_epochs(std::size_t rows) {
  return std::clamp<std::size_t>(600'000 / std::max<std::size_t>(rows, 1), 20, 200);
}

std::size_t default_batch(std::size_t rows) {
  return rows < 10'000 ? 32 : 128;
}

std::string full_loss_name(const std::string& name, bool one_column) {
  const Choice choice = Choice::parse(name);
  if (choice.name != "cross_entropy" && choice.name != "focal") return name;
  return (one_column ? "binary_" : "categorical_") + name;
}

Loss default_loss(Task task, bool one_column, const std::optional<std::string>& output_activation) {
  if (task == Task::regression) return {.formula = losses::SquaredError{}};
  const std::string output = output_activation.value_or(one_column ? "sigmoid" : "softmax");
  if (output == activations::Sigmoid::name) return {.formula = losses::BinaryCrossEntropy{}};
  if (output == activations::Softmax::name || output == activations::LogSoftmax::name)
    return {.formula = losses::CategoricalCrossEntropy{}};
  return {.formula = losses::SquaredError{}};
}

std::string default_output(Task task, bool one_column, const Loss& loss) {
  if (loss.takes_logits()) return std::string(loss.links().front());
  if (task == Task::regression) return "identity";
  return one_column ? "sigmoid" : "softmax";
}

// Two classes take two outputs when the user's loss or output activation is one of a whole row.
bool wants_one_hot(const Plan& plan) {
  const std::string output = plan.output_activation.value_or("");
  return output == activations::Softmax::name || output == activations::LogSoftmax::name ||
         (plan.loss && plan.loss->starts_with("categorical_"));
}

struct Head {  // the end of the network
  Loss loss;
  std::string activation;
};

Head decide_head(const Plan& plan, const Target& target) {
  const Task task = task_of(target);
  const bool one_column = target_columns(target) == 1;
  Head head;
  head.loss = plan.loss ? Loss::parse(full_loss_name(*plan.loss, one_column))
                        : default_loss(task, one_column, plan.output_activation);
  head.activation = plan.output_activation.value_or(default_output(task, one_column, head.loss));
  const Activation activation = find_activation(head.activation, plan.own_activations);
  check_task_fits(task, head.loss, activation);
  check_loss_fits(head.loss, activation);
  return head;
}

std::vector<LayerSpec> decide_layers(const Plan& plan, const std::string& output_activation, std::size_t outputs) {
  std::vector<LayerSpec> all = plan.layers;
  if (all.empty()) {
    for (const std::size_t units : plan.hidden.value_or(default_hidden)) {
      all.emplace_back(layers::Dense{.units = units, .activation = plan.activation, .initialiser = plan.initialiser});
      if (plan.dropout > 0) all.emplace_back(layers::Dropout{.rate = plan.dropout});
    }
  }
  all.emplace_back(layers::Dense{.units = outputs, .activation = output_activation, .initialiser = plan.initialiser});
  return all;
}

// --- data ---------------------------------------------------------------------------------------------------------

Target fit_source_target(const Source& source, const Plan& plan) {
  if (const auto* images = std::get_if<Images>(&source)) return fit_labels(*images);
  return fit_target(std::get<Table>(source), plan.target, plan.task);
}

template <class T>
Dataset<T> encode_dataset(const Preparation& preparation, const Target& target, const Source& source) {
  const std::size_t count = rows(source);
  const std::size_t width = std::visit([](const auto& each) { return each.width(); }, preparation);
  Dataset<T> data{.X = Matrix<T>(count, width), .targets = Matrix<T>(count, target_columns(target)), .weights = {}};
  if (count == 0) return data;
  encode<T>(preparation, source, data.X);
  if (const auto* number = std::get_if<NumberTarget>(&target)) {
    encode_numbers<T>(target_values(std::get<Table>(source), *number), *number, data.targets);
  } else {
    const auto& classes = std::get<ClassTarget>(target);
    const auto numbers = std::visit([&](const auto& each) { return class_numbers(each, classes); }, source);
    encode_classes<T>(numbers, classes, data.targets);
  }
  return data;
}

// What each class counts. Throws UsageError for weights that cannot be.
std::vector<double> class_weights(const Plan& plan, const ClassTarget& target,
                                  std::span<const std::uint32_t> numbers) {
  std::vector<double> weights(target.classes.size(), 1);
  for (const auto& [name, weight] : plan.class_weights) {
    const std::optional<std::uint32_t> number = target.find(name);
    if (!number) throw unknown_name("class", name, target.classes);
    if (!(weight >= 0) || !std::isfinite(weight))
      throw UsageError("the weight of class '" + name + "' must be 0 or above, found " + setting_text(weight));
    weights[*number] = weight;
  }
  if (plan.balanced) {
    std::vector<double> counts(weights.size());
    for (const std::uint32_t number : numbers) counts[number] += 1;
    const auto share = static_cast<double>(numbers.size()) / static_cast<double>(counts.size());
    for (std::size_t c = 0; c < weights.size(); ++c) weights[c] *= share / std::max(counts[c], 1.0);
  }
  return weights;
}

// The weights of a dataset of classes, where they are not all 1. `by_class` was taken from the training rows.
template <class T>
Vector<T> sample_weights(std::span<const double> by_class, std::span<const std::uint32_t> numbers) {
  Vector<T> weights(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) weights[i] = static_cast<T>(by_class[numbers[i]]);
  return weights;
}

template <class T>
void weigh_classes(const Plan& plan, const Target& target, const Source& train, const Source& validation,
                   Preparations<T>& ready) {
  if (!plan.balanced && plan.class_weights.empty()) return;
  const auto* classes = std::get_if<ClassTarget>(&target);
  if (classes == nullptr) throw UsageError("class weights are for classes, but the target is a number");
  const auto numbers_of = [&](const Source& source) {
    return std::visit([&](const auto& each) { return class_numbers(each, *classes); }, source);
  };
  const std::vector<std::uint32_t> numbers = numbers_of(train);
  const std::vector<double> by_class = class_weights(plan, *classes, numbers);
  ready.train.weights = sample_weights<T>(by_class, numbers);
  if (rows(validation) > 0) ready.validation.weights = sample_weights<T>(by_class, numbers_of(validation));
}

Source select_rows(const Source& source, std::span<const std::uint32_t> rows) {
  if (const auto* table = std::get_if<Table>(&source)) return table->select(rows);
  return select(std::get<Images>(source), rows);
}

std::map<std::string, std::string> settings_of(const TrainingOptions& options, const Plan& plan) {
  const double rate = options.learning_rate.value_or(default_learning_rate(options.optimizer));
  update_rules::Any rule =
      options.optimizer;  // with what overrides its settings, so that the record is what was done
  std::visit(
      [&](auto& each) {
        each.learning_rate = rate;
        if constexpr (requires { each.weight_decay; })
          each.weight_decay = options.regularisation.weight_decay.value_or(each.weight_decay);
      },
      rule);
  std::map<std::string, std::string> settings{{"optimizer", choice_text(rule)},
                                              {"schedule", choice_text(options.schedule.shape)},
                                              {"warmup", setting_text(options.schedule.warmup)},
                                              {"batch", setting_text(options.batch)},
                                              {"epochs", setting_text(options.epochs)},
                                              {"patience", setting_text(options.patience)},
                                              {"seed", std::to_string(options.seed)}};
  const auto unless_zero = [&](const std::string& name, double value) {
    if (value != 0) settings[name] = setting_text(value);
  };
  unless_zero("l1", options.regularisation.l1);
  unless_zero("l2", options.regularisation.l2);
  const bool in_rule = std::visit([](const auto& each) { return requires { each.weight_decay; }; }, rule);
  if (!in_rule) unless_zero("weight_decay", options.regularisation.weight_decay.value_or(0));
  unless_zero("clip_norm", options.clipping.norm);
  unless_zero("clip_value", options.clipping.value);
  unless_zero("label_smoothing", options.label_smoothing);
  unless_zero("dropout", plan.dropout);
  if (options.products == Factors::bf16) settings["products"] = "bf16";
  if (plan.columns.scaling != Scaling::standard) settings["scaling"] = scaling_name(plan.columns.scaling);
  if (plan.balanced) settings["class_weight"] = "balanced";
  for (const auto& [name, weight] : plan.class_weights) settings["class_weight " + name] = setting_text(weight);
  return settings;
}

}  // namespace

template <class T> Preparations<T> prepare(const Source& train, const Source& validation, const Plan& plan) {
  Preparations<T> ready;
  ready.target = fit_source_target(train, plan);
  if (auto* classes = std::get_if<ClassTarget>(&ready.target)) classes->one_hot = wants_one_hot(plan);

  if (const auto* table = std::get_if<Table>(&train)) {
    ColumnChoices choices = plan.columns;
    choices.ignore.push_back(plan.target);
    FittedTable fitted = fit_table(*table, choices);
    ready.preparation = std::move(fitted.preparation);
    ready.notices = std::move(fitted.notices);
  } else {
    ready.preparation = fit_images(std::get<Images>(train));
  }

  const Head head = decide_head(plan, ready.target);
  ready.loss = head.loss;
  if (auto* number = std::get_if<NumberTarget>(&ready.target); number != nullptr && head.activation != "identity")
    *number = {.name = number->name};  // an activation's range has a meaning in the user's unit: not standardised
  ready.network.own_activations = plan.own_activations;
  ready.network.inputs = std::visit([](const auto& each) { return each.width(); }, ready.preparation);
  ready.network.layers =
      decide_layers(plan, head.activation, target_columns(ready.target) * head.loss.outputs_per_target());

  ready.training = plan.training;
  ready.training.epochs = plan.epochs.value_or(default_epochs(rows(train)));
  ready.training.batch = plan.batch.value_or(default_batch(rows(train)));
  if (ready.training.label_smoothing > 0 && task_of(ready.target) == Task::regression)
    throw UsageError("label smoothing is for classes, but the target is a number");
  ready.train = encode_dataset<T>(ready.preparation, ready.target, train);
  ready.validation = encode_dataset<T>(ready.preparation, ready.target, validation);
  weigh_classes(plan, ready.target, train, validation, ready);
  const auto negative = [](T t) { return t < T(0); };
  if (ready.loss.name() == losses::Poisson::name && std::ranges::any_of(ready.train.targets.elements(), negative))
    throw Error("target column '" + plan.target + "' has negative values, and loss poisson is for counts");
  return ready;
}

SourceSplit hold_out(const Source& source, double fraction, const Plan& plan, std::uint32_t part) {
  const Target target = fit_source_target(source, plan);
  std::vector<std::uint32_t> strata;
  if (const auto* classes = std::get_if<ClassTarget>(&target))
    strata = std::visit([&](const auto& each) { return class_numbers(each, *classes); }, source);
  const Split split = split_rows(rows(source), fraction, strata, plan.training.seed, part);
  return {.kept = select_rows(source, split.kept), .held_out = select_rows(source, split.held_out)};
}

Plan with_task(Plan plan, const Source& source) {
  plan.task = task_of(fit_source_target(source, plan));
  return plan;
}

Table with_target(const Table& table, const std::string& target, std::size_t& left_out) {
  const std::vector<std::uint32_t> rows = rows_with_target(table, target);
  left_out = table.rows() - rows.size();
  return left_out == 0 ? table : table.select(rows);
}

template <class T>
Model make_model(const Preparations<T>& preparations, Network<T> network, const TrainerState<T>& state,
                 const Plan& plan) {
  const Metric metric = metric_of(preparations.target, preparations.loss);
  TrainingRecord record{.train_rows = preparations.train.rows(),
                        .validation_rows = preparations.validation.rows(),
                        .epochs = state.epoch,
                        .best_epoch = state.best_epoch,
                        .settings = settings_of(preparations.training, plan),
                        .validation = {},
                        .test = {}};
  if (record.validation_rows > 0)
    record.validation = {{"loss", state.best.loss}, {std::string(metric.name()), state.best.metric}};
  return {.preparation = preparations.preparation,
          .target = preparations.target,
          .loss = preparations.loss,
          .network = std::move(network),
          .record = std::move(record)};
}

TrainedModel train_model(const Source& source, const Plan& plan, const Observer& observer) {
  Source rows_to_use = source;
  std::vector<std::string> notices;
  if (const auto* table = std::get_if<Table>(&source)) {
    std::size_t left_out = 0;
    rows_to_use = with_target(*table, plan.target, left_out);
    if (left_out > 0) notices.push_back(std::to_string(left_out) + " rows without a target are left out");
  }
  const Plan decided = with_task(plan, rows_to_use);
  const SourceSplit split = hold_out(rows_to_use, 0.1, decided, 0);
  const Preparations<float> ready = prepare<float>(split.kept, split.held_out, decided);
  notices.insert(notices.end(), ready.notices.begin(), ready.notices.end());
  Network<float> network(ready.network);
  network.initialise(ready.training.seed);
  Trainer<float> trainer(network, ready.loss, metric_of(ready.target, ready.loss), ready.training, ready.train,
                         ready.validation);
  trainer.fit(observer);
  return {.model = make_model(ready, std::move(network), trainer.state(), decided), .notices = std::move(notices)};
}

#define NEURONE_INSTANTIATE(T)                                                    \
  template Preparations<T> prepare<T>(const Source&, const Source&, const Plan&); \
  template Model make_model<T>(const Preparations<T>&, Network<T>, const TrainerState<T>&, const Plan&);
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
