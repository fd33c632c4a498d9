// Pixels to numbers: what is learnt from training images, and what is done with others.
#include "neurone/data/image_preparation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "neurone/core/error.h"
#include "tests/support/matrices.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

Images two_images(std::vector<std::uint8_t> pixels) {
  return {.height = 1, .width = 2, .pixels = std::move(pixels), .labels = {3, 4}, .source = "digits"};
}

TEST(Preparation, pixels_are_standardised_all_alike) {
  const ImagePreparation images = fit_images(two_images({0, 255, 255, 0}));
  EXPECT_EQ(images.width(), 2U);
  EXPECT_DOUBLE_EQ(images.mean, 0.5);
  EXPECT_DOUBLE_EQ(images.deviation, 0.5);
  Matrix<float> X = poisoned<float>(2, 2);
  images.encode<float>(two_images({0, 255, 51, 0}), X);
  EXPECT_FLOAT_EQ(X(0, 0), -1);
  EXPECT_FLOAT_EQ(X(0, 1), 1);
  EXPECT_FLOAT_EQ(X(1, 0), -0.6F);
  EXPECT_FLOAT_EQ(X(1, 1), -1);
}

TEST(Preparation, images_of_one_grey_become_zeros) {
  const Images grey = two_images({37, 37, 37, 37});
  const ImagePreparation images = fit_images(grey);
  EXPECT_EQ(images.deviation, 1);
  Matrix<double> X = poisoned<double>(2, 2);
  images.encode<double>(grey, X);
  for (const double x : X.elements()) EXPECT_EQ(x, 0);
}

TEST(Preparation, images_of_another_size_are_refused) {
  const ImagePreparation images{.height = 2, .width_in_pixels = 1};
  Matrix<double> X(2, 2);
  EXPECT_EQ(message_of<Error>([&] { images.encode<double>(two_images({1, 2, 3, 4}), X); }),
            "digits: images of 1 × 2 pixels, expected 2 × 1");
}

TEST(Preparation, images_are_selected_with_their_labels) {
  const Images chosen = select(two_images({1, 2, 3, 4}), std::vector<std::uint32_t>{1, 0, 1});
  EXPECT_EQ(chosen.pixels, (std::vector<std::uint8_t>{3, 4, 1, 2, 3, 4}));
  EXPECT_EQ(chosen.labels, (std::vector<std::uint8_t>{4, 3, 4}));
  EXPECT_EQ(chosen.source, "digits");
}

}  // namespace
}  // namespace neurone
