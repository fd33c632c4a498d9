#include "server/server.h"

#include <utility>

namespace neurone::server {

Server::Server(const Routes& routes, Metrics& metrics, Log& log, const ServerOptions& options)
    : listening_(listen_on(options.host, options.port)),
      workers_(std::in_place, options.threads),
      shared_{.routes = routes,
              .metrics = metrics,
              .log = log,
              .workers = *workers_,
              .options = options.loop,
              .admission = {options.admission, options.host, listening_.is_local}} {
  std::vector<Loop*> all;
  for (std::size_t k = 0; k < options.threads; ++k) {
    loops_.push_back(std::make_unique<Loop>(shared_));
    all.push_back(loops_.back().get());
  }
  loops_.front()->listen(std::move(listening_.socket), all);
  for (Loop* loop : all) threads_.emplace_back([loop] { loop->run(); });
}

Server::~Server() {
  drain();
  workers_.reset();  // what a client did not wait for ends before the loops go
}

std::size_t Server::drain() {
  for (const auto& loop : loops_) loop->drain();
  threads_.clear();  // joins
  return shared_.given_up;
}

}  // namespace neurone::server
