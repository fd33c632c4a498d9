#include "neurone/onnx/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "neurone/file/damaged_json.h"
#include "neurone/onnx/evaluation.h"

namespace neurone::onnx {
namespace {

using ProofRows = nlohmann::json;

double number_of(const ProofRows& cell) {
  return cell.is_null() ? std::numeric_limits<double>::quiet_NaN() : cell.get<double>();
}

// [[cell, …], …] as a tensor of the port's type: rows × what the port has behind them.
Tensor tensor_of(const ProofRows& rows, const Port& port) {
  Texts texts;
  Reals numbers;
  for (const ProofRows& row : rows)
    for (const ProofRows& cell : row)
      if (port.type == Type::text)
        texts.push_back(cell.get<std::string>());
      else
        numbers.push_back(number_of(cell));
  Shape shape = port.shape;
  if (shape.empty()) throw Error(fmt::format("input '{}' has no rows", port.name));
  shape.front() = std::ssize(rows);
  const std::size_t cells = port.type == Type::text ? texts.size() : numbers.size();
  if (count_of(shape) != cells)
    throw Error(fmt::format("{} cells for input '{}' of {}", cells, port.name, shape_text(shape)));
  if (port.type == Type::text) return text_tensor(shape, std::move(texts));
  if (is_real(port.type)) return real_tensor(port.type, shape, std::move(numbers));
  Wholes whole;
  for (const double each : numbers) whole.push_back(truncated(each));
  return whole_tensor(port.type, shape, std::move(whole));
}

void compare_labels(const ProofRows& expected, const Texts& found, Agreement& agreed) {
  if (found.size() != expected.size())
    throw Error(fmt::format("{} labels, expected {}", found.size(), expected.size()));
  for (std::size_t k = 0; k < found.size(); ++k)
    if (expected[k].get<std::string>() != found[k]) ++agreed.other_labels;
}

void compare_numbers(const ProofRows& expected, const Reals& found, double unit, Agreement& agreed) {
  std::size_t at = 0;
  for (const ProofRows& row : expected)
    for (const ProofRows& cell : row) {
      if (at == found.size()) throw Error(fmt::format("{} numbers, expected more", found.size()));
      agreed.largest = std::max(agreed.largest, difference_in_units(found[at++], number_of(cell), unit));
    }
  if (at != found.size()) throw Error(fmt::format("{} numbers, expected {}", found.size(), at));
}

Agreement compare(const Graph& graph, const ProofRows& proof) {
  Agreement agreed;
  Tensors inputs;
  for (const Port& port : graph.inputs) {
    const ProofRows& rows = proof.at("inputs").at(port.name);
    agreed.rows = rows.size();
    constexpr std::size_t most = 4096;
    if (agreed.rows > most) throw Error(fmt::format("{} rows of proof, expected at most {}", agreed.rows, most));
    inputs[port.name] = tensor_of(rows, port);
  }
  constexpr std::uint64_t turns = 1100;  // up to 1024 members share the weights of a network
  Budget budget = budget_for(graph, agreed.rows, turns);
  const std::vector<Tensor> found = evaluate(graph, std::move(inputs), budget);
  const ProofRows& expected = proof.at("outputs");
  if (expected.size() != found.size())
    throw Error(fmt::format("{} outputs, expected {}", found.size(), expected.size()));
  const double unit = proof.at("unit").get<double>();
  if (!(unit > 0) || std::isinf(unit)) throw Error(fmt::format("a unit of {:g}, expected a number above 0", unit));
  for (std::size_t k = 0; k < found.size(); ++k)
    if (found[k].type == Type::text)
      compare_labels(expected[k], found[k].texts(), agreed);
    else
      compare_numbers(expected[k], found[k].numbers(), unit, agreed);
  return agreed;
}

}  // namespace

std::optional<Agreement> agreement_of(const Graph& graph) {
  const auto text = graph.metadata.find("neurone.proof");
  if (text == graph.metadata.end()) return {};
  try {
    return compare(graph, ProofRows::parse(text->second));
  } catch (const nlohmann::json::exception& error) {
    throw Error("the rows of proof are damaged: " + damage_of(error));
  }
}

}  // namespace neurone::onnx
