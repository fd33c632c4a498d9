// Bytes from the network to an answer: HTTP, addresses, rows as JSON and CSV, tensors. Whatever comes, there is an
// answer, and it is not the server's fault. The first byte says what the others are: a request, or the body of one.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "neurone/model/model.h"
#include "server/admission.h"
#include "server/http_reader.h"
#include "server/json_scanner.h"
#include "server/routes.h"

namespace {

using namespace neurone;
using namespace neurone::server;

Model table_model() {
  TablePreparation preparation{.columns = {NumericColumn{.name = "age", .form = Notation::comma},
                                           NumericColumn{.name = "x", .has_indicator = true, .knots = {0, 1, 2}},
                                           CategoryColumn{.name = "city", .values = {"", "Bern"}},
                                           DateColumn{.name = "since"}}};
  Networks<float> networks;
  networks.emplace_back(
      NetworkSpec{.inputs = preparation.width(), .layers = {layers::Dense{.units = 2, .activation = "softmax"}}});
  networks.back().initialise(1);
  return {.preparation = std::move(preparation),
          .target = ClassTarget{.name = "t", .classes = {"no", "yes"}, .one_hot = true},
          .loss = Loss::parse("categorical_cross_entropy"),
          .networks = std::move(networks),
          .calibration = {.errors = std::vector<double>(100, 0.4)},
          .record = {}};
}

Model image_model() {
  Networks<double> networks;
  networks.emplace_back(NetworkSpec{.inputs = 6, .layers = {layers::Dense{.units = 1, .activation = "identity"}}});
  networks.back().initialise(1);
  return {.preparation = ImagePreparation{.height = 2, .width_in_pixels = 3},
          .target = NumberTarget{.name = "t"},
          .loss = Loss::parse("squared_error"),
          .networks = std::move(networks),
          .record = {}};
}

// A server without sockets.
struct Fixture {
  Fixture() {
    models.put(std::make_shared<const ServedModel>("a", table_model()));
    models.put(std::make_shared<const ServedModel>("b", image_model()));
  }

  void ask(const Request& request) const {
    // as a turn has it, and where that takes too long as a worker
    Allowance turn = Allowance::of_a_turn();
    std::variant<Response, Job, TakesLong> outcome = routes(request, turn);
    Memory memory(100'000'000);
    Holding holding(memory);
    if (std::holds_alternative<TakesLong>(outcome)) {
      Allowance allowance(holding);
      outcome = routes(request, allowance);
      if (std::holds_alternative<TakesLong>(outcome)) std::abort();
    }
    Response response;
    if (auto* at_once = std::get_if<Response>(&outcome))
      response = std::move(*at_once);
    else
      response = run_jobs({&std::get<Job>(outcome), 1}, 1).front();
    if (response.status == 500 || response.status > 503) std::abort();  // 501: a method that HTTP has not
  }

  Models models;
  Metrics metrics;
  Routes routes{models, metrics, {.token = {}, .most_rows = 1000}};
};

// Our reader of JSON and nlohmann's take the same for JSON, but for a byte order mark, NUL and levels without end.
void compare_readers(std::string_view body) {
  constexpr std::size_t shorter_than_levels_allow = 100;
  if (body.size() > shorter_than_levels_allow || body.starts_with("\xef\xbb\xbf") ||
      body.find('\0') != std::string_view::npos)  // the end, to nlohmann
    return;
  bool accepted = true;
  try {
    JsonScanner json(body);
    json.skip();
    json.end();
  } catch (const Refusal&) {
    accepted = false;
  }
  bool expected = true;
  try {
    static_cast<void>(nlohmann::json::parse(body));
  } catch (const nlohmann::json::out_of_range&) {  // 1e999, which is JSON, and refused as a number later
    return;
  } catch (const nlohmann::json::exception&) {
    expected = false;
  }
  if (accepted != expected) std::abort();
}

// All requests of a connection, read in pieces of this size: each with its body, and why there are no more.
template <class OnRequest>
std::string read_as_http(std::string_view bytes, std::size_t piece, const OnRequest& on_request) {
  constexpr std::size_t most_requests = 20;
  std::string seen;
  std::size_t begin = 0;
  for (std::size_t count = 0; begin < bytes.size() && count < most_requests; ++count) {
    HttpReader reader({.head = 1000, .body = 10'000});
    while (begin < bytes.size() && !reader.is_done() && !reader.refusal())
      begin += reader.take(bytes.substr(begin, std::min(piece - begin % piece, bytes.size() - begin)));
    if (reader.refusal()) return seen + reader.refusal()->body;
    if (!reader.is_done()) return seen + "half";
    const Request request = reader.request();
    for (const std::string_view each : {request.method, request.target, request.host.value_or("none"), request.body})
      seen.append(each).append("\n");
    on_request(request);
    if (!reader.keeps_alive()) return seen + "closed";
  }
  return seen;
}

// In pieces whose size the bytes choose themselves; the pieces must not matter.
void ask_as_http(const Fixture& fixture, std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t piece = 1 + static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  const std::string seen = read_as_http(bytes, piece, [&](const Request& request) {
    static const Admission admission({.hosts = {"a.example"}, .origins = {"https://a.example"}}, "127.0.0.1", true);
    if (admission.refusal_of(request)) return;
    const std::string fields = admission.fields_for(request);
    if (fields.find("\n\r") != std::string::npos || fields.find('\0') != std::string::npos) std::abort();
    fixture.ask(request);
  });
  if (read_as_http(bytes, bytes.size() + 1, [](const Request&) {}) != seen) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Fixture fixture;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string json_size = std::to_string(bytes.empty() ? 0 : static_cast<unsigned char>(bytes.front()) * 4);
  switch (data[0] % 8) {
    case 0:
      ask_as_http(fixture, bytes);
      break;
    case 1:
      compare_readers(bytes);
      fixture.ask({.method = "POST", .target = "/models/a/predict?interval=0.9", .body = bytes});
      break;
    case 2:
      fixture.ask({.method = "POST",
                   .target = "/models/a/predict",
                   .content_type = "text/csv",
                   .accept = "text/csv",
                   .body = bytes});
      break;
    case 3:
      fixture.ask({.method = "POST", .target = "/v2/models/a/infer", .body = bytes});
      break;
    case 4:
      if (!bytes.empty())
        fixture.ask(
            {.method = "POST", .target = "/v2/models/a/infer", .json_size = json_size, .body = bytes.substr(1)});
      break;
    case 5:
      fixture.ask({.method = "POST", .target = "/models/b/predict", .body = bytes});
      break;
    case 7:
      if (!bytes.empty())
        fixture.ask(
            {.method = "POST", .target = "/v2/models/b/infer", .json_size = json_size, .body = bytes.substr(1)});
      break;
    default:
      fixture.ask({.method = "GET", .target = bytes});
      break;
  }
  return 0;
}
