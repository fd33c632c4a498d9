// Cells become what a caller would make of them, column by column.
#include "neurone/export/onnx_proof.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "neurone/data/cells.h"
#include "neurone/model/proof.h"

namespace neurone {
namespace {

using ProofJson = nlohmann::ordered_json;

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

ProofJson inputs_of(const TablePreparation& preparation, const Table& table, OnnxOptions::Inputs inputs) {
  ProofJson columns = ProofJson::object(), matrix = ProofJson::array();
  for (std::size_t k = 0; k < preparation.columns.size(); ++k) {
    ProofJson& column = columns[table.names()[k]] = ProofJson::array();
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const ProofJson value = std::visit(
          [&](const auto& each) -> ProofJson { return input_of(each, table.cell(row, k)); }, preparation.columns[k]);
      column.push_back(ProofJson::array({value}));
      if (k == 0) matrix.push_back(ProofJson::array());
      matrix[row].push_back(value);
    }
  }
  if (inputs == OnnxOptions::Inputs::matrix) return {{"X", std::move(matrix)}};
  return columns;
}

ProofJson inputs_of(const Images& images) {
  ProofJson pictures = ProofJson::array();
  const std::size_t size = images.height * images.width;
  for (std::size_t i = 0; i < images.count(); ++i)
    pictures.push_back(std::vector<int>(images.pixels.begin() + static_cast<std::ptrdiff_t>(i * size),
                                        images.pixels.begin() + static_cast<std::ptrdiff_t>((i + 1) * size)));
  return {{"images", std::move(pictures)}};
}

ProofJson outputs_of(const Target& target, const Matrix<double>& values) {
  const auto* classes = std::get_if<ClassTarget>(&target);
  ProofJson labels = ProofJson::array(), all = ProofJson::array(), outputs = ProofJson::array();
  for (std::size_t i = 0; i < values.rows(); ++i) {
    if (classes != nullptr) labels.push_back(classes->classes[likeliest(values[i])]);
    all.push_back(std::vector<double>(values[i].begin(), values[i].end()));
  }
  if (classes != nullptr) return ProofJson::array({std::move(labels), std::move(all)});
  for (std::size_t j = 0; j < values.columns(); ++j) {  // each an output of its own
    ProofJson column = ProofJson::array();
    for (std::size_t i = 0; i < values.rows(); ++i) column.push_back(ProofJson::array({values(i, j)}));
    outputs.push_back(std::move(column));
  }
  return outputs;
}

}  // namespace

std::string onnx_proof(const Model& model, const OnnxOptions& options) {
  Proof proof = proof_of(model);
  ProofJson inputs;
  if (const auto* preparation = std::get_if<TablePreparation>(&model.preparation)) {
    if (options.numbers != OnnxOptions::Numbers::float64)
      proof = prove(model, in_floats(*preparation, std::get<Table>(proof.rows)), proof.made_up);
    inputs = inputs_of(*preparation, std::get<Table>(proof.rows), options.inputs);
  } else {
    inputs = inputs_of(std::get<Images>(proof.rows));
  }
  return ProofJson{{"inputs", std::move(inputs)},
                   {"outputs", outputs_of(model.target, proof.values)},
                   {"unit", unit_of_values(model.target, proof.values)}}
      .dump();
}

}  // namespace neurone
