#include "tests/failures/failing_calls.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <string_view>

namespace neurone::failures {
namespace {

std::atomic<std::size_t> calls{0}, disturbed{0};  // 0: none
Fate fate_of_disturbed = Fate::fails;
int error_of_disturbed = 0;
std::atomic<const char*> name_of_disturbed{""};

// Is it this call's turn?
bool is_disturbed(const char* name) {
  const std::size_t number = ++calls;
  if (number != disturbed) return false;
  name_of_disturbed = name;
  if (fate_of_disturbed == Fate::kills) ::kill(::getpid(), SIGKILL);
  return true;
}

// Whether a call that is disturbed fails; one that cannot be short is then as usual.
bool fails(const char* name) {
  if (!is_disturbed(name) || fate_of_disturbed != Fate::fails) return false;
  errno = error_of_disturbed;
  return true;
}

}  // namespace

void disturb_call(std::size_t n, Fate fate, int error) {
  disturbed = 0;
  calls = 0;
  name_of_disturbed = "";
  fate_of_disturbed = fate;
  error_of_disturbed = error;
  disturbed = n;
}

std::size_t leave_calls_alone() {
  disturbed = 0;
  return calls;
}

const char* disturbed_call() {
  return name_of_disturbed;
}

}  // namespace neurone::failures

// NOLINTBEGIN(bugprone-reserved-identifier, cert-dcl*): the linker wants these names
extern "C" {

int __real_open(const char* path, int flags, ...);
int __real_close(int file);
int __real_fchmod(int file, mode_t mode);
int __real_flock(int file, int operation);
int __real_fstat(int file, struct stat* facts);
int __real_rename(const char* from, const char* to);
int __real_unlink(const char* path);
int __real_access(const char* path, int mode);
ssize_t __real_read(int file, void* bytes, size_t size);
ssize_t __real_write(int file, const void* bytes, size_t size);
FILE* __real_fopen(const char* path, const char* mode);

namespace failures = neurone::failures;

int __wrap_open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  return failures::fails("open") ? -1 : __real_open(path, flags, mode);
}

int __wrap_close(int file) {
  if (!failures::fails("close")) return __real_close(file);
  const int error = errno;
  __real_close(file);  // a close that fails has closed
  errno = error;
  return -1;
}

int __wrap_fsync(int) {
  return failures::fails("fsync") ? -1 : 0;  // not the real one: no power is cut here, and it takes its time
}
int __wrap_fchmod(int file, mode_t mode) {
  return failures::fails("fchmod") ? -1 : __real_fchmod(file, mode);
}
int __wrap_flock(int file, int operation) {
  return failures::fails("flock") ? -1 : __real_flock(file, operation);
}
int __wrap_fstat(int file, struct stat* facts) {
  return failures::fails("fstat") ? -1 : __real_fstat(file, facts);
}
int __wrap_rename(const char* from, const char* to) {
  return failures::fails("rename") ? -1 : __real_rename(from, to);
}
int __wrap_unlink(const char* path) {
  return failures::fails("unlink") ? -1 : __real_unlink(path);
}
int __wrap_access(const char* path, int mode) {
  return failures::fails("access") ? -1 : __real_access(path, mode);
}
FILE* __wrap_fopen(const char* path, const char* mode) {
  return failures::fails("fopen") ? nullptr : __real_fopen(path, mode);
}

ssize_t __wrap_read(int file, void* bytes, size_t size) {
  if (!failures::is_disturbed("read")) return __real_read(file, bytes, size);
  if (failures::fate_of_disturbed == failures::Fate::is_short && size > 1) return __real_read(file, bytes, size / 2);
  if (failures::fate_of_disturbed != failures::Fate::fails) return __real_read(file, bytes, size);
  errno = failures::error_of_disturbed;
  return -1;
}

ssize_t __wrap_write(int file, const void* bytes, size_t size) {
  using failures::Fate;
  if (!failures::is_disturbed("write")) return __real_write(file, bytes, size);
  const Fate fate = failures::fate_of_disturbed;
  if (fate == Fate::fails) {
    errno = failures::error_of_disturbed;
    return -1;
  }
  const ssize_t written = __real_write(file, bytes, size > 1 ? size / 2 : size);
  if (fate == Fate::kills_half_way) ::kill(::getpid(), SIGKILL);
  return written;
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier, cert-dcl*)
