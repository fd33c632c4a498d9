// One text for float and double: the type is `real`, REAL(sqrt) is sqrtf or sqrt, and what differs between the two is
// filled in from math/number_format.h.
#include "neurone/export/c_functions.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "neurone/export/c_text.h"
#include "neurone/math/number_format.h"

namespace neurone {
namespace {

struct CFunction {
  std::string_view name;
  std::array<std::string_view, 3> needs;
  std::string_view text;
};

// Each behind what it needs.
constexpr std::array<CFunction, 21> all_c_functions{{
    {"maximum", {}, R"(
static real real_maximum(real a, real b) { return a < b ? b : a; }
)"},
    {"minimum", {}, R"(
static real real_minimum(real a, real b) { return b < a ? b : a; }
)"},
    {"multiply_add", {}, R"(
/* a b + c, rounded once where the processor does so in one go. */
static real multiply_add(real a, real b, real c) {
#ifdef FUSED
  return REAL(fma)(a, b, c);
#else
  return a * b + c;
#endif
}
)"},
    {"polynomial", {"multiply_add"}, R"(
/* c[0] + c[1] x + c[2] x^2 + ... */
static real polynomial(const real* c, int count, real x) {
  real sum = c[count - 1];
  for (int i = count - 2; i >= 0; --i) sum = multiply_add(sum, x, c[i]);
  return sum;
}
)"},
    {"reduce", {"polynomial"}, R"(
/* Adding it to a whole number leaves that in the lowest bits. */
static const real into_lowest_bits = (real)1.5 * (real)((whole)1 << FRACTION);

static real nearest_whole(real x) { return (x + into_lowest_bits) - into_lowest_bits; }

static real power_of_two(real n) {
  const real biased = n + (into_lowest_bits + (real)BIAS);
  real power;
  whole bits;
  memcpy(&bits, &biased, sizeof bits);
  bits <<= FRACTION;
  memcpy(&power, &bits, sizeof power);
  return power;
}

/* x = n ln 2 + r with whole n; e^r - 1 = r + tail. */
struct reduced {
  real n, r, tail;
};

static struct reduced reduce(real x) {
  struct reduced parts;
  real near_to, lost;
  parts.n = nearest_whole(x * (real)1.44269504088896340736);
  near_to = multiply_add(parts.n, -LN2_HIGH, x);
  parts.r = multiply_add(parts.n, -LN2_LOW, near_to);
  lost = multiply_add(parts.n, -LN2_LOW, near_to - parts.r);
  parts.tail = multiply_add(parts.r * parts.r, polynomial(exp_coefficients, EXP_COEFFICIENTS, parts.r), lost);
  return parts;
}
)"},
    {"exp", {"reduce", "maximum", "minimum"}, R"(
static real real_exp(real x) {
  const struct reduced parts = reduce(real_minimum(real_maximum(x, EXP_LOW), EXP_HIGH));
  const real half = nearest_whole(parts.n * (real)0.5);
  return ((real)1 + (parts.r + parts.tail)) * power_of_two(half) * power_of_two(parts.n - half);
}
)"},
    {"expm1", {"reduce", "maximum", "minimum"}, R"(
/* e^x - 1, exact for small x. */
static real real_expm1(real x) {
  const real lowest = (real)(-0.7 * FRACTION - 3);
  const struct reduced parts = reduce(real_minimum(real_maximum(x, lowest), EXP_HIGH));
  const real scale = power_of_two(parts.n - (real)1);
  const real most = multiply_add(scale, parts.r, scale - (real)0.5);
  const real result = (real)2 * multiply_add(scale, parts.tail, most);
  return REAL(fabs)(x) < TINY ? x : result;
}
)"},
    {"log", {"polynomial"}, R"(
/* x = 2^e m with m from the root of 1/2 to that of 2. */
static real real_log(real x) {
  const int lift = FRACTION + 2;
  const int denormal = x < LEAST;
  const real lifted = denormal ? x * (real)((whole)1 << lift) : x;
  const real root_half = (real)0.70710678118654752440;
  whole shifted, root_bits, mantissa;
  real m, e, f, s, z, half_square, R, low;
  memcpy(&shifted, &lifted, sizeof shifted);
  memcpy(&root_bits, &root_half, sizeof root_bits);
  shifted += ((whole)BIAS << FRACTION) - root_bits;
  mantissa = (shifted & (((whole)1 << FRACTION) - 1)) + root_bits;
  memcpy(&m, &mantissa, sizeof m);
  if (!((real)0 < x)) return x < (real)0 ? (real)NAN : x != x ? x : -(real)HUGE_VAL;
  if (!(x < (real)HUGE_VAL)) return x;
  e = (real)((int)(shifted >> FRACTION) - BIAS - (denormal ? lift : 0));
  f = m - (real)1;
  s = f / ((real)2 + f);
  z = s * s;
  half_square = (real)0.5 * f * f;
  R = z * polynomial(log_coefficients, LOG_COEFFICIENTS, z);
  low = multiply_add(s, half_square + R, e * LN2_LOW);
  return multiply_add(e, LN2_HIGH, f - (half_square - low));
}
)"},
    {"log1p", {"log"}, R"(
/* ln(1 + x), exact for small x. */
static real real_log1p(real x) {
  const real u = (real)1 + x;
  const real lost = x < (real)1 ? x - (u - (real)1) : (real)1 - (u - x);
  const int matters = (real)0 < u && u < (real)HUGE_VAL;
  const real corrected = real_log(u) + (matters ? lost / u : (real)0);
  return REAL(fabs)(x) < TINY ? x : corrected;
}
)"},
    {"tanh", {"expm1", "minimum"}, R"(
static real real_tanh(real x) {
#ifdef FUSED
  const real enough = (real)(0.35 * FRACTION + 2);
  const real y = real_minimum(REAL(fabs)(x), enough);
  const real a = real_expm1(y + y), sum = a + (real)2, lost = a - (sum - (real)2);
  const real inverse = (real)1 / sum, quotient = a * inverse;
  const real rest = multiply_add(-quotient, sum, a) - quotient * lost;
  return REAL(copysign)(multiply_add(rest, inverse, quotient), x);
#else
  return (real)tanhl(x);
#endif
}
)"},
    {"dense", {"multiply_add"}, R"(
/* z = x W + b, W: d x n, each sum in order. */
static void dense(int d, int n, const real* x, const real* W, const real* b, real* z) {
  for (int j = 0; j < n; ++j) z[j] = b ? b[j] : (real)0;
  for (int k = 0; k < d; ++k)
    for (int j = 0; j < n; ++j) z[j] = multiply_add(x[k], W[k * n + j], z[j]);
}
)"},
    {"neuron", {"multiply_add"}, R"(
/* One neuron's x W + b: 16 sums side by side, then in pairs. */
static void neuron(int d, const real* x, const real* W, const real* b, real* z) {
  real part[16] = {0};
  for (int k = 0; k < d; ++k) part[k % 16] = multiply_add(x[k], W[k], part[k % 16]);
  for (int half = 8; half > 0; half /= 2)
    for (int l = 0; l < half; ++l) part[l] += part[l + half];
  *z = part[0] + (b ? *b : (real)0);
}
)"},
    {"dense_int8", {}, R"(
/* z = x W + b in whole numbers. Each row of W, n x d, counts in a step of its own, x in its largest over `most`, so that
   sums are exact and fit 32 bits. `whole` has room for x. */
static void dense_int8(int d, int n, int most, const real* x, const int8_t* W, const real* steps, const real* b,
                       int16_t* whole, real* z) {
  real largest = 0, odd = 0, inverse, step;
  int usable;
  for (int k = 0; k < d; ++k) {
    const real size = REAL(fabs)(x[k]);
    odd += size - size; /* NAN of what is not finite */
    if (size > largest) largest = size;
  }
  usable = odd == 0 && largest > (real)1e-30;
  inverse = usable ? (real)most / largest : (real)0;
  step = usable ? largest / (real)most : odd;
  for (int k = 0; k < d; ++k) {
    const real scaled = x[k] * inverse;
    whole[k] = (int16_t)(usable ? scaled + (scaled < 0 ? (real)-0.5 : (real)0.5) : (real)0);
  }
  for (int j = 0; j < n; ++j) {
    const int8_t* const w = W + j * d;
    int32_t sum = 0;
    int k = 0;
    for (; k + 16 <= d; k += 16) /* so many at once, as compilers like it */
      for (int l = 0; l < 16; ++l) sum += (int32_t)whole[k + l] * w[k + l];
    for (; k < d; ++k) sum += (int32_t)whole[k] * w[k];
    z[j] = (real)sum * (steps[j] * step) + (b ? b[j] : (real)0);
  }
}
)"},
    {"scale", {}, R"(
static void scale(int d, const real* x, const real* s, real* z) {
  for (int j = 0; j < d; ++j) z[j] = x[j] * s[j];
}
)"},
    {"embed", {}, R"(
/* z = x E, E: d x n, of the x that are not 0. */
static void embed(int d, int n, const real* x, const real* E, real* z) {
  for (int j = 0; j < n; ++j) z[j] = 0;
  for (int k = 0; k < d; ++k)
    if (x[k] != 0)
      for (int j = 0; j < n; ++j) z[j] += x[k] * E[k * n + j];
}
)"},
    {"batch_norm", {}, R"(
/* gain (x - mean) / root of the variance + shift; `inverse` is 1 / the root. */
static void batch_norm(int d, const real* x, const real* mean, const real* inverse, const real* gain, const real* shift,
                       real* z) {
  for (int j = 0; j < d; ++j) z[j] = gain[j] * ((x[j] - mean[j]) * inverse[j]) + shift[j];
}
)"},
    {"layer_norm", {}, R"(
/* The same with mean and variance of the row. */
static void layer_norm(int d, real epsilon, const real* x, const real* gain, const real* shift, real* z) {
  const real share = (real)1 / (real)d;
  real mean = 0, variance = 0, inverse;
  for (int j = 0; j < d; ++j) mean += x[j];
  mean *= share;
  for (int j = 0; j < d; ++j) variance += (x[j] - mean) * (x[j] - mean);
  inverse = (real)1 / REAL(sqrt)(variance * share + epsilon);
  for (int j = 0; j < d; ++j) z[j] = gain[j] * ((x[j] - mean) * inverse) + shift[j];
}
)"},
    {"heads", {}, R"(
/* z = W x + b of one member, W: n x d; each sum in eight parts. */
static void heads(int d, int n, const real* x, const real* W, const real* b, real* z) {
  for (int c = 0; c < n; ++c) {
    const real* const w = W + c * d;
    real part[8] = {0}, sum;
    int j = 0;
    for (; j + 8 <= d; j += 8)
      for (int l = 0; l < 8; ++l) part[l] += x[j + l] * w[j + l];
    sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    for (; j < d; ++j) sum += x[j] * w[j];
    z[c] = sum + b[c];
  }
}
)"},
    {"highest", {"maximum"}, R"(
static real highest_of(int n, const real* z) {
  real highest = z[0];
  for (int j = 0; j < n; ++j) highest = z[j] != z[j] ? z[j] : real_maximum(highest, z[j]);
  return highest;
}
)"},
    {"softmax", {"highest", "exp"}, R"(
static void softmax(int n, real* z) {
  const real highest = highest_of(n, z);
  real sum = 0;
  for (int j = 0; j < n; ++j) sum += z[j] = real_exp(z[j] - highest);
  for (int j = 0; j < n; ++j) z[j] /= sum;
}
)"},
    {"log_softmax", {"highest", "exp", "log"}, R"(
static void log_softmax(int n, real* z) {
  const real highest = highest_of(n, z);
  real sum = 0, shift;
  for (int j = 0; j < n; ++j) sum += real_exp(z[j] - highest);
  shift = highest + real_log(sum);
  for (int j = 0; j < n; ++j) z[j] -= shift;
}
)"},
}};

const CFunction& c_function(std::string_view name) {
  return *std::ranges::find(all_c_functions, name, &CFunction::name);
}

void add_needed(std::string_view name, std::set<std::string_view>& needed) {
  if (!needed.insert(name).second) return;
  for (const std::string_view each : c_function(name).needs)
    if (!each.empty()) add_needed(each, needed);
}

template <class T, std::size_t N>
std::string coefficients(const std::string& name, const std::string& size, const std::array<T, N>& values) {
  std::string text =
      "#define " + size + " " + std::to_string(N) + "\nstatic const real " + name + "[" + size + "] = {";
  for (std::size_t i = 0; i < N; ++i) text += (i == 0 ? "" : ", ") + c_number(values[i]);
  return text + "};\n";
}

}  // namespace

template <class T> std::string c_beginning() {
  constexpr bool in_float = sizeof(T) == sizeof(float);
  return std::string(R"(#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* a b + c in one rounding, where it is fast: with -mfma or -march=native. Nowhere else, so that the bits are known:
   compile with -std=c99 or -ffp-contract=off. */
#if defined FP_FAST_)") +
         (in_float ? "FMAF" : "FMA") + R"( || defined __FMA__ || defined __ARM_FEATURE_FMA
#define FUSED
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

typedef )" +
         (in_float ? "float" : "double") + R"( real;
#define REAL(function) function)" +
         (in_float ? "##f" : "") + "\n";
}

template <class T> std::string c_functions(const std::set<std::string>& names) {
  using F = NumberFormat<T>;
  std::set<std::string_view> needed;
  for (const std::string& name : names) add_needed(name, needed);
  std::string text;
  const auto define = [&](const char* name, const std::string& value) {
    text += std::string("#define ") + name + " " + value + "\n";
  };
  if (needed.contains("polynomial")) {
    text += sizeof(T) == sizeof(float) ? "\ntypedef uint32_t whole;\n" : "\ntypedef uint64_t whole;\n";
    define("FRACTION", std::to_string(F::fraction));
    define("BIAS", std::to_string(F::bias));
    define("LN2_HIGH", c_number(F::ln2_high));
    define("LN2_LOW", c_number(F::ln2_low));
    define("TINY", c_number(F::tiny));
  }
  if (needed.contains("reduce")) {
    define("EXP_LOW", c_number(F::exp_low));
    define("EXP_HIGH", c_number(F::exp_high));
    text += coefficients("exp_coefficients", "EXP_COEFFICIENTS", F::exp);
  }
  if (needed.contains("log")) {
    define("LEAST", c_number(F::least));
    text += coefficients("log_coefficients", "LOG_COEFFICIENTS", F::log);
  }
  for (const CFunction& each : all_c_functions)
    if (needed.contains(each.name)) text += each.text;
  return text;
}

template std::string c_beginning<float>();
template std::string c_beginning<double>();
template std::string c_functions<float>(const std::set<std::string>&);
template std::string c_functions<double>(const std::set<std::string>&);

}  // namespace neurone
