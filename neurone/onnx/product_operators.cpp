// Matrix products: sums are taken one product after the other, in the arithmetic of the type.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "neurone/onnx/operators.h"

namespace neurone::onnx {
namespace {

// A matrix inside a tensor, perhaps turned.
struct MatrixIn {
  const double* data;
  std::size_t rows, columns;
  bool is_turned = false;

  double operator()(std::size_t i, std::size_t j) const {
    return is_turned ? data[j * rows + i] : data[i * columns + j];
  }
};

// Y = A B, rows of A × columns of B. A product of two floats is exact in double: each is added in one rounding.
template <class T> void multiply_in(const MatrixIn& A, const MatrixIn& B, double* Y) {
  for (std::size_t i = 0; i < A.rows; ++i) {
    double* const row = Y + i * B.columns;
    std::fill_n(row, B.columns, 0.0);
    for (std::size_t k = 0; k < A.columns; ++k) {
      const double a = A(i, k);
      for (std::size_t j = 0; j < B.columns; ++j) row[j] = static_cast<T>(row[j] + a * B(k, j));
    }
  }
}
void multiply_into(Type type, const MatrixIn& A, const MatrixIn& B, double* Y) {
  if (type == Type::float64)
    multiply_in<double>(A, B, Y);
  else
    multiply_in<float>(A, B, Y);
}

MatrixIn matrix_in(const Tensor& tensor, bool is_turned) {
  if (tensor.rank() != 2) throw Error(fmt::format("a tensor of {}, expected a matrix", shape_text(tensor.shape)));
  const auto rows = static_cast<std::size_t>(tensor.shape[0]), columns = static_cast<std::size_t>(tensor.shape[1]);
  return {tensor.reals().data(), is_turned ? columns : rows, is_turned ? rows : columns, is_turned};
}

void expect_inner(std::size_t a, std::size_t b) {
  if (a != b) throw Error(fmt::format("{} columns meet {} rows", a, b));
}

// A product takes its turns even where there is nothing to multiply.
void spend_product(Call& call, std::size_t a, std::size_t b, std::size_t c) {
  const auto turns = [](std::size_t size) { return static_cast<std::int64_t>(std::max<std::size_t>(size, 1)); };
  call.spend_steps(count_of({turns(a), turns(b), turns(c)}));
}

// α A B + β C
void gemm(Call& call) {
  const Node& node = call.node();
  const MatrixIn A = matrix_in(call.input(0), node.whole("transA", 0) != 0);
  const MatrixIn B = matrix_in(call.input(1), node.whole("transB", 0) != 0);
  expect_inner(A.columns, B.rows);
  const Shape shape{static_cast<std::int64_t>(A.rows), static_cast<std::int64_t>(B.columns)};
  spend_product(call, A.rows, A.columns, B.columns);
  Reals Y(call.spend(shape));
  const Type type = call.input(0).type;
  multiply_into(type, A, B, Y.data());
  const double alpha = node.real("alpha", 1), beta = node.real("beta", 1);
  for (double& each : Y) each = rounded(type, each * alpha);
  if (call.has(2)) {
    const Tensor& C = call.input(2);
    if (common_shape(C.shape, shape) != shape)
      throw Error(fmt::format("{} cannot be added to {}", shape_text(C.shape), shape_text(shape)));
    const Reals added = repeated(C.reals(), C.shape, shape);
    for (std::size_t k = 0; k < Y.size(); ++k) Y[k] += rounded(type, beta * added[k]);
  }
  call.give(real_tensor(type, shape, std::move(Y)));
}

// A product for each pair of matrices, the last two axes; the axes before are repeated as everywhere. A tensor of
// rank 1 is a row on the left and a column on the right.
void matmul(Call& call) {
  const Tensor &A = call.input(0), &B = call.input(1);
  Shape a = A.shape, b = B.shape;
  if (a.empty() || b.empty()) throw Error("a single number has no matrix product");
  if (A.rank() == 1) a.insert(a.begin(), 1);
  if (B.rank() == 1) b.push_back(1);
  const auto rows = static_cast<std::size_t>(a[a.size() - 2]), inner = static_cast<std::size_t>(a.back());
  const auto columns = static_cast<std::size_t>(b.back());
  expect_inner(inner, static_cast<std::size_t>(b[b.size() - 2]));
  const Shape a_before(a.begin(), a.end() - 2), b_before(b.begin(), b.end() - 2);
  const Shape before = common_shape(a_before, b_before);
  const std::size_t count = count_of(before);

  // which matrix of A and of B each product takes
  Wholes matrix_of_a(call.spend(a_before)), matrix_of_b(call.spend(b_before));
  for (std::size_t k = 0; k < matrix_of_a.size(); ++k) matrix_of_a[k] = static_cast<std::int64_t>(k);
  for (std::size_t k = 0; k < matrix_of_b.size(); ++k) matrix_of_b[k] = static_cast<std::int64_t>(k);
  call.spend(before);
  matrix_of_a = repeated(matrix_of_a, a_before, before);
  matrix_of_b = repeated(matrix_of_b, b_before, before);

  Shape shape = before;
  if (A.rank() > 1) shape.push_back(a[a.size() - 2]);
  if (B.rank() > 1) shape.push_back(b.back());
  spend_product(call, count_of({static_cast<std::int64_t>(count), static_cast<std::int64_t>(rows)}), inner, columns);
  Reals Y(call.spend(shape));
  for (std::size_t k = 0; k < count; ++k)
    multiply_into(A.type, {A.reals().data() + static_cast<std::size_t>(matrix_of_a[k]) * rows * inner, rows, inner},
                  {B.reals().data() + static_cast<std::size_t>(matrix_of_b[k]) * inner * columns, inner, columns},
                  Y.data() + k * rows * columns);
  call.give(real_tensor(A.type, shape, std::move(Y)));
}

constexpr std::array<NamedOperator, 2> product_operators{{{"Gemm", gemm}, {"MatMul", matmul}}};

}  // namespace

Operator find_product_operator(std::string_view name) {
  const auto* const found = std::ranges::find(product_operators, name, &NamedOperator::name);
  return found != product_operators.end() ? found->compute : nullptr;
}

}  // namespace neurone::onnx
