// The system calls with which the library reads and writes files, counted, and one of them made to fail, to do half
// its work, or to be the last that the process does. The linker puts them in place of the real ones (--wrap), which
// the library knows nothing of.
#pragma once

#include <cstddef>

namespace neurone::failures {

enum class Fate {
  fails,          ///< with an error number, and does nothing
  is_short,       ///< a write or read of half the bytes, of at least one
  kills,          ///< the process ends before it
  kills_half_way  ///< a write of half the bytes, then the process ends
};

/// What happens to the n-th call from now on, counted from 1.
void disturb_call(std::size_t n, Fate fate, int error = 0);
/// From now on all calls are as usual. Returns how many there were since disturb_call.
std::size_t leave_calls_alone();

/// The name of the call that was disturbed; empty: none.
const char* disturbed_call();

}  // namespace neurone::failures
