// Operators that put elements of tensors in other places: joining, picking, turning, repeating.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>
#include <set>

#include "neurone/onnx/operators.h"

namespace neurone::onnx {
namespace {

// A tensor of that shape, of whose elements number k is number places[k] of X.
Tensor picked(const Tensor& X, Shape shape, const std::vector<std::size_t>& places) {
  return std::visit(
      [&]<class Elements>(const Elements& elements) {
        Elements chosen;
        assert(places.size() == count_of(shape));
        chosen.reserve(places.size());
        for (const std::size_t place : places) chosen.push_back(elements[place]);
        return Tensor{.type = X.type, .shape = std::move(shape), .elements = std::move(chosen)};
      },
      X.elements);
}

void transpose(Call& call) {
  const Tensor& X = call.input(0);
  Wholes order = call.node().wholes("perm");
  if (order.empty())
    for (std::size_t k = X.rank(); k-- > 0;) order.push_back(static_cast<std::int64_t>(k));
  const std::set<std::int64_t> all(order.begin(), order.end());
  if (order.size() != X.rank() || all.size() != X.rank() ||
      (!all.empty() && (*all.begin() != 0 || *all.rbegin() + 1 != std::ssize(order))))
    throw Error(fmt::format("perm does not order the axes of {}", shape_text(X.shape)));
  std::vector<std::size_t> step(X.rank(), 1);
  for (std::size_t k = X.rank(); k-- > 1;) step[k - 1] = step[k] * static_cast<std::size_t>(X.shape[k]);
  Shape shape;
  std::vector<std::size_t> steps;
  for (const std::int64_t axis : order) {
    shape.push_back(X.shape[static_cast<std::size_t>(axis)]);
    steps.push_back(step[static_cast<std::size_t>(axis)]);
  }
  call.spend(shape);
  call.give(picked(X, shape, places_of(shape, steps)));
}

void concat(Call& call) {
  const Tensor& first = call.input(0);
  if (first.rank() == 0) throw Error("single numbers have no axis to be joined along");
  const std::size_t axis = axis_of(call.node().whole("axis", 1), first.rank());
  Shape shape = first.shape;
  shape[axis] = 0;
  for (std::size_t k = 0; k < call.inputs(); ++k) {
    const Tensor& each = call.input(k);
    Shape others = each.shape;
    if (each.type != first.type || each.rank() != first.rank()) throw Error("tensors of several kinds");
    shape[axis] += others[axis];
    others[axis] = shape[axis];
    if (others != shape)
      throw Error(fmt::format("{} and {} do not fit", shape_text(first.shape), shape_text(each.shape)));
  }
  call.spend(shape);
  const Axis lines(shape, axis);
  Tensor joined = first;
  std::visit(
      [&]<class Elements>(Elements& elements) {
        elements.clear();
        elements.reserve(count_of(shape));
        for (std::size_t o = 0; o < lines.outer; ++o)
          for (std::size_t k = 0; k < call.inputs(); ++k) {
            const auto& part = std::get<Elements>(call.input(k).elements);
            const auto size = static_cast<std::ptrdiff_t>(part.size() / lines.outer);
            const auto at = part.begin() + static_cast<std::ptrdiff_t>(o) * size;
            elements.insert(elements.end(), at, at + size);
          }
      },
      joined.elements);
  joined.shape = std::move(shape);
  call.give(std::move(joined));
}

void gather(Call& call) {
  const Tensor &X = call.input(0), &indices = call.input(1);
  const std::size_t axis = axis_of(call.node().whole("axis", 0), X.rank());
  const Axis lines(X.shape, axis);
  const auto size = static_cast<std::int64_t>(lines.size);
  for (const std::int64_t index : indices.wholes())
    if (index < -size || index >= size) throw Error(fmt::format("index {} of {}", index, size));
  Shape shape(X.shape.begin(), X.shape.begin() + static_cast<std::ptrdiff_t>(axis));
  shape.insert(shape.end(), indices.shape.begin(), indices.shape.end());
  shape.insert(shape.end(), X.shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1, X.shape.end());
  std::vector<std::size_t> places;
  places.reserve(call.spend(shape));
  for (std::size_t o = 0; o < lines.outer; ++o)
    for (const std::int64_t index : indices.wholes()) {
      const auto place = static_cast<std::size_t>(index < 0 ? index + size : index);
      for (std::size_t i = 0; i < lines.inner; ++i) places.push_back((o * lines.size + place) * lines.inner + i);
    }
  call.give(picked(X, shape, places));
}

// Indices from `start` on in steps, before `end`, both counted from the end if below 0 and held within the axis.
std::vector<std::size_t> indices_between(std::int64_t start, std::int64_t end, std::int64_t step, std::int64_t size) {
  if (step == 0) throw Error("a step of 0");
  const auto held = [&](std::int64_t index, std::int64_t low, std::int64_t high) {
    return std::clamp(index < 0 ? index + size : index, low, high);
  };
  std::vector<std::size_t> indices;
  if (step > 0)
    for (std::int64_t at = held(start, 0, size), stop = held(end, 0, size); at < stop;) {
      indices.push_back(static_cast<std::size_t>(at));
      if (step >= stop - at) break;  // the sum might overflow
      at += step;
    }
  else
    for (std::int64_t at = held(start, -1, size - 1), stop = held(end, -1, size - 1); at > stop;) {
      indices.push_back(static_cast<std::size_t>(at));
      if (step <= stop - at) break;
      at += step;
    }
  return indices;
}

void slice(Call& call) {
  const Tensor& X = call.input(0);
  const Wholes starts = call.list("starts", 1), ends = call.list("ends", 2);
  Wholes axes = call.list("axes", 3), steps = call.list("steps", 4);
  if (axes.empty())
    for (std::size_t k = 0; k < starts.size(); ++k) axes.push_back(static_cast<std::int64_t>(k));
  if (steps.empty()) steps.assign(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    throw Error("starts, ends, axes and steps are not as many as each other");
  std::vector<std::vector<std::size_t>> kept(X.rank());
  for (std::size_t k = 0; k < X.rank(); ++k) {
    call.spend({X.shape[k]});
    kept[k].resize(static_cast<std::size_t>(X.shape[k]));
    std::iota(kept[k].begin(), kept[k].end(), 0);
  }
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const std::size_t axis = axis_of(axes[k], X.rank());
    call.spend({X.shape[axis]});
    kept[axis] = indices_between(starts[k], ends[k], steps[k], X.shape[axis]);
  }
  Shape shape;
  std::vector<std::size_t> places{0};
  for (std::size_t k = 0; k < X.rank(); ++k) {
    shape.push_back(std::ssize(kept[k]));
    std::vector<std::size_t> finer;
    finer.reserve(call.spend(shape));
    for (const std::size_t place : places)
      for (const std::size_t index : kept[k]) finer.push_back(place * static_cast<std::size_t>(X.shape[k]) + index);
    places = std::move(finer);
  }
  call.give(picked(X, shape, places));
}

void split(Call& call) {
  const Tensor& X = call.input(0);
  const std::size_t axis = axis_of(call.node().whole("axis", 0), X.rank());
  const auto parts = std::ssize(call.node().outputs);
  Wholes sizes = call.list("split", 1);
  if (sizes.empty() && parts > 0) {
    const std::int64_t size = (X.shape[axis] + parts - 1) / parts;
    for (std::int64_t left = X.shape[axis], k = 0; k < parts; ++k, left -= sizes.back())
      sizes.push_back(std::min(size, left));
  }
  const Axis lines(X.shape, axis);
  std::size_t begin = 0;
  for (const std::int64_t size : sizes) {
    if (size < 0 || size > static_cast<std::int64_t>(lines.size - begin))
      throw Error(fmt::format("parts of other sizes than {}", X.shape[axis]));
    Shape shape = X.shape;
    shape[axis] = size;
    std::vector<std::size_t> places;
    places.reserve(call.spend(shape));
    for (std::size_t o = 0; o < lines.outer; ++o)
      for (std::size_t k = 0; k < static_cast<std::size_t>(size); ++k)
        for (std::size_t i = 0; i < lines.inner; ++i)
          places.push_back((o * lines.size + begin + k) * lines.inner + i);
    begin += static_cast<std::size_t>(size);
    call.give(picked(X, shape, places));
  }
}

void expand(Call& call) {
  const Tensor& X = call.input(0);
  const Wholes& wanted = call.input(1).wholes();
  const Shape shape = common_shape(X.shape, wanted);
  call.spend(shape);
  Tensor Y = X;
  std::visit([&](auto& elements) { elements = repeated(elements, X.shape, shape); }, Y.elements);
  Y.shape = shape;
  call.give(std::move(Y));
}

constexpr std::array<NamedOperator, 6> picking_operators{{{"Concat", concat},
                                                          {"Expand", expand},
                                                          {"Gather", gather},
                                                          {"Slice", slice},
                                                          {"Split", split},
                                                          {"Transpose", transpose}}};

}  // namespace

Operator find_picking_operator(std::string_view name) {
  const auto* const found = std::ranges::find(picking_operators, name, &NamedOperator::name);
  return found != picking_operators.end() ? found->compute : nullptr;
}

}  // namespace neurone::onnx
