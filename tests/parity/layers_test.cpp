#include <gtest/gtest.h>

#include <memory>

#include "neurone/layer/layers.h"
#include "tests/parity/recorded.h"

namespace neurone {
namespace {

using recorded::expect_agreement;
using recorded::Json;

template <class T> class ParityOfLayers : public testing::Test {};
TYPED_TEST_SUITE(ParityOfLayers, recorded::Precisions);

template <class T> std::shared_ptr<const Layer<T>> layer_of(const Json& each) {
  return make_layer<T>(parse_choice<LayerSpec>("layer", each["layer"].get<std::string>()), each["inputs"], 0, {});
}

// One recorded pass forward and back; the running statistics are moved in training.
template <class T>
void replay(const Layer<T>& layer, const Vector<T>& parameters, const Json& each, std::span<T> statistics) {
  const Matrix<T> X = recorded::matrix<T>(each["X"]), dZ = recorded::matrix<T>(each["dZ"]);
  Matrix<T> Z = poisoned<T>(X.rows(), layer.outputs()), dX = poisoned<T>(X.rows(), X.columns());
  Vector<T> scratch(layer.scratch(X.rows()));
  Vector<T> gradient(parameters.size());
  poison(std::span(scratch));
  poison(std::span(gradient));
  const Pass pass{.training = each.value("training", true)};

  Workbench<T> workbench;
  layer.forward({.pass = pass,
                 .parameters = parameters,
                 .statistics = statistics,
                 .X = X,
                 .Z = Z,
                 .scratch = scratch,
                 .workbench = &workbench});
  layer.backward({.pass = pass,
                  .parameters = parameters,
                  .X = X,
                  .dZ = dZ,
                  .scratch = scratch,
                  .gradient = gradient,
                  .dX = dX,
                  .workbench = &workbench});
  if (pass.training) layer.update_statistics(X.rows(), scratch, statistics);

  expect_agreement<T>("Z", Z.view(), each["Z"]);
  expect_agreement<T>("gradient", std::span<const T>(gradient), each["gradient"]);
  expect_agreement<T>("dX", dX.view(), each["dX"]);
}

TYPED_TEST(ParityOfLayers, outputs_and_gradients_agree) {
  using T = TypeParam;
  for (const Json& each : recorded::figures("layers.json", "stateless")) {
    SCOPED_TRACE(each["layer"]);
    const auto layer = layer_of<T>(each);
    const Vector<T> parameters = recorded::vector<T>(each["parameters"]);
    for (const Json& pass : each["passes"]) replay<T>(*layer, parameters, pass, {});
  }
}

TYPED_TEST(ParityOfLayers, batch_norm_agrees_in_training_and_with_the_statistics_it_has_gathered) {
  using T = TypeParam;
  for (const Json& each : recorded::figures("layers.json", "batch_norm")) {
    SCOPED_TRACE(each["layer"]);
    const auto layer = layer_of<T>(each);
    Vector<T> parameters = recorded::vector<T>(each["parameters"]), untrained = parameters;
    Vector<T> statistics(parameters.size());
    poison(std::span(statistics));
    layer->initialise(Random(1, {.purpose = Purpose::initialise}), untrained, statistics);
    for (const Json& pass : each["passes"]) {
      replay<T>(*layer, parameters, pass, statistics);
      expect_agreement<T>("statistics", std::span<const T>(statistics), pass["statistics"]);
    }
  }
}

}  // namespace
}  // namespace neurone
