// What is to be predicted: classes or a number, and how it stands in the target matrix.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "neurone/core/matrix.h"
#include "neurone/data/idx.h"
#include "neurone/data/number_form.h"
#include "neurone/data/spelling.h"
#include "neurone/data/table.h"

namespace neurone {

enum class Task { regression, classification };
std::string_view task_name(Task task);
/// Throws UsageError for another name.
Task parse_task(std::string_view name);

/// One of several classes. Two classes are one column of 0 and 1, more are one-hot rows.
struct ClassTarget {
  std::string name;                  ///< of the column
  std::vector<std::string> classes;  ///< as most rows write them; sorted: numbers by value, then texts
  bool one_hot = false;              ///< two classes as two columns as well
  Spelling spelling{};

  std::size_t columns() const { return classes.size() == 2 && !one_hot ? 1 : classes.size(); }
  /// The number of a class, if it is one, however it is spelled.
  std::optional<std::uint32_t> find(std::string_view label) const;
};

/// A number, standardised for training: t = (value − mean) / deviation.
struct NumberTarget {
  std::string name;
  double mean = 0;
  double deviation = 1;
  /// What training has seen: predictions stay inside.
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();
  NumberForm form{};
};

using Target = std::variant<ClassTarget, NumberTarget>;

inline Task task_of(const Target& target) {
  return std::holds_alternative<ClassTarget>(target) ? Task::classification : Task::regression;
}
inline const std::string& target_name(const Target& target) {
  return std::visit([](const auto& each) -> const std::string& { return each.name; }, target);
}
/// How many columns of the target matrix it takes.
inline std::size_t target_columns(const Target& target) {
  const auto* classes = std::get_if<ClassTarget>(&target);
  return classes != nullptr ? classes->columns() : 1;
}

/// Rows whose target is not missing. Of a column of classes these are the marks of is_missing_target; where
/// everything else is a number, those of is_missing.
std::vector<std::uint32_t> rows_with_target(const Table& table, const std::string& name);
/// The same for a target that is known.
std::vector<std::uint32_t> rows_with_target(const Table& table, const Target& target);

/// What is known of a target column beforehand.
struct TargetChoices {
  std::optional<Task> task{};
  std::optional<NumberForm> form{};  ///< of its numbers; found by itself when not given
};

/// Learns from the training table what the target column is. Without a task: text or two different values are
/// classes, numbers in one form are a number; up to 20 different whole numbers could be either, and the UsageError
/// asks. Values that are one however they are spelled (spelling.h) are one class.
/// Throws Error when the column has one value only, text among numbers, numbers of which nobody can say whether a
/// comma is their decimal sign, or text that is not UTF-8; for more classes than half of the rows; and, where no task
/// is given, for dates and for amounts in a unit that is not known.
Target fit_target(const Table& table, const std::string& name, const TargetChoices& choices = {});

/// What a user should know of how the target was read, a sentence each.
std::vector<std::string> notices_of_target(const Target& target);

/// The labels of images as classes, named "label". Throws Error when there are fewer than two, or no labels.
ClassTarget fit_labels(const Images& images);

/// Class numbers of every row. Throws Error for a class that training has not seen, naming the row.
std::vector<std::uint32_t> class_numbers(const Table& table, const ClassTarget& target);

/// The same for images, whose labels are numbers.
std::vector<std::uint32_t> class_numbers(const Images& images, const ClassTarget& target);

/// The values of every row, not standardised. Throws Error for a cell that is no number, naming the row.
std::vector<double> target_values(const Table& table, const NumberTarget& target);

/// rows × target columns, overwritten.
template <class T>
void encode_classes(std::span<const std::uint32_t> numbers, const ClassTarget& target, MatrixView<T> targets);
/// The class numbers that encode_classes wrote.
template <class T> std::vector<std::uint32_t> decode_classes(ConstMatrixView<T> targets);
template <class T>
void encode_numbers(std::span<const double> values, const NumberTarget& target, MatrixView<T> targets);

}  // namespace neurone
