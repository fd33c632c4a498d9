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
  constexpr std::size_t share = 1U << 20U;  // bytes: then it is the others' turn
  const std::size_t size = outgoing.size() + (document != nullptr ? document->size() : 0), before = sent;
  while (sent < size) {
    const bool in_document = sent >= outgoing.size();
    const std::string_view part = in_document ? std::string_view(*document).substr(sent - outgoing.size())
                                              : std::string_view(outgoing).substr(sent);
    const Transfer transfer =
        sent - before < share ? send(socket, part.substr(0, share)) : Transfer{.bytes = 0, .blocked = false};
    sent += transfer.bytes;
    if (transfer.ended) {
      state = State::over;
      return;
    }
    if (transfer.bytes == 0) {
      if (state != State::sending || sent > before) since = now;
      state = State::sending;
      writable = !transfer.blocked;
      return;
    }
  }
  constexpr std::size_t worth_keeping = 16U << 10U;
  outgoing.clear();
  if (outgoing.capacity() > worth_keeping) outgoing.shrink_to_fit();
  document.reset();
  held.reset();
  sent = 0;
  since = now;
  if (!closes) {
    state = State::reading;
    return;
  }
  end_sending(socket);
  state = has_ended ? State::over : State::lingering;
}

bool Connection::has_more() const {
  return (state == State::reading && (readable || !unread.empty())) || (state == State::sending && writable) ||
         (state == State::lingering && readable);
}

void Connection::throw_away(char* buffer, std::size_t size) {
  constexpr int most = 16;  // then it is the others' turn
  for (int reads = 0; readable && reads < most; ++reads) {
    const Transfer transfer = receive(socket, buffer, size);
    readable = !transfer.blocked;
    if (transfer.ended) {
      state = State::over;
      return;
    }
  }
}

}  // namespace neurone::server
