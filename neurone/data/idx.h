// Arrays of bytes in the IDX format, and the folders of labelled images that come in it (MNIST and its kin).
// Leaves to preparation how pixels become numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace neurone {

/// An array of unsigned bytes, last index fastest.
struct IdxArray {
  std::vector<std::size_t> shape;    ///< one to four dimensions
  std::vector<std::uint8_t> values;  ///< as many as the product of the shape
};

/// IDX: two zero bytes, the type, the rank, each dimension as a big-endian 32-bit number, the values
/// (LeCun, Cortes, Burges, "The MNIST database of handwritten digits"). `source` is for messages.
/// Throws Error: not IDX, not of unsigned bytes, rank not 1 … 4, cut short, bytes left over.
IdxArray parse_idx(std::string_view bytes, const std::string& source);

/// The same from a file, "-" for standard input; gzip is unpacked.
IdxArray read_idx(const std::string& path);

/// Grey images of one size, with their labels where there are any.
struct Images {
  std::size_t height = 0;
  std::size_t width = 0;
  std::vector<std::uint8_t> pixels;  ///< count × height × width
  std::vector<std::uint8_t> labels;  ///< count, or none
  std::string source;                ///< the file of the images, for messages

  std::size_t count() const { return pixels.empty() ? 0 : pixels.size() / (height * width); }
};

struct ImageFolder {
  Images train;
  Images test;  ///< of the same size as `train`; no images where the folder has none
};

/// The images of one file, without labels. Throws Error, as parse_idx does and for an array that is not of images.
Images read_idx_images(const std::string& path);

/// The labelled images of a folder: train-images-idx3-ubyte and train-labels-idx1-ubyte, and where there are any
/// t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte; each may end in .gz, and have a point before "idx".
/// Throws Error: a file that is missing or broken, unequal numbers of images and labels, test images of another size.
ImageFolder read_idx_folder(const std::string& folder);

/// The test images of such a folder alone, with their labels; the training images are neither read nor needed.
/// Throws Error: a file that is missing or broken, unequal numbers of images and labels.
Images read_idx_test_images(const std::string& folder);

}  // namespace neurone
