#include <gtest/gtest.h>

#include <algorithm>

#include "neurone/loss/loss.h"
#include "neurone/network/network.h"
#include "neurone/optimizer/optimizer.h"
#include "tests/parity/recorded.h"

namespace neurone {
namespace {

using recorded::expect_agreement;
using recorded::Json;

template <class T> class ParityOfTraining : public testing::Test {};
TYPED_TEST_SUITE(ParityOfTraining, recorded::Precisions);

NetworkSpec spec_of(const Json& each) {
  NetworkSpec spec;
  spec.inputs = each["inputs"];
  for (const std::string layer : each["layers"]) spec.layers.push_back(parse_choice<LayerSpec>("layer", layer));
  return spec;
}

TYPED_TEST(ParityOfTraining, losses_parameters_and_statistics_agree_over_twenty_epochs) {
  using T = TypeParam;
  for (const Json& each : recorded::figures("training_curve.json", "cases")) {
    SCOPED_TRACE(each["name"]);
    Network<T> network(spec_of(each));
    network.initialise(1);  // for the statistics; the parameters are the recorded ones
    ASSERT_EQ(network.parameters().size(), each["start"].size());
    std::ranges::copy(recorded::vector<T>(each["start"]), network.parameters().begin());

    const Loss loss = Loss::parse(each["loss"].get<std::string>());
    typename Optimizer<T>::Options options;
    options.rule = parse_choice<update_rules::Any>("optimizer", each["rule"].get<std::string>());
    options.regularisation.l2 = each["l2"];
    Optimizer<T> optimizer(options, network.parameter_blocks(), network.parameters().size());
    const std::size_t batch = each["batches"][0]["X"].size();
    Workspace<T> workspace(network, batch, WorkspaceFor::training);
    const Pass pass{.training = true};

    for (std::size_t step = 0; step < each["losses"].size(); ++step) {
      const Json& data = each["batches"][step % each["batches"].size()];
      const Matrix<T> X = recorded::matrix<T>(data["X"]), targets = recorded::matrix<T>(data["targets"]);
      network.forward(pass, X, workspace);
      const std::size_t last = network.size() - 1;
      const ConstMatrixView<T> Y = loss.takes_logits() ? workspace.Z(last) : workspace.A(last);
      poison(workspace.gradient());
      poison(workspace.output_gradient().elements());
      const double value = loss.operator()<T>(Y, {.values = targets, .weights = {}}, workspace.output_gradient());
      network.backward(pass, X, loss.takes_logits() ? GradientOf::logits : GradientOf::outputs, workspace);
      network.update_statistics(workspace);
      optimizer.step(default_learning_rate(options.rule), network.parameters(), workspace.gradient());
      expect_agreement<T>("loss of step " + std::to_string(step), static_cast<T>(value), each["losses"][step]);
    }
    expect_agreement<T>("parameters", std::span<const T>(network.parameters()), each["parameters"]);
    expect_agreement<T>("statistics", std::span<const T>(network.statistics()), each["statistics"]);
  }
}

}  // namespace
}  // namespace neurone
