#include "server/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "neurone/model/prediction_text.h"
#include "server/form_page.h"
#include "server/model_json.h"
#include "server/oip.h"
#include "server/openapi.h"
#include "server/rows.h"
#include "server/target.h"

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
bool fits(const Path& path, std::initializer_list<std::string_view> words) {
  return std::ranges::equal(path, words, [](const std::string& part, std::string_view word) {
    return word == "*" ? !part.empty() : part == word;
  });
}

bool is_text(std::string_view type, std::string_view name) {
  const std::string_view own = type.substr(0, type.find(';'));
  return std::ranges::equal(own.substr(0, own.find_last_not_of(' ') + 1), name,
                            [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

enum class Format { json, csv };

// What the body is: said by its type, or seen from its first letter where the type is a client's default.
Format format_of(const Request& request) {
  const std::string_view type = request.content_type;
  if (is_text(type, "application/json") || is_text(type, "application/x-ndjson")) return Format::json;
  if (is_text(type, "text/csv")) return Format::csv;
  if (!type.empty() && !is_text(type, "application/x-www-form-urlencoded") && !is_text(type, "text/plain"))
    throw Refusal(415, "expected application/json or text/csv");
  const std::size_t first = request.body.find_first_not_of(" \t\r\n");
  const bool looks_like_json =
      first == std::string_view::npos || request.body[first] == '{' || request.body[first] == '[';
  return looks_like_json ? Format::json : Format::csv;
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

std::optional<double> bound_of(const Model& model, std::string_view query) {
  const std::optional<std::string> text = parameter(query, "interval");
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

Response method_not_allowed(std::string_view allowed) {
  Response response = error_response(405, fmt::format("expected {}", allowed));
  response.headers.emplace_back("Allow", std::string(allowed));
  return response;
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

std::variant<Response, Job> Routes::granted(const Request& request, Allowance& allowance) const {
  auto [path, query] = parse_target(request.target);
  drop_version(path);

  const bool one = fits(path, {"predict"});
  const bool infer_one = fits(path, {"v2", "models", "*", "infer"});
  if (one || infer_one || fits(path, {"models", "*", "predict"})) {
    if (request.method != "POST") return method_not_allowed("POST");
    if (infer_one) return infer(models_.named(path[2]), request, allowance);
    return predict(one ? models_.only() : models_.named(path[1]), request, query, allowance);
  }

  const auto answer = [&]() -> std::optional<Response> {
    if (path.empty()) return file_response(content::html, form_page);
    if (fits(path, {"form.js"})) return file_response(content::script, form_script);
    if (fits(path, {"form.css"})) return file_response(content::css, form_style());
    if (fits(path, {"metrics"})) return Response{.body = metrics_.text(), .content_type = content::metrics};
    if (fits(path, {"openapi.json"}))
      return document("openapi", allowance, [this](const Models::Catalogue& models) {
        return openapi_of(models, options_.token.has_value());
      });
    if (fits(path, {"models"}))
      return document("models", allowance, [](const Models::Catalogue& models) {
        Ordered list = Ordered::array();
        for (const auto& [name, model] : models) list.push_back(description_of(*model));
        return Ordered{{"models", std::move(list)}};
      });
    if (fits(path, {"models", "*"})) {
      const ModelPointer model = models_.named(path[1]);
      return document("model " + model->name(), allowance, [&](const auto&) { return description_of(*model); });
    }
    if (fits(path, {"v2"})) return json_response(server_metadata());
    if (fits(path, {"v2", "health", "live"})) return json_response({{"live", true}});
    if (fits(path, {"v2", "health", "ready"})) {
      Response response = json_response({{"ready", ready.load()}});
      if (!ready) response.status = 503;
      return response;
    }
    if (fits(path, {"v2", "models", "*"})) {
      const ModelPointer model = models_.named(path[2]);
      return document("metadata " + model->name(), allowance, [&](const auto&) { return metadata_of(*model); });
    }
    if (fits(path, {"v2", "models", "*", "ready"}))
      return json_response({{"name", models_.named(path[2])->name()}, {"ready", true}});
    return {};
  };
  std::optional<Response> response = answer();
  if (!response) throw Refusal(404, "nothing is here: /openapi.json says what is");
  if (request.method != "GET" && request.method != "HEAD") return method_not_allowed("GET, HEAD");
  return *std::move(response);
}

Job Routes::checked(ModelPointer model, const Source& source,
                    std::function<Response(const Predictions&)> answer) const {
  Job job = job_of(std::move(model), source, std::move(answer));
  if (options_.strict && !job.surprises.cells.empty())
    throw Refusal(422, surprise_error(job.model->model(), source, job.surprises.cells.front()).what());
  return job;
}

Job Routes::predict(const ModelPointer& model, const Request& request, std::string_view query,
                    Allowance& allowance) const {
  allowance.begin(*model, options_.most_rows);
  Rows rows = format_of(request) == Format::csv ? rows_of_csv(*model, request.body, allowance)
                                                : rows_of_json(*model, request.body, allowance);
  Answer answer{.model = model,
                .ignored = std::move(rows.ignored),
                .prediction = {.bound = bound_of(model->model(), query), .flags = true},
                .format = request.accept.find("text/csv") == std::string_view::npos ? Format::json : Format::csv};
  return checked(model, rows.source, std::move(answer));
}

Job Routes::infer(const ModelPointer& model, const Request& request, Allowance& allowance) const {
  allowance.begin(*model, options_.most_rows);
  Inference inference = inference_of(model, request, allowance);
  return checked(model, inference.rows, std::move(inference.answer));
}

}  // namespace neurone::server
