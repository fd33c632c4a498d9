// The methods on functions whose minimum is known, without a network.
#include <gtest/gtest.h>

#include <cmath>

#include "neurone/core/choice.h"
#include "neurone/solver/line_search.h"
#include "neurone/solver/solver.h"
#include "neurone/solver/vectors.h"

namespace neurone {
namespace {

// A sum of squares ½ Σ r², from a function that writes r and its Jacobian.
class SumOfSquares : public Objective {
 public:
  using Function = std::function<void(std::span<const double> theta, std::vector<double>& r, Matrix<double>& J)>;
  SumOfSquares(std::size_t parameters, std::size_t residuals, Function function)
      : r_(residuals), J_(residuals, parameters), function_(std::move(function)) {}

  std::size_t size() const override { return J_.columns(); }
  double value(std::span<const double> theta) override {
    ++calls;
    function_(theta, r_, J_);
    return 0.5 * dot(r_, r_);
  }
  double gradient(std::span<const double> theta, std::span<double> gradient) override {
    const double found = value(theta);
    std::ranges::fill(gradient, 0.0);
    for (std::size_t i = 0; i < r_.size(); ++i) add(r_[i], J_[i], gradient);
    return found;
  }
  double curvature(std::span<const double> theta, std::span<double> gradient, MatrixView<double> H) override {
    const double found = this->gradient(theta, gradient);
    std::ranges::fill(H.elements(), 0.0);
    for (std::size_t i = 0; i < r_.size(); ++i)
      for (std::size_t a = 0; a < size(); ++a) add(J_(i, a), J_[i], H[a]);
    return found;
  }
  void bend(std::span<const double> theta, std::span<const double> direction, std::span<double> bend) override {
    constexpr double h = 1e-3;
    std::vector<double> bent(r_.size()), moved(theta.begin(), theta.end());
    for (const double side : {h, -2 * h}) {  // to either side of θ
      add(side, direction, moved);
      value(moved);
      add(1 / (h * h), r_, bent);
    }
    value(theta);
    add(-2 / (h * h), r_, bent);
    std::ranges::fill(bend, 0.0);
    for (std::size_t i = 0; i < r_.size(); ++i) add(bent[i], J_[i], bend);
  }
  double residuals(std::span<const double> theta, const ResidualBlock& visit) override {
    const double found = value(theta);
    visit(J_, r_);
    return found;
  }
  std::vector<std::size_t> precedence() const override {
    std::vector<std::size_t> order(size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    return order;
  }
  double collinearity() const override { return 1e-10; }

  std::size_t calls = 0;

 private:
  std::vector<double> r_;
  Matrix<double> J_;
  Function function_;
};

// Rosenbrock 1960: a curved valley, with its minimum at (1, 1).
SumOfSquares rosenbrock() {
  return {2, 2, [](std::span<const double> t, std::vector<double>& r, Matrix<double>& J) {
            r = {10 * (t[1] - t[0] * t[0]), 1 - t[0]};
            J(0, 0) = -20 * t[0];
            J(0, 1) = 10;
            J(1, 0) = -1;
            J(1, 1) = 0;
          }};
}

struct Walk {
  std::vector<double> theta;
  int iterations = 0;
  bool converged = false;
};

Walk run(const solvers::Any& method, Objective& objective, std::vector<double> theta, int most = 2000) {
  const std::unique_ptr<Solver> solver = make_solver(method);
  Walk run{.theta = std::move(theta)};
  for (; run.iterations < most && !run.converged; ++run.iterations)
    run.converged = solver->iterate(objective, run.theta).converged;
  return run;
}

TEST(Solvers, each_walks_along_rosenbrocks_valley_to_its_end) {
  for (const char* method : {"lbfgs", "conjugate-gradient", "levenberg-marquardt"}) {
    SumOfSquares valley = rosenbrock();
    const Walk found = run(parse_choice<solvers::Any>("optimizer", method), valley, {-1.2, 1});
    EXPECT_TRUE(found.converged) << method;
    EXPECT_NEAR(found.theta[0], 1, 1e-8) << method;
    EXPECT_NEAR(found.theta[1], 1, 1e-8) << method;
    EXPECT_LT(valley.calls, 400U) << method;
  }
}

// ½ Σ (2^i (θᵢ − 1))²: a bowl 64 times narrower one way than another.
SumOfSquares stretched_bowl() {
  constexpr std::size_t n = 7;
  return {n, n, [](std::span<const double> t, std::vector<double>& r, Matrix<double>& J) {
            for (std::size_t i = 0; i < n; ++i) {
              J(i, i) = std::pow(2, static_cast<double>(i));
              r[i] = J(i, i) * (t[i] - 1);
            }
          }};
}

// y = θ₀ (1 − exp(−θ₁ x)) with θ₀ near 240 and θ₁ near 0.0006, and some noise: NIST's Misra1a in kind.
SumOfSquares saturating_curve() {
  return {2, 14, [](std::span<const double> t, std::vector<double>& r, Matrix<double>& J) {
            for (std::size_t i = 0; i < r.size(); ++i) {
              const double x = 50.0 * static_cast<double>(i + 1), left = std::exp(-t[1] * x);
              const double y = 240 * (1 - std::exp(-0.0006 * x)) + (i % 3 == 0 ? 0.1 : -0.05);
              r[i] = t[0] * (1 - left) - y;
              J(i, 0) = 1 - left;
              J(i, 1) = t[0] * x * left;
            }
          }};
}

TEST(Solvers, levenberg_marquardt_arrives_where_parameters_differ_by_orders_of_magnitude) {
  SumOfSquares curve = saturating_curve();
  const Walk near = run(solvers::LevenbergMarquardt{}, curve, {250, 0.0005});
  EXPECT_NEAR(near.theta[0], 240, 2);
  int iterations = 0;
  for (const std::vector<double>& start :
       {std::vector<double>{2500, 0.0001}, {30, 0.005}, {500, 0.00002}, {60, 0.0004}}) {
    const Walk found = run(solvers::LevenbergMarquardt{}, curve, start);
    EXPECT_TRUE(found.converged) << start[0];
    iterations += found.iterations;
    for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(found.theta[i] / near.theta[i], 1, 1e-9) << start[0] << ", " << i;
  }
  EXPECT_LT(iterations, 185);  // 161; 208 where no step follows the bend of the outputs
}

TEST(Solvers, lbfgs_remembers_as_many_steps_as_it_is_told_and_gains_by_each) {
  int before = 500;
  for (const std::size_t history : {1U, 3U, 7U}) {
    SumOfSquares bowl = stretched_bowl();
    std::vector<double> theta(7);
    const std::unique_ptr<Solver> solver = make_lbfgs({.history = history});
    int iterations = 0;
    for (double F = 1; F > 1e-12 && iterations < before; ++iterations) {
      if (iterations == 8) {
        EXPECT_EQ(solver->memory().size(), history * 2 * 7);
      }
      F = solver->iterate(bowl, theta).value;
    }
    EXPECT_GT(iterations, 8) << history;
    EXPECT_LT(iterations, before) << history;
    before = iterations;
  }
}

TEST(Solvers, rprop_follows_signs_alone) {
  SumOfSquares valley = rosenbrock();
  const Walk found = run(solvers::Rprop{}, valley, {-1.2, 1}, 20000);
  EXPECT_NEAR(found.theta[0], 1, 1e-4);
  EXPECT_NEAR(found.theta[1], 1, 1e-4);
}

// The step lengths of iRprop+ by hand, on ½ (θ − 1)² from 0 with a first length of 1.6.
TEST(Solvers, rprop_takes_back_a_move_that_led_up) {
  SumOfSquares parabola(1, 1, [](std::span<const double> t, std::vector<double>& r, Matrix<double>& J) {
    r = {t[0] - 1};
    J(0, 0) = 1;
  });
  const std::unique_ptr<Solver> rprop = make_rprop({.first = 2.5});
  std::vector<double> theta{0};
  rprop->iterate(parabola, theta);
  EXPECT_DOUBLE_EQ(theta[0], 2.5);  // F rises from 0.5 to 1.125
  rprop->iterate(parabola, theta);
  EXPECT_DOUBLE_EQ(theta[0], 0);  // taken back, and the length is halved
  rprop->iterate(parabola, theta);
  EXPECT_DOUBLE_EQ(theta[0], 1.25);
  rprop->iterate(parabola, theta);
  EXPECT_DOUBLE_EQ(theta[0], 1.25);  // the sign has changed, but F has not risen: 0.03125
}

TEST(Solvers, a_run_goes_on_from_its_memory_bit_for_bit) {
  for_each_alternative<solvers::Any>([&](auto settings) {
    SumOfSquares valley = rosenbrock();
    std::vector<double> theta{-1.2, 1};
    const std::unique_ptr<Solver> solver = make_solver(settings);
    for (int i = 0; i < 7; ++i) solver->iterate(valley, theta);
    const std::vector<double> memory = solver->memory();
    const std::unique_ptr<Solver> other = make_solver(settings);
    std::vector<double> there = theta;
    other->restore(memory, 2);
    for (int i = 0; i < 7; ++i) {
      solver->iterate(valley, theta);
      other->iterate(valley, there);
    }
    EXPECT_EQ(theta, there) << settings.name;
    EXPECT_ANY_THROW(other->restore(std::vector<double>(99, 1.0), 7)) << settings.name;
  });
}

TEST(Solvers, least_squares_gives_up_the_later_of_collinear_columns) {
  // columns 1, x, 2x + 1 and x²; y = 3 + 2x − x² exactly
  SumOfSquares rows(4, 6, [](std::span<const double> t, std::vector<double>& r, Matrix<double>& J) {
    for (std::size_t i = 0; i < 6; ++i) {
      const double x = static_cast<double>(i) - 1.5;
      const double columns[] = {1, x, 2 * x + 1, x * x};
      r[i] = -(3 + 2 * x - x * x);
      for (std::size_t j = 0; j < 4; ++j) {
        J(i, j) = columns[j];
        r[i] += columns[j] * t[j];
      }
    }
  });
  const Walk found = run(solvers::LeastSquares{}, rows, {5, 5, 5, 5});
  EXPECT_EQ(found.iterations, 1);
  EXPECT_NEAR(found.theta[0], 3, 1e-14);
  EXPECT_NEAR(found.theta[1], 2, 1e-14);
  EXPECT_EQ(found.theta[2], 0);
  EXPECT_NEAR(found.theta[3], -1, 1e-14);
}

// The strong Wolfe conditions hold where a search ends, whatever the first length.
TEST(LineSearch, ends_where_f_is_lower_and_flatter) {
  for (const double first : {1e-6, 1e-3, 1.0, 1e3, 1e6}) {
    for (const double flat : {0.1, 0.9}) {
      SumOfSquares valley = rosenbrock();
      const std::vector<double> theta{-1.2, 1};
      std::vector<double> gradient(2);
      const double value = valley.gradient(theta, gradient);
      const std::vector<double> direction = negated(gradient);
      const double slope = dot(direction, gradient);
      const LinePoint found = search_line(
          valley,
          {.theta = theta, .direction = direction, .value = value, .slope = slope, .first = first, .flat = flat});
      ASSERT_GT(found.length, 0) << first;
      EXPECT_LE(found.value, value + 1e-4 * found.length * slope) << first;
      EXPECT_LE(std::abs(dot(found.gradient, direction)), -flat * slope) << first;
      EXPECT_DOUBLE_EQ(found.theta[0], theta[0] + found.length * direction[0]);
    }
  }
}

TEST(LineSearch, comes_back_from_where_f_is_no_number) {
  SumOfSquares wall(1, 1, [](std::span<const double> t, std::vector<double>& r, Matrix<double>& J) {
    r = {std::log(t[0])};  // NaN below 0
    J(0, 0) = 1 / t[0];
  });
  const std::vector<double> theta{3}, direction{-1};
  const double value = wall.value(theta);
  const LinePoint found = search_line(wall, {.theta = theta,
                                             .direction = direction,
                                             .value = value,
                                             .slope = -std::log(3.0) / 3,
                                             .first = 100,
                                             .flat = 0.9});
  EXPECT_GT(found.length, 0);
  EXPECT_LT(found.value, value);
}

}  // namespace
}  // namespace neurone
