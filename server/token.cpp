#include "server/token.h"

#include <algorithm>
#include <cctype>

#include "neurone/core/error.h"
#include "neurone/core/file.h"
#include "neurone/data/cells.h"

namespace neurone::server {

Token Token::from_file(const std::string& path) {
  const std::string text = read_file(path);
  const std::string_view first = std::string_view(text).substr(0, text.find_first_of("\r\n"));
  std::string secret(trim(first));
  if (secret.empty()) throw Error(path, "no token on its first line");
  return Token(std::move(secret));
}

bool Token::shown_by(std::string_view authorization) const {
  constexpr std::string_view scheme = "bearer ";
  const auto same_letter = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  if (!std::ranges::equal(authorization.substr(0, scheme.size()), scheme, same_letter)) return false;
  const std::string_view guess = trim(authorization.substr(scheme.size()));
  unsigned difference = guess.size() == secret_.size() ? 0 : 1;
  for (std::size_t i = 0; i < guess.size(); ++i)
    difference |= static_cast<unsigned>(guess[i] ^ secret_[i % secret_.size()]);
  return difference == 0;
}

}  // namespace neurone::server
