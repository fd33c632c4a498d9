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
  return fit_target(column(values), "y", {.task = task});
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
  EXPECT_EQ(
      message_of<Error>([] { fitted({"0.1", "0.10", ".1"}, Task::regression); }),
      "people.csv: target column 'y' has one value only, '0.1', in several forms, in the training rows: nothing can "
      "be learnt, expected at least two");
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

// --- one parser with the columns -----------------------------------------------------------------------------------

TEST(Target, is_read_in_the_form_of_its_numbers) {
  const auto mean = [](const Texts& values) { return std::get<NumberTarget>(fitted(values)).mean; };
  EXPECT_DOUBLE_EQ(mean({"1,5", "2,5", "5"}), 3);
  EXPECT_DOUBLE_EQ(mean({"1,000.5", "2,000", "3"}), (1000.5 + 2000 + 3) / 3);
  EXPECT_DOUBLE_EQ(mean({"12,5 %", "2,5 %", "5 %"}), 20.0 / 3);
  EXPECT_DOUBLE_EQ(mean({"$1.50", "-$2.50", "$ 4"}), 1);
  EXPECT_EQ(notices_of_target(fitted({"$1.50", "-$2.50", "$ 4"})),
            Texts{"target column 'y' is read as numbers in $"});
  EXPECT_EQ(target_values(column({"7,25"}), {.name = "y", .form = Notation::comma}), std::vector<double>{7.25});
}

TEST(Target, a_comma_that_may_be_either_is_refused) {
  EXPECT_EQ(message_of<Error>([] { fitted({"1,234", "2,345", "3,456"}); }),
            "people.csv:1: target column 'y': '1,234' may be 1234 or 1.234, and no other row tells: say --decimal "
            "point or --decimal comma");
}

TEST(Target, a_unit_that_is_not_known_is_read_where_the_task_is_said) {
  const Texts weights{"12 kg", "13 kg", "15 kg", "12 kg", "13 kg", "15 kg"};
  EXPECT_EQ(
      message_of<Error>([&] { fitted(weights); }),
      "people.csv: target column 'y' looks like amounts in kg ('12 kg'): --task regression reads them as numbers, "
      "--task classification takes them for classes");
  EXPECT_DOUBLE_EQ(std::get<NumberTarget>(fitted(weights, Task::regression)).mean, 40.0 / 3);
  EXPECT_EQ(classes(weights, Task::classification), (Texts{"12 kg", "13 kg", "15 kg"}));
}

TEST(Target, null_is_missing_where_everything_else_is_a_number) {
  EXPECT_EQ(rows_with_target(column({"1.5", "null", "2", "NULL", "None", "?"}), "y"),
            (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(rows_with_target(column({"1,5", "null", "2"}), "y"), (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(rows_with_target(column({"one", "null", "2"}), "y"), (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(rows_with_target(column({"p1", "null", "p2"}), "y"), (std::vector<std::uint32_t>{0, 1, 2}));
  const Table table = column({"1", "null"});
  EXPECT_EQ(rows_with_target(table, NumberTarget{.name = "y"}), (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(rows_with_target(table, ClassTarget{.name = "y", .classes = {"1", "2"}}),
            (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(rows_with_target(table, ClassTarget{.name = "y", .classes = {"1", "null"}}),
            (std::vector<std::uint32_t>{0, 1}));
}

TEST(Target, a_number_too_large_for_a_double_is_called_so) {
  EXPECT_EQ(message_of<Error>([] { fitted({"1.5", "2.5", "1e400", "4"}); }),
            "people.csv:3: target column 'y': '1e400' is too large: numbers go up to 1.8e308");
  EXPECT_EQ(std::get<NumberTarget>(fitted({"1.5", "2.5", "1e-400", "4"})).lowest, 0);
}

// --- one value, one class
// --------------------------------------------------------------------------------------------

TEST(Target, spellings_of_one_number_are_one_class_shown_as_most_rows_have_it) {
  EXPECT_EQ(classes({"0", "0.0", "1", "1.0", "1.0"}), (Texts{"0", "1.0"}));
  EXPECT_EQ(classes({"1e0", "+1", "1.00", "-2", "-2.0", "\u22122"}), (Texts{"-2", "+1"}));
  EXPECT_EQ(classes({"0,0", "1,0", "0", "1,0"}), (Texts{"0", "1,0"}));
  const auto target = std::get<ClassTarget>(fitted({"0", "0.0", "1", "1.0", "1.0"}));
  EXPECT_EQ(class_numbers(column({"1", "1.00", "0e5", "+0"}), target), (std::vector<std::uint32_t>{1, 1, 0, 0}));
}

TEST(Target, identifiers_of_twenty_digits_stay_different_classes) {
  EXPECT_EQ(classes({"12345678901234567890", "12345678901234567891", "12345678901234567890"}).size(), 2U);
}

TEST(Target, numbers_with_zeros_in_front_are_texts) {
  EXPECT_EQ(classes({"01234", "1234", "01234", "1234", "7", "7"}, Task::classification).size(), 3U);
}

TEST(Target, booleans_are_two_classes_however_they_are_written) {
  EXPECT_EQ(classes({"True", "true", "FALSE", "False", "True"}), (Texts{"FALSE", "True"}));
}

TEST(Target, texts_that_differ_in_capitals_are_told_apart_and_said) {
  const Target target = fitted({"red", "Red", "red", "Red", "blue", "blue"});
  EXPECT_EQ(std::get<ClassTarget>(target).classes.size(), 3U);
  EXPECT_EQ(
      notices_of_target(target),
      Texts{"target column 'y': 'Red' and 'red' differ in capitals or spaces alone, and count as different values"});
}

TEST(Target, one_number_in_several_forms_is_one_class_only) {
  EXPECT_EQ(
      message_of<Error>([] { fitted({"7", "7.0", "7"}); }),
      "people.csv: target column 'y' has one value only, '7', in several forms, in the training rows: nothing can "
      "be learnt, expected at least two");
}

// --- what is no class
// ------------------------------------------------------------------------------------------------

TEST(Target, as_many_classes_as_rows_are_refused_for_what_they_look_like) {
  Texts names, dates, amounts;
  for (int i = 10; i < 40; ++i) {
    names.push_back("customer " + std::to_string(i));
    dates.push_back("2024-01-" + std::to_string(i % 20 + 10));
    amounts.push_back(std::to_string(i) + ".5");
  }
  const std::string again = " (a class has to be in several rows to be learnt)";
  EXPECT_EQ(message_of<Error>([&] { fitted(names); }),
            "people.csv: target column 'y' has 30 different values in 30 rows, which look like names" + again);
  EXPECT_EQ(
      message_of<Error>([&] { fitted(dates); }),
      "people.csv: target column 'y' holds dates ('2024-01-10'), which cannot be predicted: a number of days can, "
      "and --task classification takes a date that is in many rows for a class");
  EXPECT_EQ(
      message_of<Error>([&] { fitted(dates, Task::classification); }),
      "people.csv: target column 'y' has 20 different values in 30 rows, which look like dates, which cannot be "
      "predicted" +
          again);
  EXPECT_EQ(message_of<Error>([&] { fitted(amounts, Task::classification); }),
            "people.csv: target column 'y' has 30 different values in 30 rows, which look like amounts: say --task "
            "regression" +
                again);
}

// --- text that a model file cannot hold ----------------------------------------------------------------------------

TEST(Target, classes_that_are_not_utf8_are_found_with_their_line) {
  EXPECT_EQ(message_of<Error>([] { fitted({"caf\xC3\xA9", "th\xE9", "th\xE9"}); }),
            "people.csv:2: column 'y' is not UTF-8 text: say in which encoding it is, as in --encoding windows-1252");
}

TEST(Target, a_name_that_is_not_utf8_is_refused) {
  EXPECT_EQ(message_of<Error>([] { fit_target(column({"a", "b"}, "gr\xF6\xDF"), "gr\xF6\xDF", {}); }),
            "people.csv: the name of column 1 is not UTF-8 text: say in which encoding it is, as in --encoding "
            "windows-1252");
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

TEST(Target, a_number_in_parentheses_is_negative_as_in_a_column) {
  EXPECT_DOUBLE_EQ(std::get<NumberTarget>(fitted({"(1.5)", "2.5", "5"})).mean, 2);
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
