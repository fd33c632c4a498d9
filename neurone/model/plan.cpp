#include "neurone/model/plan.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"
#include "neurone/data/bins.h"
#include "neurone/data/cells.h"
#include "neurone/data/form_search.h"
#include "neurone/model/plan_checks.h"

namespace neurone {
namespace {

// --- what is decided when the user did not say -------------------------------------------------------------------

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

// The categories of more columns than these; nothing where there are none.
std::optional<layers::Embedding> embedding_of(const TablePreparation& preparation, std::size_t most_one_hot) {
  layers::Embedding embedding;
  std::size_t first = 0;
  for (const Column& column : preparation.columns) {
    const std::size_t width = column_width(column);
    if (std::holds_alternative<CategoryColumn>(column) && width > most_one_hot)
      embedding.blocks += (embedding.blocks.empty() ? "" : ";") + embedding_block(first, width);
    first += width;
  }
  return embedding.blocks.empty() ? std::nullopt : std::optional(embedding);
}

std::vector<LayerSpec> decide_layers(const Plan& plan, const Recipe& recipe, const Preparation& preparation,
                                     const Head& head, std::size_t outputs) {
  std::vector<LayerSpec> all = plan.layers;
  const double dropout = plan.dropout.value_or(recipe.dropout);
  if (all.empty()) {
    const std::vector<std::size_t> hidden = plan.hidden.value_or(recipe.hidden);
    const auto* table = std::get_if<TablePreparation>(&preparation);
    if (table != nullptr && recipe.most_one_hot && !hidden.empty())  // a linear model has nothing to gain by it
      if (const auto embedding = embedding_of(*table, *recipe.most_one_hot)) all.emplace_back(*embedding);
    if (recipe.scale) all.emplace_back(*recipe.scale);
    if (recipe.members > 1) all.emplace_back(layers::Members{.count = recipe.members});
    layers::Dense dense = recipe.hidden_layer;
    dense.activation = plan.activation.value_or(dense.activation);
    dense.initialiser = plan.initialiser.value_or(dense.initialiser);
    for (const std::size_t units : hidden) {
      dense.units = units;
      all.emplace_back(dense);
      if (dropout > 0) all.emplace_back(layers::Dropout{.rate = dropout});
    }
  }
  layers::Dense output = recipe.output_layer;
  output.bias = plan.output_bias;
  output.units = outputs;
  output.activation = head.activation;
  output.initialiser = plan.initialiser.value_or(output.initialiser);
  if (recipe.members > 1 && !plan.output_bias) throw UsageError("the heads of several members have a bias");
  if (recipe.members > 1)
    all.emplace_back(layers::Heads{.units = output.units,
                                   .activation = output.activation,
                                   .initialiser = output.initialiser,
                                   .bias_rate = output.bias_rate,
                                   .ntk = output.ntk});
  else
    all.emplace_back(output);
  return all;
}

// What belongs to batches and steps means nothing to a method that looks at all rows.
void check_goes_with_solver(const optimizers::Any& solver, const Plan& plan) {
  const std::string name(choice_name(solver));
  const std::vector<std::pair<const char*, bool>> said{
      {"a batch", plan.batch.has_value()},       {"a learning rate", plan.learning_rate.has_value()},
      {"a schedule", plan.schedule.has_value()}, {"a warm-up", plan.warmup > 0},
      {"dropout", plan.dropout.value_or(0) > 0}, {"clipping", plan.clipping.norm > 0 || plan.clipping.value > 0},
      {"bf16", plan.products != Factors::full}};
  for (const auto& [what, is_said] : said)
    if (is_said) throw UsageError(std::string(what) + " means nothing to " + name + ", which looks at all rows");
}

TrainingOptions decide_training(const Plan& plan, const Recipe& recipe, Task task) {
  if (plan.optimizer && optimizers::is_solver(*plan.optimizer)) check_goes_with_solver(*plan.optimizer, plan);
  if (plan.label_smoothing.value_or(0) > 0 && task == Task::regression)
    throw UsageError("label smoothing is for classes, but the target is a number");
  return {.epochs = plan.epochs.value_or(recipe.epochs),
          .batch = plan.batch.value_or(recipe.batch),
          .optimizer = plan.optimizer.value_or(recipe.optimizer),
          .learning_rate = plan.learning_rate,
          .schedule = {.shape = plan.schedule.value_or(recipe.schedule), .warmup = plan.warmup},
          .regularisation = {.l1 = plan.regularisation.l1,
                             .l2 = plan.regularisation.l2,
                             .weight_decay = plan.regularisation.weight_decay ? plan.regularisation.weight_decay
                                                                              : recipe.weight_decay},
          .clipping = plan.clipping,
          .label_smoothing = plan.label_smoothing.value_or(0),
          .best_by = plan.best_by,
          .patience = plan.patience,
          .stopping = plan.stopping,
          .seed = plan.seed,
          .products = plan.products,
          .threads = plan.threads};
}

// --- data ---------------------------------------------------------------------------------------------------------

// What the rows of a table count by their own column.
template <class T>
void multiply_weights(const Table& table, const std::string& name, const NumberForm& form, Vector<T>& weights) {
  const std::size_t column = table.column(name);
  if (weights.empty()) weights.resize(table.rows(), T(1));
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const CellNumber weight = parse_number(table.cell(row, column), form);
    if (weight && *weight >= 0) weights[row] *= static_cast<T>(*weight);
    if (!weight || *weight < 0 || !std::isfinite(weights[row]))
      throw Error(table.place(row), "weight column '" + name + "': expected a number of 0 or above, found '" +
                                        std::string(table.cell(row, column)) + "'");
  }
  if (std::ranges::all_of(weights, [](T weight) { return weight == 0; }))
    throw Error(table.source(), "weight column '" + name + "': no row that is to be learnt from counts anything");
}

// rows × target columns.
template <class T> Matrix<T> encode_targets(const Target& target, const Loss& loss, const Source& source) {
  Matrix<T> targets(rows(source), target_columns(target));
  if (const auto* classes = std::get_if<ClassTarget>(&target)) {
    encode_classes<T>(true_classes(source, *classes), *classes, targets);
  } else {
    const auto& table = std::get<Table>(source);
    const auto& number = std::get<NumberTarget>(target);
    const std::vector<double> values = target_values(table, number);
    check_values_fit(table, number, values, loss);
    encode_numbers<T>(values, number, targets);
  }
  return targets;
}

Recipe recipe_for(const Plan& plan, const Source& source, Task task) {
  if (plan.optimizer)
    if (const auto solver = optimizers::as<solvers::Any>(*plan.optimizer)) return recipe_for_solver(*solver);
  const bool own_design = !plan.layers.empty() || plan.optimizer;
  if (!std::holds_alternative<Table>(source) || own_design) return plain_recipe(rows(source));
  return plan.best ? best_recipe_for_tables(task, rows(source)) : recipe_for_tables(task, rows(source));
}

std::size_t bins_by_default(const Recipe& recipe, const TablePreparation& preparation) {
  const auto numbers = std::ranges::count_if(
      preparation.columns, [](const Column& each) { return std::holds_alternative<NumericColumn>(each); });
  return static_cast<std::size_t>(numbers) > recipe.most_binned ? 0 : recipe.bins;
}

// What each class counts. Throws UsageError for weights that cannot be.
std::vector<double> decide_class_weights(const Plan& plan, const Source& source, const Target& classes) {
  if (!plan.balanced && plan.class_weights.empty()) return {};
  if (task_of(classes) == Task::regression)
    throw UsageError("class weights are for classes, but the target is a number");
  const auto& target = std::get<ClassTarget>(classes);
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
    for (const std::uint32_t number : true_classes(source, target)) counts[number] += 1;
    const auto share = static_cast<double>(rows(source)) / static_cast<double>(counts.size());
    for (std::size_t c = 0; c < weights.size(); ++c) weights[c] *= share / std::max(counts[c], 1.0);
  }
  return weights;
}

Table select_left(const Table& table, const std::vector<std::uint32_t>& rows, std::size_t& left_out) {
  left_out = table.rows() - rows.size();
  return left_out == 0 ? table : table.select(rows);
}

}  // namespace

Target fit_source_target(const Source& source, const Plan& plan) {
  if (const auto* images = std::get_if<Images>(&source)) return fit_labels(*images);
  check_roles(plan);
  return fit_target(std::get<Table>(source), plan.target, {.task = plan.task, .form = plan.target_form});
}

std::map<std::string, std::string> settings_of(const TrainingOptions& options, const Plan& plan) {
  const double rate = options.learning_rate.value_or(optimizers::default_learning_rate(options.optimizer));
  optimizers::Any rule = options.optimizer;  // with what overrides its settings, so that the record is what was done
  std::visit(
      [&](auto& each) {
        if constexpr (requires { each.learning_rate; }) each.learning_rate = rate;
        if constexpr (requires { each.weight_decay; })
          each.weight_decay = options.regularisation.weight_decay.value_or(each.weight_decay);
      },
      rule);
  std::map<std::string, std::string> settings{{"optimizer", choice_text(rule)},
                                              {"epochs", setting_text(options.epochs)},
                                              {"patience", setting_text(options.patience)},
                                              {"seed", std::to_string(options.seed)}};
  if (!optimizers::is_solver(rule)) {
    settings["schedule"] = choice_text(options.schedule.shape);
    settings["warmup"] = setting_text(options.schedule.warmup);
    settings["batch"] = setting_text(options.batch);
  }
  if (options.best_by != BestBy::metric) settings["best_by"] = best_by_name(options.best_by);
  if (options.stopping) settings["stop"] = choice_text(*options.stopping);
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
  unless_zero("dropout", plan.dropout.value_or(0));
  if (options.products == Factors::bf16) settings["products"] = "bf16";
  if (plan.raw) settings["raw"] = "true";
  if (!plan.output_bias) settings["output_bias"] = "false";
  if (plan.restarts > 1) settings["restarts"] = setting_text(plan.restarts);
  for (const auto& [name, values] : plan.start) settings["start"] += (settings["start"].empty() ? "" : ", ") + name;
  if (plan.columns.scaling) settings["scaling"] = scaling_name(*plan.columns.scaling);
  for (const auto& [name, column] : {std::pair("weight", plan.weight), {"group", plan.group}, {"time", plan.time}})
    if (column) settings[name] = *column;
  if (plan.balanced) settings["class_weight"] = "balanced";
  for (const auto& [name, weight] : plan.class_weights) settings["class_weight " + name] = setting_text(weight);
  return settings;
}

SoughtColumns sought_by(const Plan& plan) {
  SoughtColumns sought;
  if (!plan.target.empty()) sought.names.push_back(plan.target);
  for (const auto& name : {plan.weight, plan.group, plan.time})
    if (name) sought.names.push_back(*name);
  for (const auto& names : {plan.columns.ignore, plan.columns.category, plan.columns.numeric})
    sought.names.insert(sought.names.end(), names.begin(), names.end());
  return sought;
}

std::size_t networks_for(const Plan& plan, const Source& source) {
  if (plan.ensemble == 0U) throw UsageError("an ensemble needs at least 1 network");
  if (plan.restarts == 0) throw UsageError("restarts: expected at least 1");
  if (plan.restarts > 1 && plan.ensemble.value_or(1) > 1)
    throw UsageError("an ensemble keeps all its networks, restarts keep the best one: give one or the other");
  if (plan.restarts > 1) return plan.restarts;
  if (plan.ensemble) return *plan.ensemble;
  return recipe_for(plan, source, task_of(fit_source_target(source, plan))).networks;
}

Preparations prepare(const Source& source, const Plan& plan) {
  Preparations ready;
  ready.target = fit_source_target(source, plan);
  if (auto* classes = std::get_if<ClassTarget>(&ready.target)) classes->one_hot = wants_one_hot(plan);
  const Task task = task_of(ready.target);
  const Recipe recipe = recipe_for(plan, source, task);

  if (const auto* table = std::get_if<Table>(&source)) {
    ColumnChoices choices = plan.columns;
    choices.ignore.push_back(plan.target);
    for (const std::optional<std::string>& no_input : {plan.weight, plan.group})
      if (no_input) choices.ignore.push_back(*no_input);
    if (plan.raw && choices.scaling) throw UsageError("raw numbers are not scaled: give one or the other");
    if (!choices.scaling) choices.scaling = plan.raw ? Scaling::none : recipe.scaling;
    FittedTable fitted = fit_table(*table, choices);
    if (const std::size_t bins = plan.bins.value_or(bins_by_default(recipe, fitted.preparation)); bins > 0) {
      const bool by_target = task == Task::classification;
      cut_into_bins(*table, by_target ? encode_targets<double>(ready.target, ready.loss, source) : Matrix<double>(),
                    bins, fitted.preparation);
    }
    ready.preparation = std::move(fitted.preparation);
    ready.notices = std::move(fitted.notices);
    for (std::string& notice : notices_of_target(ready.target)) ready.notices.push_back(std::move(notice));
    if (plan.weight)
      ready.weight_form = form_or_plain(*table, table->column(*plan.weight), "weight column '" + *plan.weight + "'");
  } else {
    ready.preparation = fit_images(std::get<Images>(source));
  }

  const Head head = decide_head(plan, ready.target);
  ready.loss = head.loss;
  if (auto* number = std::get_if<NumberTarget>(&ready.target)) {
    if (!head.loss.takes_logits())
      if (std::string notice = notice_of_reach(find_activation(head.activation, plan.own_activations), *number);
          !notice.empty())
        ready.notices.push_back(std::move(notice));
    if (head.activation != "identity" || plan.raw) {  // its range has a meaning in the user's unit: not standardised
      number->mean = 0;
      number->deviation = 1;
    }
    if (plan.raw) {  // the formula says what it says, wherever it is asked
      number->lowest = -std::numeric_limits<double>::infinity();
      number->highest = std::numeric_limits<double>::infinity();
    }
  }
  ready.weight = plan.weight;
  ready.class_weights = decide_class_weights(plan, source, ready.target);
  ready.network.own_activations = plan.own_activations;
  ready.network.inputs = std::visit([](const auto& each) { return each.width(); }, ready.preparation);
  ready.network.layers = decide_layers(plan, recipe, ready.preparation, head,
                                       target_columns(ready.target) * head.loss.outputs_per_target());
  ready.training = decide_training(plan, recipe, task);
  return ready;
}

template <class T> Dataset<T> encode_dataset(const Preparations& preparations, const Source& source, RowsFor use) {
  const std::size_t count = rows(source);
  const std::size_t width = std::visit([](const auto& each) { return each.width(); }, preparations.preparation);
  Dataset<T> data{.X = Matrix<T>(0, width), .targets = Matrix<T>(count, target_columns(preparations.target))};
  if (count == 0) return data;
  data.X = encode<T>(preparations.preparation, source);
  data.targets = encode_targets<T>(preparations.target, preparations.loss, source);
  if (use == RowsFor::learning && !preparations.class_weights.empty())
    for (const std::uint32_t each : true_classes(source, std::get<ClassTarget>(preparations.target)))
      data.weights.push_back(static_cast<T>(preparations.class_weights[each]));
  if (use == RowsFor::learning && preparations.weight)
    multiply_weights(std::get<Table>(source), *preparations.weight, preparations.weight_form, data.weights);
  return data;
}

Plan with_task(Plan plan, const Source& source) {
  const Target target = fit_source_target(source, plan);
  plan.task = task_of(target);
  plan.target_form = std::visit(
      []<class Kind>(const Kind& each) {
        if constexpr (std::is_same_v<Kind, NumberTarget>)
          return each.form;
        else
          return each.spelling.form;
      },
      target);
  return plan;
}

Table with_target(const Table& table, const std::string& target, std::size_t& left_out) {
  return select_left(table, rows_with_target(table, target), left_out);
}

Table with_target(const Table& table, const Target& target, std::size_t& left_out) {
  return select_left(table, rows_with_target(table, target), left_out);
}

template Dataset<float> encode_dataset<float>(const Preparations&, const Source&, RowsFor);
template Dataset<double> encode_dataset<double>(const Preparations&, const Source&, RowsFor);

}  // namespace neurone
