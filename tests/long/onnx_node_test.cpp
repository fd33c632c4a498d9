// The node tests that ONNX ships (Debian's libonnx-testdata): every one whose operators neurone has, in all versions
// of theirs, has to come out as recorded.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "neurone/core/file.h"
#include "neurone/onnx/evaluation.h"
#include "neurone/onnx/onnx_file.h"

namespace neurone::onnx {
namespace {

const std::filesystem::path all_tests = "/usr/share/libonnx-testdata/data";

// Sequences, optional values and nothing else than tensors; or chance, which training asks for.
const std::set<std::string> no_tensors{"test_identity_opt", "test_identity_sequence"};
const std::set<std::string> in_training{
    "test_batchnorm_epsilon_training_mode", "test_batchnorm_example_training_mode", "test_training_dropout",
    "test_training_dropout_default",        "test_training_dropout_default_mask",   "test_training_dropout_mask"};

// Numpy has no bfloat16: where one is expected, the file holds its bits as uint16.
Tensor load_tensor(const std::filesystem::path& path, Type type) {
  Tensor tensor = parse_tensor(read_file(path.string()));
  if (type != Type::bfloat16 || tensor.type != Type::uint16) return tensor;
  Reals numbers;
  for (const std::int64_t bits : tensor.wholes())
    numbers.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16));
  return real_tensor(type, tensor.shape, std::move(numbers));
}

bool is_near(Type type, double expected, double found) {
  if (std::isnan(expected) || std::isnan(found)) return std::isnan(expected) && std::isnan(found);
  if (expected == found) return true;
  // what is recorded was computed in the type of the tensor, a few roundings long
  double unit = 1e-6;
  if (type == Type::float64) unit = 1e-9;
  if (type == Type::float16) unit = 1e-3;
  if (type == Type::bfloat16) unit = 0x1p-7;  // the recorder cut bits off, where today's standard rounds
  return std::abs(expected - found) <= unit * (1 + std::abs(expected));
}

void expect_same(const Tensor& expected, const Tensor& found) {
  ASSERT_EQ(type_name(expected.type), type_name(found.type));
  ASSERT_EQ(expected.shape, found.shape);
  if (!is_real(expected.type)) {
    EXPECT_EQ(expected.elements, found.elements);
    return;
  }
  for (std::size_t k = 0; k < expected.size(); ++k)
    ASSERT_TRUE(is_near(expected.type, expected.reals()[k], found.reals()[k]))
        << "element " << k << ": expected " << expected.reals()[k] << ", found " << found.reals()[k];
}

std::vector<Tensor> run(const Graph& graph, const std::filesystem::path& data) {
  Tensors inputs;
  for (std::size_t k = 0; k < graph.inputs.size(); ++k)
    inputs[graph.inputs[k].name] = load_tensor(data / ("input_" + std::to_string(k) + ".pb"), graph.inputs[k].type);
  Budget budget(1U << 26, 1U << 26);
  return evaluate(graph, std::move(inputs), budget);
}

void expect_recorded(const std::string& kind, std::size_t least) {
  ASSERT_TRUE(std::filesystem::is_directory(all_tests / kind)) << "apt-get install libonnx-testdata";
  std::size_t passed = 0, refused = 0, others = 0;
  std::set<std::string> operators;
  for (const auto& folder : std::filesystem::directory_iterator(all_tests / kind)) {
    const std::string name = folder.path().filename().string();
    SCOPED_TRACE(name);
    if (no_tensors.contains(name)) {
      EXPECT_THROW(load_onnx((folder.path() / "model.onnx").string()), Error);
      ++refused;
      continue;
    }
    Graph graph;
    try {
      graph = load_onnx((folder.path() / "model.onnx").string());
    } catch (const Error&) {  // of sequences
      ++others;
      continue;
    }
    if (!std::ranges::all_of(graph.nodes, [](const Node& node) { return find_operator(node) != nullptr; })) {
      ++others;
      continue;
    }
    const std::filesystem::path data = folder.path() / "test_data_set_0";
    if (in_training.contains(name)) {
      EXPECT_THROW(run(graph, data), Error);
      ++refused;
      continue;
    }
    std::vector<Tensor> found;
    ASSERT_NO_THROW(found = run(graph, data));
    for (std::size_t k = 0; k < found.size(); ++k)
      expect_same(load_tensor(data / ("output_" + std::to_string(k) + ".pb"), found[k].type), found[k]);
    if (testing::Test::HasFailure()) return;
    ++passed;
    for (const Node& node : graph.nodes) operators.insert(node.operation);
  }
  std::cout << kind << ": " << passed << " tests of " << operators.size() << " operators pass, " << refused
            << " are refused as they should be, " << others << " are of operators that neurone does not have\n";
  EXPECT_GE(passed, least);
}

TEST(OnnxNodeTests, of_single_operators_come_out_as_recorded) {
  expect_recorded("node", 498);
}
TEST(OnnxNodeTests, that_pytorch_wrote_come_out_as_recorded) {
  expect_recorded("pytorch-converted", 35);
  expect_recorded("pytorch-operator", 28);
}

}  // namespace
}  // namespace neurone::onnx
