// Uses the installed library as a stranger would, through its headers and its one target: trains a network on a table
// made in memory, saves it, loads it and predicts.
#include <cstdio>
#include <string>
#include <vector>

#include "neurone/neurone.h"

int main() {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 200; ++i) {
    const int x = i % 20, y = i / 20;
    rows.push_back({std::to_string(x), std::to_string(y), x > 2 * y ? "below" : "above"});
  }
  const neurone::Table table({"x", "y", "side"}, rows);
  neurone::Plan plan;
  plan.target = "side";
  plan.epochs = 60;
  neurone::save_model(neurone::train_model(table, plan).model, "side.safetensors");
  const neurone::Model model = neurone::load_model("side.safetensors");
  const neurone::Evaluation evaluation = neurone::evaluate(model, table);
  const neurone::Figure& accuracy = evaluation.figures.front();
  std::printf("%s %.3f\n", accuracy.name.c_str(), accuracy.value);
  return accuracy.name == "accuracy" && accuracy.value > 0.95 ? 0 : 1;
}
