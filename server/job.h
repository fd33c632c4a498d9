// Requests for predictions, run together: the rows of all that wait go through the network as one matrix. Each answer
// has the bits that its rows have alone. What waits with what is left to loop.h and workers.h.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>
#include <variant>
#include <vector>

#include "server/message.h"
#include "server/models.h"

namespace neurone::server {

/// The rows of one request, as the network sees them, and what to do with what it says.
struct Job {
  ModelPointer model;
  std::variant<Matrix<float>, Matrix<double>> X;  // rows × inputs, of the type of the networks
  Surprises surprises{};
  std::function<Response(const Predictions&)> answer;

  std::size_t rows() const {
    return std::visit([](const auto& each) { return each.rows(); }, X);
  }
};

/// Throws Refusal 422 for rows that the model cannot read.
Job job_of(ModelPointer model, const Source& source, std::function<Response(const Predictions&)> answer);

/// Thrown where nobody waits for the answer any more.
struct GivenUp {};

/// A response for each job, in their order. `threads` share out the rows; they change no bit. Asked to stop, throws
/// GivenUp after some hundredths of a second.
std::vector<Response> run_jobs(std::span<const Job> jobs, std::size_t threads, const std::stop_token& stop = {});

}  // namespace neurone::server
