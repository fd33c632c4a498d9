// The files that a verb reads and writes: none may be both, and what is read has to be what it is taken for.
// How they are read and written is left to others.
#pragma once

#include <string>
#include <vector>

namespace neurone::cli {

enum class FileUse { read, written };
enum class Content { any, table, model, onnx };

struct NamedFile {
  std::string option;         ///< that names it: "--output", "MODEL"
  std::string path;           ///< "-": standard input or output
  Content content{};          ///< what is expected in it
  std::string may_replace{};  ///< of a file that is written: the option whose file it may take the place of
};

struct Files {
  std::vector<NamedFile> read, written;
};

/// Throws UsageError where a file would be written that is read, or written twice: by the same name, by another
/// spelling of it, through symbolic or hard links, as one of the models or images in a folder that is read, or by
/// standard output. What is no regular file, a pipe or /dev/null, is never meant.
void check_overwriting(const Files& files);

/// Throws Error where a table stands in the place of a model, or the other way round, with what it is good for.
void check_contents(const Files& files);

}  // namespace neurone::cli
