// Models that hold a number which is none: refused by the name of the tensor and the place in it.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>

#include "neurone/file/model_file.h"
#include "neurone/file/safetensors.h"
#include "tests/model/models.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

std::string message_for(const std::string& bytes) {
  return message_of<Error>([&] { parse_model(bytes, "m"); });
}

template <class T> T not_finite(int which) {
  constexpr T infinity = std::numeric_limits<T>::infinity();
  return which == 0 ? std::numeric_limits<T>::quiet_NaN() : which == 1 ? infinity : -infinity;
}

// Every layer's parameters and statistics, in both precisions, at the first place, the last and one between.
template <class T> void expect_refused_by_name() {
  Network<T> network({.inputs = 1,
                      .layers = {layers::Dense{.units = 5}, layers::BatchNorm{}, layers::LayerNorm{},
                                 layers::Dense{.units = 1, .activation = "identity"}}});
  network.initialise(1);
  const std::string whole = format_model({.preparation = plain_x(),
                                          .target = NumberTarget{.name = "y"},
                                          .loss = {losses::SquaredError{}},
                                          .networks = Networks<T>{network, network},
                                          .record = {}});
  const Safetensors file = parse_safetensors(whole, "m");
  ASSERT_EQ(file.tensors().size(), 20U);
  for (const auto& [name, tensor] : file.tensors())
    for (const std::size_t place : {std::size_t{0}, tensor.shape.front() / 2, tensor.shape.front() - 1})
      for (int which = 0; which < 3; ++which) {
        Vector<T> values = tensor_values<T>(file, name);
        values[place] = not_finite<T>(which);
        Tensors tensors = file.tensors();
        tensors[name] = tensor_of<T>(tensor.shape, std::span<const T>(values));
        const std::string value = which == 0 ? "nan" : which == 1 ? "inf" : "-inf";
        EXPECT_EQ(message_for(format_safetensors(tensors, file.metadata())),
                  "m: damaged model: tensor '" + name + "' holds a value that is not finite (" + value +
                      " at place " + std::to_string(place + 1) + ")");
      }
}

TEST(NotFiniteModel, a_weight_that_is_not_finite_is_refused_by_name) {
  expect_refused_by_name<float>();
  expect_refused_by_name<double>();
}

TEST(NotFiniteModel, a_model_that_could_not_be_read_again_is_not_written) {
  const Model model = model_of_x<float>(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "identity",
                                        {std::numeric_limits<double>::quiet_NaN(), 0});
  EXPECT_EQ(message_of<Error>([&] { format_model(model); }),
            "the model cannot be kept: 0.W holds a value that is not finite (nan at place 1)");
}

TEST(NotFiniteModel, a_variance_below_zero_is_refused) {
  Network<float> network(
      {.inputs = 1, .layers = {layers::BatchNorm{}, layers::Dense{.units = 1, .activation = "identity"}}});
  std::ranges::fill(network.statistics(), -1.0F);
  EXPECT_EQ(message_for(format_model({.preparation = plain_x(),
                                      .target = NumberTarget{.name = "y"},
                                      .loss = {losses::SquaredError{}},
                                      .networks = Networks<float>{std::move(network)},
                                      .record = {}})),
            "m: damaged model: tensor '0.variance' holds a variance below 0");
}

}  // namespace
}  // namespace neurone
