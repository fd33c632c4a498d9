#include "server/job.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace neurone::server {
namespace {

// What is said of these jobs, all of one model.
template <class T>
void run_together(std::span<const Job> jobs, std::span<const std::size_t> chosen, std::size_t threads,
                  std::vector<Response>& responses) {
  const Model& model = jobs[chosen.front()].model->model();
  std::size_t rows = 0;
  for (const std::size_t k : chosen) rows += jobs[k].rows();
  Matrix<double> values;
  if (chosen.size() == 1) {
    values = values_of<T>(model, std::get<Matrix<T>>(jobs[chosen.front()].X), threads);
  } else {
    Matrix<T> X(rows, model.inputs());
    std::size_t first = 0;
    for (const std::size_t k : chosen) {
      const auto& part = std::get<Matrix<T>>(jobs[k].X);
      std::ranges::copy(part.elements(), X.view().rows(first, part.rows()).elements().begin());
      first += part.rows();
    }
    values = values_of<T>(model, X, threads);
  }

  std::size_t first = 0;
  for (const std::size_t k : chosen) {
    const Job& job = jobs[k];
    Predictions predictions{.classes = {}, .values = Matrix<double>(job.rows(), values.columns()), .surprises = {}};
    predictions.surprises = job.surprises;
    for (std::size_t i = 0; i < job.rows(); ++i) std::ranges::copy(values[first + i], predictions.values[i].begin());
    first += job.rows();
    predictions.classes = classes_of(model.target, predictions.values);
    if (const auto row = overflowing_row(predictions.values))
      responses[k] =
          error_response(422, fmt::format("row {}: {}", *row + 1, overflow_text(model, predictions.values[*row])));
    else
      responses[k] = job.answer(predictions);
  }
}

}  // namespace

Job job_of(ModelPointer model, const Source& source, std::function<Response(const Predictions&)> answer) {
  Job job{.model = std::move(model), .X = {}, .answer = std::move(answer)};
  const Model& known = job.model->model();
  try {
    std::visit(
        [&]<class T>(const Networks<T>&) {
          Matrix<T> X(rows(source), known.inputs());
          job.surprises = encode<T>(known.preparation, source, X);
          job.X = std::move(X);
        },
        known.networks);
  } catch (const Error& error) {
    throw Refusal(422, error.what());
  }
  return job;
}

std::vector<Response> run_jobs(std::span<const Job> jobs, std::size_t threads) {
  std::vector<Response> responses(jobs.size());
  std::vector<bool> done(jobs.size());
  for (std::size_t first = 0; first < jobs.size(); ++first) {
    if (done[first]) continue;
    std::vector<std::size_t> together;
    for (std::size_t k = first; k < jobs.size(); ++k) {
      if (jobs[k].model != jobs[first].model) continue;
      together.push_back(k);
      done[k] = true;
    }
    std::visit([&]<class T>(const Networks<T>&) { run_together<T>(jobs, together, threads, responses); },
               jobs[first].model->model().networks);
  }
  return responses;
}

}  // namespace neurone::server
