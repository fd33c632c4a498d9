// Bytes to a request of HTTP/1.1 or 1.0, within limits and by the letter of RFC 9112: lines, a body of known size or
// of chunks. What the lines of the head say is left to http_head.h; where bytes come from, and how long they may
// take, to connection.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/http_head.h"
#include "server/message.h"

namespace neurone::server {

struct HttpLimits {
  std::size_t head = 16U << 10U;  ///< bytes of the request line and the fields; of all that chunks add to a body
  std::size_t body = 16U << 20U;
};

/// Reads one request. What it finds does not depend on the pieces that the bytes come in.
class HttpReader {
 public:
  explicit HttpReader(const HttpLimits& limits) : limits_(limits), room_(limits.head) {}

  /// Takes bytes from the front and returns how many: all, or those to the end of the head or of the request.
  std::size_t take(std::string_view bytes);

  /// More than the empty lines that may stand before a request.
  bool has_begun() const { return state_ != State::request_line || (!line_.empty() && line_ != "\r"); }
  bool has_head() const { return state_ > State::fields; }
  bool is_done() const { return state_ == State::done; }
  /// The head, and the body as far as it has come; the views live as long as the reader.
  Request request() const;
  std::size_t body_size() const { return body_.size(); }  ///< as far as it has come
  bool keeps_alive() const { return has_head() && !refusal_ && head_.keeps_alive(); }
  /// The client waits for a word, 100 Continue, before it sends the body.
  bool expects_continue() const { return head_.expects_continue() && !is_done(); }
  /// Why this is no request: 400, 413, 414, 415, 417, 431, 501 or 505. Nothing more is taken.
  const std::optional<Response>& refusal() const { return refusal_; }

 private:
  enum class State : std::uint8_t { request_line, fields, body, chunk_size, chunk, chunk_end, trailers, done };

  std::size_t take_some(std::string_view bytes);
  std::size_t take_line(std::string_view bytes);
  std::size_t take_body(std::string_view bytes);
  void take_whole_line(std::string_view line);
  std::size_t room_for_line() const;
  [[noreturn]] void refuse_long_line() const;
  void begin_body();
  void begin_chunk(std::string_view line);

  HttpLimits limits_;
  HttpHead head_;
  State state_ = State::request_line;
  std::string line_;        // of which the end has not come
  std::size_t room_;        // bytes that lines may still have: of the head, then of what chunks add
  std::uint64_t rest_ = 0;  // bytes of the body, or of the chunk, that have not come
  std::string body_;
  std::optional<Response> refusal_;
};

}  // namespace neurone::server
