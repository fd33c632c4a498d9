// A table that is read block after block, so that memory does not grow with the file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "neurone/data/bytes.h"
#include "neurone/data/csv_parser.h"
#include "neurone/data/table.h"

namespace neurone {

class CsvBlocks {
 public:
  /// The table in a file, or in standard input for "-"; gzip is unpacked. A block is made of about `block_size` bytes
  /// of text, more where a row is longer. Throws what ByteStream and CsvParser throw.
  explicit CsvBlocks(const std::string& path, const CsvOptions& options = {}, std::size_t block_size = 1 << 18);

  /// The next rows, at least one; nothing at the end. The blocks together are the table of read_csv, and what is
  /// wrong with a row is said in the same words, though the rows before it came; only the first block is looked at to
  /// find the separator.
  std::optional<Table> next();

 private:
  void read_up_to(std::size_t size);

  ByteStream bytes_;
  CsvParser parser_;
  std::size_t block_size_;
  std::string text_;    // read and not yet parsed
  bool ended_ = false;  // nothing comes after the text
};

}  // namespace neurone
