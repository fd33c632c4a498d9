// A training step allocates nothing, from the second step on; nor does a prediction with a ready workspace. A program
// of its own, because it replaces operator new.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "neurone/core/random.h"
#include "neurone/training/trainer.h"

namespace {

std::atomic<std::size_t> allocations{0};

void* allocate(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

// Not inlined: g++ would see free() beside new and warn.
[[gnu::noinline]] void release(void* memory) {
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  return allocate(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  release(memory);
}

namespace neurone {
namespace {

Dataset<float> random_classes(std::size_t rows, std::size_t inputs, std::size_t classes) {
  Random random(1, {.purpose = Purpose::split});
  Matrix<float> X(rows, inputs);
  for (float& x : X.elements()) x = static_cast<float>(random.normal());
  Dataset<float> data{.X = std::move(X), .targets = Matrix<float>(rows, classes), .weights = {}};
  for (std::size_t i = 0; i < rows; ++i) data.targets(i, i % classes) = 1;
  data.weights.assign(rows, 1.5F);
  return data;
}

TEST(Allocation, the_counter_counts) {
  const std::size_t before = allocations;
  const Vector<float> some(100);
  EXPECT_EQ(allocations, before + 1);
}

TEST(Allocation, a_training_step_allocates_nothing_from_the_second_on_with_any_optimizer) {
  const Dataset<float> data = random_classes(50, 7, 3);
  const Dataset<float> none;
  for_each_alternative<update_rules::Any>([&](auto rule) {
    Network<float> network({.inputs = 7,
                            .layers = {layers::Dense{.units = 16, .activation = "gelu"}, layers::BatchNorm{},
                                       layers::Dropout{.rate = 0.2}, layers::LayerNorm{},
                                       layers::Dense{.units = 3, .activation = "softmax"}}});
    network.initialise(1);
    const Loss loss{.formula = losses::CategoricalCrossEntropy{}};
    Trainer<float> trainer(network, loss, {.task = Task::classification},
                           {.epochs = 3,
                            .batch = 8,
                            .optimizer = rule,
                            .regularisation = {.l1 = 1e-4, .l2 = 1e-4, .weight_decay = 1e-2},
                            .clipping = {.norm = 1, .value = 1},
                            .label_smoothing = 0.1},
                           data, none);
    std::size_t first = 0, last = 0;
    Observer observer;
    observer.step = [&](std::size_t step, std::size_t) { (step == 1 ? first : last) = allocations; };
    trainer.run_epoch(observer);
    EXPECT_GT(last, 0U);
    EXPECT_EQ(last, first) << rule.name << ": steps 2 to 7 of the first epoch";
    trainer.run_epoch(observer);
    EXPECT_EQ(last, first) << rule.name << ": the second epoch";
  });
}

TEST(Allocation, a_prediction_with_a_ready_workspace_allocates_nothing) {
  const Dataset<float> data = random_classes(50, 7, 3);
  Network<float> network({.inputs = 7,
                          .layers = {layers::Dense{.units = 16}, layers::BatchNorm{},
                                     layers::Dense{.units = 3, .activation = "softmax"}}});
  network.initialise(1);
  Workspace<float> workspace(network, 8, WorkspaceFor::prediction);
  Matrix<float> Y(50, 3);
  const std::size_t before = allocations;
  network.predict(data.X.packed(), Y, workspace);
  EXPECT_EQ(allocations, before);
}

}  // namespace
}  // namespace neurone
