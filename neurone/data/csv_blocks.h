// A table that is read block after block, so that memory does not grow with the file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "neurone/data/bytes.h"
#include "neurone/data/csv_parser.h"
#include "neurone/data/encoding.h"
#include "neurone/data/table.h"

namespace neurone {

class CsvBlocks {
 public:
  /// The table in a file, or in standard input for "-"; gzip is unpacked. A block is made of about `block_size` bytes
  /// of text, more where a row is longer. Throws what ByteStream and CsvParser throw.
  explicit CsvBlocks(const std::string& path, const TableFormat& format = {}, const SoughtColumns& sought = {},
                     std::size_t block_size = 1 << 18);

  /// The next rows, at least one; nothing at the end. The blocks together are the table of read_csv, and what is
  /// wrong with a row is said in the same words, though the rows before it came.
  std::optional<Table> next();

 private:
  void read_up_to(std::size_t size);
  void begin();
  bool is_last(std::size_t size) const { return ended_ && text_.size() <= size; }

  ByteStream bytes_;
  std::string source_;
  std::optional<std::string> encoding_;
  std::optional<Utf8Converter> converter_;
  CsvParser parser_;
  std::size_t block_size_;
  std::string text_;    // read and not yet parsed
  bool begun_ = false;  // the beginning was looked at
  bool ended_ = false;  // nothing comes after the text
};

}  // namespace neurone
