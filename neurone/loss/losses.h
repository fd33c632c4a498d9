// The formula sheet of the losses: each with its value for one sample and, right below, its slope.
// Batches, weights, label smoothing and the one factor that makes a mean are in loss.h.
//
// Two kinds. A loss of outputs compares each output y with its target t, and a sample's loss is the mean over its
// outputs. A loss of logits is fused with the activation named in `links`: it takes the pre-activations z of the
// last layer, where value and slope are exact in the tails, and dZ takes the lecture's form S − T.
// A softmax loss is one of a whole row, whose targets sum to 1: `value` leaves S behind, `slope` takes it, and dz may
// stand in the same place. The others are per output.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "neurone/activation/activations.h"
#include "neurone/core/choice.h"
#include "neurone/math/numbers.h"

namespace neurone::losses {

using namespace neurone::numbers;
using activations::Sigmoid;
using activations::Softmax;
using activations::Softplus;

/// What the targets of a loss can be, where not both.
enum class Use { numbers, classes };

/// The numbers that can be targets of a loss, where not all can.
struct TargetRange {
  double lowest, highest;
  std::string_view what;  ///< such numbers are called
};

// --- losses of outputs -------------------------------------------------------------------------------------------

struct SquaredError {
  static constexpr std::string_view name = "squared_error", formula = "(y - t)^2";
  template <class T> T value(T y, T t) const { return (y - t) * (y - t); }
  template <class T> T slope(T y, T t) const { return T(2) * (y - t); }
  template <class T> T curvature(T, T) const { return T(2); }
};

struct AbsoluteError {
  static constexpr std::string_view name = "absolute_error", formula = "|y - t|";
  template <class T> T value(T y, T t) const { return magnitude(y - t); }
  template <class T> T slope(T y, T t) const { return sign(y - t); }
};

/// Squared near the target, absolute beyond δ (Huber 1964).
struct Huber {
  static constexpr std::string_view name = "huber", formula = "r^2 / 2 if |r| <= delta, else delta (|r| - delta / 2)";
  double delta = 1;
  static void settings(auto& self, auto visit) { visit("delta", self.delta); }
  void check() const {
    if (!(delta > 0)) throw UsageError("huber: delta must be above 0");
  }
  template <class T> T value(T y, T t) const {
    const T r = magnitude(y - t), d = T(delta);
    return select(less(r, d), T(0.5) * r * r, d * (r - T(0.5) * d));
  }
  template <class T> T slope(T y, T t) const { return maximum(T(-delta), minimum(T(delta), y - t)); }
};

struct LogCosh {
  static constexpr std::string_view name = "log_cosh", formula = "log cosh(y - t)";
  template <class T> T value(T y, T t) const {
    const T r = magnitude(y - t), e = expm1(minimum(r, T(1))), s = T(0.5) * (e + e / (e + T(1)));  // s = sinh r
    const T near_zero = T(0.5) * log1p(s * s);         // log cosh r = ½ log(1 + sinh² r)
    const T far = r + log1p(expm1(T(-2) * r) / T(2));  // = r + log((1 + e^(−2r)) / 2)
    return select(less(r, T(1)), near_zero, far);
  }
  template <class T> T slope(T y, T t) const { return tanh(y - t); }
};

/// The τ-quantile's check function (Koenker and Bassett 1978).
struct Quantile {
  static constexpr std::string_view name = "quantile", formula = "tau (t - y) if t > y, else (1 - tau) (y - t)";
  double tau = 0.5;
  static void settings(auto& self, auto visit) { visit("tau", self.tau); }
  void check() const {
    if (!(tau > 0 && tau < 1)) throw UsageError("quantile: tau must be between 0 and 1");
  }
  template <class T> T value(T y, T t) const { return maximum(T(tau) * (t - y), T(1 - tau) * (y - t)); }
  template <class T> T slope(T y, T t) const {
    return select(less(y, t), T(-tau), select(less(t, y), T(1 - tau), T(0)));
  }
};

/// For scores y and classes t in {0, 1}, read as −1 and 1 (one against the rest where there are several outputs).
struct Hinge {
  static constexpr std::string_view name = "hinge", formula = "max(0, 1 - (2t - 1) y)";
  static constexpr std::array<std::string_view, 1> links{"identity"};  // a score that may be as large as it likes
  static constexpr Use use = Use::classes;
  template <class T> T value(T y, T t) const { return maximum(T(1) - (T(2) * t - T(1)) * y, T(0)); }
  template <class T> T slope(T y, T t) const {
    const T side = T(2) * t - T(1);
    return select(less(side * y, T(1)), -side, T(0));
  }
};

// --- losses of logits, per output --------------------------------------------------------------------------------

/// −log likelihood of a count t at the rate e^z, without the constant log t!.
struct Poisson {
  static constexpr std::string_view name = "poisson", formula = "e^z - t z";
  static constexpr std::array<std::string_view, 1> links{"exp"};
  static constexpr Use use = Use::numbers;
  static constexpr bool may_be_negative = true;
  static constexpr TargetRange targets{
      .lowest = 0, .highest = std::numeric_limits<double>::infinity(), .what = "counts"};
  template <class T> T value(T z, T t) const { return exp(z) - t * z; }
  template <class T> T slope(T z, T t) const { return exp(z) - t; }
  template <class T> T curvature(T z, T) const { return exp(z); }
};

struct BinaryCrossEntropy {
  static constexpr std::string_view name = "binary_cross_entropy", formula = "-t log s - (1 - t) log(1 - s)";
  static constexpr std::array<std::string_view, 1> links{"sigmoid"};
  static constexpr TargetRange targets{.lowest = 0, .highest = 1, .what = "shares"};
  template <class T> T value(T z, T t) const { return maximum(z, T(0)) - t * z + log1p(exp(-magnitude(z))); }
  template <class T> T slope(T z, T t) const { return Sigmoid::value(z) - t; }  // φ(z) − t
  template <class T> T curvature(T z, T) const { return Sigmoid::value(z) * Sigmoid::value(-z); }
};

/// Cross-entropy that counts what is already right less (Lin et al. 2017, equation 4): p is the probability of the
/// true class. γ = 0 is cross-entropy.
struct BinaryFocal {
  static constexpr std::string_view name = "binary_focal",
                                    formula = "-(1 - p)^gamma log p, p = s if t = 1, else 1 - s";
  static constexpr std::array<std::string_view, 1> links{"sigmoid"};
  static constexpr Use use = Use::classes;
  double gamma = 2;
  static void settings(auto& self, auto visit) { visit("gamma", self.gamma); }
  void check() const {
    if (!(gamma >= 0)) throw UsageError("binary_focal: gamma must be 0 or above");
  }
  // a target between 0 and 1 (label smoothing) is a mixture of the two classes
  template <class T> T value(T z, T t) const { return t * one(z) + (T(1) - t) * one(-z); }
  template <class T> T slope(T z, T t) const { return t * one_slope(z) - (T(1) - t) * one_slope(-z); }

 private:
  // log p = −log(1 + e^(−z)) and 1 − p = φ(−z): exact in both tails
  template <class T> T one(T z) const { return power(Sigmoid::value(-z)) * Softplus::value(-z); }
  template <class T> T one_slope(T z) const {
    return -power(Sigmoid::value(-z)) * (T(gamma) * Sigmoid::value(z) * Softplus::value(-z) + Sigmoid::value(-z));
  }
  template <class T> T power(T q) const {
    using std::pow;
    return pow(q, T(gamma));
  }
};

// --- losses of logits, per row -----------------------------------------------------------------------------------

/// −Σ_j t_j log S_j, with S the softmax of the row; dZ = S − T.
struct CategoricalCrossEntropy {
  static constexpr std::string_view name = "categorical_cross_entropy", formula = "-sum_j t_j log S_j";
  static constexpr std::array<std::string_view, 2> links{"softmax", "log_softmax"};
  static constexpr Use use = Use::classes;
  template <class T> T value(std::span<const T> z, std::span<const T> t, std::span<T> S) const {
    const T highest = Softmax::row_maximum(z);
    T sum(0), inner(0);
    for (std::size_t j = 0; j < z.size(); ++j) {
      S[j] = exp(z[j] - highest);
      sum += S[j];
      inner += t[j] * (z[j] - highest);
    }
    for (T& s : S) s /= sum;
    return log(sum) - inner;  // Σ_j t_j = 1
  }
  template <class T> void slope(std::span<const T> S, std::span<const T> t, std::span<T> dz) const {
    for (std::size_t j = 0; j < dz.size(); ++j) dz[j] = S[j] - t[j];
  }
  /// diag(S) − Sᵀ S, the Jacobian of softmax, as BᵀB with B_ij = √S_i (δ_ij − S_j): B is z.size() × z.size().
  template <class T> void curvature(std::span<const T> z, auto B) const {
    std::vector<T> S(z.size());
    Softmax::value<T>(z, S);
    for (std::size_t i = 0; i < S.size(); ++i)
      for (std::size_t j = 0; j < S.size(); ++j) B(i, j) = std::sqrt(S[i]) * (T(i == j ? 1 : 0) - S[j]);
  }
};

/// −Σ_j t_j (1 − S_j)^γ log S_j (Lin et al. 2017, for softmax).
struct CategoricalFocal {
  static constexpr std::string_view name = "categorical_focal", formula = "-sum_j t_j (1 - S_j)^gamma log S_j";
  static constexpr std::array<std::string_view, 2> links{"softmax", "log_softmax"};
  static constexpr Use use = Use::classes;
  double gamma = 2;
  static void settings(auto& self, auto visit) { visit("gamma", self.gamma); }
  void check() const {
    if (!(gamma >= 0)) throw UsageError("categorical_focal: gamma must be 0 or above");
  }
  template <class T> T value(std::span<const T> z, std::span<const T> t, std::span<T> S) const {
    using std::pow;
    Softmax::value(z, S);
    const T highest = Softmax::row_maximum(z);
    T total(0), sum(0);
    for (const T& each : z) total += exp(each - highest);
    // log S_j = z_j − log Σ_i e^(z_i), which is finite where S_j underflows
    for (std::size_t j = 0; j < z.size(); ++j)
      sum -= t[j] * pow(T(1) - S[j], T(gamma)) * (z[j] - highest - log(total));
    return sum;
  }
  // with h_j = S_j dL/dS_j:  dz_j = h_j − S_j Σ_i h_i, the Jacobian of softmax applied
  template <class T> void slope(std::span<const T> S, std::span<const T> t, std::span<T> dz) const {
    T sum(0);
    for (std::size_t j = 0; j < S.size(); ++j) sum += h(S[j], t[j]);
    for (std::size_t j = 0; j < S.size(); ++j) dz[j] = h(S[j], t[j]) - S[j] * sum;
  }

 private:
  template <class T> T h(T S, T t) const {
    using std::pow;
    const T rest = T(1) - S;
    // where S is 1, rest^(γ − 1) may be infinite, but its product with log S tends to 0
    const T bent = select(less(T(0), rest), T(gamma) * S * pow(rest, T(gamma - 1)) * log_probability(S), T(0));
    return t * (bent - pow(rest, T(gamma)));
  }
  // log S, kept finite where S has underflowed to 0
  template <class T> static T log_probability(T S) { return log(maximum(S, T(std::numeric_limits<float>::min()))); }
};

/// −log density of a normal distribution whose mean and log variance are both predicted: the outputs of a sample are
/// all means, then all log variances. Without the constant ½ log 2π; the variance is at least 10⁻⁶.
struct GaussianNegativeLogLikelihood {
  static constexpr std::string_view name = "gaussian_nll", formula = "(s + (m - t)^2 e^-s) / 2, s = log variance";
  static constexpr std::array<std::string_view, 1> links{"identity"};  // nothing may bend the log variance
  static constexpr Use use = Use::numbers;
  static constexpr bool may_be_negative = true;
  static constexpr std::size_t outputs_per_target = 2;
  static constexpr double lowest = -13.815510557964274;  // log 10⁻⁶
  template <class T> T value(T m, T s, T t) const {
    const T bounded = maximum(s, T(lowest));
    return T(0.5) * (bounded + (m - t) * (m - t) * exp(-bounded));
  }
  template <class T> T slope_mean(T m, T s, T t) const { return (m - t) * exp(-maximum(s, T(lowest))); }
  template <class T> T slope_log_variance(T m, T s, T t) const {
    return select(less(T(lowest), s), T(0.5) * (T(1) - (m - t) * (m - t) * exp(-s)), T(0));
  }
};

// --- the list: a new loss is added here, and nowhere else -------------------------------------------------------

using Any =
    std::variant<SquaredError, AbsoluteError, Huber, LogCosh, Quantile, Poisson, GaussianNegativeLogLikelihood,
                 BinaryCrossEntropy, CategoricalCrossEntropy, Hinge, BinaryFocal, CategoricalFocal>;

}  // namespace neurone::losses
