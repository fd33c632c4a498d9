#include "server/log.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>

#include "neurone/core/error.h"

namespace neurone::server {
namespace {

using SystemClock = std::chrono::system_clock;

std::string now_text() {
  const auto now = SystemClock::now();
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(SystemClock::to_time_t(now)), milliseconds);
}

// Text as JSON has it, in quotes.
std::string in_quotes(std::string_view text) {
  constexpr std::size_t most = 300;
  return nlohmann::json(text.substr(0, most)).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Log::Log(const std::string& where) {
  if (where == "none") return;
  if (where == "-") {
    file_ = STDERR_FILENO;
  } else {
    constexpr mode_t readable = 0644;
    file_ = open(where.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, readable);
    if (file_ < 0) throw Error(where, std::string("cannot be written: ") + std::strerror(errno));
    is_own_ = true;
  }
  struct stat status{};
  is_regular_ = fstat(file_, &status) == 0 && S_ISREG(status.st_mode);
}

Log::~Log() {
  if (is_own_) close(file_);
}

// A log that cannot be written is no reason to stop answering.
void Log::write(std::string_view lines) {
  if (!is_on()) return;
  const std::lock_guard lock(mutex_);
  constexpr std::size_t most = 1U << 20U;  // bytes
  if (waiting_.size() > most) {
    write_what_waits();
    if (waiting_.size() > most) {
      left_out_ += static_cast<std::size_t>(std::ranges::count(lines, '\n'));
      return;
    }
  }
  if (const std::size_t lost = std::exchange(left_out_, 0); lost > 0)
    waiting_ += fmt::format("{{\"time\":\"{}\",\"event\":\"lines left out\",\"count\":\"{}\"}}\n", now_text(), lost);
  waiting_ += lines;
  write_what_waits();
}

// A pipe or a terminal that says that it can be written takes this much without waiting.
void Log::write_what_waits() {
  std::size_t done = 0;
  while (done < waiting_.size()) {
    pollfd place{.fd = file_, .events = POLLOUT, .revents = 0};
    if (!is_regular_ && (poll(&place, 1, 0) != 1 || (place.revents & POLLOUT) == 0)) break;
    const std::size_t size = waiting_.size() - done;
    const ssize_t written =
        ::write(file_, waiting_.data() + done, is_regular_ ? size : std::min<std::size_t>(size, PIPE_BUF));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {  // a full disk, a pipe that nobody has any more
      done = waiting_.size();
      break;
    }
    done += static_cast<std::size_t>(written);
  }
  waiting_.erase(0, done);
}

void Log::event(std::string_view event, std::initializer_list<std::pair<std::string_view, std::string>> members) {
  std::string line = fmt::format("{{\"time\":\"{}\",\"event\":\"{}\"", now_text(), event);
  for (const auto& [name, value] : members) line += fmt::format(",\"{}\":{}", name, in_quotes(value));
  write(line + "}\n");
}

void append_line(std::string& lines, const Access& access) {
  constexpr double milliseconds = 1000;
  const std::string_view path = access.target.substr(0, access.target.find('?'));
  fmt::format_to(
      std::back_inserter(lines),
      "{{\"time\":\"{}\",\"client\":\"{}\",\"method\":{},\"path\":{},\"status\":{},\"ms\":{:.3f},\"bytes\":{}",
      now_text(), access.client, in_quotes(access.method), in_quotes(path), access.status,
      access.seconds * milliseconds, access.bytes);
  if (!access.model.empty())
    fmt::format_to(std::back_inserter(lines), ",\"model\":{},\"rows\":{}", in_quotes(access.model), access.rows);
  lines += "}\n";
}

std::string http_date() {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(SystemClock::to_time_t(SystemClock::now())));
}

}  // namespace neurone::server
