// The head of a request, line by line: who is asked for what, and where the body ends (RFC 9112, 2 to 6).
// Which lines there are, and the body itself, is left to http_reader.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/message.h"

namespace neurone::server {

/// The fields that the server looks at.
struct Fields {
  std::optional<std::string> host, content_length, transfer_encoding, connection, expect;
  std::optional<std::string> content_type, content_encoding, accept, authorization, json_size;
  std::optional<std::string> origin, wanted_method;
};

/// Each call throws Refusal where the line, or all of them together, are no request that can be read to its end
/// beyond doubt.
class HttpHead {
 public:
  /// "POST /predict HTTP/1.1"
  void take_request_line(std::string_view line);
  /// "Host: example.org"
  void take_field(std::string_view line);
  /// Behind the last field.
  void finish();

  /// A field behind a chunked body: checked, and refused where it says what is to be known before the body.
  static void check_trailer(std::string_view line);

  bool is_chunked() const { return fields_.transfer_encoding.has_value(); }
  std::uint64_t body_size() const { return body_size_; }  ///< where it is not chunked
  bool keeps_alive() const { return keeps_alive_; }
  bool expects_continue() const { return expects_continue_; }
  Request request() const;

 private:
  void take_target(std::string_view text);
  void check_host();
  void check_framing();
  void check_expectations();

  std::string method_, target_;
  std::optional<std::string> authority_;  // of a target that names its host
  Fields fields_;
  std::uint64_t body_size_ = 0;
  bool is_1_0_ = false, keeps_alive_ = false, expects_continue_ = false;
};

}  // namespace neurone::server
