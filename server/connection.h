// One client: the bytes that came and are not read yet, the request that is being read, the answer that is being
// sent, and how long each may take. Which request gets which answer is left to loop.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "server/allowance.h"
#include "server/http_reader.h"
#include "server/metrics.h"
#include "server/socket.h"

namespace neurone::server {

using Clock = std::chrono::steady_clock;

struct Times {
  std::chrono::milliseconds head{10'000};     ///< from the first byte of a request to the end of its head
  std::chrono::milliseconds request{30'000};  ///< from the first byte to the last
  std::chrono::milliseconds idle{75'000};     ///< between requests
  std::chrono::milliseconds send{30'000};     ///< for the client to take the answer
  std::chrono::milliseconds linger{2'000};    ///< for the client to close, once all is said
};

class Connection {
 public:
  enum class State : std::uint8_t {
    reading,    ///< a request, or waiting for its first byte
    waiting,    ///< for what is being predicted
    sending,    ///< the rest of an answer that the client does not take as fast as it comes
    lingering,  ///< all is said; what still comes is thrown away, so that the answer is not lost in a reset
    over
  };

  Connection(Accepted accepted, std::uint64_t its_number, Clock::time_point now)
      : socket(std::move(accepted.socket)), client(std::move(accepted.client)), number(its_number), since(now) {}

  /// Empty lines are no request yet.
  bool is_idle() const {
    return state == State::reading && unread.empty() && (reader == nullptr || !reader->has_begun());
  }
  Clock::time_point deadline(const Times& times) const;
  /// Sends what is still to be sent, a turn's share of it at most. Afterwards the connection reads on, lingers, is
  /// over, or is still sending.
  void send_on(Clock::time_point now);
  /// Can it go on at once, when it is its turn again?
  bool has_more() const;
  /// Throws away what comes while lingering.
  void throw_away(char* buffer, std::size_t size);

  FileDescriptor socket;
  std::string client;
  std::uint64_t number;
  State state = State::reading;
  Clock::time_point since;             ///< when the state, or the request that is being read, began
  std::string unread;                  ///< bytes behind the request that is being answered, or of half a head
  std::size_t first_unread = 0;        ///< of these, which are left
  std::shared_ptr<HttpReader> reader;  ///< from the first byte of a request to its answer
  bool head_is_checked = false;
  std::shared_ptr<Holding> held;  ///< of a long request: its body, what becomes of it, an answer that is not taken
  std::stop_source work{std::nostopstate};  ///< of a worker that is about its request
  bool had_turn = false;                    ///< a request of its has been taken in this turn
  bool waits_for_turn = false;              ///< the loop comes back to it in the next
  bool readable = true;                     ///< something may have come since it was last looked
  bool writable = true;                     ///< the kernel may take more
  bool hangs_up = false;                    ///< the kernel has told of an end behind what is still to be read
  bool has_ended = false;                   ///< the client sends no more; it may still read
  bool closes = false;                      ///< with the answer that is being sent
  std::string outgoing;
  std::shared_ptr<const std::string> document;  ///< goes behind outgoing; null: nothing does
  std::size_t sent = 0;                         ///< of both
  Clock::time_point asked{};                    ///< when the last byte of the request came
  Route route = Route::other;
};

}  // namespace neurone::server
