#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace neurone::cli {

std::size_t terminal_width(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 1) return size.ws_col;
  const char* variable = std::getenv("COLUMNS");
  const std::string_view text = variable == nullptr ? "" : variable;
  std::size_t columns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
  return error == std::errc() && columns > 1 ? columns : 80;
}

}  // namespace neurone::cli
