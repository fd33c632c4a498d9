// Turns, errands, arrivals and deadlines; what is done with a connection is in loop_requests.cpp.
#include "server/loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "server/http_writer.h"

namespace neurone::server {
namespace {

using namespace std::chrono_literals;
using State = Connection::State;

constexpr std::uint64_t wake_number = 0, listening_number = 1;  // connections are counted from 2

}  // namespace

Loop::Loop(Shared& shared)
    : shared_(shared), epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  constexpr std::size_t buffer_size = 64U << 10U;
  buffer_.resize(buffer_size);
  epoll_event event{.events = EPOLLIN, .data = {.u64 = wake_number}};
  if (!epoll_.is_open() || !wake_.is_open() || epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, wake_.number(), &event) != 0)
    throw Error(std::string("epoll: ") + std::strerror(errno));
}

void Loop::listen(FileDescriptor socket, std::vector<Loop*> loops) {
  listening_ = std::move(socket);
  loops_ = std::move(loops);
  epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.u64 = listening_number}};
  if (epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, listening_.number(), &event) != 0)
    throw Error(std::string("epoll: ") + std::strerror(errno));
}

void Loop::run() {
  while (!is_finished()) turn();
  give_up();
}

// Who is left has run out of time.
void Loop::give_up() {
  for (auto& [number, connection] : connections_) {
    connection.work.request_stop();
    if (connection.state == State::waiting || connection.state == State::sending) ++shared_.given_up;
  }
  shared_.metrics.connections -= static_cast<std::int64_t>(connections_.size());
  connections_.clear();
}

bool Loop::is_finished() {
  if (!draining_) return false;
  if (now_ > drain_began_ + shared_.options.drain) return true;
  if (shared_.accepting || !connections_.empty()) return false;
  const std::lock_guard lock(mail_mutex_);
  return mail_.empty();
}

void Loop::drain() {
  post([this] {
    draining_ = true;
    drain_began_ = now_;
    next_sweep_ = now_;
  });
}

void Loop::turn() {
  constexpr int patient = 250, restless = 20;  // ms until deadlines are looked at
  const bool has_work = !batch_.empty() || !again_.empty() || accept_again_;
  const int timeout = has_work ? 0 : draining_ ? restless : patient;
  const int count = epoll_wait(epoll_.number(), events_.data(), static_cast<int>(events_.size()), timeout);
  now_ = Clock::now();
  if (now_ >= next_date_) {
    date_ = http_date();
    next_date_ = now_ + 500ms;
  }
  if (accept_again_) accept_all();
  for (const std::uint64_t number : std::exchange(again_, {})) {
    const auto found = connections_.find(number);
    if (found == connections_.end()) continue;
    found->second.waits_for_turn = false;
    advance(found->second);
  }
  for (int k = 0; k < count; ++k) look(events_[static_cast<std::size_t>(k)]);
  run_batch();
  if (now_ >= next_sweep_) sweep();
  if (!log_lines_.empty()) shared_.log.write(std::exchange(log_lines_, {}));
}

void Loop::look(const epoll_event& event) {
  const std::uint64_t number = event.data.u64;  // a copy: the kernel packs its events, and this lies anywhere
  if (number == wake_number) return take_mail();
  if (number == listening_number) return accept_all();
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  Connection& connection = found->second;
  if ((event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) connection.readable = true;
  if ((event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) connection.hangs_up = true;
  if ((event.events & (EPOLLHUP | EPOLLERR)) != 0 && connection.state == State::waiting)
    connection.state = State::over;
  if ((event.events & EPOLLOUT) != 0) connection.writable = true;
  advance(connection);
}

// --- errands of other threads ------------------------------------------------------------------------------------

void Loop::post(std::function<void()> errand) {
  {
    const std::lock_guard lock(mail_mutex_);
    mail_.push_back(std::move(errand));
  }
  constexpr std::uint64_t one = 1;
  while (write(wake_.number(), &one, sizeof(one)) < 0 && errno == EINTR) {
  }
}

void Loop::take_mail() {
  std::uint64_t count = 0;
  while (::read(wake_.number(), &count, sizeof(count)) < 0 && errno == EINTR) {
  }
  std::vector<std::function<void()>> errands;
  {
    const std::lock_guard lock(mail_mutex_);
    errands.swap(mail_);
  }
  for (const auto& errand : errands) errand();
}

// --- connections come ----------------------------------------------------------------------------------------------

void Loop::accept_all() {
  constexpr int most = 64;  // then it is the turn of those who are in
  accept_again_ = accept_later_ = false;
  for (int count = 0; listening_.is_open(); ++count) {
    if (count == most) {
      accept_again_ = true;
      return;
    }
    Accepted accepted = accept_from(listening_);
    if (!accepted.socket.is_open()) {
      if (accepted.error == ECONNABORTED || accepted.error == EINTR) continue;
      accept_later_ = accepted.error != EAGAIN;  // out of descriptors, say
      return;
    }
    if (shared_.metrics.connections.load() >= static_cast<std::int64_t>(shared_.options.connections)) {
      const Response response = error_response(503, "too many connections");
      std::string text;
      append_head(text, response, {.date = date_, .fields = {}, .closes = true});
      send(accepted.socket, text + response.body);
      continue;
    }
    ++shared_.metrics.connections;
    Loop* const loop = loops_[next_loop_++ % loops_.size()];
    if (loop == this)
      adopt(std::move(accepted));
    else
      loop->post([loop, held = std::make_shared<Accepted>(std::move(accepted))] { loop->adopt(std::move(*held)); });
  }
}

void Loop::adopt(Accepted accepted) {
  const std::uint64_t number = ++last_number_;
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.u64 = number}};
  if (epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, accepted.socket.number(), &event) != 0) {
    --shared_.metrics.connections;
    return;
  }
  advance(connections_.try_emplace(number, std::move(accepted), number, now_).first->second);
}

// --- time --------------------------------------------------------------------------------------------------------

void Loop::sweep() {
  next_sweep_ = now_ + (draining_ ? 20ms : 250ms);
  if (accept_later_) accept_all();
  const bool grace_is_over = draining_ && now_ > drain_began_ + shared_.options.grace;
  if (grace_is_over && listening_.is_open()) {
    do accept_all();  // who has come this far is answered
    while (accept_again_);
    listening_.reset();
    shared_.accepting = false;
  }
  std::vector<std::uint64_t> late;
  for (auto& [number, connection] : connections_) {
    const bool leaves = grace_is_over && connection.is_idle() && now_ > connection.since + shared_.options.grace;
    if (leaves || now_ > connection.deadline(shared_.options.times)) late.push_back(number);
  }
  for (const std::uint64_t number : late) expire(connections_.find(number)->second);
}

}  // namespace neurone::server
