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
#include <stdexcept>
#include <system_error>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/core/temporary_file.h"

namespace neurone {

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

// The name that a file has got since the last power cut is on the disk once its folder is.
void bring_to_disk_with_name(const std::string& path, const std::string& replaced) {
  std::filesystem::path folder = std::filesystem::path(replaced).parent_path();
  if (folder.empty()) folder = ".";
  const Descriptor opened(uninterrupted([&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!opened.is_open() && errno == EACCES) return;  // a folder to write into, not to look into
  if (!opened.is_open()) cannot_write(path);
  // file systems whose folders know no fsync say EINVAL
  if (uninterrupted([&] { return ::fsync(opened.number()); }) != 0 && errno != EINVAL && errno != ENOTSUP)
    cannot_write(path);
}

}  // namespace

std::string read_file(const std::string& path) {
  const Descriptor file(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (!file.is_open()) cannot_read(path);
  struct stat facts{};
  if (::fstat(file.number(), &facts) != 0) cannot_read(path);
  try {
    // one byte more than the size: the read that fills it is then followed by the one that finds the end
    std::string bytes(S_ISREG(facts.st_mode) ? static_cast<std::size_t>(facts.st_size) + 1 : 0, '\0');
    std::size_t size = 0;
    while (true) {
      if (size == bytes.size()) bytes.resize(2 * size + 4096);  // a pipe does not say how much will come
      const ::ssize_t count =
          uninterrupted([&] { return ::read(file.number(), bytes.data() + size, bytes.size() - size); });
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
  Descriptor lock;  // of the temporary file, to its end

  ~Target() {
    if (!temporary.empty()) ::unlink(temporary.c_str());
  }

  static std::unique_ptr<Target> straight(const std::string& path) {
    Descriptor file(uninterrupted([&] { return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC); }));
    if (!file.is_open()) cannot_write(path);
    return std::unique_ptr<Target>(
        new Target{.path = path, .replaced = {}, .temporary = {}, .file = std::move(file), .lock = Descriptor(-1)});
  }
  // The target is there before its temporary file is: nothing between can fail and leave it.
  static std::unique_ptr<Target> beside(const std::string& path, const std::string& replaced,
                                        std::optional<::mode_t> mode) {
    std::unique_ptr<Target> target(new Target{
        .path = path, .replaced = replaced, .temporary = {}, .file = Descriptor(-1), .lock = Descriptor(-1)});
    std::optional<TemporaryFile> made = temporary_file_beside(replaced, mode ? 0600 : 0666);
    if (!made) cannot_write(path);
    target->temporary = std::move(made->path);
    target->file = std::move(made->file);
    target->lock = std::move(made->lock);
    if (mode && ::fchmod(target->file.number(), *mode) != 0) cannot_write(path);
    return target;
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
    const ::ssize_t written =
        uninterrupted([&] { return ::write(target_->file.number(), bytes.data(), bytes.size()); });
    if (written < 0) cannot_write(target_->path);
    if (written == 0) cannot_write(target_->path, EIO);  // else it would be tried for ever
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void OutputFile::finish() {
  const bool replaces = !target_->temporary.empty();
  if (replaces && uninterrupted([&] { return ::fsync(target_->file.number()); }) != 0) cannot_write(target_->path);
  if (!target_->file.close()) cannot_write(target_->path);
  if (!replaces) return;
  if (::rename(target_->temporary.c_str(), target_->replaced.c_str()) != 0) cannot_write(target_->path);
  target_->temporary.clear();
  bring_to_disk_with_name(target_->path, target_->replaced);
}

void write_file(const std::string& path, std::string_view bytes) {
  OutputFile file(path);
  file.write(bytes);
  file.finish();
}

}  // namespace neurone
