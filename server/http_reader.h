// Bytes to a request of HTTP/1.1 or 1.0, within limits: Boost.Beast's parser, and what it lets pass that we do not.
// Where bytes come from, and how long they may take, is left to connection.h.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "server/message.h"

namespace neurone::server {

struct HttpLimits {
  std::size_t head = 16U << 10U;  ///< bytes of the request line and the fields
  std::size_t body = 16U << 20U;
};

/// Reads one request.
class HttpReader {
 public:
  explicit HttpReader(const HttpLimits& limits);
  ~HttpReader();
  HttpReader(const HttpReader&) = delete;
  HttpReader& operator=(const HttpReader&) = delete;

  /// Takes bytes from the front and returns how many. It stops at the end of the head and at that of the request;
  /// what it leaves otherwise comes again with more behind it.
  std::size_t take(std::string_view bytes);

  bool has_head() const;
  bool is_done() const;
  /// The head, and the body as far as it has come; the views live as long as the reader.
  Request request() const;
  std::size_t body_size() const;  ///< as far as it has come
  bool keeps_alive() const;
  /// The client waits for a word, 100 Continue, before it sends the body.
  bool expects_continue() const;
  /// Why this is no request: 400, 413, 415, 417 or 431. Nothing more is taken.
  const std::optional<Response>& refusal() const;

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace neurone::server
