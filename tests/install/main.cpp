// Uses the installed library as a stranger would: through its headers and its one target.
#include <cstdio>

#include "neurone/core/matrix.h"
#include "neurone/core/random.h"
#include "neurone/math/products.h"

int main() {
  neurone::Random random(1, {.purpose = neurone::Purpose::initialise});
  neurone::Matrix<float> X(2, 3);
  neurone::Matrix<float> W(3, 1);
  neurone::Matrix<float> Z(2, 1);
  for (float& x : X.elements()) x = static_cast<float>(random.uniform());
  for (float& w : W.elements()) w = 1;
  neurone::affine<float>(X, W, {}, Z);  // the sum of each row
  std::printf("%.3f %.3f\n", static_cast<double>(Z(0, 0)), static_cast<double>(Z(1, 0)));
  return Z(0, 0) > 0 && Z(1, 0) > 0 ? 0 : 1;
}
