// Files read in one call, and written, in one or several, so that a crash leaves the old one whole.
// Leaves the meaning of the bytes to others.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace neurone {

/// All bytes of a file. Throws Error ("model.safetensors: cannot be read: No such file or directory").
std::string read_file(const std::string& path);

/// Replaces a file, or makes it. The bytes go to a temporary file in the same folder; finish() brings them to the
/// disk, and only then do they take the target's name, which is brought to the disk as well: whoever looks, after a
/// power cut too, sees the old file or the new one, each whole. An existing file keeps its permission bits (not its
/// hard links), a new one gets what the umask allows, a symbolic link stays and its file is replaced. What is no
/// regular file (/dev/stdout, a pipe), or is the program's own standard output, is written straight into. Without
/// finish() the temporary file is removed; what a kill leaves, by remove_leftovers (temporary_file.h).
class OutputFile {
 public:
  /// Throws Error: "model.safetensors: cannot be written: Permission denied".
  explicit OutputFile(const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// These throw Error: "model.safetensors: cannot be written: No space left on device".
  void write(std::string_view bytes);
  void finish();

 private:
  struct Target;
  std::unique_ptr<Target> target_;
};

/// The same of bytes that are all there.
void write_file(const std::string& path, std::string_view bytes);

}  // namespace neurone
