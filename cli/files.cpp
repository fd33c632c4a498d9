// A file is known by its device and number, one that is not there yet by its folder's path and its name.
#include "cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "neurone/core/error.h"

namespace neurone::cli {
namespace {

namespace fs = std::filesystem;

// Is it a file, not standard input or output?
bool is_path(const NamedFile& file) {
  return file.path != "-" && !file.path.empty();
}

// Where a name leads to, behind symbolic links, that of a file that is not there yet too.
fs::path target_of(const fs::path& path) {
  std::error_code error;
  fs::path target = fs::absolute(path, error);
  constexpr int most = 40;  // as the system follows
  for (int links = 0; links < most && fs::is_symlink(fs::symlink_status(target, error)); ++links) {
    const fs::path next = fs::read_symlink(target, error);
    target = next.is_absolute() ? next : target.parent_path() / next;
  }
  const fs::path canonical = fs::weakly_canonical(target, error);
  return error ? target.lexically_normal() : canonical;
}

// Is it the same file? Two pipes or devices never are.
bool is_same(const fs::path& a, const fs::path& b) {
  struct stat of_a{}, of_b{};
  const bool has_a = ::stat(a.c_str(), &of_a) == 0, has_b = ::stat(b.c_str(), &of_b) == 0;
  if (has_a && has_b) return S_ISREG(of_a.st_mode) && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
  return !has_a && !has_b && target_of(a) == target_of(b);
}

// What is read of a folder: models by serve, IDX files by the others.
bool is_read_from_folder(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.ends_with(".safetensors") || name.find("-ubyte") != std::string::npos;
}

bool is_in_folder(const fs::path& folder, const fs::path& file) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return false;
  const fs::path target = target_of(file);
  for (const fs::path& each : {fs::absolute(file, error).lexically_normal(), target})
    if (is_read_from_folder(each) && fs::equivalent(each.parent_path(), folder, error)) return true;
  const auto entries = fs::directory_iterator(folder, error);
  return std::ranges::any_of(entries, [&](const fs::directory_entry& each) {
    return is_read_from_folder(each.path()) && is_same(each.path(), file);
  });
}

// What the program prints goes into this very file.
bool is_printed_into(const fs::path& file) {
  struct stat of_file{};
  if (::stat(file.c_str(), &of_file) != 0 || !S_ISREG(of_file.st_mode)) return false;
  return std::ranges::any_of(std::array{STDOUT_FILENO, STDERR_FILENO}, [&](int number) {
    struct stat facts{};
    return ::fstat(number, &facts) == 0 && facts.st_dev == of_file.st_dev && facts.st_ino == of_file.st_ino;
  });
}

// --- contents ------------------------------------------------------------------------------------------------------

// The first bytes of a regular file; what comes through a pipe comes once.
std::string beginning_of_file(const std::string& path) {
  struct stat facts{};
  if (::stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return "";
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "";
  std::array<char, 256> bytes{};
  const ssize_t size = ::read(file, bytes.data(), bytes.size());
  ::close(file);
  return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

// As far as the first bytes tell; nothing where they do not.
std::optional<Content> content_of(const std::string& path) {
  const std::string bytes = beginning_of_file(path);
  constexpr std::size_t length = 8;  // of the header, little-endian, below 2^32; then its {
  if (bytes.size() > length && bytes[length] == '{' && bytes.substr(length / 2, length / 2) == std::string(4, '\0'))
    return Content::model;
  const bool ends_in_onnx = fs::path(path).extension() == ".onnx";
  if (ends_in_onnx && bytes.starts_with('\x08')) return Content::onnx;  // field 1, the version of the format
  constexpr std::string_view gzip = "\x1f\x8b";
  const bool is_text =
      std::ranges::none_of(bytes, [](char c) { return c >= 0 && c < ' ' && c != '\n' && c != '\r' && c != '\t'; });
  if ((!bytes.empty() && is_text) || bytes.starts_with(gzip)) return Content::table;
  return std::nullopt;
}

std::string name_of_content(Content content) {
  switch (content) {
    case Content::table:
      return "a table";
    case Content::model:
      return "a model";
    case Content::onnx:
      return "an ONNX file";
    case Content::any:
      break;
  }
  return "";
}

// What can be done with it instead.
std::string advice_for(Content content, const std::string& path) {
  switch (content) {
    case Content::table:
      return "neurone describe " + path + " shows it";
    case Content::model:
      return "neurone inspect " + path + " shows it";
    case Content::onnx:
      return "neurone import " + path + " MODEL.safetensors makes a model of it";
    case Content::any:
      break;
  }
  return "";
}

}  // namespace

void check_overwriting(const Files& files) {
  for (std::size_t i = 0; i < files.written.size(); ++i) {
    const NamedFile& out = files.written[i];
    if (!is_path(out)) continue;
    for (const NamedFile& in : files.read)
      if (is_path(in) && in.option != out.may_replace &&
          (is_same(out.path, in.path) || is_in_folder(in.path, out.path)))
        throw UsageError(out.option + " " + out.path + " is one of the files to read, and would be overwritten");
    for (std::size_t k = 0; k < i; ++k)
      if (is_path(files.written[k]) && is_same(out.path, files.written[k].path))
        throw UsageError(out.path + ": is to be written twice, by " + files.written[k].option + " and by " +
                         out.option);
  }
  for (const NamedFile& in : files.read)
    if (is_path(in) && is_printed_into(in.path))
      throw UsageError(in.path + ": is one of the files to read, and what is printed would go into it");
}

void check_contents(const Files& files) {
  for (const NamedFile& file : files.read) {
    if (file.content == Content::any || !is_path(file)) continue;
    const std::optional<Content> found = content_of(file.path);
    if (!found || *found == file.content) continue;
    throw Error(file.path, "is " + name_of_content(*found) + ", and " + file.option + " is to be " +
                               name_of_content(file.content) + ": " + advice_for(*found, file.path));
  }
}

}  // namespace neurone::cli
