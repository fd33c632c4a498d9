// The message of the error that a call throws.
#pragma once

#include <string>

#include "neurone/core/error.h"

namespace neurone {

/// What the action's UsageError says; another kind of exception is passed on and fails the test.
std::string message_of(const auto& action) {
  try {
    action();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace neurone
