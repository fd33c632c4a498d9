// A model is what a user keeps: the preparation of the columns, the network, the meaning of its outputs, and how it
// came about. Prediction needs nothing else.
// Files are left to file/, how models are made to plan.h.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/data/image_preparation.h"
#include "neurone/data/preparation.h"
#include "neurone/data/target.h"
#include "neurone/loss/loss.h"
#include "neurone/model/calibration.h"
#include "neurone/model/estimates.h"
#include "neurone/model/figures.h"
#include "neurone/network/network.h"
#include "neurone/training/metrics.h"

namespace neurone {

/// Rows as they come from a file.
using Source = std::variant<Table, Images>;
std::size_t rows(const Source& source);
/// What messages call it: "train.csv".
const std::string& name_of(const Source& source);
/// Memory that they take.
std::size_t bytes(const Source& source);
/// These rows, in this order.
Source select_rows(const Source& source, std::span<const std::uint32_t> rows);

using Preparation = std::variant<TablePreparation, ImagePreparation>;

/// What simpler models reach on the same test rows: the figure is accuracy for classes, rmse for numbers.
struct Comparison {
  std::string figure;
  double constant = 0;                      ///< of a model that always says the commonest class, or the mean
  double linear = 0;                        ///< of linear or logistic regression on the same columns
  double gain = 0;                          ///< how much better the network is than that: above 0 is better
  std::optional<Interval> gain_interval{};  ///< 95 %, by the paired bootstrap
};

/// How a model came about, for its reader: no clock, no path, so that the same seed gives the same file.
struct TrainingRecord {
  std::size_t train_rows = 0, validation_rows = 0, test_rows = 0;  ///< of several networks, those of the first
  std::size_t epochs = 0;
  std::vector<std::size_t> best_epochs{};       ///< of each network
  std::map<std::string, std::string> settings;  ///< "optimizer" → "adam:learning_rate=0.001,…"
  Figures validation, test;
  std::optional<Comparison> comparison{};
  std::optional<Estimates> estimates{};  ///< of a solver's single network
};

template <class T> using Networks = std::vector<Network<T>>;

/// Rows by which a model proves itself wherever it goes, and what it said of them when it was made.
struct Proof {
  Source rows;            ///< the columns of the preparation, in their order; of images without labels
  Matrix<double> values;  ///< as Predictions::values
  bool made_up = false;   ///< no rows of the training data
};

struct Model {
  Preparation preparation;
  Target target;
  Loss loss;
  /// One network; or several of one shape, whose predictions are averaged.
  std::variant<Networks<float>, Networks<double>> networks;
  Calibration calibration{};
  TrainingRecord record;
  std::optional<Proof> proof{};

  std::size_t inputs() const;
  std::size_t outputs() const;
  /// How many networks.
  std::size_t size() const;
};

/// Does the model compute in float, or in double?
bool is_float(const Model& model);

/// Throws UsageError for a loss or output activation that is of the other task.
void check_task_fits(Task task, const Loss& loss, const Activation& output);

/// How the outputs are read.
Metric metric_of(const Target& target, const Loss& loss);

/// Are the outputs probabilities that sum to 1? Several sigmoids, one against the rest, give scores.
bool gives_probabilities(const Activation& output, std::size_t outputs);
bool gives_probabilities(const Model& model);

/// Are they probabilities that the last activation makes of logits? Of those a temperature can be taken.
bool has_logits(const Target& target, const Activation& output, std::size_t outputs);
bool has_logits(const Model& model);

template <class T> const Activation& output_activation(const Network<T>& network) {
  return network.layer(network.size() - 1).activation();
}
const Activation& output_activation(const Model& model);

/// The class numbers of every row. Throws Error for a class that training has not seen, naming the row.
std::vector<std::uint32_t> true_classes(const Source& source, const ClassTarget& target);

/// The class with the largest value; of equal ones the first.
inline std::uint32_t likeliest(std::span<const double> values) {
  return static_cast<std::uint32_t>(std::ranges::max_element(values) - values.begin());
}

/// The likeliest class of every row of Predictions::values; none where the target is a number.
std::vector<std::uint32_t> classes_of(const Target& target, const Matrix<double>& values);

/// A prediction, or a figure made of predictions, is no finite number.
class OverflowError : public Error {
 public:
  using Error::Error;
};

struct Predictions {
  std::vector<std::uint32_t> classes;  ///< rows: the class predicted; empty for a number
  /// Classes: rows × classes, probabilities or scores (gives_probabilities). A number: rows × 1 in the user's unit,
  /// within the range of the training rows, and a second column, the predicted standard deviation, where the loss is
  /// gaussian_nll. All are finite.
  Matrix<double> values;
  Surprises surprises;
};

/// What the columns of Predictions::values are called: "probability_Adelie" or "score_Adelie" for each class; of a
/// number "prediction", and "deviation" where there is one.
std::vector<std::string> value_names(const Model& model);

/// What is predicted of so many rows takes memory that nobody minds, and all threads have work.
inline constexpr std::size_t rows_predicted_at_once = 16'384;

/// Safe from many threads; with up to `threads` of its own, the same numbers. Throws Error for rows that cannot be
/// prepared; OverflowError, naming the row, where a prediction is no finite number.
Predictions predict(const Model& model, const Source& source, std::size_t threads = 1);

/// The half width of the interval around each predicted number that holds the truth with probability `level`; of
/// predicted classes, 1 − the least probability with which a class belongs to the set that holds the true one.
/// Throws UsageError where the model was calibrated with too few rows for the level, with none, or gives scores.
double error_bound(const Model& model, double level);

/// The interval of a predicted number, `values` a row of Predictions::values; `bound` from error_bound.
Interval interval_of(std::span<const double> values, double bound);

/// The set of classes of a row, the most probable one always in it, as class numbers.
std::vector<std::uint32_t> set_of(std::span<const double> probabilities, double bound);

/// What is read of a network for X, rows × outputs, in double: its logits where it has them, else its outputs.
template <class T>
Matrix<double> readings_of(const Target& target, const Network<T>& network, ConstMatrixView<T> X,
                           std::size_t threads);
/// The same of packed rows, unpacked some at a time.
template <class T>
Matrix<double> readings_in_blocks(const Target& target, const Network<T>& network, const Inputs<T>& X,
                                  std::size_t threads);

/// Logits of one network, rows × outputs, as rows × classes: the z of one sigmoid is −z/2 and z/2.
Matrix<double> class_logits(ConstMatrixView<double> readings);

/// What the readings of one network say: rows × classes, or rows × 1 or 2 in the user's unit, as in
/// Predictions::values. Logits are divided by the temperature.
Matrix<double> values_of(const Target& target, const Loss& loss, const Activation& output,
                         ConstMatrixView<double> readings, double temperature = 1);

/// What the model says of rows that are encoded already, X: rows × inputs, of the type of its networks. As
/// Predictions::values, but what overflows is infinite or NaN there.
template <class T> Matrix<double> values_of(const Model& model, ConstMatrixView<T> X, std::size_t threads);

/// The same where the readings of each of its networks are known.
Matrix<double> values_of(const Model& model, const std::vector<Matrix<double>>& readings);

/// The first row with a value that is no finite number; none where all are.
std::optional<std::size_t> overflowing_row(const Matrix<double>& values);
/// Why such a row has no prediction: "the prediction is not a finite number: deviation is infinite, …".
std::string overflow_text(const Model& model, std::span<const double> values);

/// What one of its networks says of them, calibrated.
template <class T>
Matrix<double> values_of(const Model& model, const Network<T>& network, ConstMatrixView<T> X, std::size_t threads);

/// The mean of what several networks say, overwriting the first.
Matrix<double> mean_values(const Target& target, std::vector<Matrix<double>> values);

/// X, rows × inputs, as the network sees it.
template <class T> Surprises encode(const Preparation& preparation, const Source& source, MatrixView<T> X);
/// The same, categories packed. What is surprising is not told.
template <class T> Inputs<T> encode(const Preparation& preparation, const Source& source);

struct Evaluation {
  Figures figures;           ///< ClassFigures or NumberFigures
  Matrix<double> confusion;  ///< true class × predicted class; empty for a number
  Surprises surprises;
};

enum class Intervals { none, bootstrap };

/// The level at which an evaluation tries intervals and sets.
inline constexpr double tried_level = 0.9;

/// Compares predictions with the target of the source. Where the model is calibrated, the last two figures say how
/// its intervals or sets of 90 % do: coverage_90, the share of rows whose truth they hold, and width_90, their mean
/// width, or set_size_90. Throws Error when the source has no target, no rows, or a class that training has not seen;
/// OverflowError where a prediction or a figure is no finite number.
Evaluation evaluate(const Model& model, const Source& source, std::size_t threads = 1,
                    Intervals intervals = Intervals::bootstrap);

}  // namespace neurone
