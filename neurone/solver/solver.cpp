// From the settings of a method to the method. Each is made in its own file.
#include "neurone/solver/solver.h"

namespace neurone {
namespace {

struct Maker {
  std::unique_ptr<Solver> operator()(const solvers::LBFGS& each) const { return make_lbfgs(each); }
  std::unique_ptr<Solver> operator()(const solvers::ConjugateGradient& each) const {
    return make_conjugate_gradient(each);
  }
  std::unique_ptr<Solver> operator()(const solvers::LevenbergMarquardt& each) const {
    return make_levenberg_marquardt(each);
  }
  std::unique_ptr<Solver> operator()(const solvers::Rprop& each) const { return make_rprop(each); }
  std::unique_ptr<Solver> operator()(const solvers::LeastSquares& each) const { return make_least_squares(each); }
  std::unique_ptr<Solver> operator()(const solvers::Newton& each) const { return make_newton(each); }
};

}  // namespace

std::unique_ptr<Solver> make_solver(const solvers::Any& method) {
  return std::visit(Maker(), method);
}

}  // namespace neurone
