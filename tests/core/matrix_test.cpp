#include "neurone/core/matrix.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/support/message_of.h"

namespace neurone {
namespace {

// 0, 1, 2, … row after row
Matrix<float> counting(std::size_t rows, std::size_t columns) {
  Matrix<float> matrix(rows, columns);
  std::iota(matrix.elements().begin(), matrix.elements().end(), 0.0F);
  return matrix;
}

std::vector<float> values(std::span<const float> span) {
  return {span.begin(), span.end()};
}

template <class T> bool on_a_cache_line(const T* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer) % cache_line == 0;
}

TEST(Matrix, begins_on_a_cache_line) {
  for (const std::size_t columns : {1U, 3U, 16U, 17U, 1000U}) {
    EXPECT_TRUE(on_a_cache_line(Matrix<float>(3, columns).data()));
    EXPECT_TRUE(on_a_cache_line(Matrix<double>(3, columns).data()));
    EXPECT_TRUE(on_a_cache_line(Vector<std::uint8_t>(columns).data()));
  }
}

TEST(Matrix, stays_on_a_cache_line_when_it_is_copied_moved_or_grown) {
  Matrix<float> a(5, 7);
  const Matrix<float> copy = a;
  const Matrix<float> moved = std::move(a);
  EXPECT_TRUE(on_a_cache_line(copy.data()));
  EXPECT_TRUE(on_a_cache_line(moved.data()));
  Vector<float> grown;
  for (int i = 0; i < 1000; ++i) {
    grown.push_back(0);
    ASSERT_TRUE(on_a_cache_line(grown.data())) << "at " << i;
  }
}

TEST(Matrix, is_zero_at_first) {
  const Matrix<double> matrix(13, 17);
  for (const double each : matrix.elements()) EXPECT_EQ(each, 0);
}

TEST(Matrix, lies_row_after_row) {
  const Matrix<float> matrix = counting(3, 4);
  EXPECT_EQ(matrix.rows(), 3U);
  EXPECT_EQ(matrix.columns(), 4U);
  EXPECT_EQ(matrix.size(), 12U);
  EXPECT_EQ(matrix(0, 3), 3);
  EXPECT_EQ(matrix(1, 0), 4);
  EXPECT_EQ(matrix(2, 1), 9);
  EXPECT_EQ(values(matrix[1]), (std::vector<float>{4, 5, 6, 7}));
}

TEST(Matrix, equals_another_of_the_same_shape_and_elements_only) {
  EXPECT_EQ(counting(2, 3), counting(2, 3));
  EXPECT_NE(counting(2, 3), counting(3, 2));
  Matrix<float> other = counting(2, 3);
  other(1, 2) = -1;
  EXPECT_NE(other, counting(2, 3));
}

TEST(Matrix, a_copy_has_elements_of_its_own) {
  Matrix<float> matrix = counting(2, 2);
  const Matrix<float> copy = matrix;
  matrix(0, 0) = 8;
  EXPECT_EQ(copy(0, 0), 0);
}

TEST(Matrix, refuses_a_shape_whose_size_would_wrap_around) {
  const std::size_t half = std::size_t{1} << 32;  // half · half is 2⁶⁴, that is 0
  EXPECT_EQ(message_of<Error>([&] { Matrix<float>(half, half); }),
            "a matrix of 4294967296 × 4294967296 is too large");
  EXPECT_EQ(message_of<Error>([&] { Matrix<double>(half, half / 4); }),
            "a matrix of 4294967296 × 1073741824 is too large");
  EXPECT_EQ(checked_size(most_elements, 1), most_elements);
  EXPECT_EQ(checked_size(1, most_elements), most_elements);
  EXPECT_THROW(checked_size(most_elements / 2 + 1, 2), Error);
  EXPECT_EQ(checked_size(std::numeric_limits<std::size_t>::max(), 0), 0U);
  EXPECT_EQ(checked_size(0, std::numeric_limits<std::size_t>::max()), 0U);
}

TEST(MatrixView, writes_into_the_memory_it_shows) {
  Matrix<float> matrix(2, 3);
  const MatrixView<float> view = matrix;
  view(1, 2) = 5;
  view[0][1] = 4;
  view.elements()[3] = 3;
  EXPECT_EQ(values(matrix.elements()), (std::vector<float>{0, 4, 0, 3, 0, 5}));
}

TEST(MatrixView, shows_a_run_of_rows) {
  Matrix<float> matrix = counting(5, 2);
  const MatrixView<float> middle = matrix.view().rows(1, 3);
  EXPECT_EQ(middle.rows(), 3U);
  EXPECT_EQ(middle.columns(), 2U);
  EXPECT_EQ(values(middle.elements()), (std::vector<float>{2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(values(middle.rows(2, 1).elements()), (std::vector<float>{6, 7}));
  EXPECT_TRUE(matrix.view().rows(5, 0).empty());
}

TEST(MatrixView, a_view_of_constants_cannot_write) {
  static_assert(std::is_same_v<decltype(std::declval<ConstMatrixView<float>>()(0, 0)), const float&>);
  static_assert(std::is_convertible_v<MatrixView<float>, ConstMatrixView<float>>);
  static_assert(!std::is_convertible_v<ConstMatrixView<float>, MatrixView<float>>);
  static_assert(!std::is_convertible_v<const Matrix<float>&, MatrixView<float>>);
  const Matrix<float> matrix = counting(2, 2);
  const ConstMatrixView<float> view = matrix;
  EXPECT_EQ(view.data(), matrix.data());
}

TEST(MatrixView, without_rows_or_columns_is_empty) {
  EXPECT_TRUE(MatrixView<float>().empty());
  EXPECT_TRUE(Matrix<float>().empty());
  EXPECT_TRUE(Matrix<float>(0, 3).view().empty());
  EXPECT_TRUE(Matrix<float>(3, 0).view().empty());
  EXPECT_FALSE(Matrix<float>(1, 1).view().empty());
}

}  // namespace
}  // namespace neurone
