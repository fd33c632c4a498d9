// How unlikely a value is under Student's or the normal distribution: what stands behind the p of a table of
// estimates.
#pragma once

namespace neurone {

/// P(|T| ≥ |t|) for Student's distribution with so many degrees of freedom, above 0: I_x(ν/2, ½) with
/// x = ν / (ν + t²), the regularised incomplete beta function (Abramowitz and Stegun 26.5.27), to 1e-13.
double student_two_sided(double t, double degrees_of_freedom);

/// The same for the standard normal distribution.
double normal_two_sided(double z);

}  // namespace neurone
