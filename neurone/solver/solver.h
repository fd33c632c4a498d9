// A method at work: what it remembers from one iteration to the next.
// The methods and their settings are listed in solvers.h; when to stop for other reasons is the trainer's business.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "neurone/solver/objective.h"
#include "neurone/solver/solvers.h"

namespace neurone {

/// What an iteration found.
struct Iteration {
  double value = 0;        ///< F at the new θ
  bool converged = false;  ///< there is nothing left to gain
  std::string remark{};    ///< for the user, where the method noticed something; empty otherwise
};

class Solver {
 public:
  Solver() = default;
  virtual ~Solver() = default;
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  /// Moves θ to where F is lower, or leaves it where no lower place is found.
  virtual Iteration iterate(Objective& objective, std::span<double> theta) = 0;

  /// What a checkpoint has to keep beside θ: a run that goes on from it does so bit for bit.
  virtual std::vector<double> memory() const = 0;
  /// Takes what memory() gave. Throws Error for what no run of `parameters` parameters can have left.
  virtual void restore(std::span<const double> memory, std::size_t parameters) = 0;
};

std::unique_ptr<Solver> make_solver(const solvers::Any& method);

std::unique_ptr<Solver> make_lbfgs(const solvers::LBFGS& settings);
std::unique_ptr<Solver> make_conjugate_gradient(const solvers::ConjugateGradient& settings);
std::unique_ptr<Solver> make_levenberg_marquardt(const solvers::LevenbergMarquardt& settings);
std::unique_ptr<Solver> make_rprop(const solvers::Rprop& settings);
std::unique_ptr<Solver> make_least_squares(const solvers::LeastSquares& settings);
std::unique_ptr<Solver> make_newton(const solvers::Newton& settings);

}  // namespace neurone
