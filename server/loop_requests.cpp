// A connection as far as it goes: requests are read, answered, or set aside for the end of the turn or for a worker.
#include <malloc.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

#include "server/http_writer.h"
#include "server/loop.h"

namespace neurone::server {
namespace {

using State = Connection::State;

constexpr std::size_t long_body = 64U << 10U;  // bytes: beyond, reading alone holds up a turn

// What a job or a route threw that is nobody's mistake: memory, most likely. What libraries say is for the log.
Response unexpected(const std::exception& error, Log& log) {
  if (const auto* refusal = dynamic_cast<const Refusal*>(&error))
    return error_response(refusal->status(), error.what());
  const bool is_memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
                         dynamic_cast<const std::length_error*>(&error) != nullptr;
  if (is_memory) return error_response(503, "not enough memory");
  if (dynamic_cast<const Error*>(&error) != nullptr) return error_response(500, error.what());
  log.event("failed", {{"error", error.what()}});
  return error_response(500, "the server failed at this request: its log says how");
}

}  // namespace

void Loop::advance(Connection& connection) {
  advance(connection, [] {});
}

// What a client makes the server run out of costs that client its connection.
template <class First> void Loop::advance(Connection& connection, const First& first) {
  try {
    first();
    go_on(connection);
  } catch (const std::exception&) {
    connection.state = State::over;
  }
  if (connection.state == State::over) close(connection);
}

void Loop::close(Connection& connection) {
  connection.work.request_stop();
  connections_.erase(connection.number);
  --shared_.metrics.connections;
}

// One request a turn, and so much of its body and its answer: then it is the others' turn.
void Loop::go_on(Connection& connection) {
  constexpr int most = 16;  // reads
  connection.had_turn = false;
  if (connection.state == State::sending && connection.writable) connection.send_on(now_);
  bool goes_on = true;
  for (int reads = 0; goes_on && reads < most && !connection.had_turn; ++reads) {
    goes_on = false;
    if (connection.state == State::reading && !connection.unread.empty()) {
      const std::size_t before = connection.unread.size() - connection.first_unread;
      feed(connection, {});
      goes_on = connection.unread.size() - connection.first_unread != before;
    }
    if (connection.state == State::reading && connection.readable && !connection.had_turn) goes_on = read(connection);
  }
  if (connection.state == State::lingering) connection.throw_away(buffer_.data(), buffer_.size());
  const bool has_more = connection.state == State::reading ? (goes_on || connection.had_turn) && connection.has_more()
                                                           : connection.has_more();
  if (has_more && !connection.waits_for_turn) {
    connection.waits_for_turn = true;
    again_.push_back(connection.number);
  }
}

// Was there anything to read?
bool Loop::read(Connection& connection) {
  const Transfer transfer = receive(connection.socket, buffer_.data(), buffer_.size());
  if (transfer.blocked) {
    connection.readable = false;
    return false;
  }
  if (!transfer.ended) {
    // what comes later is told by another event
    if (transfer.bytes < buffer_.size() && !connection.hangs_up) connection.readable = false;
    feed(connection, {buffer_.data(), transfer.bytes});
    return connection.readable || !connection.unread.empty();
  }
  connection.readable = false;
  connection.has_ended = true;
  if (connection.is_idle())
    connection.state = State::over;
  else
    respond(connection, {.response = error_response(400, "the request breaks off")}, true);
  return false;
}

// A request out of what was left and what has come, if it is complete.
void Loop::feed(Connection& connection, std::string_view bytes) {
  const bool has_unread = !connection.unread.empty();
  if (has_unread) {
    connection.unread.erase(0, bytes.empty() ? 0 : std::exchange(connection.first_unread, 0));
    connection.unread += bytes;
    bytes = std::string_view(connection.unread).substr(connection.first_unread);
  }
  while (!bytes.empty() && connection.state == State::reading && !connection.had_turn) {
    if (connection.reader == nullptr) {
      connection.reader = std::make_shared<HttpReader>(shared_.options.limits);
      connection.head_is_checked = false;
    }
    HttpReader& reader = *connection.reader;
    if (!reader.has_begun()) connection.since = now_;
    const std::size_t taken = reader.take(bytes);
    bytes.remove_prefix(taken);
    if (const std::optional<Response>& refusal = reader.refusal()) {
      respond(connection, {.response = *refusal}, true);
    } else if (reader.has_head() && !connection.head_is_checked) {
      check_head(connection);
    } else if (!reader.is_done()) {
      weigh(connection);
      continue;
    }
    if (connection.state == State::reading && connection.reader != nullptr && connection.reader->is_done())
      handle(connection);
  }
  if (bytes.empty()) {
    connection.unread.clear();
    connection.first_unread = 0;
  } else if (has_unread) {
    connection.first_unread = connection.unread.size() - bytes.size();
  } else {
    connection.unread = bytes;
  }
}

// Who may not ask, or asks for too much, is told so before the body.
void Loop::check_head(Connection& connection) {
  connection.head_is_checked = true;
  const Request head = connection.reader->request();
  std::optional<Response> refusal = shared_.admission.refusal_of(head);
  if (!refusal) refusal = shared_.routes.refusal_of(head);
  if (refusal) {
    respond(connection, {.response = *std::move(refusal)}, !connection.reader->is_done());
  } else if (connection.reader->expects_continue()) {
    connection.outgoing = "HTTP/1.1 100 Continue\r\n\r\n";
    const Clock::time_point began = connection.since;
    connection.send_on(now_);
    connection.since = began;
  }
}

// Long bodies together have a limit as well.
void Loop::weigh(Connection& connection) {
  const std::size_t size = connection.reader->body_size();
  if (size <= long_body) return;
  try {
    if (connection.held == nullptr) connection.held = std::make_shared<Holding>(shared_.memory);
    connection.held->hold(size);
  } catch (const Refusal& refusal) {
    respond(connection, {.response = error_response(refusal.status(), refusal.what())}, true);
  }
}

bool Loop::is_full() const {
  return shared_.metrics.waiting.load() >= static_cast<std::int64_t>(shared_.options.queue);
}

void Loop::handle(Connection& connection) {
  connection.asked = now_;
  const Request request = connection.reader->request();
  connection.route = Routes::route_of(request.target);
  const bool predicts = connection.route == Route::predict || connection.route == Route::infer;
  if (predicts && is_full())
    return respond(connection, {.response = error_response(429, "too many requests wait for predictions")});
  if (predicts && request.body.size() > long_body) return hand_over(connection);
  try {
    Allowance allowance = Allowance::of_a_turn();
    std::variant<Response, Job, TakesLong> outcome = shared_.routes(request, allowance);
    if (std::holds_alternative<TakesLong>(outcome)) return hand_over(connection);
    if (auto* response = std::get_if<Response>(&outcome))
      return respond(connection, {.response = std::move(*response)});
    ++shared_.metrics.waiting;
    connection.had_turn = true;
    connection.state = State::waiting;
    batch_.push_back({connection.number, std::move(std::get<Job>(outcome))});
  } catch (const std::exception& error) {
    respond(connection, {.response = unexpected(error, shared_.log)});
  }
}

// A worker begins with the bytes, even where the rows have been read: what waits in its queue is small.
void Loop::hand_over(Connection& connection) {
  if (is_full())
    return respond(connection, {.response = error_response(429, "too many requests wait for an answer")});
  if (connection.held == nullptr) connection.held = std::make_shared<Holding>(shared_.memory);
  connection.work = std::stop_source();
  connection.had_turn = true;
  connection.state = State::waiting;
  ++shared_.metrics.waiting;
  shared_.workers.post([this, number = connection.number, reader = connection.reader, held = connection.held,
                        stop = connection.work.get_token()] {
    const auto delivery = std::make_shared<Delivery>();
    bool is_wanted = !stop.stop_requested();
    try {
      if (is_wanted) *delivery = work_out(*reader, *held, stop);
    } catch (const GivenUp&) {
      is_wanted = false;
    } catch (const std::exception& error) {
      *delivery = {.response = unexpected(error, shared_.log)};
    }
    --shared_.metrics.waiting;
    if (is_wanted) post([this, number, delivery] { deliver(number, *delivery); });
  });
}

// What a worker does. A long answer becomes a document, which is sent from where it is.
Loop::Delivery Loop::work_out(const HttpReader& reader, Holding& held, const std::stop_token& stop) const {
  Delivery delivery;
  const std::size_t body = held.bytes();
  std::size_t most = body;
  {
    Allowance allowance(held);
    std::variant<Response, Job, TakesLong> outcome = shared_.routes(reader.request(), allowance);
    if (auto* response = std::get_if<Response>(&outcome)) {
      delivery.response = std::move(*response);
    } else {
      const Job& job = std::get<Job>(outcome);
      delivery = {std::move(run_jobs({&job, 1}, 1, stop).front()), job.model->name(), job.rows()};
      shared_.metrics.count_batch(delivery.rows);
    }
    most = held.bytes();
  }
  constexpr std::size_t worth_returning = 64U << 20U;  // bytes
  if (most > worth_returning) malloc_trim(0);          // many small pieces stay with the process otherwise
  Response& response = delivery.response;
  held.hold(body + response.body.size());
  if (response.body.size() > long_body)
    response.document = std::make_shared<const std::string>(std::exchange(response.body, {}));
  return delivery;
}

void Loop::run_batch() {
  if (batch_.empty()) return;
  std::vector<Waiting> batch = std::exchange(batch_, {});
  std::vector<Job> jobs;
  std::size_t rows = 0;
  for (Waiting& each : batch) {
    rows += each.job.rows();
    jobs.push_back(std::move(each.job));
  }
  std::vector<Response> responses;
  try {
    responses = run_jobs(jobs, 1);
    shared_.metrics.count_batch(rows);
  } catch (const std::exception& error) {
    responses.assign(jobs.size(), unexpected(error, shared_.log));
  }
  shared_.metrics.waiting -= static_cast<std::int64_t>(batch.size());
  for (std::size_t k = 0; k < batch.size(); ++k)
    deliver(batch[k].connection, {std::move(responses[k]), jobs[k].model->name(), jobs[k].rows()});
}

// The answer to a client, if it is still there.
void Loop::deliver(std::uint64_t number, const Delivery& delivery) {
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  advance(found->second, [&] { respond(found->second, delivery); });
}

void Loop::respond(Connection& connection, const Delivery& delivery, bool closes) {
  const Response& response = delivery.response;
  const HttpReader* const reader = connection.reader.get();  // which may know the method and no more
  const Request request = reader == nullptr ? Request{} : reader->request();
  connection.closes = closes || draining_ || connection.has_ended || reader == nullptr || !reader->keeps_alive();
  append_head(connection.outgoing, response,
              {.date = date_, .fields = shared_.admission.fields_for(request), .closes = connection.closes});
  if (request.method != "HEAD") {
    connection.outgoing += response.body;
    connection.document = response.document;
  }

  const Clock::time_point asked = connection.asked == Clock::time_point{} ? connection.since : connection.asked;
  const double seconds = std::chrono::duration<double>(Clock::now() - asked).count();
  shared_.metrics.count_request(connection.route, response.status, seconds);
  if (!delivery.model.empty()) shared_.metrics.count_rows(delivery.model, delivery.rows);
  if (shared_.log.is_on())
    append_line(log_lines_, {.client = connection.client,
                             .method = request.method,
                             .target = request.target,
                             .status = response.status,
                             .seconds = seconds,
                             .bytes = response.content().size(),
                             .rows = delivery.rows,
                             .model = delivery.model});
  connection.reader.reset();
  connection.had_turn = true;
  connection.asked = {};
  connection.route = Route::other;
  connection.send_on(now_);
  if (connection.state == State::sending) hold_answer(connection, response.content().size());
}

// What the client does not take at once. Throws where there is no memory for it.
void Loop::hold_answer(Connection& connection, std::size_t size) {
  if (connection.held != nullptr) {
    connection.held->hold(std::min(connection.held->bytes(), size));  // it held the request as well
  } else if (connection.outgoing.size() > long_body) {
    connection.held = std::make_shared<Holding>(shared_.memory);
    connection.held->hold(size);
  }
}

void Loop::expire(Connection& connection) {
  advance(connection, [&] {
    if (connection.state == State::reading && !connection.is_idle())
      respond(connection, {.response = error_response(408, "the request takes too long to come")}, true);
    else
      connection.state = State::over;
  });
}

}  // namespace neurone::server
