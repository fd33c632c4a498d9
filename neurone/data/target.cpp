// What the target column is, guessed from its values where the user does not say, and its classes and numbers.
#include "neurone/data/target.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"
#include "neurone/data/cells.h"
#include "neurone/data/class_order.h"

namespace neurone {
namespace {

// Up to this many different whole numbers could be classes as well as amounts.
constexpr std::size_t most_doubtful_values = 20;

struct Glance {  // what a look over the column shows
  std::size_t numbers = 0, texts = 0;
  bool all_whole = true;
  std::set<std::string, std::less<>> values;  // the different ones
};

Glance look(const Table& table, std::size_t column) {
  Glance glance;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    if (const std::optional<double> number = parse_number(cell)) {
      ++glance.numbers;
      glance.all_whole = glance.all_whole && *number == std::floor(*number);
    } else {
      ++glance.texts;
    }
    if (glance.values.find(cell) != glance.values.end()) continue;
    check_utf8_cell(table, row, column);
    glance.values.emplace(cell);
  }
  return glance;
}

std::string column_words(const Table& table, const std::string& name) {
  return table.source() + ": target column '" + name + "'";
}

Task find_task(const Table& table, const std::string& name, const Glance& glance) {
  if (glance.values.size() == 2 || glance.texts >= glance.numbers) return Task::classification;
  if (glance.texts == 0 && glance.all_whole && glance.values.size() <= most_doubtful_values) {
    throw UsageError(column_words(table, name) + " has " + std::to_string(glance.values.size()) +
                     " different whole numbers, which could be classes or amounts: say --task classification or "
                     "--task regression");
  }
  return Task::regression;
}

}  // namespace

bool class_order(const std::string& a, const std::string& b) {
  const std::optional<double> x = parse_number(a), y = parse_number(b);
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
  const auto found = std::ranges::lower_bound(classes, std::string(label), class_order);
  if (found == classes.end() || *found != label) return std::nullopt;
  return static_cast<std::uint32_t>(found - classes.begin());
}

std::vector<std::uint32_t> rows_with_target(const Table& table, const std::string& name) {
  const std::size_t column = table.column(name);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < table.rows(); ++row)
    if (!is_missing_target(table.cell(row, column))) rows.push_back(row);
  return rows;
}

Target fit_target(const Table& table, const std::string& name, std::optional<Task> task) {
  const std::size_t column = table.column(name);
  check_utf8_name(table, column);
  const Glance glance = look(table, column);
  if (glance.values.size() < 2) {
    throw Error(column_words(table, name) + " has " +
                (glance.values.empty() ? "no values" : "one value only, '" + *glance.values.begin() + "'") +
                " in the training rows: nothing can be learnt, expected at least two");
  }
  if ((task ? *task : find_task(table, name, glance)) == Task::classification) {
    ClassTarget target{.name = name, .classes = {glance.values.begin(), glance.values.end()}};
    std::ranges::sort(target.classes, class_order);
    return target;
  }
  NumberTarget target{.name = name};
  const std::vector<double> values = target_values(table, target);
  const auto n = static_cast<double>(values.size());
  for (const double value : values) target.mean += value / n;
  double variance = 0;
  for (const double value : values) variance += (value - target.mean) * (value - target.mean) / n;
  target.deviation = std::sqrt(variance);
  target.lowest = std::ranges::min(values);
  target.highest = std::ranges::max(values);
  if (target.lowest == target.highest)
    throw Error(column_words(table, name) + " has one value only, '" + *glance.values.begin() +
                "', in several forms");
  if (!(target.deviation > 0 && std::isfinite(target.deviation)))
    throw Error(column_words(table, name) + " has values too large or too close to each other to be standardised");
  return target;
}

std::vector<std::uint32_t> class_numbers(const Table& table, const ClassTarget& target) {
  const std::size_t column = table.column(target.name);
  std::vector<std::uint32_t> numbers(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::optional<std::uint32_t> number = target.find(table.cell(row, column));
    if (!number) {
      throw Error(table.place(row), "class '" + std::string(table.cell(row, column)) + "' of column '" + target.name +
                                        "' is not among the " + std::to_string(target.classes.size()) +
                                        " classes of the training rows");
    }
    numbers[row] = *number;
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
    const std::optional<double> value = parse_number(table.cell(row, column));
    if (!value) {
      throw Error(table.place(row), "target column '" + target.name + "': expected a number, found '" +
                                        std::string(table.cell(row, column)) + "'");
    }
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
