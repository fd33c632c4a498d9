#include "server/ending.h"

#include <cstdlib>

namespace neurone::server {

void end_in_time(const sigset_t& signals, std::chrono::milliseconds drain) {
  using namespace std::chrono;
  const auto end = steady_clock::now() + drain + 500ms;  // the loops end by themselves when the time is over
  while (true) {
    const auto left = end - steady_clock::now();
    if (left <= left.zero()) std::_Exit(exit_given_up);
    const auto whole = duration_cast<seconds>(left);
    const timespec time{.tv_sec = whole.count(), .tv_nsec = duration_cast<nanoseconds>(left - whole).count()};
    if (sigtimedwait(&signals, nullptr, &time) > 0) std::_Exit(exit_asked_twice);
  }
}

}  // namespace neurone::server
