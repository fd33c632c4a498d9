// Model files become served models, at the start and whenever they change. A file that cannot be read leaves the
// model that was there in its place.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "server/log.h"
#include "server/metrics.h"
#include "server/models.h"

namespace neurone::server {

class Watcher {
 public:
  /// A model file, or a folder whose *.safetensors are models named after their files: the first thousand, in the
  /// order of their names. Loads them; throws Error where none can be.
  Watcher(std::filesystem::path path, Models& models, Metrics& metrics, Log& log);
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Looks for changes this often from now on, in a thread of its own.
  void start(std::chrono::milliseconds interval);

  /// Looks once. A file that has changed is read when it is the same at two looks: nobody is writing it any more.
  void look();

 private:
  /// What changes when a file does.
  struct Stamp {
    std::int64_t nanoseconds = 0;  // of its last change
    std::int64_t size = 0;
    ino_t number = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct Known {
    std::string name;
    Stamp seen, read;
  };

  std::map<std::filesystem::path, Stamp> files();
  bool load(const std::filesystem::path& file, Known& known, std::string& problem);

  std::filesystem::path path_;
  Models& models_;
  Metrics& metrics_;
  Log& log_;
  std::map<std::filesystem::path, Known> known_;
  std::size_t left_out_ = 0;  // files beyond the most
  std::mutex mutex_;
  std::condition_variable_any wait_;
  std::jthread thread_;
};

}  // namespace neurone::server
