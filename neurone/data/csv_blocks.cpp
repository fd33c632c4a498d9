// A block is the text up to the last line end that was read. Where that line end turns out to stand inside quotes,
// more is read: only the parser knows, because a quote inside an unquoted cell is text.
#include "neurone/data/csv_blocks.h"

#include <span>
#include <string_view>
#include <utility>

#include "neurone/data/csv_layout.h"

namespace neurone {

CsvBlocks::CsvBlocks(const std::string& path, const TableFormat& format, const SoughtColumns& sought,
                     std::size_t block_size)
    : bytes_(path),
      source_(source_name(path)),
      encoding_(format.encoding),
      parser_(source_, format, sought),
      block_size_(block_size) {
  if (encoding_) converter_.emplace(*encoding_, source_);
}

void CsvBlocks::read_up_to(std::size_t size) {
  const std::size_t before = text_.size();
  if (ended_ || before >= size) return;
  std::string bytes =
      converter_ ? std::string() : std::move(text_);  // as they come, or behind the text that is there
  const std::size_t kept = bytes.size();
  bytes.resize(kept + size - before);
  const std::size_t count = bytes_.read(std::span(bytes).subspan(kept));
  ended_ = kept + count < bytes.size();
  bytes.resize(kept + count);
  if (!converter_) {
    const auto marked = begun_ || encoding_ ? std::nullopt : encoding_by_mark(bytes);
    if (!marked) {
      text_ = std::move(bytes);
      return;
    }
    converter_.emplace(*marked, source_);
    text_.clear();
  }
  converter_->append(bytes, text_);
  if (ended_) converter_->finish();
}

// Behind the lines to be skipped, what is enough to see how the table is written.
void CsvBlocks::begin() {
  for (std::size_t size = block_size_; parser_.skips() && !is_last(0); size *= 2) {
    read_up_to(size);
    const std::size_t skipped = parser_.behind_skipped(text_, ended_);
    text_.erase(0, skipped);
    if (skipped > 0) size = block_size_ / 2;
  }
  std::optional<std::size_t> enough;
  for (std::size_t size = block_size_; !(enough = size_of_beginning(text_, ended_)); size *= 2) read_up_to(size);
  parser_.look(std::string_view(text_).substr(0, *enough), ended_ && *enough == text_.size());
  begun_ = true;
}

std::optional<Table> CsvBlocks::next() {
  if (!begun_) begin();
  for (std::size_t size = block_size_; !is_last(0); size *= 2) {
    read_up_to(size);
    const std::size_t end =
        is_last(size) ? text_.size() : behind_last_line_end(std::string_view(text_).substr(0, size));
    if (end == 0) continue;
    try {
      Table table = parser_.parse(text_.substr(0, end));
      text_.erase(0, end);
      size = block_size_ / 2;
      if (table.rows() > 0) return table;
    } catch (const UnclosedQuote&) {
      if (end == text_.size() && ended_) throw;
    }
  }
  parser_.finish();
  return std::nullopt;
}

}  // namespace neurone
