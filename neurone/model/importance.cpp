// The columns of X that belong to a column of the table are shuffled as one; the table itself is encoded once.
#include "neurone/model/importance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "neurone/data/dataset.h"

namespace neurone {
namespace {

constexpr std::size_t shufflings = 5;

// The loss that columns are compared by, of rows that are predicted as `values`.
class ComparedLoss {
 public:
  ComparedLoss(const Model& model, const Table& table) : probabilities_(gives_probabilities(model)) {
    if (const auto* classes = std::get_if<ClassTarget>(&model.target))
      classes_ = class_numbers(table, *classes);
    else
      numbers_ = target_values(table, std::get<NumberTarget>(model.target));
  }

  const char* name() const { return !numbers_.empty() ? "rmse" : probabilities_ ? "log_loss" : "wrong"; }

  double operator()(const Matrix<double>& values) const {
    double sum = 0;
    for (std::size_t i = 0; i < values.rows(); ++i) sum += of_row(values[i], i);
    const double mean = sum / static_cast<double>(values.rows());
    return numbers_.empty() ? mean : std::sqrt(mean);
  }

 private:
  double of_row(std::span<const double> values, std::size_t i) const {
    if (!numbers_.empty()) return (values[0] - numbers_[i]) * (values[0] - numbers_[i]);
    if (probabilities_) return -std::log(std::max(values[classes_[i]], std::numeric_limits<double>::epsilon()));
    return likeliest(values) == classes_[i] ? 0 : 1;
  }

  bool probabilities_;
  std::vector<std::uint32_t> classes_;
  std::vector<double> numbers_;
};

// How many rows can be predicted for every column and shuffling in a few seconds.
std::size_t rows_to_look_at(const Model& model, std::size_t rows, std::size_t columns) {
  constexpr std::size_t least = 100, most = 2000, multiplications = 100'000'000'000;
  const std::size_t of_a_row =
      std::visit([](const auto& all) { return all.size() * all.front().parameters().size(); }, model.networks);
  const std::size_t affordable = multiplications / (1 + columns * shufflings * of_a_row);
  return std::min(rows, std::clamp(affordable, least, most));
}

template <class T> Importances importances(const Model& model, const Table& table, std::size_t threads) {
  const auto& preparation = std::get<TablePreparation>(model.preparation);
  const Table looked_at =
      table.select(evenly_chosen(table.rows(), rows_to_look_at(model, table.rows(), preparation.columns.size())));
  const ComparedLoss loss_of(model, looked_at);
  Matrix<T> X(looked_at.rows(), model.inputs());
  encode<T>(model.preparation, looked_at, X);
  Importances all{.figure = loss_of.name(),
                  .loss = loss_of(values_of<T>(model, X, threads)),
                  .rows = looked_at.rows(),
                  .shufflings = shufflings};
  std::vector<std::uint32_t> order(X.rows());
  std::size_t first = 0;
  for (std::size_t c = 0; c < preparation.columns.size(); ++c) {
    const std::size_t width = column_width(preparation.columns[c]);
    std::vector<double> rises;
    for (std::size_t s = 0; s < shufflings; ++s) {
      shuffle(c, static_cast<std::uint32_t>(s), order);
      Matrix<T> shuffled = X;
      for (std::size_t i = 0; i < X.rows(); ++i)
        std::ranges::copy(X[order[i]].subspan(first, width),
                          shuffled[i].begin() + static_cast<std::ptrdiff_t>(first));
      rises.push_back(loss_of(values_of<T>(model, shuffled, threads)) - all.loss);
    }
    const auto [lowest, highest] = std::ranges::minmax(rises);
    all.columns.push_back({.column = column_name(preparation.columns[c]),
                           .rise = std::reduce(rises.begin(), rises.end()) / static_cast<double>(shufflings),
                           .lowest = lowest,
                           .highest = highest});
    first += width;
  }
  std::ranges::sort(all.columns, [](const Importance& a, const Importance& b) {
    return a.rise != b.rise ? a.rise > b.rise : a.column < b.column;
  });
  return all;
}

}  // namespace

Importances permutation_importance(const Model& model, const Table& table, std::size_t threads) {
  return std::visit([&]<class T>(const Networks<T>&) { return importances<T>(model, table, threads); },
                    model.networks);
}

}  // namespace neurone
