// Files by POSIX calls: read whole; written beside the target, flushed to the disk and renamed over it.
// What the bytes mean is left to the callers.
#include "neurone/core/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <new>
#include <optional>
#include <random>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "neurone/core/error.h"

namespace neurone {

// An open file, closed at the end of the scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int number() const { return number_; }
  // Network file systems report here what they could not store. The number is free even after a failure.
  bool close() { return ::close(std::exchange(number_, -1)) == 0 || errno == EINTR; }

 private:
  int number_;
};

namespace {

[[noreturn]] void fail(const std::string& path, const char* what, int code) {
  throw Error(path, std::string(what) + ": " + std::generic_category().message(code));
}
[[noreturn]] void cannot_read(const std::string& path, int code = errno) {
  fail(path, "cannot be read", code);
}
[[noreturn]] void cannot_write(const std::string& path, int code = errno) {
  fail(path, "cannot be written", code);
}

std::optional<struct stat> facts_of(const std::string& path) {
  struct stat facts{};
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  return facts;
}

// Whether the program prints into this very file: putting another in its place would part the two.
bool is_standard_output(const struct stat& file) {
  for (const int number : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat facts{};
    if (::fstat(number, &facts) == 0 && facts.st_dev == file.st_dev && facts.st_ino == file.st_ino) return true;
  }
  return false;
}

// A name in the target's folder that nobody guesses; short, whatever the target's length.
std::string temporary_beside(const std::filesystem::path& target) {
  std::random_device device;
  const std::uint64_t number = (std::uint64_t{device()} << 32) | device();
  return (target.parent_path() / (".neurone-" + std::to_string(number) + ".tmp")).string();
}

}  // namespace

std::string read_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) cannot_read(path);
  struct stat facts{};
  if (::fstat(file.number(), &facts) != 0) cannot_read(path);
  try {
    // one byte more than the size: the read that fills it is then followed by the one that finds the end
    std::string bytes(S_ISREG(facts.st_mode) ? static_cast<std::size_t>(facts.st_size) + 1 : 0, '\0');
    std::size_t size = 0;
    while (true) {
      if (size == bytes.size()) bytes.resize(2 * size + 4096);  // a pipe does not say how much will come
      const ::ssize_t count = ::read(file.number(), bytes.data() + size, bytes.size() - size);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) cannot_read(path);
      if (count == 0) break;
      size += static_cast<std::size_t>(count);
    }
    bytes.resize(size);
    return bytes;
  } catch (const std::bad_alloc&) {
    cannot_read(path, ENOMEM);
  } catch (const std::length_error&) {
    cannot_read(path, ENOMEM);
  }
}

// What is written to: a temporary file beside the one that it will replace, or the thing itself.
struct OutputFile::Target {
  std::string path;       // as the user named it
  std::string replaced;   // behind symbolic links
  std::string temporary;  // empty where there is none
  Descriptor file;

  ~Target() {
    if (!temporary.empty()) ::unlink(temporary.c_str());
  }

  static std::unique_ptr<Target> straight(const std::string& path) {
    return opened(path, {}, {}, ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  }
  static std::unique_ptr<Target> beside(const std::string& path, const std::string& replaced,
                                        std::optional<::mode_t> mode) {
    const std::string temporary = temporary_beside(replaced);
    auto target = opened(path, replaced, temporary,
                         ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode ? 0600 : 0666));
    if (mode && ::fchmod(target->file.number(), *mode) != 0) cannot_write(path);
    return target;
  }

 private:
  static std::unique_ptr<Target> opened(const std::string& path, const std::string& replaced,
                                        const std::string& temporary, int number) {
    if (number < 0) cannot_write(path);
    return std::unique_ptr<Target>(
        new Target{.path = path, .replaced = replaced, .temporary = temporary, .file = Descriptor(number)});
  }
};

OutputFile::OutputFile(const std::string& path) {
  const auto facts = facts_of(path);
  if (!facts) {
    if (errno != ENOENT || path.empty() || path.ends_with('/')) cannot_write(path);
    target_ = Target::beside(path, path, std::nullopt);
  } else if (!S_ISREG(facts->st_mode) || is_standard_output(*facts)) {
    target_ = Target::straight(path);
  } else {
    // a rename asks the folder only: a file that its owner protected from writing stays as it is
    if (::access(path.c_str(), W_OK) != 0) cannot_write(path);
    std::error_code error;
    const std::string replaced = std::filesystem::canonical(path, error).string();
    if (error) cannot_write(path, error.value());
    target_ = Target::beside(path, replaced, facts->st_mode & 07777U);
  }
}
OutputFile::~OutputFile() = default;

void OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ::ssize_t written = ::write(target_->file.number(), bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      cannot_write(target_->path);
    }
  }
}

void OutputFile::finish() {
  const bool replaces = !target_->temporary.empty();
  if (replaces && ::fsync(target_->file.number()) != 0) cannot_write(target_->path);
  if (!target_->file.close()) cannot_write(target_->path);
  if (!replaces) return;
  if (::rename(target_->temporary.c_str(), target_->replaced.c_str()) != 0) cannot_write(target_->path);
  target_->temporary.clear();
}

void write_file(const std::string& path, std::string_view bytes) {
  OutputFile file(path);
  file.write(bytes);
  file.finish();
}

}  // namespace neurone
