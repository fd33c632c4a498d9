// A model is what a user keeps: the preparation of the columns, the network, the meaning of its outputs, and how it
// came about. Prediction needs nothing else.
// Files are left to file/, how models are made to plan.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "neurone/data/preparation.h"
#include "neurone/data/target.h"
#include "neurone/loss/loss.h"
#include "neurone/model/figures.h"
#include "neurone/network/network.h"
#include "neurone/training/metrics.h"

namespace neurone {

/// Rows as they come from a file.
using Source = std::variant<Table, Images>;
std::size_t rows(const Source& source);

using Preparation = std::variant<TablePreparation, ImagePreparation>;

/// How a model came about, for its reader: no clock, no path, so that the same seed gives the same file.
struct TrainingRecord {
  std::size_t train_rows = 0, validation_rows = 0, test_rows = 0;
  std::size_t epochs = 0, best_epoch = 0;
  std::map<std::string, std::string> settings;  ///< "optimizer" → "adam:learning_rate=0.001,…"
  Figures validation, test;
};

struct Model {
  Preparation preparation;
  Target target;
  Loss loss;
  std::variant<Network<float>, Network<double>> network;
  TrainingRecord record;

  std::size_t inputs() const;
  std::size_t outputs() const;
};

/// Throws UsageError for a loss or output activation that is of the other task.
void check_task_fits(Task task, const Loss& loss, const Activation& output);

/// How the outputs are read.
Metric metric_of(const Target& target, const Loss& loss);

/// Are the outputs probabilities that sum to 1? Several sigmoids, one against the rest, give scores.
bool gives_probabilities(const Model& model);
const Activation& output_activation(const Model& model);

struct Predictions {
  std::vector<std::uint32_t> classes;  ///< rows: the class predicted; empty for a number
  /// Classes: rows × classes, probabilities or scores (gives_probabilities). A number: rows × 1 in the user's unit,
  /// and a second column, the predicted standard deviation, where the loss is gaussian_nll.
  Matrix<double> values;
  Surprises surprises;
};

/// Safe from many threads; with up to `threads` of its own, the same numbers. Throws Error for rows that cannot be
/// prepared.
Predictions predict(const Model& model, const Source& source, std::size_t threads = 1);

/// X, rows × inputs, as the network sees it.
template <class T> Surprises encode(const Preparation& preparation, const Source& source, MatrixView<T> X);

struct Evaluation {
  Figures figures;           ///< ClassFigures or NumberFigures
  Matrix<double> confusion;  ///< true class × predicted class; empty for a number
  Surprises surprises;
};

enum class Intervals { none, bootstrap };

/// Compares predictions with the target of the source. Throws Error when it has none, no rows, or a class that
/// training has not seen.
Evaluation evaluate(const Model& model, const Source& source, std::size_t threads = 1,
                    Intervals intervals = Intervals::bootstrap);

}  // namespace neurone
