#include "server/job.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace neurone::server {
namespace {

// The rows of a long job some at a time, so that it can be given up.
template <class T>
Matrix<double> values_in_blocks(const ServedModel& served, const Matrix<T>& X, std::size_t threads,
                                const std::stop_token& stop) {
  constexpr std::size_t work_of_block = 2'000'000'000, least = 256;
  const std::size_t block = std::max(work_of_block / served.work(), least);
  if (X.rows() <= block) return values_of<T>(served.model(), X, threads);
  Matrix<double> values;
  for (std::size_t first = 0; first < X.rows(); first += block) {
    if (stop.stop_requested()) throw GivenUp{};
    const std::size_t count = std::min(block, X.rows() - first);
    const Matrix<double> some = values_of<T>(served.model(), X.view().rows(first, count), threads);
    if (first == 0) values = Matrix<double>(X.rows(), some.columns());
    std::ranges::copy(some.elements(), values.view().rows(first, count).elements().begin());
  }
  return values;
}

Response answer_to(const Job& job, Matrix<double> values) {
  Predictions predictions{.classes = {}, .values = std::move(values), .surprises = job.surprises};
  const Model& model = job.model->model();
  if (const auto row = overflowing_row(predictions.values))
    return error_response(422, fmt::format("row {}: {}", *row + 1, overflow_text(model, predictions.values[*row])));
  predictions.classes = classes_of(model.target, predictions.values);
  return job.answer(predictions);
}

// What is said of these jobs, all of one model.
template <class T>
void run_together(std::span<const Job> jobs, std::span<const std::size_t> chosen, std::size_t threads,
                  const std::stop_token& stop, std::vector<Response>& responses) {
  const Job& front = jobs[chosen.front()];
  if (chosen.size() == 1) {
    responses[chosen.front()] =
        answer_to(front, values_in_blocks<T>(*front.model, std::get<Matrix<T>>(front.X), threads, stop));
    return;
  }
  const Model& model = front.model->model();
  std::size_t rows = 0;
  for (const std::size_t k : chosen) rows += jobs[k].rows();
  Matrix<T> X(rows, model.inputs());
  std::size_t first = 0;
  for (const std::size_t k : chosen) {
    const auto& part = std::get<Matrix<T>>(jobs[k].X);
    std::ranges::copy(part.elements(), X.view().rows(first, part.rows()).elements().begin());
    first += part.rows();
  }
  const Matrix<double> values = values_of<T>(model, X, threads);
  first = 0;
  for (const std::size_t k : chosen) {
    Matrix<double> own(jobs[k].rows(), values.columns());
    for (std::size_t i = 0; i < own.rows(); ++i) std::ranges::copy(values[first + i], own[i].begin());
    first += own.rows();
    responses[k] = answer_to(jobs[k], std::move(own));
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

std::vector<Response> run_jobs(std::span<const Job> jobs, std::size_t threads, const std::stop_token& stop) {
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
    std::visit([&]<class T>(const Networks<T>&) { run_together<T>(jobs, together, threads, stop, responses); },
               jobs[first].model->model().networks);
  }
  return responses;
}

}  // namespace neurone::server
