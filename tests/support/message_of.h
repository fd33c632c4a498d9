// The message of the error that a call throws.
#pragma once

#include <string>

#include "neurone/core/error.h"

namespace neurone {

/// What the error that the action throws says; another kind of exception is passed on and fails the test.
template <class Expected = UsageError> std::string message_of(const auto& action) {
  try {
    action();
  } catch (const Expected& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace neurone
