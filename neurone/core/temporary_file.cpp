// A lock says that the writer lives; the name and the kind of file system say whether the lock can be believed.
#include "neurone/core/temporary_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string_view>
#include <system_error>

namespace neurone {
namespace {

constexpr std::string_view name_begins = ".neurone-", name_ends = ".tmp";
constexpr std::size_t id_digits = 16;
constexpr std::string_view hexadecimal = "0123456789abcdef";
constexpr std::string_view unknown_boot = "0000000000000000";

std::string digits_of(std::uint64_t number) {
  std::string digits(id_digits, '0');
  for (std::size_t i = id_digits; i-- > 0; number >>= 4U) digits[i] = hexadecimal[number & 0xFU];
  return digits;
}

// Of this start of this machine, the same in all its containers: the beginning of Linux's boot_id.
std::string boot_digits() {
  const Descriptor file(::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
  std::array<char, 64> text{};
  const ::ssize_t size = file.is_open() ? ::read(file.number(), text.data(), text.size()) : 0;
  std::string digits;
  for (::ssize_t i = 0; i < size && digits.size() < id_digits; ++i)
    if (hexadecimal.find(text[static_cast<std::size_t>(i)]) != std::string_view::npos)
      digits += text[static_cast<std::size_t>(i)];
  return digits.size() == id_digits ? digits : std::string(unknown_boot);
}

// BOOT in the name; nothing where it is no name of ours.
std::optional<std::string_view> boot_in(std::string_view name) {
  constexpr std::size_t boot = name_begins.size(), dash = boot + id_digits, ending = dash + 1 + id_digits;
  if (name.size() != ending + name_ends.size() || !name.starts_with(name_begins) || !name.ends_with(name_ends) ||
      name[dash] != '-')
    return {};
  for (const std::size_t first : {boot, dash + 1})
    if (name.substr(first, id_digits).find_first_not_of(hexadecimal) != std::string_view::npos) return {};
  return name.substr(boot, id_digits);
}

// Does only this machine write to the file system, so that whoever holds a lock is seen here?
bool is_of_this_machine_alone(const Descriptor& file) {
  // as in Linux's magic.h: ext2 to ext4, XFS, Btrfs, tmpfs, ramfs, overlay, F2FS, ZFS, bcachefs
  constexpr std::array<std::uint32_t, 9> kinds{0xEF53,     0x58465342, 0x9123683E, 0x01021994, 0x858458F6,
                                               0x794C7630, 0xF2F52010, 0x2FC12FC1, 0xCA451A4E};
  struct statfs facts{};
  return ::fstatfs(file.number(), &facts) == 0 &&
         std::ranges::find(kinds, static_cast<std::uint32_t>(facts.f_type)) != kinds.end();
}

bool is_same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

// Whoever writes holds the lock alone; that it can be shared here says that nobody writes. Read permission is enough
// for this lock, on NFS as well.
void remove_if_left(const std::string& path, bool is_of_this_boot) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat locked{}, named{};
  if (!file.is_open() || ::fstat(file.number(), &locked) != 0 || !S_ISREG(locked.st_mode)) return;
  if (!is_of_this_boot && !is_of_this_machine_alone(file)) return;
  if (::flock(file.number(), LOCK_SH | LOCK_NB) != 0) return;
  if (::lstat(path.c_str(), &named) == 0 && is_same(locked, named)) ::unlink(path.c_str());
}

}  // namespace

std::optional<TemporaryFile> temporary_file_beside(const std::string& target, unsigned mode) {
  const std::filesystem::path folder = std::filesystem::path(target).parent_path();
  const std::string begin = std::string(name_begins) + boot_digits() + '-';
  std::random_device device;
  while (true) {
    const std::uint64_t number = (std::uint64_t{device()} << 32) | device();
    TemporaryFile made{.path = (folder / (begin + digits_of(number) + std::string(name_ends))).string(),
                       .file = Descriptor(-1),
                       .lock = Descriptor(-1)};
    made.file = Descriptor(
        uninterrupted([&] { return ::open(made.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode); }));
    if (!made.file.is_open()) return {};
    // Before the lock another run may have taken the file for a leftover: then there is a next one. On a file system
    // without locks nobody takes it for anything.
    struct stat facts{};
    const bool is_taken = ::flock(made.file.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    const bool is_known = ::fstat(made.file.number(), &facts) == 0;
    if (is_known && (is_taken || facts.st_nlink == 0)) {
      ::unlink(made.path.c_str());
      continue;
    }
    if (is_known) made.lock = Descriptor(::fcntl(made.file.number(), F_DUPFD_CLOEXEC, 0));
    if (made.lock.is_open()) return made;
    const int code = errno;
    ::unlink(made.path.c_str());
    errno = code;
    return {};
  }
}

void remove_leftovers(const std::string& output) noexcept try {
  std::filesystem::path folder = std::filesystem::path(output).parent_path();
  if (folder.empty()) folder = ".";
  const std::string here = boot_digits();
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(folder, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (const std::optional<std::string_view> boot = boot_in(name))
      remove_if_left(entry->path().string(), *boot == here && here != unknown_boot);
  }
} catch (...) {  // not enough memory for a list of names
}

}  // namespace neurone
