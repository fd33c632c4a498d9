// The end of a server that has been asked to stop, whatever it is at.
#pragma once

#include <chrono>
#include <csignal>

namespace neurone::server {

/// Exit codes: all requests were answered, 0; some were not when the time was over; a second signal came.
inline constexpr int exit_given_up = 1, exit_asked_twice = 130;

/// Waits for one of the signals, which are blocked, or for the time to drain and half a second more, and ends the
/// process there and then: what computes is not asked. A process that is done by then has ended by itself.
[[noreturn]] void end_in_time(const sigset_t& signals, std::chrono::milliseconds drain);

}  // namespace neurone::server
