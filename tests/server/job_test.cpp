// Requests that are run together.
#include <gtest/gtest.h>

#include "tests/server/people.h"

namespace neurone::server {
namespace {

// Keeps what the networks said of each job.
struct Said {
  std::vector<Predictions> predictions;
  Job job(const ModelPointer& model, std::vector<std::vector<std::string>> rows) {
    const std::size_t place = predictions.size();
    predictions.emplace_back();
    return job_of(model, Table({"age", "city", "since"}, rows), [this, place](const Predictions& said) {
      predictions[place] = said;
      return Response{.body = std::to_string(place)};
    });
  }
};

std::vector<double> values_of(const Predictions& predictions) {
  const auto elements = predictions.values.elements();
  return {elements.begin(), elements.end()};
}

TEST(Jobs, rows_get_the_same_bits_alone_and_with_any_others) {
  const ModelPointer model = served("people", people()), other = served("other", people(Notation::point, 5));
  std::vector<std::vector<std::vector<std::string>>> requests;
  for (int k = 0; k < 70; ++k) {
    requests.emplace_back();
    for (int i = 0; i <= k % 7; ++i)
      requests.back().push_back({std::to_string(20 + k + i), k % 3 == 0 ? "Bern" : "Basel", "2020-01-17"});
  }
  Said said;
  std::vector<Job> jobs;
  for (std::size_t k = 0; k < requests.size(); ++k) jobs.push_back(said.job(k % 5 == 4 ? other : model, requests[k]));
  const std::vector<Response> responses = run_jobs(jobs, 1);
  for (std::size_t k = 0; k < requests.size(); ++k) {
    const Table table({"age", "city", "since"}, requests[k]);
    const Predictions alone = predict((k % 5 == 4 ? other : model)->model(), table);
    EXPECT_EQ(values_of(said.predictions[k]), values_of(alone)) << k;
    EXPECT_EQ(said.predictions[k].classes, alone.classes) << k;
    EXPECT_EQ(responses[k].body, std::to_string(k));
  }
}

TEST(Jobs, rows_that_the_model_cannot_read_are_refused_before_they_meet_others) {
  const ModelPointer model = served("people", people());
  try {
    job_of(model, Table({"age", "city", "since"}, {{"old", "Bern", "2020-01-17"}}, "rows"), {});
    FAIL();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.status(), 422);
  }
}

TEST(Jobs, a_long_job_is_run_in_blocks_of_the_same_bits_and_can_be_given_up) {
  const ModelPointer model = served("people", people());
  Matrix<float> X(300'000, model->model().inputs());
  for (std::size_t i = 0; i < X.rows(); ++i)
    for (float& x : X[i]) x = static_cast<float>(i % 1000) / 500 - 1;
  const Matrix<double> whole = neurone::values_of<float>(model->model(), X, 1);
  bool same = false;
  const Job job{.model = model, .X = std::move(X), .answer = [&](const Predictions& said) {
                  same = std::ranges::equal(said.values.elements(), whole.elements());
                  return Response{};
                }};
  ASSERT_GT(job.rows() * model->work(), 2'000'000'000);  // more than a block
  run_jobs({&job, 1}, 1);
  EXPECT_TRUE(same);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(run_jobs({&job, 1}, 1, stop.get_token()), GivenUp);
}

}  // namespace
}  // namespace neurone::server
