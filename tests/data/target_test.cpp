// What is to be predicted: which kind it is found to be, in which order classes stand, and how it is encoded.
#include "neurone/data/target.h"

#include <gtest/gtest.h>

#include <cmath>

#include "neurone/core/error.h"
#include "tests/support/matrices.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

using Texts = std::vector<std::string>;

Table column(const Texts& values, const std::string& name = "y") {
  std::vector<Texts> rows;
  for (const std::string& value : values) rows.push_back({value});
  return Table({name}, rows, "people.csv");
}

Target fitted(const Texts& values, std::optional<Task> task = std::nullopt) {
  return fit_target(column(values), "y", task);
}

Texts classes(const Texts& values, std::optional<Task> task = std::nullopt) {
  return std::get<ClassTarget>(fitted(values, task)).classes;
}

Texts counting(int count) {
  Texts values;
  for (int i = 0; i < count; ++i) values.push_back(std::to_string(i));
  return values;
}

// --- the kind ------------------------------------------------------------------------------------------------------

TEST(Target, text_is_classes) {
  EXPECT_EQ(classes({"wren", "finch", "wren", "tit"}), (Texts{"finch", "tit", "wren"}));
}

TEST(Target, two_different_values_are_classes_even_when_they_are_numbers) {
  EXPECT_EQ(classes({"1.5", "0.5", "1.5"}), (Texts{"0.5", "1.5"}));
  EXPECT_EQ(classes({"1", "0", "1"}), (Texts{"0", "1"}));
}

TEST(Target, numbers_with_fractions_are_a_number) {
  const auto number = std::get<NumberTarget>(fitted({"1.5", "2.5", "5"}));
  EXPECT_EQ(number.name, "y");
  EXPECT_DOUBLE_EQ(number.mean, 3);
  EXPECT_DOUBLE_EQ(number.deviation, std::sqrt((2.25 + 0.25 + 4) / 3));
}

TEST(Target, many_whole_numbers_are_a_number) {
  EXPECT_TRUE(std::holds_alternative<NumberTarget>(fitted(counting(21))));
}

TEST(Target, few_whole_numbers_are_asked_about) {
  EXPECT_EQ(message_of<UsageError>([] { fitted(counting(20)); }),
            "people.csv: target column 'y' has 20 different whole numbers, which could be classes or amounts: say "
            "--task classification or --task regression");
  EXPECT_EQ(classes(counting(3), Task::classification), counting(3));
  EXPECT_TRUE(std::holds_alternative<NumberTarget>(fitted(counting(3), Task::regression)));
}

TEST(Target, one_value_cannot_be_learnt) {
  EXPECT_EQ(message_of<Error>([] { fitted({"wren", "wren"}); }),
            "people.csv: target column 'y' has one value only, 'wren' in the training rows: nothing can be learnt, "
            "expected at least two");
  EXPECT_EQ(message_of<Error>([] { fitted({}); }),
            "people.csv: target column 'y' has no values in the training rows: nothing can be learnt, expected at "
            "least two");
}

TEST(Target, one_number_in_several_forms_cannot_be_learnt) {
  EXPECT_EQ(message_of<Error>([] { fitted({"0.1", "0.10", ".1"}, Task::regression); }),
            "people.csv: target column 'y' has one value only, '.1', in several forms");
}

TEST(Target, numbers_beyond_a_standard_deviation_are_refused) {
  for (const Texts& values : {Texts{"1e300", "-1e300", "0.5"}, Texts{"1e-300", "2e-300", "3e-300"}})
    EXPECT_EQ(message_of<Error>([&] { fitted(values); }),
              "people.csv: target column 'y' has values too large or too close to each other to be standardised");
}

TEST(Target, text_among_numbers_is_found_with_its_line) {
  EXPECT_EQ(message_of<Error>([] { fitted({"1.5", "2.5", "many", "4"}); }),
            "people.csv:3: target column 'y': expected a number, found 'many'");
}

TEST(Target, an_unknown_column_gets_a_suggestion) {
  EXPECT_EQ(message_of<UsageError>([] { fit_target(column({"a", "b"}, "price"), "prise", {}); }),
            "people.csv: unknown column 'prise': did you mean 'price'?");
}

TEST(Target, rows_without_a_target_are_left_out) {
  EXPECT_EQ(rows_with_target(column({"a", "NA", "", "b", "?"}), "y"), (std::vector<std::uint32_t>{0, 3}));
  EXPECT_EQ(rows_with_target(column({"None", "NA", "null", "NULL"}), "y"), (std::vector<std::uint32_t>{0, 2, 3}));
}

TEST(Target, the_tasks_have_names) {
  for (const Task task : {Task::regression, Task::classification}) EXPECT_EQ(parse_task(task_name(task)), task);
  EXPECT_EQ(message_of<UsageError>([] { parse_task("regresion"); }),
            "unknown task 'regresion': did you mean 'regression'?");
}

// --- text that a model file cannot hold ----------------------------------------------------------------------------

TEST(Target, classes_that_are_not_utf8_are_found_with_their_line) {
  EXPECT_EQ(message_of<Error>([] { fitted({"caf\xC3\xA9", "th\xE9", "th\xE9"}); }),
            "people.csv:2: column 'y' is not UTF-8 text: say in which encoding it is, as in --encoding windows-1252");
}

TEST(Target, a_name_that_is_not_utf8_is_refused) {
  EXPECT_EQ(message_of<Error>([] { fit_target(column({"a", "b"}, "gr\xF6\xDF"), "gr\xF6\xDF", {}); }),
            "people.csv: the name of column 1 is not UTF-8 text: say in which encoding it is, as in --encoding windows-1252");
}

// --- the order of classes ------------------------------------------------------------------------------------------

TEST(Target, numbers_come_by_value_and_before_texts) {
  EXPECT_EQ(classes({"b", "10", "9", "a", "-1"}, Task::classification), (Texts{"-1", "9", "10", "a", "b"}));
}

TEST(Target, every_class_is_found_by_its_label_and_nothing_else_is) {
  const ClassTarget target{.name = "y", .classes = {"-1", "1", "1.0", "10", "a", "b"}};
  for (std::uint32_t c = 0; c < target.classes.size(); ++c) EXPECT_EQ(target.find(target.classes[c]), c);
  for (const char* label : {"01", "2", "A", "", "c"}) EXPECT_EQ(target.find(label), std::nullopt) << label;
}

TEST(Target, an_unseen_class_is_found_with_its_line) {
  const ClassTarget target{.name = "y", .classes = {"finch", "wren"}};
  EXPECT_EQ(class_numbers(column({"wren", "finch"}), target), (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(message_of<Error>([&] { class_numbers(column({"wren", "owl"}), target); }),
            "people.csv:2: class 'owl' of column 'y' is not among the 2 classes of the training rows");
}

// --- images --------------------------------------------------------------------------------------------------------

Images labelled(const std::vector<std::uint8_t>& labels) {
  return {.height = 1, .width = 1, .pixels = labels, .labels = labels, .source = "digits"};
}

TEST(Target, labels_of_images_are_classes_by_value) {
  const ClassTarget target = fit_labels(labelled({10, 9, 10, 2}));
  EXPECT_EQ(target.name, "label");
  EXPECT_EQ(target.classes, (Texts{"2", "9", "10"}));
  EXPECT_EQ(class_numbers(labelled({9, 10, 2}), target), (std::vector<std::uint32_t>{1, 2, 0}));
}

TEST(Target, images_without_usable_labels_are_refused) {
  EXPECT_EQ(message_of<Error>([] { fit_labels(labelled({})); }), "digits: the images have no labels to learn from");
  EXPECT_EQ(message_of<Error>([] { fit_labels(labelled({7, 7})); }),
            "digits: all images have one label: nothing can be learnt");
  const ClassTarget target = fit_labels(labelled({1, 2}));
  EXPECT_EQ(message_of<Error>([&] { class_numbers(labelled({}), target); }), "digits: the images have no labels");
  EXPECT_EQ(message_of<Error>([&] { class_numbers(labelled({1, 3}), target); }),
            "digits: image 2: label 3 is not among the labels of the training images");
}

// --- the target matrix ---------------------------------------------------------------------------------------------

template <class T> Matrix<T> matrix(std::size_t rows, std::size_t columns, const std::vector<T>& elements) {
  Matrix<T> made(rows, columns);
  std::ranges::copy(elements, made.elements().begin());
  return made;
}

TEST(Target, two_classes_are_one_column_of_zeros_and_ones) {
  const ClassTarget target{.name = "y", .classes = {"no", "yes"}};
  ASSERT_EQ(target_columns(target), 1U);
  Matrix<float> encoded = poisoned<float>(3, 1);
  encode_classes<float>(std::vector<std::uint32_t>{1, 0, 1}, target, encoded);
  EXPECT_EQ(encoded, matrix<float>(3, 1, {1, 0, 1}));
}

TEST(Target, two_classes_are_two_columns_where_one_hot_is_wanted) {
  const ClassTarget target{.name = "y", .classes = {"no", "yes"}, .one_hot = true};
  ASSERT_EQ(target_columns(target), 2U);
  Matrix<double> encoded = poisoned<double>(2, 2);
  encode_classes<double>(std::vector<std::uint32_t>{1, 0}, target, encoded);
  EXPECT_EQ(encoded, matrix<double>(2, 2, {0, 1, 1, 0}));
}

TEST(Target, more_classes_are_one_hot_rows) {
  const ClassTarget target{.name = "y", .classes = {"a", "b", "c"}};
  Matrix<float> encoded = poisoned<float>(2, 3);
  encode_classes<float>(std::vector<std::uint32_t>{2, 0}, target, encoded);
  EXPECT_EQ(encoded, matrix<float>(2, 3, {0, 0, 1, 1, 0, 0}));
}

TEST(Target, numbers_are_standardised) {
  const NumberTarget target{.name = "y", .mean = 10, .deviation = 4};
  ASSERT_EQ(target_columns(target), 1U);
  Matrix<double> encoded = poisoned<double>(3, 1);
  encode_numbers<double>(std::vector<double>{10, 18, 9}, target, encoded);
  EXPECT_EQ(encoded, matrix<double>(3, 1, {0, 2, -0.25}));
}

}  // namespace
}  // namespace neurone
