#include "neurone/onnx/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "neurone/file/json_members.h"
#include "neurone/onnx/evaluation.h"

namespace neurone::onnx {
namespace {

const JsonTree::List& list_of(const JsonTree& value) {
  if (value.list() == nullptr) refuse_kind("something", value, "a list");
  return *value.list();
}

double number_of(const JsonTree& cell) {
  if (cell.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!cell.is_number()) refuse_kind("a cell", cell, "a number");
  return cell.number();
}

const std::string& text_in(const JsonTree& cell) {
  if (cell.text() == nullptr) refuse_kind("a cell", cell, "a text");
  return *cell.text();
}

// [[cell, …], …] as a tensor of the port's type: rows × what the port has behind them.
Tensor tensor_of(const JsonTree::List& rows, const Port& port) {
  Texts texts;
  Reals numbers;
  for (const JsonTree& row : rows)
    for (const JsonTree& cell : list_of(row))
      if (port.type == Type::text)
        texts.push_back(text_in(cell));
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

void compare_labels(const JsonTree::List& expected, const Texts& found, Agreement& agreed) {
  if (found.size() != expected.size())
    throw Error(fmt::format("{} labels, expected {}", found.size(), expected.size()));
  for (std::size_t k = 0; k < found.size(); ++k)
    if (text_in(expected[k]) != found[k]) ++agreed.other_labels;
}

void compare_numbers(const JsonTree::List& expected, const Reals& found, double unit, Agreement& agreed) {
  std::size_t at = 0;
  for (const JsonTree& row : expected)
    for (const JsonTree& cell : list_of(row)) {
      if (at == found.size()) throw Error(fmt::format("{} numbers, expected more", found.size()));
      agreed.largest = std::max(agreed.largest, difference_in_units(found[at++], number_of(cell), unit));
    }
  if (at != found.size()) throw Error(fmt::format("{} numbers, expected {}", found.size(), at));
}

Agreement compare(const Graph& graph, const JsonTree& proof) {
  Agreement agreed;
  Tensors inputs;
  std::map<std::string_view, const JsonTree*> kept;
  for (const auto& [name, rows] : json_object(proof, "inputs")) kept.emplace(name, &rows);
  for (const Port& port : graph.inputs) {
    const auto found = kept.find(port.name);
    if (found == kept.end()) throw Error(fmt::format("input '{}' is missing", port.name));
    const JsonTree::List& rows = list_of(*found->second);
    agreed.rows = rows.size();
    constexpr std::size_t most = 4096;
    if (agreed.rows > most) throw Error(fmt::format("{} rows of proof, expected at most {}", agreed.rows, most));
    inputs[port.name] = tensor_of(rows, port);
  }
  constexpr std::uint64_t turns = 1100;  // up to 1024 members share the weights of a network
  Budget budget = budget_for(graph, agreed.rows, turns);
  const std::vector<Tensor> found = evaluate(graph, std::move(inputs), budget);
  const JsonTree::List& expected = json_list(proof, "outputs");
  if (expected.size() != found.size())
    throw Error(fmt::format("{} outputs, expected {}", found.size(), expected.size()));
  const double unit = json_number(proof, "unit");
  if (!(unit > 0) || std::isinf(unit)) throw Error(fmt::format("a unit of {:g}, expected a number above 0", unit));
  for (std::size_t k = 0; k < found.size(); ++k)
    if (found[k].type == Type::text)
      compare_labels(list_of(expected[k]), found[k].texts(), agreed);
    else
      compare_numbers(list_of(expected[k]), found[k].numbers(), unit, agreed);
  return agreed;
}

}  // namespace

std::optional<Agreement> agreement_of(const Graph& graph) {
  const auto text = graph.metadata.find("neurone.proof");
  if (text == graph.metadata.end()) return {};
  const JsonTree proof = parse_json_tree(text->second, "the proof");
  return compare(graph, proof);
}

}  // namespace neurone::onnx
