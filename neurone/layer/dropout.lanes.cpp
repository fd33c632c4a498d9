// Blocks of Philox side by side, one in each lane (core/random.cpp is the reference).
#include "neurone/layer/dropout_kernels.h"

#include <hwy/highway.h>

#include "neurone/core/random.h"

namespace neurone::NEURONE_LANES {
namespace {

constexpr std::size_t blocks = 16, words = 4;

#if HWY_TARGET == HWY_SCALAR

// The numbers of the blocks from counter[0] + first_block on, in the order of the stream.
void draw(const std::array<std::uint32_t, 2>& key, std::array<std::uint32_t, 4> counter, std::uint32_t first_block,
          std::uint32_t* numbers) {
  counter[0] += first_block;
  for (std::size_t k = 0; k < blocks; ++k, ++counter[0]) {
    const std::array<std::uint32_t, 4> block = philox(counter, key);
    for (std::size_t w = 0; w < words; ++w) numbers[words * k + w] = block[w];
  }
}

#else

namespace hn = hwy::HWY_NAMESPACE;

// The same. A word stands in the lower half of 64 bits; what stands in the upper one is of no account, because only
// lower halves are multiplied.
void draw(const std::array<std::uint32_t, 2>& key, const std::array<std::uint32_t, 4>& counter,
          std::uint32_t first_block, std::uint32_t* numbers) {
  const hn::CappedTag<std::uint64_t, blocks> d64;
  const hn::Repartition<std::uint32_t, decltype(d64)> d32;
  const hn::Rebind<std::uint32_t, decltype(d64)> narrow;
  const auto product = [&](auto x, std::uint32_t factor) {
    return hn::MulEven(hn::BitCast(d32, x), hn::Set(d32, factor));
  };
  for (std::size_t k = 0; k < blocks; k += hn::Lanes(d64)) {
    auto a = hn::Iota(d64, std::uint64_t{counter[0]} + first_block + k);
    auto b = hn::Set(d64, counter[1]), c = hn::Set(d64, counter[2]), d = hn::Set(d64, counter[3]);
    std::uint32_t key0 = key[0], key1 = key[1];
    for (int round = 0; round < 10; ++round) {
      const auto first = product(a, 0xD2511F53), second = product(c, 0xCD9E8D57);
      a = hn::Xor(hn::Xor(hn::ShiftRight<32>(second), b), hn::Set(d64, key0));
      b = second;
      c = hn::Xor(hn::Xor(hn::ShiftRight<32>(first), d), hn::Set(d64, key1));
      d = first;
      key0 += 0x9E3779B9;
      key1 += 0xBB67AE85;
    }
    hn::StoreInterleaved4(hn::TruncateTo(narrow, a), hn::TruncateTo(narrow, b), hn::TruncateTo(narrow, c),
                          hn::TruncateTo(narrow, d), narrow, numbers + words * k);
  }
}

#endif

template <class T> void multiply_by_mask(const DropoutRow<T>& row) {
  constexpr std::size_t piece = blocks * words;
  alignas(64) std::uint32_t numbers[piece];
  const std::uint32_t threshold = row.threshold;
  const T kept = row.kept;
  for (std::size_t first = 0; first < row.n; first += piece) {
    draw(row.key, row.counter, static_cast<std::uint32_t>(first / words), numbers);
    const std::size_t count = row.n - first < piece ? row.n - first : piece;
    const T* const x = row.x + first;
    T* const __restrict mask = row.mask + first;  // apart from each other and from x: a vector at a time
    T* const __restrict z = row.z + first;
    for (std::size_t j = 0; j < count; ++j) {
      mask[j] = numbers[j] < threshold ? T(0) : kept;
      z[j] = x[j] * mask[j];
    }
  }
}

}  // namespace

constinit const DropoutKernels<float> dropout_in_float = {multiply_by_mask<float>};
constinit const DropoutKernels<double> dropout_in_double = {multiply_by_mask<double>};

}  // namespace neurone::NEURONE_LANES
