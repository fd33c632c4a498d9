#include "server/allowance.h"

#include <fmt/format.h>

#include <algorithm>

#include "server/message.h"

namespace neurone::server {
namespace {

// What a turn has for one request: some two milliseconds.
constexpr std::size_t turn_rows = 256;
constexpr std::size_t turn_work = 100'000'000;  // multiplications and additions; see ServedModel::work
constexpr std::size_t turn_bytes = 4U << 20U;   // of what the rows become at most

}  // namespace

void Holding::hold(std::size_t bytes) {
  if (bytes > memory_.most_)
    throw Refusal(413, fmt::format("the request would take {} MiB of memory, expected at most {} MiB", bytes >> 20U,
                                   memory_.most_ >> 20U));
  const std::size_t before = memory_.held_.fetch_add(bytes - bytes_);  // less than before: modulo 2^64 as well
  if (bytes > bytes_ && before + (bytes - bytes_) > memory_.most_) {
    memory_.held_ -= bytes - bytes_;
    throw Refusal(503, "other requests hold the memory that this one would take");
  }
  bytes_ = bytes;
}

Allowance Allowance::of_a_turn() {
  Allowance allowance;
  allowance.in_a_turn_ = true;
  return allowance;
}

void Allowance::begin(const ServedModel& model, std::size_t most_rows) {
  most_rows_ = most_rows;
  row_bytes_ = model.row_bytes();
  granted_ = 0;
  if (!in_a_turn_) return;
  const std::size_t by_work = turn_work / model.work();  // an answer without a row has its work, too
  granted_ = std::min({turn_rows, turn_bytes / row_bytes_, by_work == 0 ? 0 : by_work - 1, most_rows});
}

void Allowance::grant(std::size_t count) {
  if (count > most_rows_) throw Refusal(413, fmt::format("more than {} rows, the most of one request", most_rows_));
  if (in_a_turn_) throw TakesLong{};
  constexpr std::size_t least = 1024;
  granted_ = std::min(std::max({count, 2 * granted_, least}), most_rows_);
  if (holding_ != nullptr) holding_->hold(buffers_ + granted_ * row_bytes_);
}

void Allowance::bytes(std::size_t more) {
  buffers_ += more;
  if (in_a_turn_ && buffers_ > turn_bytes) throw TakesLong{};
  if (holding_ != nullptr) holding_->hold(buffers_ + granted_ * row_bytes_);
}

}  // namespace neurone::server
