// neurone serve MODEL: predictions over HTTP, until SIGTERM or Ctrl-C.
#include <fmt/core.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include "cli/machine.h"
#include "cli/verbs.h"
#include "server/ending.h"
#include "server/server.h"
#include "server/watcher.h"

namespace neurone::cli {
namespace {

using namespace std::chrono_literals;

struct ServeOptions {
  std::string model, token_file, log = "-";
  server::ServerOptions server;
  std::size_t port = server::ServerOptions{}.port, most_rows = server::RouteOptions{}.most_rows;
  double body = 16, request_time = 30, idle_time = 75, drain_time = 30;
  bool strict = false;
  Machine machine;
};

// Signals that ask for an end, for one thread to wait for: others, started later, do not see them.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// A connection takes a descriptor: as many as the system allows.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

int run_serve(ServeOptions options) {
  options.server.threads = threads_of(options.machine);
  options.server.admission = server::checked(std::move(options.server.admission));
  options.server.port = static_cast<std::uint16_t>(options.port);
  options.server.loop.limits.body = static_cast<std::size_t>(options.body * (1 << 20));
  constexpr std::size_t becomes = 8;  // times its bytes, of a body that is as long as it may be
  options.server.loop.memory = std::max(options.server.loop.memory, becomes * options.server.loop.limits.body);
  server::Times& times = options.server.loop.times;
  times.request = milliseconds(options.request_time);
  times.head = std::min(times.head, times.request);
  times.idle = milliseconds(options.idle_time);
  options.server.loop.drain = milliseconds(options.drain_time);
  server::RouteOptions routing{.token = {}, .most_rows = options.most_rows, .strict = options.strict};
  if (!options.token_file.empty()) routing.token = server::Token::from_file(options.token_file);

  // from this size on memory goes back to the system when it is freed, whatever was freed before
  constexpr int large = 4 << 20;
  mallopt(M_MMAP_THRESHOLD, large);
  const sigset_t signals = block_signals();
  raise_descriptor_limit();
  server::Log log(options.log);
  server::Metrics metrics;
  server::Models models;
  server::Watcher watcher(options.model, models, metrics, log);
  server::Routes routes(models, metrics, std::move(routing));
  server::Server server(routes, metrics, log, options.server);
  watcher.start(500ms);
  routes.ready = true;
  const std::string& host = options.server.host;
  const bool is_ipv6 = host.find(':') != std::string::npos;
  fmt::print("http://{}:{}/\n", is_ipv6 ? '[' + host + ']' : host, server.port());
  std::fflush(stdout);

  int signal = 0;
  sigwait(&signals, &signal);
  routes.ready = false;
  log.event("stopping");
  std::thread([signals, drain = options.server.loop.drain] { server::end_in_time(signals, drain); }).detach();
  const std::size_t given_up = server.drain();
  log.event("stopped", {{"given up", std::to_string(given_up)}});
  const int code = given_up == 0 ? 0 : server::exit_given_up;
  if (server.is_computing()) std::_Exit(code);
  return code;
}

}  // namespace

VerbPointer serve_verb(const std::string& word) {
  const auto options = std::make_shared<ServeOptions>();
  auto verb = std::make_unique<Verb>(word, "Answer requests for predictions over HTTP");
  verb->add_input("MODEL", options->model, "Model file written by neurone train, or a folder of them", Content::model)
      ->required();
  verb->add_option("--host", options->server.host, "Address to listen on (default 127.0.0.1: this machine alone)");
  constexpr std::size_t last_port = 65535;
  add_whole(*verb, "--port", options->port, "Port to listen on (default 8080); 0: any that is free",
            {.most = last_port});
  verb->add_input("--token-file", options->token_file,
                  "File with a secret that requests have to show: Authorization: Bearer SECRET");
  verb->add_option("--allow-host", options->server.admission.hosts,
                   "Answer requests for this host too, or for any (*); may be repeated")
      ->allow_extra_args(false);
  verb->add_option("--allow-origin", options->server.admission.origins,
                   "Let pages of this origin ask, as https://example.org, or of any (*); may be repeated")
      ->allow_extra_args(false);
  verb->add_output("--log", options->log, "File for a line of JSON on each request; - for standard error, none");
  verb->add_flag("--strict", options->strict, "Refuse rows with values that training has not seen the like of");
  constexpr const char* limits = "Limits";
  const auto count = [&](const char* name, std::size_t& value, const char* help) {
    constexpr std::size_t a_billion = 1'000'000'000;
    add_whole(*verb, name, value, help, {.least = 1, .most = a_billion})->group(limits);
  };
  const auto amount = [&](const char* name, double& value, double most, const char* help) {
    add_real(*verb, name, value, help, {.least = 0, .most = most, .without_least = true})->group(limits);
  };
  constexpr double most_mebibytes = 1024, a_day = 86'400;
  amount("--body", options->body, most_mebibytes, "MiB of a request's body (default 16)");
  count("--rows", options->most_rows, "Rows of a request (default 100000)");
  count("--queue", options->server.loop.queue, "Requests that may wait for predictions (default 1024); more get 429");
  count("--connections", options->server.loop.connections, "Connections at once (default 20000)");
  amount("--request-time", options->request_time, a_day, "Seconds for a request to come in (default 30)");
  amount("--idle-time", options->idle_time, a_day,
         "Seconds that a connection may be silent between requests (default 75)");
  amount("--drain-time", options->drain_time, a_day, "Seconds for answers under way when asked to stop (default 30)");
  add_machine_options(*verb, options->machine);
  verb->action = [options] { return run_serve(*options); };
  return verb;
}

}  // namespace neurone::cli
