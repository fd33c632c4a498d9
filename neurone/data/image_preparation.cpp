#include "neurone/data/image_preparation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "neurone/core/error.h"

namespace neurone {

template <class T> void ImagePreparation::encode(const Images& images, MatrixView<T> X) const {
  if (images.height != height || images.width != width_in_pixels) {
    throw Error(images.source, "images of " + std::to_string(images.height) + " × " + std::to_string(images.width) +
                                   " pixels, expected " + std::to_string(height) + " × " +
                                   std::to_string(width_in_pixels));
  }
  assert(X.rows() == images.count() && X.columns() == width());
  const std::span<T> x = X.elements();
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<T>((static_cast<double>(images.pixels[i]) / 255 - mean) / deviation);
}

ImagePreparation fit_images(const Images& images) {
  ImagePreparation fitted{.height = images.height, .width_in_pixels = images.width};
  std::uint64_t sum = 0, squares = 0;  // exact: bytes
  for (const std::uint64_t pixel : images.pixels) {
    sum += pixel;
    squares += pixel * pixel;
  }
  const auto n = static_cast<double>(images.pixels.size());
  const double mean = static_cast<double>(sum) / n;
  const double deviation = std::sqrt(std::max(0.0, static_cast<double>(squares) / n - mean * mean));
  fitted.mean = mean / 255;
  fitted.deviation = deviation > 0 ? deviation / 255 : 1;
  return fitted;
}

Images select(const Images& images, std::span<const std::uint32_t> numbers) {
  Images chosen{.height = images.height, .width = images.width, .pixels = {}, .labels = {}, .source = images.source};
  const std::size_t size = images.height * images.width;
  chosen.pixels.reserve(numbers.size() * size);
  for (const std::uint32_t number : numbers) {
    const auto first = images.pixels.begin() + static_cast<std::ptrdiff_t>(number * size);
    chosen.pixels.insert(chosen.pixels.end(), first, first + static_cast<std::ptrdiff_t>(size));
    if (!images.labels.empty()) chosen.labels.push_back(images.labels[number]);
  }
  return chosen;
}

template void ImagePreparation::encode<float>(const Images&, MatrixView<float>) const;
template void ImagePreparation::encode<double>(const Images&, MatrixView<double>) const;

}  // namespace neurone
