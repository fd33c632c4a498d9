// The formula sheet of the activations σ: each with its value and, right below, its slope dσ/dz.
// How they run over a matrix is in activation.h; what a layer does with them, in layer/.
//
// `z` is the pre-activation, `a` = value(z). A slope may use either, as the lecture does: φ' = φ(1 − φ).
// Where a function has a kink, the slope there is the one from the left, except that relu6, hard_sigmoid,
// hard_tanh and hard_silu are flat at their kinks.
// `takes_logits` marks those whose z are logits, of which they make probabilities or their logarithms.
#pragma once

#include <cstddef>
#include <numbers>
#include <span>
#include <string_view>

#include "neurone/core/matrix.h"
#include "neurone/math/numbers.h"

namespace neurone::activations {

using namespace neurone::numbers;

/// Which spread of the initial weights keeps the signal's size from layer to layer.
enum class Start {
  glorot,  ///< bounded or odd functions: variance 2/(inputs + outputs)
  he,      ///< half of the inputs is cut off: variance 2/inputs
  lecun,   ///< self-normalising: variance 1/inputs
};

// z for a product whose other factor is 0 beyond ± 1000, in double as in float: 1000 · 0 is 0, ∞ · 0 would be NaN
template <class T> T bounded(T z) {
  return maximum(minimum(z, T(1000)), T(-1000));
}
template <class T> T bounded_below(T z) {
  return maximum(z, T(-1000));
}

// clang-format off: value and slope stand one below the other, like the columns of a table

struct Identity {
  static constexpr std::string_view name = "identity", formula = "z", derivative = "1", range = "(-inf, inf)";
  static constexpr Start start = Start::glorot;
  template <class T> static T value(T z)    { return z; }
  template <class T> static T slope(T, T)   { return T(1); }
};

struct Sigmoid {
  static constexpr std::string_view name = "sigmoid", formula = "1 / (1 + e^-z)", derivative = "a (1 - a)",
                                    range = "(0, 1)";
  static constexpr Start start = Start::glorot;
  static constexpr bool takes_logits = true;
  template <class T> static T value(T z)    { return T(1) / (T(1) + exp(-z)); }
  template <class T> static T slope(T, T a) { return a * (T(1) - a); }              // φ' = φ (1 − φ)
};

struct Tanh {
  static constexpr std::string_view name = "tanh", formula = "(1 - e^-2z) / (1 + e^-2z)", derivative = "1 - a^2",
                                    range = "(-1, 1)";
  static constexpr Start start = Start::glorot;
  template <class T> static T value(T z)    { return tanh(z); }                     // without overflow at −∞
  template <class T> static T slope(T, T a) { return T(1) - a * a; }                // tanh' = 1 − tanh²
};

struct ReLU {
  static constexpr std::string_view name = "relu", formula = "max(z, 0)", derivative = "1 if z > 0, else 0",
                                    range = "[0, inf)";
  static constexpr Start start = Start::he;
  template <class T> static T value(T z)    { return maximum(z, T(0)); }
  template <class T> static T slope(T z, T) { return select(less(T(0), z), T(1), T(0)); }
};

struct LeakyReLU {
  static constexpr std::string_view name = "leaky_relu", formula = "z if z > 0, else 0.01 z",
                                    derivative = "1 if z > 0, else 0.01", range = "(-inf, inf)";
  static constexpr Start start = Start::he;
  template <class T> static T value(T z)    { return select(less(T(0), z), z, T(0.01) * z); }
  template <class T> static T slope(T z, T) { return select(less(T(0), z), T(1), T(0.01)); }
};

struct ELU {
  static constexpr std::string_view name = "elu", formula = "z if z > 0, else e^z - 1",
                                    derivative = "1 if z > 0, else a + 1", range = "(-1, inf)";
  static constexpr Start start = Start::he;
  template <class T> static T value(T z)      { return select(less(T(0), z), z, expm1(minimum(z, T(0)))); }
  template <class T> static T slope(T z, T a) { return select(less(T(0), z), T(1), a + T(1)); }
};

/// α(e^(z/α) − 1) below zero, continuous in slope for every α (Barron 2017); α = 1, as everywhere, where it is ELU.
struct CELU {
  static constexpr double alpha = 1;
  static constexpr std::string_view name = "celu", formula = "z if z > 0, else alpha (e^(z/alpha) - 1), alpha = 1",
                                    derivative = "1 if z > 0, else a / alpha + 1", range = "(-1, inf)";
  static constexpr Start start = Start::he;
  template <class T> static T value(T z) {
    return select(less(T(0), z), z, T(alpha) * expm1(minimum(z, T(0)) / T(alpha)));
  }
  template <class T> static T slope(T z, T a) { return select(less(T(0), z), T(1), a / T(alpha) + T(1)); }
};

/// Self-normalising (Klambauer et al. 2017): λ and α make mean 0 and variance 1 a fixed point.
struct SELU {
  static constexpr double lambda = 1.0507009873554804934193349852946;
  static constexpr double alpha = 1.6732632423543772848170429916717;
  static constexpr std::string_view name = "selu", formula = "l z if z > 0, else l alpha (e^z - 1)",
                                    derivative = "l if z > 0, else a + l alpha", range = "(-1.758, inf)";
  static constexpr Start start = Start::lecun;
  template <class T> static T value(T z) {
    return T(lambda) * select(less(T(0), z), z, T(alpha) * expm1(minimum(z, T(0))));
  }
  template <class T> static T slope(T z, T a) { return select(less(T(0), z), T(lambda), a + T(lambda * alpha)); }
};

/// z Φ(z), Φ the normal distribution function (Hendrycks and Gimpel 2016).
struct GELU {
  static constexpr std::string_view name = "gelu", formula = "z Phi(z)", derivative = "Phi(z) + z phi(z)",
                                    range = "[-0.170, inf)";
  static constexpr Start start = Start::he;
  template <class T> static T cumulative(T z) { return T(0.5) * (T(1) + erf(z * T(1 / std::numbers::sqrt2))); }
  template <class T> static T density(T z) {
    return T(std::numbers::inv_sqrtpi / std::numbers::sqrt2) * exp(T(-0.5) * z * z);
  }
  template <class T> static T value(T z)    { return bounded_below(z) * cumulative(z); }
  template <class T> static T slope(T z, T) { return cumulative(z) + bounded(z) * density(z); }
};

/// The same with Φ(z) ≈ ½(1 + tanh u), u = √(2/π)(z + 0.044715 z³).
struct GELUTanh {
  static constexpr std::string_view name = "gelu_tanh", formula = "z (1 + tanh(u)) / 2, u = 0.79788 (z + 0.044715 z^3)",
                                    derivative = "(1 + t) / 2 + z (1 - t^2) u' / 2, t = tanh(u)",
                                    range = "[-0.170, inf)";
  static constexpr Start start = Start::he;
  static constexpr double root = std::numbers::sqrt2 * std::numbers::inv_sqrtpi;
  template <class T> static T bent(T z)     { return tanh(T(root) * (z + T(0.044715) * z * z * z)); }
  template <class T> static T value(T z)    { return T(0.5) * bounded_below(z) * (T(1) + bent(z)); }
  template <class T> static T slope(T z, T) {
    const T t = bent(z), y = bounded(z);
    return T(0.5) * (T(1) + t) + T(0.5) * y * (T(1) - t * t) * T(root) * (T(1) + T(3 * 0.044715) * y * y);
  }
};

struct SiLU {
  static constexpr std::string_view name = "silu", formula = "z s(z), s the sigmoid",
                                    derivative = "s (1 + z (1 - s))", range = "[-0.278, inf)";
  static constexpr Start start = Start::he;
  template <class T> static T value(T z)    { return bounded_below(z) / (T(1) + exp(-z)); }
  template <class T> static T slope(T z, T) {
    const T s = Sigmoid::value(z);
    return s * (T(1) + bounded(z) * (T(1) - s));
  }
};

struct Softplus {
  static constexpr std::string_view name = "softplus", formula = "log(1 + e^z)", derivative = "1 / (1 + e^-z)",
                                    range = "(0, inf)";
  static constexpr Start start = Start::he;
  template <class T> static T value(T z)    { return maximum(z, T(0)) + log1p(exp(-magnitude(z))); }
  template <class T> static T slope(T z, T) { return Sigmoid::value(z); }
};

struct Mish {
  static constexpr std::string_view name = "mish", formula = "z tanh(log(1 + e^z))",
                                    derivative = "t + z (1 - t^2) s, t = tanh(log(1 + e^z)), s = 1 / (1 + e^-z)",
                                    range = "[-0.309, inf)";
  static constexpr Start start = Start::he;
  // tanh(log(1 + w)) = n / (n + 2) with w = e^z and n = w (w + 2): one exponential. Beyond 40 it is 1.
  template <class T> static T value(T z) {
    const T w = exp(minimum(z, T(40))), n = w * (w + T(2));
    return bounded_below(z) * (n / (n + T(2)));
  }
  template <class T> static T slope(T z, T) {  // (1 - t²) s = 4 w (1 + w) / (n + 2)²
    const T w = exp(minimum(z, T(40))), n = w * (w + T(2)), r = T(1) / (n + T(2));
    return n * r + bounded(z) * (T(4) * w * (T(1) + w) * r * r);  // from the left: no step leaves a float
  }
};

struct Softsign {
  static constexpr std::string_view name = "softsign", formula = "z / (1 + |z|)", derivative = "1 / (1 + |z|)^2",
                                    range = "(-1, 1)";
  static constexpr Start start = Start::glorot;
  template <class T> static T value(T z) {
    return select(less(T(1e20), magnitude(z)), sign(z), z / (T(1) + magnitude(z)));  // ∞ / ∞ would be NaN
  }
  template <class T> static T slope(T z, T) { return T(1) / ((T(1) + magnitude(z)) * (T(1) + magnitude(z))); }
};

struct ReLU6 {
  static constexpr std::string_view name = "relu6", formula = "min(max(z, 0), 6)",
                                    derivative = "1 if 0 < z < 6, else 0", range = "[0, 6]";
  static constexpr Start start = Start::he;
  template <class T> static T value(T z)    { return minimum(maximum(z, T(0)), T(6)); }
  template <class T> static T slope(T z, T) { return select(less(T(0), z) && less(z, T(6)), T(1), T(0)); }
};

struct HardSigmoid {
  static constexpr std::string_view name = "hard_sigmoid", formula = "min(max(z + 3, 0), 6) / 6",
                                    derivative = "1/6 if -3 < z < 3, else 0", range = "[0, 1]";
  static constexpr Start start = Start::glorot;
  template <class T> static T value(T z)    { return ReLU6::value(z + T(3)) / T(6); }
  template <class T> static T slope(T z, T) { return select(less(T(-3), z) && less(z, T(3)), T(1) / T(6), T(0)); }
};

struct HardTanh {
  static constexpr std::string_view name = "hard_tanh", formula = "min(max(z, -1), 1)",
                                    derivative = "1 if -1 < z < 1, else 0", range = "[-1, 1]";
  static constexpr Start start = Start::glorot;
  template <class T> static T value(T z)    { return minimum(maximum(z, T(-1)), T(1)); }
  template <class T> static T slope(T z, T) { return select(less(T(-1), z) && less(z, T(1)), T(1), T(0)); }
};

struct HardSiLU {
  static constexpr std::string_view name = "hard_silu", formula = "z min(max(z + 3, 0), 6) / 6",
                                    derivative = "0 if z <= -3, 1 if z >= 3, else (2z + 3) / 6",
                                    range = "[-0.375, inf)";
  static constexpr Start start = Start::he;
  template <class T> static T value(T z)    { return bounded_below(z) * HardSigmoid::value(z); }
  template <class T> static T slope(T z, T) {
    return select(less(T(-3), z), select(less(z, T(3)), (T(2) * z + T(3)) / T(6), T(1)), T(0));
  }
};

struct Exp {
  static constexpr std::string_view name = "exp", formula = "e^z", derivative = "a", range = "(0, inf)";
  static constexpr Start start = Start::glorot;
  template <class T> static T value(T z)    { return exp(z); }
  template <class T> static T slope(T, T a) { return a; }
};

struct Sin {
  static constexpr std::string_view name = "sin", formula = "sin z", derivative = "cos z", range = "[-1, 1]";
  static constexpr Start start = Start::glorot;
  template <class T> static T value(T z)    { return sin(z); }
  template <class T> static T slope(T z, T) { return cos(z); }
};

struct Cos {
  static constexpr std::string_view name = "cos", formula = "cos z", derivative = "-sin z", range = "[-1, 1]";
  static constexpr Start start = Start::glorot;
  template <class T> static T value(T z)    { return cos(z); }
  template <class T> static T slope(T z, T) { return -sin(z); }
};

struct Gaussian {
  static constexpr std::string_view name = "gaussian", formula = "e^(-z^2)", derivative = "-2 z a", range = "(0, 1]";
  static constexpr Start start = Start::glorot;
  template <class T> static T value(T z)      { return exp(-z * z); }
  template <class T> static T slope(T z, T a) { return T(-2) * z * a; }
};

/// A sigmoid without an exponential (Elliott 1993).
struct Elliot {
  static constexpr std::string_view name = "elliot", formula = "(1 + z / (1 + |z|)) / 2",
                                    derivative = "1 / (2 (1 + |z|)^2)", range = "(0, 1)";
  static constexpr Start start = Start::glorot;
  template <class T> static T value(T z)      { return T(0.5) * (T(1) + Softsign::value(z)); }
  template <class T> static T slope(T z, T a) { return T(0.5) * Softsign::slope(z, a); }
};

struct Square {
  static constexpr std::string_view name = "square", formula = "z^2", derivative = "2 z", range = "[0, inf)";
  static constexpr Start start = Start::glorot;
  template <class T> static T value(T z)    { return z * z; }
  template <class T> static T slope(T z, T) { return T(2) * z; }
};

// clang-format on

// --- activations of a whole row: their derivative is a Jacobian ------------------------------------------------

/// S_j = e^(z_j) / Σ_i e^(z_i), so that Σ_j S_j = 1.
struct Softmax {
  static constexpr std::string_view name = "softmax", formula = "e^z_j / sum_i e^z_i",
                                    derivative = "D_j S_i = S_i (delta_ij - S_j)", range = "(0, 1), a row sums to 1";
  static constexpr Start start = Start::glorot;
  static constexpr bool takes_logits = true;

  template <class T> static void value(std::span<const T> z, std::span<T> a) {
    // subtract the row maximum: exp cannot overflow, and softmax is unchanged
    const T highest = row_maximum(z);
    T sum(0);
    for (std::size_t j = 0; j < z.size(); ++j) sum += a[j] = exp(z[j] - highest);
    for (T& s : a) s /= sum;
  }

  /// D_j S_i = S_i (δ_ij − S_j): the specification of `backward`.
  template <class T> static T jacobian(std::span<const T> a, std::size_t i, std::size_t j) {
    return a[i] * (T(i == j ? 1 : 0) - a[j]);
  }

  /// dZ_j = Σ_i dA_i D_j S_i = S_j (dA_j − ⟨dA, S⟩). May be done in place.
  template <class T>
  static void backward(std::span<const T>, std::span<const T> a, std::span<const T> dA, std::span<T> dZ) {
    T inner(0);
    for (std::size_t j = 0; j < a.size(); ++j) inner += dA[j] * a[j];
    for (std::size_t j = 0; j < a.size(); ++j) dZ[j] = a[j] * (dA[j] - inner);
  }

  /// The largest of a row, NaN if any is.
  template <class T> static T row_maximum(std::span<const T> z) {
    T highest = z[0];
    for (const T& each : z) highest = select(is_nan(each), each, maximum(highest, each));
    return highest;
  }
};

/// log S_j = z_j − log Σ_i e^(z_i).
struct LogSoftmax {
  static constexpr std::string_view name = "log_softmax", formula = "z_j - log sum_i e^z_i",
                                    derivative = "D_j log S_i = delta_ij - S_j", range = "(-inf, 0)";
  static constexpr Start start = Start::glorot;
  static constexpr bool takes_logits = true;

  template <class T> static void value(std::span<const T> z, std::span<T> a) {
    const T highest = Softmax::row_maximum(z);
    T sum(0);
    for (const T& each : z) sum += exp(each - highest);
    const T shift = highest + log(sum);
    for (std::size_t j = 0; j < z.size(); ++j) a[j] = z[j] - shift;
  }

  /// D_j log S_i = δ_ij − S_j.
  template <class T> static T jacobian(std::span<const T> a, std::size_t i, std::size_t j) {
    return T(i == j ? 1 : 0) - exp(a[j]);
  }

  /// dZ_j = dA_j − S_j Σ_i dA_i. May be done in place.
  template <class T>
  static void backward(std::span<const T>, std::span<const T> a, std::span<const T> dA, std::span<T> dZ) {
    T sum(0);
    for (const T& each : dA) sum += each;
    for (std::size_t j = 0; j < a.size(); ++j) dZ[j] = dA[j] - exp(a[j]) * sum;
  }
};

// --- the list: a new activation is added here, and nowhere else -------------------------------------------------

template <class... F> struct List {
  static constexpr std::size_t size = sizeof...(F);
};

using All =
    List<Identity, Sigmoid, Tanh, Softmax, LogSoftmax, ReLU, LeakyReLU, ELU, CELU, SELU, GELU, GELUTanh, SiLU, Mish,
         Softplus, Softsign, ReLU6, HardSigmoid, HardTanh, HardSiLU, Exp, Sin, Cos, Gaussian, Elliot, Square>;

}  // namespace neurone::activations
