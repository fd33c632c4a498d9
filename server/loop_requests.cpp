// A connection as far as it goes: requests are read, answered, or set aside for the end of the turn or for a worker.
#include <exception>
#include <memory>
#include <new>
#include <utility>

#include "server/http_writer.h"
#include "server/loop.h"

namespace neurone::server {
namespace {

using State = Connection::State;

constexpr std::size_t long_body = 64U << 10U;  // bytes: beyond, reading alone holds up a turn
constexpr std::size_t many_rows = 256;

// What a job or a route threw that is nobody's mistake: memory, most likely.
Response unexpected(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return error_response(503, "not enough memory");
  return error_response(500, error.what());
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
  shared_.held -= connection.held;
  connections_.erase(connection.number);
  --shared_.metrics.connections;
}

void Loop::go_on(Connection& connection) {
  constexpr int most = 16;  // reads: then it is the others' turn
  bool goes_on = true;
  for (int reads = 0; goes_on; ++reads) {
    if (reads == most) {
      again_.push_back(connection.number);
      break;
    }
    goes_on = false;
    if (connection.state == State::reading && !connection.unread.empty()) {
      const std::size_t before = connection.unread.size();
      feed(connection, {});
      goes_on = connection.unread.size() != before;
    }
    if (connection.state == State::reading && connection.readable) goes_on = read(connection);
    if (connection.state == State::lingering) connection.throw_away(buffer_.data(), buffer_.size());
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

// Requests out of what was left and what has come, as far as they are complete and can be answered at once.
void Loop::feed(Connection& connection, std::string_view bytes) {
  std::string kept;
  if (!connection.unread.empty()) {
    kept = std::exchange(connection.unread, {});
    kept += bytes;
    bytes = kept;
  }
  while (!bytes.empty() && connection.state == State::reading) {
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
  connection.unread = bytes;
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
  shared_.held += size - connection.held;
  connection.held = size;
  if (shared_.held > shared_.options.memory)
    respond(connection, {.response = error_response(503, "the server holds as many long requests as it can")}, true);
}

void Loop::handle(Connection& connection) {
  connection.asked = now_;
  const Request request = connection.reader->request();
  connection.route = Routes::route_of(request.target);
  const bool predicts = connection.route == Route::predict || connection.route == Route::infer;
  if (predicts && shared_.metrics.waiting.load() >= static_cast<std::int64_t>(shared_.options.queue)) {
    Response response = error_response(429, "too many requests wait for predictions");
    response.headers.emplace_back("Retry-After", "1");
    return respond(connection, {.response = std::move(response)});
  }
  if (predicts && request.body.size() > long_body) return hand_over(connection);
  try {
    std::variant<Response, Job> outcome = shared_.routes(request);
    if (auto* response = std::get_if<Response>(&outcome))
      return respond(connection, {.response = std::move(*response)});
    Job& job = std::get<Job>(outcome);
    if (job.rows() > many_rows) return hand_over(connection);
    ++shared_.metrics.waiting;
    connection.state = State::waiting;
    batch_.push_back({connection.number, std::move(job)});
  } catch (const std::exception& error) {
    respond(connection, {.response = unexpected(error)});
  }
}

// A worker begins with the bytes, even where the rows have been read: what waits in its queue is small.
void Loop::hand_over(Connection& connection) {
  ++shared_.metrics.waiting;
  connection.state = State::waiting;
  shared_.workers.post([this, number = connection.number, reader = connection.reader] {
    Delivery delivery;
    try {
      std::variant<Response, Job> outcome = shared_.routes(reader->request());
      if (auto* response = std::get_if<Response>(&outcome)) {
        delivery.response = std::move(*response);
      } else {
        const Job& job = std::get<Job>(outcome);
        delivery = {std::move(run_jobs({&job, 1}, 1).front()), job.model->name(), job.rows()};
        shared_.metrics.count_batch(delivery.rows);
      }
    } catch (const std::exception& error) {
      delivery = {.response = unexpected(error)};
    }
    --shared_.metrics.waiting;
    post([this, number, held = std::make_shared<Delivery>(std::move(delivery))] { deliver(number, *held); });
  });
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
    responses.assign(jobs.size(), unexpected(error));
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
  if (request.method != "HEAD") connection.outgoing += response.body;

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
                             .bytes = response.body.size(),
                             .rows = delivery.rows,
                             .model = delivery.model});
  connection.reader.reset();
  shared_.held -= std::exchange(connection.held, 0);
  connection.asked = {};
  connection.route = Route::other;
  connection.send_on(now_);
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
