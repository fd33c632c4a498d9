// Where training starts: how the elements of W are drawn. W is d × n: d inputs ("fan-in"), n outputs ("fan-out").
// Which initialiser suits which activation is stated with the activation.
#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

#include "neurone/activation/activation.h"
#include "neurone/core/choice.h"
#include "neurone/core/matrix.h"
#include "neurone/core/random.h"

namespace neurone {

namespace initialisers {

/// What the variance of a weight is divided by.
enum class Fan { in, average };
enum class Draw { uniform, normal };

/// Independent weights of mean 0 and variance `gain` / fan. Uniform ones lie within ± √(3 · variance).
template <Fan fan_, Draw draw_> struct Scaled {
  static constexpr Fan fan = fan_;
  static constexpr Draw draw = draw_;
};

/// Glorot and Bengio 2010, equation 16: variance 2 / (d + n).
struct GlorotUniform : Scaled<Fan::average, Draw::uniform> {
  static constexpr std::string_view name = "glorot_uniform";
  static constexpr double gain = 1;
};
struct GlorotNormal : Scaled<Fan::average, Draw::normal> {
  static constexpr std::string_view name = "glorot_normal";
  static constexpr double gain = 1;
};
/// He et al. 2015, equation 10: variance 2 / d.
struct HeUniform : Scaled<Fan::in, Draw::uniform> {
  static constexpr std::string_view name = "he_uniform";
  static constexpr double gain = 2;
};
struct HeNormal : Scaled<Fan::in, Draw::normal> {
  static constexpr std::string_view name = "he_normal";
  static constexpr double gain = 2;
};
/// LeCun et al. 1998, "Efficient BackProp", equation 16: variance 1 / d.
struct LeCunUniform : Scaled<Fan::in, Draw::uniform> {
  static constexpr std::string_view name = "lecun_uniform";
  static constexpr double gain = 1;
};
struct LeCunNormal : Scaled<Fan::in, Draw::normal> {
  static constexpr std::string_view name = "lecun_normal";
  static constexpr double gain = 1;
};
/// Orthonormal rows or columns, whichever are fewer, times `gain` (Saxe, McClelland and Ganguli 2014).
struct Orthogonal {
  static constexpr std::string_view name = "orthogonal";
  double gain = 1;
  static void settings(auto& self, auto visit) { visit("gain", self.gain); }
};
struct Zeros {
  static constexpr std::string_view name = "zeros";
};
struct Constant {
  static constexpr std::string_view name = "constant";
  double value = 0;
  static void settings(auto& self, auto visit) { visit("value", self.value); }
};

using Any = std::variant<GlorotUniform, GlorotNormal, HeUniform, HeNormal, LeCunUniform, LeCunNormal, Orthogonal,
                         Zeros, Constant>;

}  // namespace initialisers

/// The one that suits an activation: Glorot, He or LeCun, uniform.
initialisers::Any default_initialiser(const Activation& activation);

/// Overwrites W, d × n, or a bias, 1 × n. Numbers are drawn in double, so that float and double networks start alike.
template <class T> void initialise(const initialisers::Any& initialiser, Random& random, MatrixView<T> W);

}  // namespace neurone
