// Cells become what a caller would make of them, column by column.
#include "neurone/export/onnx_proof.h"

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "neurone/data/cells.h"
#include "neurone/file/json_tree.h"
#include "neurone/model/proof.h"

namespace neurone {
namespace {

double input_of(const NumericColumn& column, std::string_view cell) {
  return parse_number(cell, column.form).value_or(std::numeric_limits<double>::quiet_NaN());
}
double input_of(const DateColumn& column, std::string_view cell) {
  const std::optional<Date> date = parse_date(cell, column.order);
  return date ? days_since_1970(*date) : std::numeric_limits<double>::quiet_NaN();
}
std::string input_of(const CategoryColumn& column, std::string_view cell) {
  const std::optional<std::size_t> place = column.find(cell);
  return place ? column.values[*place] : std::string(cell);
}

// The same rows with numbers that are floats.
Table in_floats(const TablePreparation& preparation, const Table& table) {
  std::vector<std::vector<std::string>> rows(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row)
    for (std::size_t k = 0; k < preparation.columns.size(); ++k) {
      const auto* numeric = std::get_if<NumericColumn>(&preparation.columns[k]);
      const double value = numeric != nullptr ? input_of(*numeric, table.cell(row, k)) : std::nan("");
      rows[row].push_back(std::isnan(value) ? std::string(table.cell(row, k))
                                            : number_cell(static_cast<float>(value), numeric->form));
    }
  return Table(table.names(), rows, table.source());
}

JsonTree alone(JsonTree value) {
  JsonTree list;
  list.append(std::move(value));
  return list;
}

JsonTree inputs_of(const TablePreparation& preparation, const Table& table, OnnxOptions::Inputs inputs) {
  const auto value_at = [&](std::size_t row, std::size_t k) {
    return std::visit([&](const auto& each) -> JsonTree { return input_of(each, table.cell(row, k)); },
                      preparation.columns[k]);
  };
  JsonTree all = JsonTree::Members();
  if (inputs == OnnxOptions::Inputs::matrix) {
    JsonTree matrix = JsonTree::List();
    for (std::size_t row = 0; row < table.rows(); ++row) {
      JsonTree cells = JsonTree::List();
      for (std::size_t k = 0; k < preparation.columns.size(); ++k) cells.append(value_at(row, k));
      matrix.append(std::move(cells));
    }
    all.add("X", std::move(matrix));
    return all;
  }
  for (std::size_t k = 0; k < preparation.columns.size(); ++k) {
    JsonTree column = JsonTree::List();
    for (std::size_t row = 0; row < table.rows(); ++row) column.append(alone(value_at(row, k)));
    all.add(table.names()[k], std::move(column));
  }
  return all;
}

JsonTree inputs_of(const Images& images) {
  JsonTree pictures = JsonTree::List(), all;
  const std::size_t size = images.height * images.width;
  for (std::size_t i = 0; i < images.count(); ++i) {
    JsonTree pixels = JsonTree::List();
    for (std::size_t k = i * size; k < (i + 1) * size; ++k) pixels.append(std::uint64_t{images.pixels[k]});
    pictures.append(std::move(pixels));
  }
  all.add("images", std::move(pictures));
  return all;
}

JsonTree outputs_of(const Target& target, const Matrix<double>& values) {
  const auto* classes = std::get_if<ClassTarget>(&target);
  JsonTree outputs = JsonTree::List();
  if (classes == nullptr) {
    for (std::size_t j = 0; j < values.columns(); ++j) {  // each an output of its own
      JsonTree column = JsonTree::List();
      for (std::size_t i = 0; i < values.rows(); ++i) column.append(alone(values(i, j)));
      outputs.append(std::move(column));
    }
    return outputs;
  }
  JsonTree labels = JsonTree::List(), all = JsonTree::List();
  for (std::size_t i = 0; i < values.rows(); ++i) {
    labels.append(classes->classes[likeliest(values[i])]);
    JsonTree row = JsonTree::List();
    for (const double value : values[i]) row.append(value);
    all.append(std::move(row));
  }
  outputs.append(std::move(labels)).append(std::move(all));
  return outputs;
}

}  // namespace

std::string onnx_proof(const Model& model, const OnnxOptions& options) {
  Proof proof = proof_of(model);
  JsonTree inputs, object;
  if (const auto* preparation = std::get_if<TablePreparation>(&model.preparation)) {
    if (options.numbers != OnnxOptions::Numbers::float64)
      proof = prove(model, in_floats(*preparation, std::get<Table>(proof.rows)), proof.made_up);
    inputs = inputs_of(*preparation, std::get<Table>(proof.rows), options.inputs);
  } else {
    inputs = inputs_of(std::get<Images>(proof.rows));
  }
  object.add("inputs", std::move(inputs))
      .add("outputs", outputs_of(model.target, proof.values))
      .add("unit", unit_of_values(model.target, proof.values));
  return object.dump();
}

}  // namespace neurone
