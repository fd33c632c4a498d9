#include "server/http_reader.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/field.hpp>
#include <cctype>
#include <string>

namespace neurone::server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

bool is_word(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower,
                            [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

}  // namespace

// Keeps what routes look at; other fields are checked and let go.
class HttpReader::Parser : public http::basic_parser<true> {
 public:
  explicit Parser(const HttpLimits& limits) : limits_(limits) {
    header_limit(static_cast<std::uint32_t>(limits.head));
    body_limit(limits.body);
  }

  std::size_t take(std::string_view bytes);
  Request request() const;
  std::size_t body_size() const { return body_.size(); }

  bool knows_head = false, expects_continue = false;
  std::optional<Response> refusal{};

 private:
  using Code = beast::error_code;
  using Text = beast::string_view;

  void on_request_impl(http::verb, Text method, Text target, int version, Code&) override {
    method_ = view(method);
    target_ = view(target);
    version_ = version;
  }
  void on_field_impl(http::field field, Text name, Text value, Code&) override;
  void on_header_impl(Code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& size, Code&) override {
    constexpr std::size_t most = 64U << 10U;  // a client may promise more than it sends
    if (size) body_.reserve(std::min<std::size_t>(*size, most));
  }
  std::size_t on_body_impl(Text part, Code&) override {
    body_ += view(part);
    return part.size();
  }
  void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text part, Code&) override {
    body_ += view(part);
    return part.size();
  }
  void on_finish_impl(Code&) override {}
  // for answers, which we do not read
  void on_response_impl(int, Text, int, Code&) override {}

  void check_head();
  void refuse(const Code& code);

  HttpLimits limits_;
  std::string method_, target_, content_type_, accept_, authorization_, body_;
  std::optional<std::string> json_size_;
  int version_ = 0;
  bool has_host_ = false, expects_other_ = false, is_encoded_ = false;
};

void HttpReader::Parser::on_field_impl(http::field field, Text name, Text value, Code&) {
  switch (field) {
    case http::field::content_type:
      content_type_ = view(value);
      break;
    case http::field::accept:
      accept_ += (accept_.empty() ? "" : ", ") + std::string(view(value));
      break;
    case http::field::authorization:
      authorization_ = view(value);
      break;
    case http::field::host:
      has_host_ = true;
      break;
    case http::field::content_encoding:
      is_encoded_ = !is_word(view(value), "identity");
      break;
    case http::field::expect:
      (is_word(view(value), "100-continue") ? expects_continue : expects_other_) = true;
      break;
    default:
      if (is_word(view(name), "inference-header-content-length")) json_size_ = view(value);
      break;
  }
}

std::size_t HttpReader::Parser::take(std::string_view bytes) {
  std::size_t taken = 0;
  while (!refusal && !is_done() && taken < bytes.size()) {
    Code code;
    taken += put(boost::asio::const_buffer(bytes.data() + taken, bytes.size() - taken), code);
    if (code == http::error::need_more) {
      // the line of a chunk has no limit of its own
      if (bytes.size() - taken > limits_.head) refusal = error_response(400, "a line of a chunk is too long");
      break;
    }
    if (code) {
      refuse(code);
    } else if (is_header_done() && !knows_head) {
      knows_head = true;
      check_head();
      break;
    }
  }
  return taken;
}

void HttpReader::Parser::check_head() {
  constexpr int http_1_0 = 10;
  if (version_ == http_1_0 && chunked())
    refusal = error_response(400, "a chunked body in HTTP/1.0, which has none");
  else if (version_ != http_1_0 && !has_host_)
    refusal = error_response(400, "the header Host is missing");
  else if (expects_other_)
    refusal = error_response(417, "Expect: the server knows 100-continue alone");
  else if (is_encoded_)
    refusal = error_response(415, "Content-Encoding: the server reads bodies as they are");
}

void HttpReader::Parser::refuse(const Code& code) {
  if (code == http::error::header_limit)
    refusal = error_response(431, "the head is longer than " + std::to_string(limits_.head) + " bytes");
  else if (code == http::error::body_limit)
    refusal = error_response(413, "the body is longer than " + std::to_string(limits_.body) + " bytes");
  else
    refusal = error_response(400, "not HTTP: " + code.message());
}

Request HttpReader::Parser::request() const {
  Request request{.method = method_,
                  .target = target_,
                  .content_type = content_type_,
                  .accept = accept_,
                  .authorization = authorization_,
                  .body = body_};
  if (json_size_) request.json_size = *json_size_;
  return request;
}

HttpReader::HttpReader(const HttpLimits& limits) : parser_(std::make_unique<Parser>(limits)) {}
HttpReader::~HttpReader() = default;

std::size_t HttpReader::take(std::string_view bytes) {
  return parser_->take(bytes);
}
bool HttpReader::has_head() const {
  return parser_->knows_head;
}
bool HttpReader::is_done() const {
  return parser_->is_done();
}
std::size_t HttpReader::body_size() const {
  return parser_->body_size();
}
Request HttpReader::request() const {
  return parser_->request();
}
bool HttpReader::keeps_alive() const {
  return parser_->knows_head && !parser_->refusal && parser_->keep_alive();
}
bool HttpReader::expects_continue() const {
  return parser_->expects_continue && !parser_->is_done();
}
const std::optional<Response>& HttpReader::refusal() const {
  return parser_->refusal;
}

}  // namespace neurone::server
