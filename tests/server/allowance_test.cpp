// What requests may become.
#include "server/allowance.h"

#include <gtest/gtest.h>

#include "tests/server/people.h"

namespace neurone::server {
namespace {

unsigned status_of(const std::function<void()>& ask) {
  try {
    ask();
  } catch (const Refusal& refusal) {
    return refusal.status();
  }
  return 200;
}

TEST(Memory, is_shared_and_given_back) {
  Memory memory(1000);
  Holding first(memory);
  first.hold(600);
  {
    Holding second(memory);
    EXPECT_EQ(status_of([&] { second.hold(500); }), 503);
    EXPECT_EQ(status_of([&] { second.hold(1001); }), 413);
    EXPECT_EQ(second.bytes(), 0);
    second.hold(400);
    EXPECT_EQ(memory.held(), 1000);
    first.hold(100);
    EXPECT_EQ(memory.held(), 500);
  }
  EXPECT_EQ(memory.held(), 100);
}

TEST(Allowance, counts_the_memory_of_rows_before_there_are_any) {
  const ModelPointer model = served("people", people());
  Memory memory(100'000'000);
  Holding holding(memory);
  holding.hold(7);  // the body
  Allowance allowance(holding);
  allowance.begin(*model, 50'000);
  allowance.bytes(1000);
  EXPECT_EQ(memory.held(), 1007);
  allowance.rows(20'000);
  EXPECT_GE(memory.held(), 1007 + 20'000 * model->row_bytes());
  EXPECT_EQ(status_of([&] { allowance.rows(50'001); }), 413);
}

TEST(Allowance, of_a_turn_is_so_many_rows_and_so_much_work) {
  const auto most_rows = [](const Model& model) {
    const ModelPointer pointer = served("x", model);
    Allowance allowance = Allowance::of_a_turn();
    allowance.begin(*pointer, 100'000);
    std::size_t rows = 0;
    try {
      while (rows < 1000) allowance.rows(++rows);
    } catch (const TakesLong&) {
      return rows - 1;
    }
    return rows;
  };
  EXPECT_EQ(most_rows(people()), 256);
  Model large = people();
  auto& networks = std::get<Networks<float>>(large.networks);
  const std::size_t inputs = large.inputs();
  networks.clear();
  networks.emplace_back(NetworkSpec{.inputs = inputs,
                                    .layers = {layers::Dense{.units = 1000, .activation = "relu"},
                                               layers::Dense{.units = 1000, .activation = "relu"},
                                               layers::Dense{.units = 2, .activation = "softmax"}}});
  const std::size_t few = most_rows(large);  // 10^6 multiplications each, 10^8 a turn
  EXPECT_GT(few, 50);
  EXPECT_LT(few, 100);
  Allowance allowance = Allowance::of_a_turn();
  allowance.begin(*served("x", people()), 100'000);
  EXPECT_THROW(allowance.bytes(10'000'000), TakesLong);
}

}  // namespace
}  // namespace neurone::server
