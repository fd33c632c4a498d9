// From a CSV to a model that predicts: read, train, evaluate, save, load, predict.
// Run as: table data/penguins/penguins.csv
#include <cstdio>
#include <exception>
#include <string>

#include "neurone/neurone.h"

int main(int count, char** arguments) try {
  if (count != 2) return std::fprintf(stderr, "usage: table penguins.csv\n"), 2;

  neurone::Plan plan;
  plan.target = "species";
  const auto [known, held_out] = neurone::hold_out(neurone::read_csv(arguments[1]), 0.2, plan, 1);
  const neurone::Model trained = neurone::train_model(known, plan).model;
  const neurone::Evaluation evaluation = neurone::evaluate(trained, held_out);
  neurone::save_model(trained, "penguins.safetensors");
  const neurone::Model model = neurone::load_model("penguins.safetensors");
  const neurone::Predictions predictions = neurone::predict(model, held_out);

  std::printf("on %zu rows held out:\n", neurone::rows(held_out));
  for (const neurone::Figure& each : evaluation.figures) {
    std::printf("  %-18s %.4f", each.name.c_str(), each.value);
    if (each.interval) std::printf("  95 %%: %.4f to %.4f", each.interval->low, each.interval->high);
    std::printf("\n");
  }
  const auto& classes = std::get<neurone::ClassTarget>(model.target).classes;
  std::printf("the first of them is %s", classes[predictions.classes[0]].c_str());
  for (std::size_t c = 0; c < classes.size(); ++c)
    std::printf("%s %s %.4f", c == 0 ? ":" : ",", classes[c].c_str(), predictions.values(0, c));
  std::printf("\n");

  // what was loaded predicts as what was trained
  const bool same = predictions.values == neurone::predict(trained, held_out).values;
  return same && evaluation.figures[0].value > 0.95 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "table: %s\n", error.what());
  return 1;
}
