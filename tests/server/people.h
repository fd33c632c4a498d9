// A small model with a column of each kind, and rows for it, for tests of the server.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "neurone/model/model.h"
#include "server/message.h"
#include "server/models.h"
#include "server/routes.h"

namespace neurone::server {

/// Classes "no" and "yes" from a number, a category and a date; two networks whose parameters are random.
inline Model people(Notation notation = Notation::point, std::uint64_t seed = 1) {
  TablePreparation preparation{
      .columns = {NumericColumn{.name = "age",
                                .scale = {.median = 38, .center = 40, .spread = 12, .lowest = 17, .highest = 90},
                                .form = notation},
                  CategoryColumn{.name = "city", .values = {"", "3", "Bern", "Zürich"}},
                  DateColumn{.name = "since", .scale = {.median = 18'000, .center = 18'000, .spread = 1'000}}}};
  Networks<float> networks;
  for (std::uint64_t k = 0; k < 2; ++k) {
    networks.emplace_back(NetworkSpec{.inputs = preparation.width(),
                                      .layers = {layers::Dense{.units = 33, .activation = "selu"},
                                                 layers::Dense{.units = 2, .activation = "softmax"}}});
    networks.back().initialise(seed + k);
  }
  return {.preparation = std::move(preparation),
          .target = ClassTarget{.name = "rich", .classes = {"no", "yes"}, .one_hot = true},
          .loss = Loss::parse("categorical_cross_entropy"),
          .networks = std::move(networks),
          .calibration = {.errors = std::vector<double>(200, 0.4)},
          .record = {}};
}

/// Images of 2 × 3 pixels of two classes.
inline Model pictures() {
  Networks<float> networks;
  networks.emplace_back(NetworkSpec{.inputs = 6, .layers = {layers::Dense{.units = 2, .activation = "softmax"}}});
  networks.back().initialise(7);
  return {.preparation = ImagePreparation{.height = 2, .width_in_pixels = 3},
          .target = ClassTarget{.name = "label", .classes = {"0", "1"}, .one_hot = true},
          .loss = Loss::parse("categorical_cross_entropy"),
          .networks = std::move(networks),
          .record = {}};
}

/// e^x in float, which ends at 88.7.
inline Model exponential() {
  Networks<float> networks;
  networks.emplace_back(NetworkSpec{.inputs = 1, .layers = {layers::Dense{.units = 1, .activation = "exp"}}});
  networks.back().parameters()[0] = 1;
  return {.preparation = TablePreparation{.columns = {NumericColumn{.name = "x"}}},
          .target = NumberTarget{.name = "y"},
          .loss = Loss::parse("squared_error"),
          .networks = std::move(networks),
          .record = {}};
}

inline const std::string one_person = R"({"age": 25, "city": "Bern", "since": "2020-05-17"})";

inline ModelPointer served(std::string name, Model model) {
  return std::make_shared<const ServedModel>(std::move(name), std::move(model));
}

/// The model people behind routes.
struct Served {
  explicit Served(RouteOptions options = {}) : routes(models, metrics, std::move(options)) {
    models.put(served("people", people()));
    routes.ready = true;
  }

  /// The answer to a request, alone.
  Response operator()(const Request& request) const {
    std::variant<Response, Job> outcome = routes(request);
    if (auto* response = std::get_if<Response>(&outcome)) return *response;
    return run_jobs({&std::get<Job>(outcome), 1}, 1).front();
  }
  Response get(std::string_view target) const { return (*this)({.method = "GET", .target = target}); }
  Response post(std::string_view target, std::string_view body, std::string_view type = "application/json") const {
    return (*this)({.method = "POST", .target = target, .content_type = type, .body = body});
  }

  Models models;
  Metrics metrics;
  Routes routes;
};

}  // namespace neurone::server
