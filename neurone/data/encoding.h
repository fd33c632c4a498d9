// Text in some encoding to UTF-8, stretch after stretch, by iconv of the C library.
// Leaves to the readers where the bytes come from, and to cells.h whether what is said to be UTF-8 is.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace neurone {

/// The encoding that a byte order mark tells, where it is not UTF-8's: "UTF-16" or "UTF-32".
std::optional<std::string> encoding_by_mark(std::string_view beginning);

class Utf8Converter {
 public:
  /// `source` is for messages. Throws UsageError for an encoding that the C library does not know.
  Utf8Converter(const std::string& encoding, std::string source);

  /// Appends the next bytes to the text; those of a character that is cut short wait for the following ones. Throws
  /// Error for bytes that are no text in this encoding: "train.csv: byte 41 is no text in utf-16".
  void append(std::string_view bytes, std::string& text);
  /// To be called behind the last bytes. Throws Error where a character was cut short.
  void finish() const;

 private:
  struct Closer {
    void operator()(void* converter) const;
  };

  [[noreturn]] void refuse() const;

  std::string encoding_, source_;
  std::unique_ptr<void, Closer> converter_;  // iconv_t; none for UTF-8, which is left as it is
  std::string rest_;                         // of a character that is cut short
  std::size_t converted_ = 0;                // bytes
};

/// The text of bytes that are there as a whole.
std::string to_utf8(std::string bytes, const std::optional<std::string>& encoding, const std::string& source);

}  // namespace neurone
