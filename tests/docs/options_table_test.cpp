// docs/options.md is the lists of losses, optimizers, schedules, layers and initialisers, written as tables.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "neurone/layer/layers.h"
#include "neurone/loss/losses.h"
#include "neurone/optimizer/schedules.h"
#include "neurone/optimizer/update_rules.h"
#include "neurone/solver/solvers.h"
#include "neurone/training/stopping.h"

namespace neurone {
namespace {

std::string code(std::string_view text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? std::string("\\|") : std::string(1, c);
  return "`" + cell + "`";
}

// "`delta=1`, `tau=0.5`", or a dash
std::string settings_of(const auto& alternative) {
  std::string text;
  visit_settings(alternative, [&](std::string_view key, const auto& value) {
    text += (text.empty() ? "" : ", ") + code(std::string(key) + "=" + setting_text(value));
  });
  return text.empty() ? "–" : text;
}

template <class Variant> std::string table_of() {
  std::string text = "| name | settings |\n|---|---|\n";
  for_each_alternative<Variant>(
      [&](const auto& each) { text += "| " + code(each.name) + " | " + settings_of(each) + " |\n"; });
  return text;
}

std::string loss_table() {
  std::string text = "| name | a sample's loss | settings | output activation |\n|---|---|---|---|\n";
  for_each_alternative<losses::Any>([&]<class Formula>(const Formula& each) {
    std::string links;
    if constexpr (requires { Formula::links; })
      for (const std::string_view link : Formula::links) links += (links.empty() ? "" : ", ") + code(link);
    text += "| " + code(each.name) + " | " + code(each.formula) + " | " + settings_of(each) + " | " +
            (links.empty() ? "any" : links) + " |\n";
  });
  return text;
}

std::string page() {
  return R"(# What can be chosen, and its settings

Settings stand behind the name: `adam:beta1=0.95,beta2=0.99`, or without their keys in this order, `huber:2`. The tables
show the defaults. A test compares this page with the lists in the code.

## Losses, `--loss`

`y` is the output, `z` the pre-activation of the last layer, `t` the target, `s` the sigmoid, `S` the softmax. The loss of a
batch is the weighted mean over its samples. `cross_entropy` and `focal` stand for the binary or the categorical form, as the
task needs it. The target is standardised when it is a number and the output activation is `identity`; a setting such as
`delta` is then in standard deviations.

)" + loss_table() +
         "\n## Optimizers, `--optimizer`\n\n`--learning-rate` wins over the setting `learning_rate`.\n\n" +
         table_of<update_rules::Any>() +
         "\nThese look at all rows before they move θ: an epoch is one of their iterations, the precision is double "
         "unless `--precision`\nsays otherwise, and batches, learning rates, schedules and clipping mean nothing to "
         "them. Dropout and batch normalisation cannot go\nwith them. `least-squares` and `newton` are for networks "
         "without hidden layers.\n\n" +
         table_of<solvers::Any>() +
         "\n## Schedules, `--schedule`\n\nTimes are in epochs, factors on the learning rate.\n\n" +
         table_of<schedules::Any>() +
         "\n## Stopping, `--stop`\n\nLooked at after every `strip` epochs, beside `--patience`: how many percent the "
         "validation loss lies above its lowest, that over\nthe training progress, or how often in a row it has "
         "risen "
         "(Prechelt 1998). Training progress is by how many thousandths the mean\ntraining loss of the last strip "
         "lies "
         "above its lowest; below `least_progress` all three stop as well.\n\n" +
         table_of<stopping::Any>() +
         "\n## Layers, `--layer` and `--network`\n\nAs text, \"dense 128 tanh\"; in TOML, `[[layer]]` with `type = "
         "\"dense\"` "
         "and the settings by name. The output layer is added.\nBehind `members` a sample is `count` rows, each with "
         "its "
         "own factors on the inputs; `heads` gives each of them an output of its\nown, and the prediction is their "
         "mean "
         "([layer/members.h](../neurone/layer/members.h)).\n`embedding` takes the columns of each of its blocks "
         "for one category and learns `dimension` numbers for each\nof its values; the columns are counted from 1, "
         "as in \"embedding 8-23;42-83\" ([layer/embedding.h](../neurone/layer/embedding.h)).\n\n" +
         table_of<LayerSpec>() +
         "\n## Initialisers, `--initialiser`\n\n`auto` takes the one that suits the activation.\n\n" +
         table_of<initialisers::Any>() + R"(
## Events, `train --json`

One JSON object a line on standard output.

| event | members |
|---|---|
| `start` | `columns`, `task`, `target`, `classes` (for classes), `rows` (`train`, `validation`, `test`, `without_target`; of the first network where there are several), `networks`, `layers`, `parameters`, `loss`, `memory` (bytes, about), `epochs`, `batch` |
| `certificate` | with `--certify`: `rows`, `checked`, `parameters`, `largest_error` |
| `epoch` | `network` and `epoch` (from 1), `train` and `validation` (each `loss` and `accuracy` or `rmse`), `best`, `learning_rate`, `seconds` |
| `done` | `best_epoch` (of the first network), `best_epochs`, `epochs`, `validation`, `test` ([figures](figures.md)) and `test_intervals` (of each figure `[low, high]`) where there are test rows, `comparison` (`figure`, `constant`, `linear`, `gain`, `gain_interval`) for tables, `estimates` of a solver's single network ([solvers](solvers.md)), `remarks` if there are any, `interrupted`, `model`, `report` (the page, unless there is none), `seconds` |

The training loss and metric of an epoch are gathered while the parameters move, with dropout at work; those of the
validation rows at its end, without. `crossvalidate --json` has the events `fold` (`fold` from 1, `rows`, `test`) and `done`
(`folds`, `mean`, `deviation`, each by figure). Members may be added, none will be taken away.
)";
}

TEST(Documentation, has_every_choice_with_its_settings_as_the_code_says) {
  std::ifstream file(PROJECT_SOURCE "/docs/options.md");
  const std::string found{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(found == page()) << "docs/options.md has to be:\n" << page();
}

}  // namespace
}  // namespace neurone
