// Files that take another's place once they are whole, and what is left of them where their writer was killed.
// Writing into them and putting them in their place is left to file.cpp; the choice is in docs/decisions/0021.
//
// Their names are .neurone-BOOT-NUMBER.tmp: 16 hexadecimal digits that tell this start of this machine from others,
// and 16 by chance. As long as the writer lives it holds a lock (flock) on the file, which the kernel takes back
// whatever ends the process.
#pragma once

#include <optional>
#include <string>

#include "neurone/core/descriptor.h"

namespace neurone {

struct TemporaryFile {
  std::string path;
  Descriptor file;  ///< open for writing
  Descriptor lock;  ///< the same once more: keeps the lock when `file` is closed
};

/// A new file in the folder of `target`, locked, with these permission bits. Nothing, with errno, where none can be
/// made.
std::optional<TemporaryFile> temporary_file_beside(const std::string& target, unsigned mode);

/// Removes the temporary files in the folder of `output` whose writers are gone. One whose writer lives stays, and so
/// does one that a process on another machine may be writing. Never throws: what cannot be removed stays.
void remove_leftovers(const std::string& output) noexcept;

}  // namespace neurone
