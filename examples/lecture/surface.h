// A function over the square [−1, 1]² with values in [0, 1], seen from above its corner (−1, −1).
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace lecture {

class Surface {
 public:
  explicit Surface(const std::function<double(double, double)>& f);

  /// At the height of `value`, over the surface.
  void dot(double x1, double x2, double value, std::size_t colour);

  std::string svg(std::string_view description) const;

 private:
  void facet(const std::function<double(double, double)>& f, std::size_t row, std::size_t column);

  std::string content_;
};

}  // namespace lecture
