// Pixels to the numbers that a network sees, learnt from the training images and kept with the model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "neurone/core/matrix.h"
#include "neurone/data/idx.h"

namespace neurone {

/// (pixel/255 − mean) / deviation, one mean and deviation for all pixels.
struct ImagePreparation {
  std::size_t height = 0;
  std::size_t width_in_pixels = 0;
  double mean = 0;
  double deviation = 1;

  std::size_t width() const { return height * width_in_pixels; }

  /// X, images × width(), overwritten. Throws Error for images of another size.
  template <class T> void encode(const Images& images, MatrixView<T> X) const;
};

ImagePreparation fit_images(const Images& images);

/// The images of these numbers, in this order.
Images select(const Images& images, std::span<const std::uint32_t> numbers);

}  // namespace neurone
