// A flag that the first signal sets; the second does not wait for anyone to look at it.
#include "cli/interrupt.h"

#include <csignal>
#include <cstdlib>

#include "cli/verbs.h"

namespace neurone::cli {
namespace {

volatile std::sig_atomic_t signalled = 0;

extern "C" void take_note(int) {
  if (signalled != 0) std::_Exit(exit_interrupted);
  signalled = 1;
}

}  // namespace

void watch_for_interrupts() {
  std::signal(SIGINT, take_note);
  std::signal(SIGTERM, take_note);
}

bool interrupted() {
  return signalled != 0;
}

}  // namespace neurone::cli
