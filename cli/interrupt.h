// Ctrl-C: the first asks the program to stop after the running epoch, the second ends it at once.
#pragma once

namespace neurone::cli {

/// From now on SIGINT and SIGTERM are taken note of.
void watch_for_interrupts();
bool interrupted();

}  // namespace neurone::cli
