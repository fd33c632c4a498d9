// What model/values.cpp and network/members.cpp do with what is read of networks, in double and in the same order of
// operations as there.
#include "neurone/export/c_values.h"

#include <fmt/format.h>

#include <cmath>

#include "neurone/export/c_text.h"

namespace neurone {
namespace {

std::size_t members_of(const Model& model) {
  return std::visit([](const auto& all) { return all.front().members(); }, model.networks);
}

// The values of one network from its y, as p.
std::string c_class_values(const Model& model, std::size_t count) {
  const std::size_t outputs = model.outputs(), members = members_of(model);
  if (has_logits(model)) {
    const std::string z = members == 1 ? "(double)y[0]" : fmt::format("logit_of_members({}, y)", members);
    std::string text = outputs == 1   ? fmt::format("    p[1] = 0.5 * {};\n    p[0] = -p[1];\n", z)
                       : members == 1 ? fmt::format("    for (int c = 0; c < {}; ++c) p[c] = (double)y[c];\n", count)
                                      : fmt::format("    logits_of_members({}, y, p);\n", members);
    return text + fmt::format("    to_probabilities({}, {}, p);\n", count, c_number(model.calibration.temperature));
  }
  // the library's networks have no denormal numbers: core/denormals.h
  const char* const least = is_float(model) ? "FLT_MIN" : "DBL_MIN";
  if (outputs == 1)
    return fmt::format("    p[1] = REAL(fabs)(y[0]) < {} ? 0 : (double)y[0];\n    p[0] = {};\n", least,
                       model.loss.name() == losses::Hinge::name ? "-p[1]" : "1 - p[1]");
  return fmt::format("    for (int c = 0; c < {}; ++c) p[c] = REAL(fabs)(y[c]) < {} ? 0 : (double)y[c];\n", count,
                     least);
}

// Added to those of the others; then their mean and the likeliest class.
std::string class_lines(const Model& model, const ClassTarget& target) {
  const std::size_t count = target.classes.size();
  return fmt::format(R"(    double p[{0}];
{1}    for (int c = 0; c < {0}; ++c) values[c] += p[c];
  }}
  output->prediction = 0;
  for (int c = 0; c < {0}; ++c) {{
    if (!(values[c] - values[c] == 0)) return -1;
    output->{2}[c] = values[c] / {3}.0;
    if (output->{2}[output->prediction] < output->{2}[c]) output->prediction = c;
  }}
)",
                     count, c_class_values(model, count), gives_probabilities(model) ? "probabilities" : "scores",
                     model.size());
}

std::string number_lines(const Model& model, const NumberTarget& target) {
  const std::string unit = c_number(target.deviation);
  std::string text = fmt::format("    const double mean = {} + {} * (double)y[0];\n", c_number(target.mean), unit);
  const bool several = model.size() > 1, deviates = model.loss.outputs_per_target() == 2;
  if (deviates) {
    text += fmt::format("    const double deviation = {} * exp(0.5 * (double)y[1]);\n", unit);
    text += several ? "    values[1] += deviation * deviation + mean * mean;\n" : "    values[1] += deviation;\n";
  }
  text += fmt::format("    values[0] += mean;\n  }}\n  output->prediction = values[0] / {}.0;\n", model.size());
  if (deviates && several)
    text += fmt::format(
        "  values[1] = values[1] / {}.0 - output->prediction * output->prediction;\n"
        "  output->deviation = sqrt(values[1] < 0 ? 0 : values[1]);\n",
        model.size());
  else if (deviates)
    text += "  output->deviation = values[1];\n";
  const auto bound = [&](const char* sign, double limit) {
    if (std::isfinite(limit))
      text += fmt::format("  if (output->prediction {} {}) output->prediction = {};\n", sign, c_number(limit),
                          c_number(limit));
  };
  bound("<", target.lowest);
  bound(">", target.highest);
  text += "  if (!(output->prediction - output->prediction == 0)) return -1;\n";
  if (deviates) text += "  if (!(output->deviation - output->deviation == 0)) return -1;\n";
  return text;
}

}  // namespace

std::string c_value_functions(const Model& model) {
  if (!has_logits(model)) return {};
  std::string text = R"(
/* p = softmax(p / t); the largest is taken off, so that exp cannot overflow. */
static void to_probabilities(int n, double t, double* p) {
  double highest = p[0], sum = 0;
  for (int c = 1; c < n; ++c)
    if (highest < p[c]) highest = p[c];
  for (int c = 0; c < n; ++c) sum += p[c] = exp((p[c] - highest) / t);
  for (int c = 0; c < n; ++c) p[c] /= sum;
}
)";
  if (members_of(model) == 1) return text;
  text += R"(
/* log p; one that is too small for a double counts as the least. */
static double log_of_probability(double p) { return log(p < DBL_MIN ? DBL_MIN : p); }
)";
  if (model.outputs() == 1)
    return text + R"(
/* The logit of the mean of the sigmoids of z. */
static double logit_of_members(int members, const real* z) {
  double yes = 0, no = 0;
  for (int m = 0; m < members; ++m) {
    const double e = exp(-fabs((double)z[m])), likely = 1 / (1 + e), unlikely = e / (1 + e);
    yes += z[m] < 0 ? unlikely : likely;
    no += z[m] < 0 ? likely : unlikely;
  }
  return log_of_probability(yes) - log_of_probability(no);
}
)";
  return text + fmt::format(R"(
/* The logits of the mean of the softmaxes of z. */
static void logits_of_members(int members, const real* z, double* l) {{
  double e[{0}];
  for (int c = 0; c < {0}; ++c) l[c] = 0;
  for (int m = 0; m < members; ++m, z += {0}) {{
    real highest = z[0];
    double sum = 0;
    for (int c = 1; c < {0}; ++c)
      if (highest < z[c]) highest = z[c];
    for (int c = 0; c < {0}; ++c) sum += e[c] = exp((double)z[c] - (double)highest);
    for (int c = 0; c < {0}; ++c) l[c] += e[c] / sum;
  }}
  for (int c = 0; c < {0}; ++c) l[c] = log_of_probability(l[c]);
}}
)",
                            model.outputs());
}

std::string c_value_lines(const Model& model) {
  if (const auto* classes = std::get_if<ClassTarget>(&model.target)) return class_lines(model, *classes);
  return number_lines(model, std::get<NumberTarget>(model.target));
}

}  // namespace neurone
