// A server for the model people on a port of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "server/server.h"
#include "tests/server/people.h"

namespace neurone::server {

struct Running {
  explicit Running(LoopOptions loop = {}, RouteOptions routing = {}, AdmissionOptions admission = {})
      : served(std::move(routing)), log("none") {
    loop.grace = std::chrono::milliseconds(30);
    server.emplace(served.routes, served.metrics, log,
                   ServerOptions{.port = 0, .threads = 2, .loop = loop, .admission = std::move(admission)});
  }
  std::uint16_t port() const { return server->port(); }
  std::string expected(std::string_view body = one_person) const { return served.post("/predict", body).body; }

  Served served;
  Log log;
  std::optional<Server> server;
};

}  // namespace neurone::server
