// A thread's share of the connections. A turn: take a request of each that has one, run those for predictions
// together, send the answers. Under load turns grow, and with them what the network sees at once; a request that
// comes alone waits for nobody. What takes long goes to the workers.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/admission.h"
#include "server/allowance.h"
#include "server/connection.h"
#include "server/job.h"
#include "server/log.h"
#include "server/metrics.h"
#include "server/routes.h"
#include "server/workers.h"

namespace neurone::server {

struct LoopOptions {
  HttpLimits limits{};
  Times times{};
  std::size_t queue = 1024;          ///< requests for predictions that may wait at once, in the whole server
  std::size_t connections = 20'000;  ///< open at once, in the whole server
  /// Bytes of long requests, of what becomes of them and of answers that nobody takes, in the whole server.
  std::size_t memory = 1U << 30U;
  std::chrono::milliseconds grace{500};     ///< to go on for when asked to stop: clients may be about to ask
  std::chrono::milliseconds drain{30'000};  ///< for answers under way, before they are given up
};

/// What all loops share.
struct Shared {
  const Routes& routes;
  Metrics& metrics;
  Log& log;
  Workers& workers;
  LoopOptions options;
  Admission admission;
  std::atomic<bool> accepting{true};
  Memory memory{options.memory};
  std::atomic<std::size_t> given_up{0};  // requests that had no answer when the time to drain was over
};

class Loop {
 public:
  /// Throws Error where the kernel gives no epoll.
  explicit Loop(Shared& shared);

  /// Takes connections from this socket, and deals them out to the loops, itself among them.
  void listen(FileDescriptor socket, std::vector<Loop*> loops);

  /// Turns until it is asked to drain and all connections are closed.
  void run();

  /// From any thread: answer what is under way, then end.
  void drain();

 private:
  struct Waiting {  // a job of this turn
    std::uint64_t connection;
    Job job;
  };
  struct Delivery {  // the answer to a request
    Response response;
    std::string model{};
    std::size_t rows = 0;
  };

  void turn();
  void look(const epoll_event& event);
  void take_mail();
  void post(std::function<void()> errand);
  void accept_all();
  void adopt(Accepted accepted);

  void advance(Connection& connection);
  template <class First> void advance(Connection& connection, const First& first);
  void go_on(Connection& connection);
  void close(Connection& connection);
  bool read(Connection& connection);
  void feed(Connection& connection, std::string_view bytes);
  void check_head(Connection& connection);
  void weigh(Connection& connection);
  void handle(Connection& connection);
  void hand_over(Connection& connection);
  Delivery work_out(const HttpReader& reader, Holding& held, const std::stop_token& stop) const;
  void hold_answer(Connection& connection, std::size_t size);
  void respond(Connection& connection, const Delivery& delivery, bool closes = false);
  void run_batch();
  void deliver(std::uint64_t number, const Delivery& delivery);
  bool is_full() const;
  void give_up();
  void sweep();
  void expire(Connection& connection);
  bool is_finished();

  Shared& shared_;
  FileDescriptor epoll_, wake_, listening_;
  std::vector<Loop*> loops_;
  std::size_t next_loop_ = 0;
  std::unordered_map<std::uint64_t, Connection> connections_;
  std::uint64_t last_number_ = 1;
  std::vector<Waiting> batch_;
  std::vector<std::uint64_t> again_;  // connections that had more to say than a turn has room for
  std::vector<char> buffer_;
  std::array<epoll_event, 512> events_{};
  std::string log_lines_, date_;
  Clock::time_point now_, next_sweep_, next_date_, drain_began_;
  bool draining_ = false;
  bool accept_again_ = false, accept_later_ = false;  // in the next turn, at the next sweep

  std::mutex mail_mutex_;
  std::vector<std::function<void()>> mail_;
};

}  // namespace neurone::server
