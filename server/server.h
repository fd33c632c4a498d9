// The server as a whole: it listens, its loops turn in threads of their own, and it stops without losing a request.
// Which models it serves is left to watcher.h, signals and the command line to cli/serve.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "server/loop.h"

namespace neurone::server {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0: any that is free
  std::size_t threads = 1;    ///< loops, and as many workers
  LoopOptions loop{};
  AdmissionOptions admission{};
};

class Server {
 public:
  /// Answers from now on. Throws Error where it cannot listen.
  Server(const Routes& routes, Metrics& metrics, Log& log, const ServerOptions& options);
  /// Drains, if nobody has, and waits for the workers.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const { return listening_.port; }
  /// Takes no more connections, answers what is under way, and returns when all are closed: how many requests had no
  /// answer when the time for it was over.
  std::size_t drain();
  /// Afterwards: are the workers still at something, for nobody? The destructor waits for them.
  bool is_computing() { return workers_->are_busy(); }

 private:
  Listening listening_;  // its socket goes to the first loop
  std::optional<Workers> workers_;
  Shared shared_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::jthread> threads_;
};

}  // namespace neurone::server
