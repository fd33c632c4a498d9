// Row-major matrices, 64-byte aligned, and views of them. Rows are samples, as in the lecture.
// Arithmetic is left to math/.
#pragma once

#include <cassert>
#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "neurone/core/error.h"

namespace neurone {

inline constexpr std::size_t cache_line = 64;        // bytes
inline constexpr std::size_t huge_page = 2UL << 20;  // bytes

/// No vector of doubles is longer. It leaves room: counts up to this, added by the handful, fit into std::size_t.
inline constexpr std::size_t most_elements = std::numeric_limits<std::ptrdiff_t>::max() / sizeof(double);

/// rows · columns. Throws Error when that is more than most_elements, instead of wrapping around.
inline std::size_t checked_size(std::size_t rows, std::size_t columns) {
  if (columns != 0 && rows > most_elements / columns)
    throw Error("a matrix of " + std::to_string(rows) + " × " + std::to_string(columns) + " is too large");
  return rows * columns;
}

/// Memory that begins on a huge page may lie in such pages: rows of a table in a random order then cost no look-up of
/// their address.
void ask_for_huge_pages(void* memory, std::size_t bytes);

template <class T> struct AlignedAllocator {
  using value_type = T;

  AlignedAllocator() = default;
  template <class U> AlignedAllocator(const AlignedAllocator<U>&) {}

  T* allocate(std::size_t n) {
    T* const memory = static_cast<T*>(::operator new(n * sizeof(T), alignment(n)));
    if (n * sizeof(T) >= large) ask_for_huge_pages(memory, n * sizeof(T));
    return memory;
  }
  void deallocate(T* p, std::size_t n) noexcept { ::operator delete(p, alignment(n)); }

  template <class U> bool operator==(const AlignedAllocator<U>&) const { return true; }

 private:
  static constexpr std::size_t large = 4 * huge_page;
  static std::align_val_t alignment(std::size_t n) {
    return std::align_val_t{n * sizeof(T) >= large ? huge_page : cache_line};
  }
};

/// A vector whose first element stands on a cache line.
template <class T> using Vector = std::vector<T, AlignedAllocator<T>>;

/// Memory whose elements are written before they are read: nobody sets them to zero, and pages that are never touched
/// are never there.
template <class T> class UnsetVector {
 public:
  explicit UnsetVector(std::size_t size) : elements_(AlignedAllocator<T>().allocate(size), Release{size}) {}
  T* data() { return elements_.get(); }

 private:
  struct Release {
    std::size_t size;
    void operator()(T* elements) const { AlignedAllocator<T>().deallocate(elements, size); }
  };
  std::unique_ptr<T, Release> elements_;
};

/// A rows × columns window on memory that someone else owns; `MatrixView<const T>` cannot write.
template <class T> class MatrixView {
 public:
  MatrixView() = default;
  MatrixView(T* data, std::size_t rows, std::size_t columns) : data_(data), rows_(rows), columns_(columns) {}

  operator MatrixView<const T>() const
    requires(!std::is_const_v<T>)
  {
    return {data_, rows_, columns_};
  }

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::size_t size() const { return rows_ * columns_; }
  bool empty() const { return size() == 0; }
  T* data() const { return data_; }

  T& operator()(std::size_t row, std::size_t column) const {
    assert(row < rows_ && column < columns_);
    return data_[row * columns_ + column];
  }
  std::span<T> operator[](std::size_t row) const {
    assert(row < rows_);
    return {data_ + row * columns_, columns_};
  }
  /// All elements, row after row.
  std::span<T> elements() const { return {data_, size()}; }
  /// Rows first … first + count − 1.
  MatrixView rows(std::size_t first, std::size_t count) const {
    assert(first + count <= rows_);
    return {data_ + first * columns_, count, columns_};
  }

 private:
  T* data_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
};

template <class T> using ConstMatrixView = MatrixView<const T>;

/// A matrix that owns its elements; zero at first. Throws Error when it is too large to be counted.
template <class T> class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t columns)
      : elements_(checked_size(rows, columns)), rows_(rows), columns_(columns) {}

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::size_t size() const { return elements_.size(); }
  bool empty() const { return elements_.empty(); }
  T* data() { return elements_.data(); }
  const T* data() const { return elements_.data(); }

  MatrixView<T> view() { return {elements_.data(), rows_, columns_}; }
  ConstMatrixView<T> view() const { return {elements_.data(), rows_, columns_}; }
  operator MatrixView<T>() { return view(); }
  operator ConstMatrixView<T>() const { return view(); }

  T& operator()(std::size_t row, std::size_t column) { return view()(row, column); }
  const T& operator()(std::size_t row, std::size_t column) const { return view()(row, column); }
  std::span<T> operator[](std::size_t row) & { return view()[row]; }
  std::span<const T> operator[](std::size_t row) const& { return view()[row]; }
  std::span<T> elements() & { return view().elements(); }
  std::span<const T> elements() const& { return view().elements(); }
  // of a matrix that is about to go they would dangle: for (T x : f().elements())
  void operator[](std::size_t row) && = delete;
  void elements() && = delete;

  bool operator==(const Matrix&) const = default;

 private:
  Vector<T> elements_;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
};

}  // namespace neurone
