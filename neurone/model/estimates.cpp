#include "neurone/model/estimates.h"

#include <fmt/format.h>

namespace neurone {
std::string p_text(double p) {
  return p < 1e-16 ? "< 1e-16" : fmt::format("{:.3g}", p);
}

std::string heading_of(const Estimates& estimates, const std::string& of_class) {
  return of_class + (estimates.reference.empty() ? "" : " against " + estimates.reference);
}

std::vector<std::string> fit_lines(const Estimates& estimates) {
  std::vector<std::string> lines;
  std::string left_out;
  for (const std::string& each : estimates.collinear)
    left_out += (left_out.empty() ? "collinear with others, and left out: " : ", ") + each;
  if (!left_out.empty()) lines.push_back(left_out);
  for (const Fit& fit : estimates.fits)
    if (fit.residual_deviation && fit.adjusted_r_squared)
      lines.push_back(
          fmt::format("{}residual deviation {:.6g} on {:.6g} degrees of freedom, R² {:.4f}, adjusted {:.4f}",
                      fit.of_class.empty() ? "" : fit.of_class + ": ", *fit.residual_deviation,
                      estimates.degrees_of_freedom, fit.r_squared, *fit.adjusted_r_squared));
  if (!(estimates.degrees_of_freedom > 0))
    lines.emplace_back("as many parameters as rows, or more: no errors can be told");
  if (!estimates.reference.empty() && !estimates.parameters.empty() && estimates.parameters.front().of_class.empty())
    lines.push_back("W and b of the last layer are those of a class less those of " + estimates.reference);
  constexpr double poor = 1e4;
  lines.push_back(fmt::format("condition {:.3g}{}", estimates.condition,
                              estimates.condition > poor ? ": the data hardly tell these parameters apart" : ""));
  return lines;
}

}  // namespace neurone
