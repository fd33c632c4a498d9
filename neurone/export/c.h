// A model as C99 source: one file and its header, which need the C library and nothing else, keep nothing, and
// allocate nothing. What they hold is described in docs/export.md.
#pragma once

#include <string>

#include "neurone/model/model.h"

namespace neurone {

struct CSource {
  std::string header, source;
  std::string int8;  ///< how far predictions are from the model's, where weights have one byte: int8_text
};

struct COptions {
  std::string version{};  ///< of the program that writes
  bool int8 = false;      ///< weights of one byte (int8.h)
};

/// `name` is that of the files without their ending, and begins the names of all that they declare. Throws UsageError
/// for an activation of one's own, Error for a category that cannot be a text of C.
CSource format_c(const Model& model, const std::string& name, const COptions& options = {});

/// format_c into PATH.c and PATH.h, each written aside and renamed; returns what was written. `path` ends in .c.
/// Throws UsageError where PATH.h is somebody else's.
CSource save_c(const Model& model, const std::string& path, const COptions& options = {});

}  // namespace neurone
