#include "server/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "neurone/core/suggestion.h"
#include "neurone/model/prediction_text.h"
#include "server/accept.h"
#include "server/form_page.h"
#include "server/http_grammar.h"
#include "server/model_json.h"
#include "server/oip.h"
#include "server/openapi.h"
#include "server/rows.h"

namespace neurone::server {
namespace {

using Ordered = nlohmann::ordered_json;
using Path = std::vector<std::string>;

std::string json_line(const Ordered& object) {
  return object.dump(-1, ' ', false, Ordered::error_handler_t::replace) + '\n';
}

Response json_response(const Ordered& object) {
  return {.body = json_line(object)};
}

Response file_response(std::string_view type, std::string_view content) {
  Response response{.body = std::string(content), .content_type = type};
  response.headers.emplace_back("Content-Security-Policy", std::string(page_policy));
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("X-Frame-Options", "DENY");  // for browsers that pass over frame-ancestors
  return response;
}

// --- who is asked for what ---------------------------------------------------------------------------------------

// v2/models/NAME/versions/1/… is v2/models/NAME/…
void drop_version(Path& path) {
  constexpr std::ptrdiff_t at = 3;
  if (path.size() <= at + 1 || path[0] != "v2" || path[1] != "models" || path[at] != "versions") return;
  if (path[at + 1] != model_version)
    throw Refusal(404, fmt::format("unknown version '{}', expected {}", path[at + 1], model_version));
  path.erase(path.begin() + at, path.begin() + at + 2);
}

// The words of a path, with * for a name.
bool fits(const Path& path, const std::vector<std::string_view>& words) {
  return std::ranges::equal(path, words, [](const std::string& part, std::string_view word) {
    return word == "*" ? !part.empty() : part == word;
  });
}

enum class Format { json, csv };

// What the body is: said by its type, or seen from its first letter where the type is a client's default.
Format format_of(const Request& request) {
  const std::vector<std::string_view> words = parts_of(request.content_type, ';');
  const std::string_view type = words.front();
  for (const std::string_view each : words) {
    constexpr std::string_view charset = "charset=";
    if (!is_word(each.substr(0, charset.size()), charset)) continue;
    std::string_view name = each.substr(charset.size());
    if (name.size() > 1 && name.starts_with('"') && name.ends_with('"')) name = name.substr(1, name.size() - 2);
    if (!is_word(name, "utf-8") && !is_word(name, "utf8") && !is_word(name, "us-ascii"))
      throw Refusal(415, "expected the charset utf-8");
  }
  if (is_word(type, "application/json") || is_word(type, "application/x-ndjson")) return Format::json;
  if (is_word(type, "text/csv")) return Format::csv;
  if (!type.empty() && !is_word(type, "application/x-www-form-urlencoded") && !is_word(type, "text/plain"))
    throw Refusal(415, "expected application/json or text/csv");
  const std::size_t first = request.body.find_first_not_of(" \t\r\n");
  const bool looks_like_json =
      first == std::string_view::npos || request.body[first] == '{' || request.body[first] == '[';
  return looks_like_json ? Format::json : Format::csv;
}

Format answer_format(std::string_view accept) {
  const Preference json = preference_of(accept, "application/json"), csv = preference_of(accept, "text/csv");
  if (json.quality == 0 && csv.quality == 0) throw Refusal(406, "Accept: expected application/json or text/csv");
  return csv > json ? Format::csv : Format::json;
}

// --- what is answered --------------------------------------------------------------------------------------------

struct Answer {
  ModelPointer model;
  std::vector<std::string> ignored;
  PredictionFormat prediction;
  Format format;

  Response operator()(const Predictions& predictions) const {
    if (format == Format::csv)
      return {.body = csv_head(model->model(), prediction) + csv_lines(model->model(), predictions, prediction),
              .content_type = content::csv};
    const JsonLines lines(model->model(), prediction);
    std::string text = "{\"model\":" + Ordered(model->name()).dump() + ",\"predictions\":[";
    for (std::size_t i = 0; i < predictions.values.rows(); ++i) {
      if (i > 0) text += ',';
      lines.append(text, predictions, i);
    }
    text += "],\"ignored\":" + Ordered(ignored).dump(-1, ' ', false, Ordered::error_handler_t::replace) + "}\n";
    return {.body = std::move(text)};
  }
};

constexpr std::string_view interval_name = "interval";

std::optional<double> bound_of(const Model& model, const Target& target) {
  const std::optional<std::string> text = target.parameter(interval_name);
  if (!text) return {};
  double level = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), level);
  if (error != std::errc() || end != text->data() + text->size())
    throw Refusal(400, "interval: expected a number between 0 and 1");
  try {
    return error_bound(model, level);
  } catch (const Error& refused) {
    throw Refusal(400, refused.what());
  }
}

// OPTIONS is answered everywhere; other methods of HTTP nowhere, and what is none is not known at all.
std::optional<Response> answer_to_method(std::string_view method, std::string_view allowed) {
  if (std::ranges::count(parts_of(allowed, ','), method) > 0) return {};
  constexpr std::array<std::string_view, 8> known{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "QUERY"};
  Response response{.status = 204};
  if (method != "OPTIONS")
    response = std::ranges::find(known, method) == known.end()
                   ? error_response(501, fmt::format("unknown method {}", method))
                   : error_response(405, fmt::format("expected {}", allowed));
  response.headers.emplace_back("Allow", fmt::format("{}, OPTIONS", allowed));
  return response;
}

void check_parameters(const Target& target, const std::vector<std::string>& known) {
  for (const Parameter& each : target.parameters) {
    if (std::ranges::find(known, each.name) != known.end()) continue;
    if (known.empty()) throw Refusal(400, fmt::format("unknown parameter '{}': this address takes none", each.name));
    throw Refusal(400, unknown_name("parameter", each.name, known).what());
  }
}

}  // namespace

Route Routes::route_of(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  if (path.ends_with("/predict")) return Route::predict;
  if (path.ends_with("/infer")) return Route::infer;
  if (path.starts_with("/v2/health/")) return Route::health;
  if (path == "/v2" || path.starts_with("/v2/")) return Route::metadata;
  if (path == "/models" || path.starts_with("/models/")) return Route::models;
  if (path == "/metrics") return Route::metrics;
  if (path == "/openapi.json") return Route::openapi;
  if (path == "/" || path == "/form.js" || path == "/form.css") return Route::page;
  return Route::other;
}

std::optional<Response> Routes::refusal_of(const Request& head) const {
  const Route route = route_of(head.target);
  if (!options_.token || route == Route::health || route == Route::page) return {};
  if (head.method == "OPTIONS") return {};  // browsers ask so without it whether they may show it
  if (options_.token->shown_by(head.authorization)) return {};
  Response response =
      error_response(401, "expected the header Authorization: Bearer TOKEN with the token of the server");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

std::variant<Response, Job, TakesLong> Routes::operator()(const Request& request, Allowance& allowance) const {
  if (std::optional<Response> refusal = refusal_of(request)) return *std::move(refusal);
  try {
    return std::visit([](auto&& each) -> std::variant<Response, Job, TakesLong> { return std::move(each); },
                      granted(request, allowance));
  } catch (const TakesLong& takes_long) {
    return takes_long;
  } catch (const Refusal& refusal) {
    return error_response(refusal.status(), refusal.what());
  }
}

std::variant<Response, Job> Routes::operator()(const Request& request) const {
  Allowance all;
  std::variant<Response, Job, TakesLong> outcome = (*this)(request, all);
  if (auto* job = std::get_if<Job>(&outcome)) return std::move(*job);
  return std::get<Response>(std::move(outcome));
}

// One that has to be made first holds up a turn: models may have a hundred thousand columns and categories.
Response Routes::document(const std::string& name, const Allowance& allowance, const Make& make) const {
  const Documents::Of models = models_.all();
  Documents::Text text = documents_.find(models, name);
  if (text == nullptr) {
    if (allowance.is_of_a_turn()) throw TakesLong{};
    text = std::make_shared<const std::string>(json_line(make(*models)));
    documents_.keep(models, name, text);
  }
  return {.document = std::move(text)};
}

struct Routes::Place {
  /// What it is asked, and with how much it may take.
  struct Asked {
    const Routes& routes;
    const Request& request;
    const Target& target;
    Allowance& allowance;
  };
  using Outcome = std::variant<Response, Job>;

  std::vector<std::string_view> words;  ///< of the path, with * for a name
  std::string_view methods;
  std::vector<std::string> parameters;
  Outcome (*answer)(const Asked& asked);
};

const std::vector<Routes::Place>& Routes::places() {
  using Asked = Place::Asked;
  using Outcome = Place::Outcome;
  const auto get = [](std::vector<std::string_view> words, Outcome (*answer)(const Asked&)) {
    return Place{std::move(words), "GET, HEAD", {}, answer};
  };
  const auto post = [](std::vector<std::string_view> words, std::vector<std::string> parameters,
                       Outcome (*answer)(const Asked&)) {
    return Place{std::move(words), "POST", std::move(parameters), answer};
  };
  const std::string interval(interval_name);
  static const std::vector<Place> all{
      post({"predict"}, {interval},
           [](const Asked& a) -> Outcome {
             return a.routes.predict(a.routes.models_.only(), a.request, a.target, a.allowance);
           }),
      post({"models", "*", "predict"}, {interval},
           [](const Asked& a) -> Outcome {
             return a.routes.predict(a.routes.models_.named(a.target.path[1]), a.request, a.target, a.allowance);
           }),
      post({"v2", "models", "*", "infer"}, {},
           [](const Asked& a) -> Outcome {
             return a.routes.infer(a.routes.models_.named(a.target.path[2]), a.request, a.allowance);
           }),
      get({}, [](const Asked&) -> Outcome { return file_response(content::html, form_page); }),
      get({"form.js"}, [](const Asked&) -> Outcome { return file_response(content::script, form_script); }),
      get({"form.css"}, [](const Asked&) -> Outcome { return file_response(content::css, form_style()); }),
      get({"metrics"},
          [](const Asked& a) -> Outcome {
            return Response{.body = a.routes.metrics_.text(), .content_type = content::metrics};
          }),
      get({"openapi.json"},
          [](const Asked& a) -> Outcome {
            return a.routes.document("openapi", a.allowance, [&](const Models::Catalogue& models) {
              return openapi_of(models, a.routes.options_.token.has_value());
            });
          }),
      get({"models"},
          [](const Asked& a) -> Outcome {
            return a.routes.document("models", a.allowance, [](const Models::Catalogue& models) {
              Ordered list = Ordered::array();
              for (const auto& [name, model] : models) list.push_back(description_of(*model));
              return Ordered{{"models", std::move(list)}};
            });
          }),
      get({"models", "*"},
          [](const Asked& a) -> Outcome {
            const ModelPointer model = a.routes.models_.named(a.target.path[1]);
            return a.routes.document("model " + model->name(), a.allowance,
                                     [&](const auto&) { return description_of(*model); });
          }),
      get({"v2"}, [](const Asked&) -> Outcome { return json_response(server_metadata()); }),
      get({"v2", "health", "live"}, [](const Asked&) -> Outcome { return json_response({{"live", true}}); }),
      get({"v2", "health", "ready"},
          [](const Asked& a) -> Outcome {
            Response response = json_response({{"ready", a.routes.ready.load()}});
            if (!a.routes.ready) response.status = 503;
            return response;
          }),
      get({"v2", "models", "*"},
          [](const Asked& a) -> Outcome {
            const ModelPointer model = a.routes.models_.named(a.target.path[2]);
            return a.routes.document("metadata " + model->name(), a.allowance,
                                     [&](const auto&) { return metadata_of(*model); });
          }),
      get({"v2", "models", "*", "ready"},
          [](const Asked& a) -> Outcome {
            return json_response({{"name", a.routes.models_.named(a.target.path[2])->name()}, {"ready", true}});
          }),
  };
  return all;
}

std::variant<Response, Job> Routes::granted(const Request& request, Allowance& allowance) const {
  if (request.target == "*") return *answer_to_method(request.method, "GET, HEAD, POST");
  Target target = parse_target(request.target);
  drop_version(target.path);
  const auto place = std::ranges::find_if(places(), [&](const Place& each) { return fits(target.path, each.words); });
  if (place == places().end()) throw Refusal(404, "nothing is here: /openapi.json says what is");
  if (std::optional<Response> response = answer_to_method(request.method, place->methods))
    return *std::move(response);
  check_parameters(target, place->parameters);
  return place->answer({*this, request, target, allowance});
}

Job Routes::checked(ModelPointer model, const Source& source,
                    std::function<Response(const Predictions&)> answer) const {
  Job job = job_of(std::move(model), source, std::move(answer));
  if (options_.strict && !job.surprises.cells.empty())
    throw Refusal(422, surprise_error(job.model->model(), source, job.surprises.cells.front()).what());
  return job;
}

Job Routes::predict(const ModelPointer& model, const Request& request, const Target& target,
                    Allowance& allowance) const {
  allowance.begin(*model, options_.most_rows);
  Rows rows = format_of(request) == Format::csv ? rows_of_csv(*model, request.body, allowance)
                                                : rows_of_json(*model, request.body, allowance);
  Answer answer{.model = model,
                .ignored = std::move(rows.ignored),
                .prediction = {.bound = bound_of(model->model(), target), .flags = true},
                .format = answer_format(request.accept)};
  return checked(model, rows.source, std::move(answer));
}

Job Routes::infer(const ModelPointer& model, const Request& request, Allowance& allowance) const {
  allowance.begin(*model, options_.most_rows);
  Inference inference = inference_of(model, request, allowance);
  return checked(model, inference.rows, std::move(inference.answer));
}

}  // namespace neurone::server
