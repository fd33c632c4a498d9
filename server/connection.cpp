#include "server/connection.h"

namespace neurone::server {

Clock::time_point Connection::deadline(const Times& times) const {
  switch (state) {
    case State::reading:
      return since + (is_idle() ? times.idle : head_is_checked ? times.request : times.head);
    case State::sending:
      return since + times.send;
    case State::lingering:
      return since + times.linger;
    case State::waiting:
    case State::over:
      break;
  }
  return Clock::time_point::max();
}

void Connection::send_on(Clock::time_point now) {
  while (sent < outgoing.size()) {
    const Transfer transfer = send(socket, std::string_view(outgoing).substr(sent));
    sent += transfer.bytes;
    if (transfer.ended) {
      state = State::over;
      return;
    }
    if (transfer.blocked) {
      if (state != State::sending || transfer.bytes > 0) since = now;
      state = State::sending;
      return;
    }
  }
  constexpr std::size_t worth_keeping = 16U << 10U;
  outgoing.clear();
  if (outgoing.capacity() > worth_keeping) outgoing.shrink_to_fit();
  sent = 0;
  since = now;
  if (!closes) {
    state = State::reading;
    return;
  }
  end_sending(socket);
  state = has_ended ? State::over : State::lingering;
}

void Connection::throw_away(char* buffer, std::size_t size) {
  while (readable) {
    const Transfer transfer = receive(socket, buffer, size);
    readable = !transfer.blocked;
    if (transfer.ended) {
      state = State::over;
      return;
    }
  }
}

}  // namespace neurone::server
