// The secret that requests have to show, Authorization: Bearer TOKEN.
#pragma once

#include <string>
#include <string_view>

namespace neurone::server {

class Token {
 public:
  /// The first line of a file, without the spaces around it. Throws Error where it is empty or cannot be read.
  static Token from_file(const std::string& path);
  explicit Token(std::string secret) : secret_(std::move(secret)) {}

  /// Takes as long for a guess that is nearly right as for any other of its length.
  bool shown_by(std::string_view authorization) const;

 private:
  std::string secret_;
};

}  // namespace neurone::server
