// A block is the text up to the last line end that was read. Where that line end turns out to stand inside quotes,
// more is read: only the parser knows, because a quote inside an unquoted cell is text.
#include "neurone/data/csv_blocks.h"

#include <string_view>

#include "neurone/data/csv_rows.h"

namespace neurone {
namespace {

// Where the text behind the last line end begins; 0 where there is none. A CR at the very end may be half of one.
std::size_t behind_last_line_end(std::string_view text) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text.find_last_of("\n\r") + 1;
}

}  // namespace

CsvBlocks::CsvBlocks(const std::string& path, const CsvOptions& options, std::size_t block_size)
    : bytes_(path), parser_(source_name(path), options), block_size_(block_size) {}

void CsvBlocks::read_up_to(std::size_t size) {
  const std::size_t before = text_.size();
  if (ended_ || before >= size) return;
  text_.resize(size);
  const std::size_t count = bytes_.read(std::span(text_).subspan(before));
  text_.resize(before + count);
  ended_ = before + count < size;
}

std::optional<Table> CsvBlocks::next() {
  for (std::size_t size = block_size_; !ended_ || !text_.empty(); size *= 2) {
    read_up_to(size);
    const std::size_t end = ended_ ? text_.size() : behind_last_line_end(text_);
    if (end == 0) continue;
    try {
      Table table = parser_.parse(text_.substr(0, end));
      text_.erase(0, end);
      size = block_size_ / 2;
      if (table.rows() > 0) return table;
    } catch (const UnclosedQuote&) {
      if (ended_) throw;
    }
  }
  parser_.finish();
  return std::nullopt;
}

}  // namespace neurone
