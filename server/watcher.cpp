// Looks instead of being told: the time, size and number of a file say that it changed on every file system.
#include "server/watcher.h"

#include <sys/stat.h>

#include <exception>
#include <iterator>
#include <new>
#include <optional>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/file/model_file.h"

namespace neurone::server {

Watcher::Watcher(std::filesystem::path path, Models& models, Metrics& metrics, Log& log)
    : path_(std::move(path)), models_(models), metrics_(metrics), log_(log) {
  std::string problem, first_problem;
  bool any = false;
  for (const auto& [file, stamp] : files()) {
    Known& known = known_[file] = {.name = file.stem().string(), .seen = stamp, .read = {}};
    any = load(file, known, problem) || any;
    if (first_problem.empty()) first_problem = problem;
  }
  if (any) return;
  if (known_.empty()) throw Error(path_.string(), "no model: expected a .safetensors file or a folder of them");
  throw Error(first_problem);
}

void Watcher::start(std::chrono::milliseconds interval) {
  thread_ = std::jthread([this, interval](const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!wait_.wait_for(lock, stop, interval, [&] { return stop.stop_requested(); })) try {
        look();
      } catch (const std::bad_alloc&) {  // the next look may have more
      }
  });
}

std::map<std::filesystem::path, Watcher::Stamp> Watcher::files() {
  namespace fs = std::filesystem;
  std::map<fs::path, Stamp> found;
  const auto note = [&](const fs::path& file) {
    struct stat status{};
    if (stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
    constexpr std::int64_t second = 1'000'000'000;
    found[file] = {.nanoseconds = status.st_mtim.tv_sec * second + status.st_mtim.tv_nsec,
                   .size = status.st_size,
                   .number = status.st_ino};
  };
  std::error_code error;
  if (!fs::is_directory(path_, error)) {
    note(path_);
    return found;
  }
  for (auto entry = fs::directory_iterator(path_, error); !error && entry != fs::directory_iterator();
       entry.increment(error))
    if (entry->path().extension() == ".safetensors") note(entry->path());
  constexpr std::size_t most = 1000;
  const std::size_t too_many = found.size() > most ? found.size() - most : 0;
  if (too_many > 0) found.erase(std::next(found.begin(), most), found.end());
  if (std::exchange(left_out_, too_many) != too_many && too_many > 0)
    log_.event("models left out", {{"files", std::to_string(too_many)}});
  return found;
}

bool Watcher::load(const std::filesystem::path& file, Known& known, std::string& problem) {
  known.read = known.seen;
  problem.clear();
  try {
    models_.put(std::make_shared<const ServedModel>(known.name, load_model(file.string())));
  } catch (const std::bad_alloc&) {
    known.read = {};  // there may be memory at the next look
    problem = file.string() + ": not enough memory to load it";
  } catch (const std::exception& error) {
    problem = error.what();
  }
  if (!problem.empty()) {
    metrics_.count_load(known.name, false);
    log_.event("not loaded", {{"model", known.name}, {"error", problem}});
    return false;
  }
  metrics_.count_load(known.name, true);
  log_.event("loaded", {{"model", known.name}, {"file", file.string()}});
  return true;
}

void Watcher::look() {
  const auto found = files();
  std::string problem;
  for (const auto& [file, stamp] : found) {
    Known& known =
        known_.try_emplace(file, Known{.name = file.stem().string(), .seen = {}, .read = {}}).first->second;
    const bool rests = known.seen == stamp;
    known.seen = stamp;
    if (rests && known.read != stamp) load(file, known, problem);
  }
  // a model goes with its file out of a folder; a single file that is gone is about to be replaced
  std::error_code error;
  if (!std::filesystem::is_directory(path_, error)) return;
  for (auto each = known_.begin(); each != known_.end();) {
    if (found.contains(each->first)) {
      ++each;
      continue;
    }
    models_.remove(each->second.name);
    metrics_.forget(each->second.name);
    log_.event("removed", {{"model", each->second.name}});
    each = known_.erase(each);
  }
}

}  // namespace neurone::server
