// A target's rows as class numbers or numbers, and as the target matrix. What a column is a target of is found in
// target_fitting.cpp.
#include "neurone/data/target.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>

#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"
#include "neurone/data/cells.h"
#include "neurone/data/class_order.h"
#include "neurone/data/form_search.h"

namespace neurone {
namespace {

std::vector<std::uint32_t> rows_that_have_one(const Table& table, const std::string& name,
                                              bool (*is_missing_there)(std::string_view)) {
  const std::size_t column = table.column(name);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < table.rows(); ++row)
    if (!is_missing_there(table.cell(row, column))) rows.push_back(row);
  return rows;
}

}  // namespace

bool class_order(const std::string& a, const std::string& b) {
  const CellNumber x = parse_number(a), y = parse_number(b);
  if (x && y && *x != *y) return *x < *y;
  if (x.has_value() != y.has_value()) return x.has_value();
  return a < b;
}

std::string_view task_name(Task task) {
  return task == Task::regression ? "regression" : "classification";
}

Task parse_task(std::string_view name) {
  for (const Task task : {Task::regression, Task::classification})
    if (task_name(task) == name) return task;
  throw unknown_name("task", name, {"regression", "classification"});
}

std::optional<std::uint32_t> ClassTarget::find(std::string_view label) const {
  const auto number_of = [&](auto found) { return static_cast<std::uint32_t>(found - classes.begin()); };
  const auto exact = std::ranges::lower_bound(classes, std::string(label), class_order);
  if (exact != classes.end() && *exact == label) return number_of(exact);
  if (spelling.kind == Spelling::Kind::text) return std::nullopt;
  const std::string value = spelling.value_of(label);
  const auto same = std::ranges::find_if(classes, [&](const auto& each) { return spelling.value_of(each) == value; });
  return same == classes.end() ? std::nullopt : std::optional(number_of(same));
}

std::vector<std::uint32_t> rows_with_target(const Table& table, const std::string& name) {
  const bool numbers = find_number_form(table, table.column(name), Units::of_amounts).all_fit();
  return rows_that_have_one(table, name, numbers ? is_missing : is_missing_target);
}

std::vector<std::uint32_t> rows_with_target(const Table& table, const Target& target) {
  const auto* classes = std::get_if<ClassTarget>(&target);
  const bool numbers = classes == nullptr || std::ranges::all_of(classes->classes, [&](const std::string& each) {
                         return parse_number(each, classes->spelling.form).has_value();
                       });
  return rows_that_have_one(table, target_name(target), numbers ? is_missing : is_missing_target);
}

std::vector<std::uint32_t> class_numbers(const Table& table, const ClassTarget& target) {
  const std::size_t column = table.column(target.name);
  std::vector<std::uint32_t> numbers(table.rows());
  std::unordered_map<std::string_view, std::uint32_t> met;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    const auto known = met.find(cell);
    if (known != met.end()) {
      numbers[row] = known->second;
      continue;
    }
    const std::optional<std::uint32_t> number = target.find(cell);
    if (!number) {
      throw Error(table.place(row), "class '" + std::string(cell) + "' of column '" + target.name +
                                        "' is not among the " + std::to_string(target.classes.size()) +
                                        " classes of the training rows");
    }
    numbers[row] = met[cell] = *number;
  }
  return numbers;
}

ClassTarget fit_labels(const Images& images) {
  const std::set<std::uint8_t> labels(images.labels.begin(), images.labels.end());
  if (labels.size() < 2) {
    throw Error(images.source, labels.empty() ? "the images have no labels to learn from"
                                              : "all images have one label: nothing can be learnt");
  }
  ClassTarget target{.name = "label", .classes = {}};
  for (const std::uint8_t label : labels) target.classes.push_back(std::to_string(label));
  return target;
}

std::vector<std::uint32_t> class_numbers(const Images& images, const ClassTarget& target) {
  if (images.labels.empty()) throw Error(images.source, "the images have no labels");
  std::vector<std::uint32_t> numbers;
  for (std::size_t i = 0; i < images.labels.size(); ++i) {
    const std::optional<std::uint32_t> number = target.find(std::to_string(images.labels[i]));
    if (!number) {
      throw Error(images.source, "image " + std::to_string(i + 1) + ": label " + std::to_string(images.labels[i]) +
                                     " is not among the labels of the training images");
    }
    numbers.push_back(*number);
  }
  return numbers;
}

std::vector<double> target_values(const Table& table, const NumberTarget& target) {
  const std::size_t column = table.column(target.name);
  std::vector<double> values(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    const CellNumber value = parse_number(cell, target.form);
    if (!value) throw no_number(table, row, "target column '" + target.name + "'", cell, target.form);
    values[row] = *value;
  }
  return values;
}

template <class T>
void encode_classes(std::span<const std::uint32_t> numbers, const ClassTarget& target, MatrixView<T> targets) {
  assert(targets.rows() == numbers.size() && targets.columns() == target.columns());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (target.columns() == 1) {
      targets(i, 0) = static_cast<T>(numbers[i]);
    } else {
      std::ranges::fill(targets[i], T(0));
      targets(i, numbers[i]) = T(1);
    }
  }
}

template <class T> std::vector<std::uint32_t> decode_classes(ConstMatrixView<T> targets) {
  std::vector<std::uint32_t> numbers(targets.rows());
  for (std::size_t i = 0; i < targets.rows(); ++i)
    numbers[i] =
        static_cast<std::uint32_t>(targets.columns() == 1 ? (targets(i, 0) == T(1) ? 1 : 0)
                                                          : std::ranges::find(targets[i], T(1)) - targets[i].begin());
  return numbers;
}

template <class T>
void encode_numbers(std::span<const double> values, const NumberTarget& target, MatrixView<T> targets) {
  assert(targets.rows() == values.size() && targets.columns() == 1);
  for (std::size_t i = 0; i < values.size(); ++i)
    targets(i, 0) = static_cast<T>((values[i] - target.mean) / target.deviation);
}

#define NEURONE_INSTANTIATE(T)                                                                        \
  template void encode_classes<T>(std::span<const std::uint32_t>, const ClassTarget&, MatrixView<T>); \
  template std::vector<std::uint32_t> decode_classes<T>(ConstMatrixView<T>);                          \
  template void encode_numbers<T>(std::span<const double>, const NumberTarget&, MatrixView<T>);
NEURONE_INSTANTIATE(float)
NEURONE_INSTANTIATE(double)
#undef NEURONE_INSTANTIATE

}  // namespace neurone
