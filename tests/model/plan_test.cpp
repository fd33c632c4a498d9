// What is decided when nothing is said, and which wishes cannot be.
#include "neurone/model/plan.h"

#include <gtest/gtest.h>

#include "neurone/model/splits.h"
#include "tests/model/plans.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

const Table two_classes = table_of({"no", "yes"}), three_classes = table_of({"a", "b", "c"});
const Table number = table_of({"0.5", "2.5", "3", "10"});

// The last layer and the loss.
std::string end_of(const Table& table, Plan plan) {
  plan.hidden = std::vector<std::size_t>{};
  const std::string text = decided(table, plan), scale = "scale:rate=6, ";
  EXPECT_TRUE(text.starts_with(scale)) << text;
  return text.substr(scale.size());
}
std::string with_loss(const Table& table, const std::string& loss) {
  Plan plan = plan_for_y();
  plan.loss = loss;
  return end_of(table, plan);
}
std::string with_output(const Table& table, const std::string& activation) {
  Plan plan = plan_for_y();
  plan.output_activation = activation;
  return end_of(table, plan);
}

// --- what is decided -----------------------------------------------------------------------------------------------

TEST(Plan, two_classes_are_one_sigmoid) {
  EXPECT_EQ(decided(two_classes, plan_for_y()),
            "scale:rate=6, 256 selu, dropout:rate=0.15, 256 selu, dropout:rate=0.15, 256 selu, dropout:rate=0.15, 1 "
            "sigmoid | binary_cross_entropy");
}

TEST(Plan, more_classes_are_a_softmax) {
  EXPECT_EQ(decided(three_classes, plan_for_y()),
            "scale:rate=6, 256 selu, dropout:rate=0.15, 256 selu, dropout:rate=0.15, 256 selu, dropout:rate=0.15, 3 "
            "softmax | categorical_cross_entropy");
}

TEST(Plan, a_number_is_an_identity) {
  EXPECT_EQ(decided(number, plan_for_y()),
            "scale:rate=6, 256 mish, dropout:rate=0.15, 256 mish, dropout:rate=0.15, 256 mish, dropout:rate=0.15, 1 "
            "identity | squared_error");
}

TEST(Plan, the_output_activation_decides_the_loss) {
  EXPECT_EQ(with_output(two_classes, "softmax"), "2 softmax | categorical_cross_entropy");
  EXPECT_EQ(with_output(two_classes, "log_softmax"), "2 log_softmax | categorical_cross_entropy");
  EXPECT_EQ(with_output(three_classes, "sigmoid"), "3 sigmoid | binary_cross_entropy");
  EXPECT_EQ(with_output(three_classes, "tanh"), "3 tanh | squared_error");
  EXPECT_EQ(with_output(number, "relu"), "1 relu | squared_error");
}

TEST(Plan, the_loss_decides_the_output_activation) {
  EXPECT_EQ(with_loss(two_classes, "categorical_cross_entropy"), "2 softmax | categorical_cross_entropy");
  EXPECT_EQ(with_loss(two_classes, "hinge"), "1 identity | hinge");
  EXPECT_EQ(with_loss(three_classes, "hinge"), "3 identity | hinge");
  EXPECT_EQ(with_loss(two_classes, "squared_error"), "1 sigmoid | squared_error");
  EXPECT_EQ(with_loss(three_classes, "squared_error"), "3 softmax | squared_error");
  EXPECT_EQ(with_loss(number, "poisson"), "1 exp | poisson");
  EXPECT_EQ(with_loss(number, "gaussian_nll"), "2 identity | gaussian_nll");
  EXPECT_EQ(with_loss(number, "huber:delta=2"), "1 identity | huber:delta=2");
}

TEST(Plan, cross_entropy_and_focal_are_those_of_the_target) {
  EXPECT_EQ(with_loss(two_classes, "cross_entropy"), "1 sigmoid | binary_cross_entropy");
  EXPECT_EQ(with_loss(three_classes, "cross_entropy"), "3 softmax | categorical_cross_entropy");
  EXPECT_EQ(with_loss(two_classes, "focal"), "1 sigmoid | binary_focal:gamma=2");
  EXPECT_EQ(with_loss(three_classes, "focal:gamma=1"), "3 softmax | categorical_focal:gamma=1");
}

TEST(Plan, cross_entropy_of_two_classes_with_softmax_is_the_categorical_one) {
  Plan plan = plan_for_y();
  plan.loss = "cross_entropy";
  plan.output_activation = "softmax";
  EXPECT_EQ(end_of(two_classes, plan), "2 softmax | categorical_cross_entropy");
}

TEST(Plan, hidden_layers_are_what_was_said) {
  Plan plan = plan_for_y();
  plan.hidden = {5, 4};
  plan.activation = "tanh";
  plan.dropout = 0.25;
  EXPECT_EQ(decided(number, plan),
            "scale:rate=6, 5 tanh, dropout:rate=0.25, 4 tanh, dropout:rate=0.25, 1 identity | squared_error");
}

TEST(Plan, layers_that_are_said_one_by_one_come_before_the_output) {
  Plan plan = plan_for_y();
  plan.layers = {layers::Dense{.units = 6, .activation = "silu"}, layers::LayerNorm{}};
  EXPECT_EQ(decided(three_classes, plan),
            "6 silu, layer_norm:activation=identity,epsilon=1e-05, 3 softmax | categorical_cross_entropy");
}

TEST(Plan, a_table_without_wishes_is_trained_by_its_recipe) {
  const auto trained = [](const Table& table, const Plan& plan) {
    const TrainingOptions training = prepare(table, plan).training;
    return choice_text(training.optimizer) + " " + choice_text(training.schedule.shape) + " " +
           std::to_string(training.batch) + " " + setting_text(training.regularisation.weight_decay.value_or(-1));
  };
  EXPECT_EQ(trained(three_classes, plan_for_y()),
            "adam:learning_rate=0.04,beta1=0.9,beta2=0.95,epsilon=1e-08 cosine_log:cycles=4 256 0.02");
  EXPECT_EQ(trained(number, plan_for_y()),
            "adam:learning_rate=0.07,beta1=0.9,beta2=0.95,epsilon=1e-08 cosine_log:cycles=4 256 0.02");
  Plan plan = plan_for_y();
  plan.schedule = schedules::Constant{};
  plan.regularisation.weight_decay = 0;
  EXPECT_EQ(trained(three_classes, plan),
            "adam:learning_rate=0.04,beta1=0.9,beta2=0.95,epsilon=1e-08 constant 256 0");
}

TEST(Plan, the_first_weights_of_the_recipe_are_its_own) {
  const std::vector<LayerSpec> layers = prepare(number, plan_for_y()).network.layers;
  const auto& hidden = std::get<layers::Dense>(layers.at(1));
  EXPECT_EQ(hidden.initialiser + " " + hidden.bias_initialiser, "lecun_normal lecun_normal");
  EXPECT_EQ(hidden.bias_rate, 0.1);
  EXPECT_TRUE(hidden.ntk);
  const auto& output = std::get<layers::Dense>(layers.back());
  EXPECT_EQ(output.initialiser + " " + output.bias_initialiser, "zeros zeros");
  EXPECT_TRUE(output.ntk);
}

TEST(Plan, whoever_chooses_the_optimizer_gets_nothing_that_goes_with_another) {
  Plan plan = plan_for_y();
  plan.optimizer = update_rules::SGD{};
  EXPECT_EQ(decided(number, plan), "128 relu, 64 relu, 1 identity | squared_error");
  const Preparations ready = prepare(number, plan);
  EXPECT_EQ(choice_text(ready.training.optimizer), "sgd:learning_rate=0.01");
  EXPECT_EQ(choice_text(ready.training.schedule.shape), "cosine:last=0");
  EXPECT_FALSE(ready.training.regularisation.weight_decay);
  const auto column = std::get<NumericColumn>(std::get<TablePreparation>(ready.preparation).columns[0]);
  EXPECT_EQ(column.scale.clip, 0);
  EXPECT_EQ(column.bins(), 0U);
  EXPECT_EQ(networks_for(plan, number), 1U);
}

TEST(Plan, small_tables_are_seen_more_often_than_large_ones) {
  const auto epochs_for = [](std::size_t rows, const Plan& plan) {
    return prepare(table_of({"a", "b"}, rows), plan).training.epochs;
  };
  EXPECT_EQ(epochs_for(12, plan_for_y()), 256U);
  EXPECT_EQ(epochs_for(10'500, plan_for_y()), 100U);
  EXPECT_EQ(epochs_for(120'000, plan_for_y()), 16U);
  Plan plain = plan_for_y();
  plain.layers = {layers::Dense{}};
  EXPECT_EQ(epochs_for(12, plain), 200U);
  EXPECT_EQ(epochs_for(6000, plain), 100U);
  EXPECT_EQ(epochs_for(40000, plain), 20U);
}

TEST(Plan, several_networks_learn_a_table_that_is_not_large) {
  EXPECT_EQ(networks_for(plan_for_y(), table_of({"a", "b"}, 99'999)), 4U);
  EXPECT_EQ(networks_for(plan_for_y(), table_of({"a", "b"}, 100'000)), 1U);
  Plan plan = plan_for_y();
  plan.ensemble = 2;
  EXPECT_EQ(networks_for(plan, number), 2U);
  plan.ensemble = 0;
  EXPECT_EQ(message_of<UsageError>([&] { networks_for(plan, number); }), "an ensemble needs at least 1 network");
}

TEST(Plan, epochs_and_batch_are_those_that_were_said) {
  Plan plan = plan_for_y();
  plan.epochs = 7;
  plan.batch = 3;
  const TrainingOptions training = prepare(number, plan).training;
  EXPECT_EQ(training.epochs, 7U);
  EXPECT_EQ(training.batch, 3U);
}

// --- the data ------------------------------------------------------------------------------------------------------

TEST(Plan, a_number_is_standardised_for_an_identity_and_for_nothing_else) {
  const auto target_with = [](const std::optional<std::string>& loss, const std::optional<std::string>& output) {
    Plan plan = plan_for_y();
    plan.loss = loss;
    plan.output_activation = output;
    return std::get<NumberTarget>(prepare(number, plan).target);
  };
  EXPECT_EQ(target_with({}, {}).mean, 4);
  EXPECT_GT(target_with({}, {}).deviation, 3);
  for (const NumberTarget& plain :
       {target_with("poisson", {}), target_with({}, "exp"), target_with({}, "softplus")}) {
    EXPECT_EQ(plain.name, "y");
    EXPECT_EQ(plain.mean, 0);
    EXPECT_EQ(plain.deviation, 1);
    EXPECT_EQ(plain.lowest, 0.5);
    EXPECT_EQ(plain.highest, 10);
  }
}

TEST(Plan, the_best_recipe_has_two_networks_and_one_where_rows_are_many) {
  Plan plan = plan_for_y();
  plan.best = true;
  EXPECT_EQ(networks_for(plan, table_of({"a", "b"}, 60)), 2U);
  EXPECT_EQ(networks_for(plan, table_of({"a", "b"}, 120'000)), 1U);
}

TEST(Plan, rows_without_a_target_are_counted) {
  std::size_t left_out = 9;
  const Table table({"x", "y"}, {{"1", "a"}, {"2", ""}, {"3", "b"}});
  EXPECT_EQ(with_target(table, "y", left_out).rows(), 2U);
  EXPECT_EQ(left_out, 1U);
}

TEST(Plan, classes_keep_their_share_in_what_is_held_out) {
  const Table table = table_of({"a", "a", "a", "b"}, 80);
  const SourceSplit split = hold_out(table, 0.25, plan_for_y(), 0);
  const auto& held_out = std::get<Table>(split.held_out);
  std::size_t b = 0;
  for (std::size_t row = 0; row < held_out.rows(); ++row)
    if (held_out.cell(row, 1) == "b") ++b;
  EXPECT_EQ(held_out.rows(), 20U);
  EXPECT_EQ(b, 5U);
  EXPECT_EQ(rows(split.kept), 60U);
}

// --- what cannot be ------------------------------------------------------------------------------------------------

TEST(Plan, a_loss_and_an_output_that_do_not_fit_are_refused) {
  const auto refused = [](const Table& table, const std::string& loss, const std::string& output) {
    Plan plan = plan_for_y();
    plan.loss = loss;
    plan.output_activation = output;
    return message_of<UsageError>([&] { prepare(table, plan); });
  };
  EXPECT_EQ(refused(three_classes, "cross_entropy", "relu"),
            "loss categorical_cross_entropy needs the output activation softmax or log_softmax, found relu");
  EXPECT_EQ(refused(two_classes, "binary_cross_entropy", "tanh"),
            "loss binary_cross_entropy needs the output activation sigmoid, found tanh");
  EXPECT_EQ(refused(number, "poisson", "identity"), "loss poisson needs the output activation exp, found identity");
}

TEST(Plan, a_loss_or_an_output_of_the_other_task_is_refused) {
  EXPECT_EQ(message_of<UsageError>([] { with_loss(three_classes, "poisson"); }),
            "loss poisson is for numbers, but the target is of classes");
  EXPECT_EQ(message_of<UsageError>([] { with_loss(two_classes, "gaussian_nll"); }),
            "loss gaussian_nll is for numbers, but the target is of classes");
  EXPECT_EQ(message_of<UsageError>([] { with_output(number, "softmax"); }),
            "output activation softmax is for classes, but the target is a number");
  EXPECT_EQ(message_of<UsageError>([] { with_loss(number, "categorical_cross_entropy"); }),
            "loss categorical_cross_entropy is for classes, but the target is a number");
}

TEST(Plan, unknown_names_get_a_suggestion) {
  EXPECT_EQ(message_of<UsageError>([] { with_loss(number, "hubr"); }), "unknown loss 'hubr': did you mean 'huber'?");
  EXPECT_EQ(message_of<UsageError>([] { with_output(number, "identiti"); }),
            "unknown activation 'identiti': did you mean 'identity'?");
  Plan plan;
  plan.target = "yy";
  EXPECT_THROW(prepare(number, plan), UsageError);
}

}  // namespace
}  // namespace neurone
