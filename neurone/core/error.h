// Errors that a user can act on. Programmers' mistakes are asserted instead.
// The message says where, what, expected and found: "train.csv:41: 5 columns, expected 4".
#pragma once

#include <stdexcept>
#include <string>

namespace neurone {

/// Something outside the program is not as it has to be: a file, a table, a number.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& what) : std::runtime_error(what) {}
  Error(const std::string& where, const std::string& what) : Error(where + ": " + what) {}
};

/// The request itself is wrong: an unknown name, an impossible setting.
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace neurone
