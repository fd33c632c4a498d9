// Lines of JSON about requests and events: to standard error, a file, or nowhere.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace neurone::server {

/// Safe from many threads: each call writes whole lines. Nobody waits for a log that is not read: some lines wait,
/// and those beyond are left out and counted.
class Log {
 public:
  /// "-" is standard error, "none" is nowhere, anything else a file that grows. Throws Error where it cannot be
  /// opened.
  explicit Log(const std::string& where);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool is_on() const { return file_ >= 0; }
  void write(std::string_view lines);
  /// {"time": …, "event": event, …}
  void event(std::string_view event, std::initializer_list<std::pair<std::string_view, std::string>> members = {});

 private:
  void write_what_waits();

  int file_ = -1;
  bool is_own_ = false, is_regular_ = false;
  std::mutex mutex_;
  std::string waiting_;
  std::size_t left_out_ = 0;  // lines
};

/// What a line about a request says.
struct Access {
  std::string_view client, method, target;
  unsigned status = 0;
  double seconds = 0;
  std::size_t bytes = 0, rows = 0;  ///< of the answer's body; of rows predicted
  std::string_view model{};
};

/// {"time": "2026-01-31T12:00:00.123Z", "client", "method", "path", "status", "ms", "bytes", "model", "rows"} and a
/// line end. What stands behind a question mark is left out of the path.
void append_line(std::string& lines, const Access& access);

/// "Sat, 31 Jan 2026 12:00:00 GMT", as HTTP has it.
std::string http_date();

}  // namespace neurone::server
