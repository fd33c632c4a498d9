// Which request gets which answer: a function of the request and of the models, without sockets, clocks or threads.
// A request for predictions becomes a job; when and with which others it is run is left to loop.h and workers.h.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "server/allowance.h"
#include "server/documents.h"
#include "server/job.h"
#include "server/message.h"
#include "server/metrics.h"
#include "server/models.h"
#include "server/target.h"
#include "server/token.h"

namespace neurone::server {

struct RouteOptions {
  std::optional<Token> token{};     ///< that all but health and the empty page have to show
  std::size_t most_rows = 100'000;  ///< of one request
  bool strict = false;              ///< refuse rows with values that training has not seen the like of
};

class Routes {
 public:
  Routes(const Models& models, const Metrics& metrics, RouteOptions options)
      : models_(models), metrics_(metrics), options_(std::move(options)) {}

  /// Never throws for what the request says: what cannot be granted is a response. TakesLong where more is asked for
  /// than the turn of a loop allows.
  std::variant<Response, Job, TakesLong> operator()(const Request& request, Allowance& allowance) const;
  /// The same without limits but those of the rows.
  std::variant<Response, Job> operator()(const Request& request) const;

  /// What can be said before the body has come: who may not ask is told so at once.
  std::optional<Response> refusal_of(const Request& head) const;

  /// Of the path, for counting.
  static Route route_of(std::string_view target);

  /// Whether /v2/health/ready says so: from the first model on until the server is asked to stop.
  std::atomic<bool> ready{false};

 private:
  using Make = std::function<nlohmann::ordered_json(const Models::Catalogue&)>;
  struct Place;
  static const std::vector<Place>& places();

  std::variant<Response, Job> granted(const Request& request, Allowance& allowance) const;
  Response document(const std::string& name, const Allowance& allowance, const Make& make) const;
  Job predict(const ModelPointer& model, const Request& request, const Target& target, Allowance& allowance) const;
  Job infer(const ModelPointer& model, const Request& request, Allowance& allowance) const;
  Job checked(ModelPointer model, const Source& source, std::function<Response(const Predictions&)> answer) const;

  const Models& models_;
  const Metrics& metrics_;
  RouteOptions options_;
  mutable Documents documents_;  // a cache: it changes no answer
};

}  // namespace neurone::server
