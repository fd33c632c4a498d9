// Operators along axes: sums, means and the like, softmax and its kin, normalisation.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <span>

#include "neurone/onnx/operators.h"

namespace neurone::onnx {
namespace {

// The elements of `tensor` gathered so that those which are reduced together stand one behind the other.
struct Groups {
  Shape shape;  // of the result
  std::size_t size = 1;
  Reals elements;
};

Groups groups_of(Call& call, const Tensor& X) {
  std::vector<bool> is_reduced(X.rank(), false);
  const Wholes axes = call.list("axes", 1);
  for (const std::int64_t axis : axes) is_reduced[axis_of(axis, X.rank())] = true;
  const bool nothing = axes.empty() && call.node().whole("noop_with_empty_axes", 0) != 0;
  if (axes.empty() && !nothing) is_reduced.assign(X.rank(), true);
  const bool keeps = call.node().whole("keepdims", 1) != 0;

  Groups groups;
  for (std::size_t axis = 0; axis < X.rank(); ++axis) {
    if (!is_reduced[axis]) groups.shape.push_back(X.shape[axis]);
    if (is_reduced[axis]) groups.size *= static_cast<std::size_t>(X.shape[axis]);
    if (is_reduced[axis] && keeps) groups.shape.push_back(1);
  }
  call.spend(X.shape);
  const Reals elements = X.numbers();
  groups.elements.resize(elements.size());
  std::vector<std::size_t> steps(X.rank());  // those of one group stand side by side
  for (std::size_t axis = X.rank(), of_groups = groups.size, within = 1; axis-- > 0;) {
    std::size_t& step = is_reduced[axis] ? within : of_groups;
    steps[axis] = step;
    step *= static_cast<std::size_t>(X.shape[axis]);
  }
  const std::vector<std::size_t> places = places_of(X.shape, steps);
  for (std::size_t k = 0; k < elements.size(); ++k) groups.elements[places[k]] = elements[k];
  return groups;
}

// function(T(0)) with the T in which a type is computed: float16 and bfloat16 as float, whole numbers as double.
template <class Function> void in_arithmetic_of(Type type, const Function& function) {
  if (is_whole(type) || type == Type::float64)
    function(double(0));
  else
    function(float(0));
}

// The sum, each step in T.
template <class T> T sum_of_group(std::span<const T> group) {
  return std::accumulate(group.begin(), group.end(), T(0));
}
template <class T> T maximum_of_group(std::span<const T> group) {
  T highest = -std::numeric_limits<T>::infinity();
  for (const T each : group) highest = std::isnan(highest) || highest > each ? highest : each;
  return highest;
}
template <class T> T sum_of_squares(std::span<const T> group) {
  return std::inner_product(group.begin(), group.end(), group.begin(), T(0));
}
template <class T> T log_of_exponentials(std::span<const T> group) {
  const T highest = maximum_of_group(group);
  if (std::isinf(highest)) return highest;
  T sum(0);
  for (const T each : group) sum += std::exp(each - highest);
  return highest + std::log(sum);
}

constexpr auto group_sum = []<class T>(std::span<const T> group) { return sum_of_group(group); };
constexpr auto group_mean = []<class T>(std::span<const T> group) {
  return sum_of_group(group) / static_cast<T>(group.size());
};
constexpr auto group_product = []<class T>(std::span<const T> group) {
  return std::accumulate(group.begin(), group.end(), T(1), std::multiplies<>());
};
constexpr auto group_maximum = []<class T>(std::span<const T> group) { return maximum_of_group(group); };
constexpr auto group_minimum = []<class T>(std::span<const T> group) {
  T lowest = std::numeric_limits<T>::infinity();
  for (const T each : group) lowest = std::isnan(lowest) || lowest < each ? lowest : each;
  return lowest;
};
constexpr auto group_sizes = []<class T>(std::span<const T> group) {
  return std::accumulate(group.begin(), group.end(), T(0), [](T sum, T x) { return sum + std::abs(x); });
};
constexpr auto group_squares = []<class T>(std::span<const T> group) { return sum_of_squares(group); };
constexpr auto group_root = []<class T>(std::span<const T> group) { return std::sqrt(sum_of_squares(group)); };
constexpr auto group_log_sum = []<class T>(std::span<const T> group) { return std::log(sum_of_group(group)); };
constexpr auto group_log_sum_exp = []<class T>(std::span<const T> group) { return log_of_exponentials(group); };

template <auto reduce> void reduce_groups(Call& call) {
  const Tensor& X = call.input(0);
  const Groups groups = groups_of(call, X);
  Reals Y(call.spend(groups.shape));
  in_arithmetic_of(X.type, [&]<class T>(T) {
    std::vector<T> group(groups.size);
    for (std::size_t k = 0; k < Y.size(); ++k) {
      const auto first = groups.elements.begin() + static_cast<std::ptrdiff_t>(k * groups.size);
      std::transform(first, first + static_cast<std::ptrdiff_t>(groups.size), group.begin(),
                     [](double each) { return static_cast<T>(each); });
      Y[k] = reduce(std::span<const T>(group));
    }
  });
  if (is_real(X.type)) return call.give(real_tensor(X.type, groups.shape, std::move(Y)));
  Wholes whole(Y.size());
  std::ranges::transform(Y, whole.begin(), truncated);
  call.give(whole_tensor(X.type, groups.shape, std::move(whole)));
}

// f(x, y) for each vector x along an axis.
template <class Function> void along(Call& call, const Function& function) {
  const Tensor& X = call.input(0);
  const bool is_old = call.version() < 13;  // then all axes from that one on were one
  std::size_t axis = 0;
  Shape shape = X.shape;
  if (X.rank() == 0) {
    shape = {1};
  } else {
    const std::int64_t given = call.node().whole("axis", is_old ? 1 : -1);
    axis = is_old && given == static_cast<std::int64_t>(X.rank()) ? X.rank() : axis_of(given, X.rank());
  }
  if (is_old && X.rank() > 0) {
    const auto at = shape.begin() + static_cast<std::ptrdiff_t>(axis);
    shape = {static_cast<std::int64_t>(count_of({shape.begin(), at})),
             static_cast<std::int64_t>(count_of({at, shape.end()}))};
    axis = 1;
  }
  const Axis lines(shape, axis);
  call.spend(X.shape);
  Reals Y = X.reals();
  in_arithmetic_of(X.type, [&]<class T>(T) {
    std::vector<T> line(lines.size);
    for (std::size_t o = 0; o < lines.outer; ++o)
      for (std::size_t i = 0; i < lines.inner; ++i) {
        const auto at = [&](std::size_t k) -> double& { return Y[(o * lines.size + k) * lines.inner + i]; };
        for (std::size_t k = 0; k < lines.size; ++k) line[k] = static_cast<T>(at(k));
        function(std::span<T>(line));
        for (std::size_t k = 0; k < lines.size; ++k) at(k) = line[k];
      }
  });
  call.give(real_tensor(X.type, X.shape, std::move(Y)));
}

void softmax(Call& call) {
  along(call, []<class T>(std::span<T> line) {
    const T highest = maximum_of_group(std::span<const T>(line));
    T sum(0);
    for (T& each : line) sum += each = std::exp(each - highest);
    for (T& each : line) each /= sum;
  });
}
void log_softmax(Call& call) {
  along(call, []<class T>(std::span<T> line) {
    const T shift = log_of_exponentials(std::span<const T>(line));
    for (T& each : line) each -= shift;
  });
}
void hardmax(Call& call) {
  along(call, []<class T>(std::span<T> line) {
    const auto highest = std::ranges::max_element(line) - line.begin();
    for (std::ptrdiff_t k = 0; k < std::ssize(line); ++k)
      line[static_cast<std::size_t>(k)] = k == highest ? T(1) : T(0);
  });
}

// The place of the largest along an axis, of equal ones the first or the last; `sign` −1: of the smallest.
void find_extreme(Call& call, double sign) {
  const Tensor& X = call.input(0);
  const std::size_t axis = axis_of(call.node().whole("axis", 0), X.rank());
  const bool takes_last = call.node().whole("select_last_index", 0) != 0;
  Shape shape = X.shape;
  if (shape[axis] == 0) throw Error("there is no largest of nothing");
  if (call.node().whole("keepdims", 1) != 0)
    shape[axis] = 1;
  else
    shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(axis));
  const Axis lines(X.shape, axis);
  call.spend(X.shape);
  const Reals elements = X.numbers();
  Wholes places(call.spend(shape));
  for (std::size_t o = 0; o < lines.outer; ++o)
    for (std::size_t i = 0; i < lines.inner; ++i) {
      const auto at = [&](std::size_t k) { return sign * elements[(o * lines.size + k) * lines.inner + i]; };
      std::size_t best = 0;
      for (std::size_t k = 1; k < lines.size; ++k)
        if (at(k) > at(best) || (takes_last && at(k) == at(best))) best = k;
      places[o * lines.inner + i] = static_cast<std::int64_t>(best);
    }
  call.give(whole_tensor(Type::int64, shape, std::move(places)));
}
void argmax(Call& call) {
  find_extreme(call, 1);
}
void argmin(Call& call) {
  find_extreme(call, -1);
}

// (X − mean) / √(variance + ε) over all axes from one on, then a gain and a shift
void layer_normalisation(Call& call) {
  const Tensor &X = call.input(0), &gain = call.input(1);
  const std::size_t axis = axis_of(call.node().whole("axis", -1), X.rank());
  const double epsilon = call.node().real("epsilon", static_cast<double>(1e-5F));
  const auto at = X.shape.begin() + static_cast<std::ptrdiff_t>(axis);
  const std::size_t size = count_of({at, X.shape.end()}), count = count_of({X.shape.begin(), at});
  const Shape row_shape(at, X.shape.end());
  if (common_shape(gain.shape, row_shape) != row_shape) throw Error("the gain does not fit the rows");
  call.spend(X.shape);
  call.spend({static_cast<std::int64_t>(count)});
  call.spend(row_shape);
  const Reals gains = repeated(gain.reals(), gain.shape, row_shape);
  Reals shifts(size, 0.0);
  if (call.has(2)) {
    const Tensor& shift = call.input(2);
    if (common_shape(shift.shape, row_shape) != row_shape) throw Error("the shift does not fit the rows");
    shifts = repeated(shift.reals(), shift.shape, row_shape);
  }
  Reals Y = X.reals(), means(count), inverses(count);
  in_arithmetic_of(X.type, [&]<class T>(T) {
    std::vector<T> row(size);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < size; ++j) row[j] = static_cast<T>(Y[i * size + j]);
      const T average = group_mean(std::span<const T>(row));
      for (T& each : row) each -= average;
      const T variance = sum_of_squares(std::span<const T>(row)) / static_cast<T>(size);
      const T inverse = 1 / std::sqrt(variance + static_cast<T>(epsilon));
      for (std::size_t j = 0; j < size; ++j)
        Y[i * size + j] = row[j] * inverse * static_cast<T>(gains[j]) + static_cast<T>(shifts[j]);
      means[i] = average;
      inverses[i] = inverse;
    }
  });
  call.give(real_tensor(X.type, X.shape, std::move(Y)));
  Shape kept = X.shape;
  std::fill(kept.begin() + static_cast<std::ptrdiff_t>(axis), kept.end(), 1);
  const Type type = X.type == Type::float64 ? Type::float64 : Type::float32;
  call.give(real_tensor(type, kept, std::move(means)));
  call.give(real_tensor(type, kept, std::move(inverses)));
}

// The same with means and variances that training has left, one for each channel, the second axis.
void batch_normalisation(Call& call) {
  const Node& node = call.node();
  if (node.whole("training_mode", 0) != 0 || (call.version() < 7 && node.whole("is_test", 0) == 0))
    throw Error("it is in training, expected it to predict");
  const Tensor& X = call.input(0);
  if (X.rank() < 2) throw Error(fmt::format("a tensor of {}, expected rows × columns", shape_text(X.shape)));
  const Axis channels(X.shape, 1);
  std::array<const Reals*, 4> of_channels{};
  for (std::size_t k = 0; k < of_channels.size(); ++k) {
    of_channels[k] = &call.input(k + 1).reals();
    if (of_channels[k]->size() != channels.size)
      throw Error(fmt::format("{} numbers for {} columns", of_channels[k]->size(), channels.size));
  }
  const auto [gain, shift, mean, variance] = of_channels;
  const double epsilon = node.real("epsilon", static_cast<double>(1e-5F));
  call.spend(X.shape);
  Reals Y = X.reals();
  for (std::size_t k = 0; k < Y.size(); ++k) {
    const std::size_t c = k / channels.inner % channels.size;
    const auto step = [&](double value) { return rounded(X.type, value); };
    const double centred = step(Y[k] - (*mean)[c]), deviation = step(std::sqrt(step((*variance)[c] + epsilon)));
    Y[k] = step(step(centred / deviation) * (*gain)[c]) + (*shift)[c];
  }
  call.give(real_tensor(X.type, X.shape, std::move(Y)));
}

constexpr std::array<NamedOperator, 17> reduction_operators{{{"ArgMax", argmax},
                                                             {"ArgMin", argmin},
                                                             {"BatchNormalization", batch_normalisation},
                                                             {"Hardmax", hardmax},
                                                             {"LayerNormalization", layer_normalisation},
                                                             {"LogSoftmax", log_softmax},
                                                             {"ReduceL1", reduce_groups<group_sizes>},
                                                             {"ReduceL2", reduce_groups<group_root>},
                                                             {"ReduceLogSum", reduce_groups<group_log_sum>},
                                                             {"ReduceLogSumExp", reduce_groups<group_log_sum_exp>},
                                                             {"ReduceMax", reduce_groups<group_maximum>},
                                                             {"ReduceMean", reduce_groups<group_mean>},
                                                             {"ReduceMin", reduce_groups<group_minimum>},
                                                             {"ReduceProd", reduce_groups<group_product>},
                                                             {"ReduceSum", reduce_groups<group_sum>},
                                                             {"ReduceSumSquare", reduce_groups<group_squares>},
                                                             {"Softmax", softmax}}};

}  // namespace

Operator find_reduction_operator(std::string_view name) {
  const auto* const found = std::ranges::find(reduction_operators, name, &NamedOperator::name);
  return found != reduction_operators.end() ? found->compute : nullptr;
}

}  // namespace neurone::onnx
