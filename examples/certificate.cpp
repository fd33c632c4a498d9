// NIST's certified regressions as networks: W and b to as many digits as the certificate has, from both of NIST's
// starting points and from ten random ones, by Levenberg and Marquardt's method in double.
//   certificate FOLDER            a table, as docs/certified.md has it
//   certificate FOLDER --json     a line for each run
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "neurone/core/random.h"
#include "neurone/neurone.h"
#include "neurone/solver/parameter_worth.h"

namespace {

using namespace neurone;

/// The activation of Misra1a and BoxBOD, which the sheet does not have.
struct Saturation {
  static constexpr std::string_view name = "saturation", formula = "1 - e^z", derivative = "-e^z",
                                    range = "(-inf, 1)";
  static constexpr activations::Start start = activations::Start::glorot;
  template <class T> static T value(T z) { return T(1) - std::exp(z); }
  template <class T> static T slope(T z, T) { return -std::exp(z); }
};

/// A regression of NIST's collection (Statistical Reference Datasets, nonlinear regression) and what it is as a
/// network.
struct Problem {
  const char* name;
  const char* network;  ///< in words
  std::vector<LayerSpec> layers;
  std::function<double(double)> input;                               ///< of x
  std::function<std::vector<double>(std::vector<double>)> theta_of;  ///< b1, b2, … as θ, in the network's order
  double digits;                                                     ///< wanted
};

layers::Dense neurons(std::size_t units, const char* activation, bool bias) {
  return {.units = units, .activation = activation, .bias = bias};
}

std::vector<Problem> problems() {
  const auto as_it_is = [](double x) { return x; };
  const auto saturated = [](std::vector<double> b) { return std::vector<double>{-b[1], b[0]}; };
  return {
      {.name = "Rat42",
       .network = "one sigmoid neuron, output without bias",
       .layers = {neurons(1, "sigmoid", true), neurons(1, "identity", false)},
       .input = as_it_is,
       .theta_of = [](std::vector<double> b) { return std::vector<double>{b[2], -b[1], b[0]}; },
       .digits = 8},
      {.name = "DanWood",
       .network = "one exp neuron on log x, no biases",
       .layers = {neurons(1, "exp", false), neurons(1, "identity", false)},
       .input = [](double x) { return std::log(x); },
       .theta_of = [](std::vector<double> b) { return std::vector<double>{b[1], b[0]}; },
       .digits = 8},
      {.name = "Lanczos3",
       .network = "three exp neurons, no biases",
       .layers = {neurons(3, "exp", false), neurons(1, "identity", false)},
       .input = as_it_is,
       .theta_of = [](std::vector<double> b) { return std::vector<double>{-b[1], -b[3], -b[5], b[0], b[2], b[4]}; },
       .digits = 6},
      {.name = "Misra1a",
       .network = "one neuron of the activation 1 − e^z, no biases",
       .layers = {neurons(1, "saturation", false), neurons(1, "identity", false)},
       .input = as_it_is,
       .theta_of = saturated,
       .digits = 8},
      {.name = "BoxBOD",
       .network = "one neuron of the activation 1 − e^z, no biases",
       .layers = {neurons(1, "saturation", false), neurons(1, "identity", false)},
       .input = as_it_is,
       .theta_of = saturated,
       .digits = 8}};
}

/// What a file of NIST's holds.
struct Certificate {
  std::vector<std::vector<double>> starts;  ///< two, each b1, b2, …
  std::vector<double> values, deviations;   ///< certified
  double sum_of_squares = 0;
  std::vector<double> x, y;
};

Certificate read_certificate(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw Error(path, "cannot be read");
  Certificate read{.starts = {{}, {}}, .values = {}, .deviations = {}, .x = {}, .y = {}};
  bool in_data = false;
  for (std::string line; std::getline(file, line);) {
    std::istringstream stream(line);
    const std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
    const auto number = [&](std::size_t k) { return std::stod(words[k]); };
    if (line.starts_with("Residual Sum of Squares:")) {
      read.sum_of_squares = number(4);
    } else if (words == std::vector<std::string>{"Data:", "y", "x"}) {
      in_data = true;
    } else if (in_data && words.size() == 2) {
      read.y.push_back(number(0));
      read.x.push_back(number(1));
    } else if (words.size() == 6 && words[1] == "=") {
      read.starts[0].push_back(number(2));
      read.starts[1].push_back(number(3));
      read.values.push_back(number(4));
      read.deviations.push_back(number(5));
    }
  }
  if (read.values.empty() || read.x.empty()) throw Error(path, "no certified values, or no data");
  return read;
}

/// How many digits of the certified value are right, at most the 11 that it has.
double right_digits(double found, double certified) {
  constexpr double most = 11;
  if (found == certified) return most;
  return std::clamp(-std::log10(std::abs(found - certified) / std::abs(certified)), 0.0, most);
}

/// A fit, compared with the certificate.
struct Outcome {
  std::size_t iterations = 0;
  double sum_of_squares = 0;
  std::vector<double> digits, digits_of_deviations;  ///< of each parameter and of its standard error
  double digits_of_sum = 0;
};

double least(const std::vector<double>& digits) {
  return *std::ranges::min_element(digits);
}

struct Fit {
  std::vector<double> theta, deviations;
  double sum_of_squares = 0;
  std::size_t iterations = 0;
};

Fit fit(const Problem& problem, const Certificate& certificate, const std::vector<double>& b) {
  Network<double> network({.inputs = 1, .layers = problem.layers, .own_activations = {Activation::of<Saturation>()}});
  std::ranges::copy(problem.theta_of(b), network.parameters().begin());
  const std::size_t n = certificate.x.size();
  Matrix<double> X(n, 1), targets(n, 1);
  std::ranges::transform(certificate.x, X.elements().begin(), problem.input);
  std::ranges::copy(certificate.y, targets.elements().begin());
  const Dataset<double> data{.X = X, .targets = targets};
  const Dataset<double> none;
  const Loss loss{losses::SquaredError{}};
  Trainer<double> trainer(network, loss, Metric{}, {.epochs = 5000, .optimizer = solvers::LevenbergMarquardt{}}, data,
                          none);
  trainer.fit();

  NetworkObjective<double> objective(network, {.loss = loss, .data = data});
  Fit found{.theta = {network.parameters().begin(), network.parameters().end()},
            .deviations = std::vector<double>(network.parameters().size()),
            .iterations = trainer.epoch()};
  found.sum_of_squares = objective.value(found.theta) * static_cast<double>(n);
  const ParameterWorth worth = worth_of_parameters(objective, found.theta);
  for (std::size_t k = 0; k < worth.determined.size(); ++k)
    found.deviations[worth.determined[k]] = std::sqrt(worth.covariance(k, k));
  return found;
}

/// Hidden neurons may stand in any order: the one in which the fit is nearest to the certificate.
Outcome compare(const Problem& problem, const Certificate& certificate, const Fit& found) {
  const std::vector<double> certified = problem.theta_of(certificate.values);
  std::vector<double> deviations = problem.theta_of(certificate.deviations);
  for (double& each : deviations) each = std::abs(each);  // theta_of changes signs
  const std::size_t neurons_inside = std::get<layers::Dense>(problem.layers.front()).units;
  std::vector<std::size_t> order(neurons_inside);
  for (std::size_t k = 0; k < neurons_inside; ++k) order[k] = k;
  Outcome best{.iterations = found.iterations,
               .sum_of_squares = found.sum_of_squares,
               .digits = {-1},
               .digits_of_deviations = {},
               .digits_of_sum = right_digits(found.sum_of_squares, certificate.sum_of_squares)};
  do {
    std::vector<double> digits, of_deviations;
    for (std::size_t i = 0; i < certified.size(); ++i) {  // blocks of one number for each neuron
      const std::size_t k = i / neurons_inside * neurons_inside + order[i % neurons_inside];
      digits.push_back(right_digits(found.theta[k], certified[i]));
      of_deviations.push_back(right_digits(found.deviations[k], deviations[i]));
    }
    if (least(digits) <= least(best.digits)) continue;
    best.digits = digits;
    best.digits_of_deviations = of_deviations;
  } while (std::ranges::next_permutation(order).found);
  return best;
}

/// NIST's second start, each parameter multiplied by 10 to the power of a random number between −1 and 1.
std::vector<double> random_start(const Certificate& certificate, Random& random) {
  std::vector<double> b = certificate.starts[1];
  for (double& each : b) each *= std::pow(10, 2 * random.uniform() - 1);
  return b;
}

std::string numbers(const std::vector<double>& digits) {
  std::string text;
  char number[32];
  for (const double each : digits) {
    std::snprintf(number, sizeof number, "%s%.1f", text.empty() ? "" : " ", each);
    text += number;
  }
  return text;
}

void print_json(const Problem& problem, const std::string& start, const Outcome& outcome) {
  std::string digits = numbers(outcome.digits), of_deviations = numbers(outcome.digits_of_deviations);
  std::ranges::replace(digits, ' ', ',');
  std::ranges::replace(of_deviations, ' ', ',');
  std::printf(
      "{\"set\": \"%s\", \"start\": \"%s\", \"iterations\": %zu, \"sum_of_squares\": %.10e, "
      "\"digits_of_sum\": %.1f, \"digits\": [%s], \"digits_of_errors\": [%s]}\n",
      problem.name, start.c_str(), outcome.iterations, outcome.sum_of_squares, outcome.digits_of_sum, digits.c_str(),
      of_deviations.c_str());
}

/// All runs of one set, printed. Returns whether both of NIST's starts led to the digits wanted.
bool certify(const Problem& problem, const std::string& folder, bool json) {
  const Certificate certificate = read_certificate(folder + "/" + problem.name + ".dat");
  bool is_certified = true;
  for (std::size_t k = 0; k < 2; ++k) {
    const Outcome outcome = compare(problem, certificate, fit(problem, certificate, certificate.starts[k]));
    is_certified = is_certified && least(outcome.digits) >= problem.digits && outcome.digits_of_sum >= problem.digits;
    if (json)
      print_json(problem, "NIST " + std::to_string(k + 1), outcome);
    else
      std::printf("| %s | %zu | %zu | %.10e | %.1f | %s | %s |\n", problem.name, k + 1, outcome.iterations,
                  outcome.sum_of_squares, outcome.digits_of_sum, numbers(outcome.digits).c_str(),
                  numbers(outcome.digits_of_deviations).c_str());
  }
  constexpr int random_starts = 10;
  Random random(1, {.purpose = Purpose::initialise});
  int arrived = 0, diverged = 0;
  for (int k = 0; k < random_starts; ++k) {
    try {
      const Outcome outcome =
          compare(problem, certificate, fit(problem, certificate, random_start(certificate, random)));
      arrived += least(outcome.digits) >= problem.digits ? 1 : 0;
      if (json) print_json(problem, "random " + std::to_string(k + 1), outcome);
    } catch (const DivergenceError&) {  // an exponential that overflows at the start
      ++diverged;
      if (json) std::printf("{\"set\": \"%s\", \"start\": \"random %d\", \"diverged\": true}\n", problem.name, k + 1);
    }
  }
  if (!json)
    std::printf("| %s | random | | %d of %d arrive, %d overflow at once | | | |\n", problem.name, arrived,
                random_starts, diverged);
  return is_certified;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: certificate FOLDER [--json]\n");
    return 2;
  }
  const bool json = argc > 2 && std::strcmp(argv[2], "--json") == 0;
  bool all = true;
  try {
    for (const Problem& problem : problems()) all = certify(problem, argv[1], json) && all;
  } catch (const Error& error) {
    std::fprintf(stderr, "certificate: %s\n", error.what());
    return 1;
  }
  if (!all) std::fprintf(stderr, "certificate: fewer digits than wanted\n");
  return all ? 0 : 1;
}
