#include "neurone/data/encoding.h"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <utility>

#include "neurone/core/error.h"

namespace neurone {
namespace {

using namespace std::string_view_literals;

// "latin-1" as iconv calls it, in capitals: LATIN1.
std::string name_for_iconv(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
  if (name.starts_with("LATIN-") || name.starts_with("LATIN_")) name.erase(5, 1);
  return name == "UTF8" ? "UTF-8" : name;
}

}  // namespace

std::optional<std::string> encoding_by_mark(std::string_view beginning) {
  constexpr std::array<std::pair<std::string_view, const char*>, 4> marks{{{"\xff\xfe\0\0"sv, "UTF-32"},
                                                                           {"\0\0\xfe\xff"sv, "UTF-32"},
                                                                           {"\xff\xfe"sv, "UTF-16"},
                                                                           {"\xfe\xff"sv, "UTF-16"}}};
  for (const auto& [mark, encoding] : marks)
    if (beginning.starts_with(mark)) return encoding;
  return {};
}

void Utf8Converter::Closer::operator()(void* converter) const {
  iconv_close(converter);
}

Utf8Converter::Utf8Converter(const std::string& encoding, std::string source)
    : encoding_(encoding), source_(std::move(source)) {
  const std::string name = name_for_iconv(encoding);
  if (name == "UTF-8") return;
  const iconv_t opened = iconv_open("UTF-8", name.c_str());
  if (opened == iconv_t(-1))  // NOLINT(*-int-to-ptr): as POSIX has it
    throw UsageError("unknown encoding '" + encoding +
                     "', expected one that iconv knows, such as utf-8, latin-1, windows-1252 or utf-16");
  converter_.reset(opened);
}

void Utf8Converter::append(std::string_view bytes, std::string& text) {
  if (converter_ == nullptr) {
    text += bytes;
    return;
  }
  std::string joined;
  if (!rest_.empty()) {
    joined = std::exchange(rest_, {}).append(bytes);
    bytes = joined;
  }
  constexpr std::size_t room = 1 << 16, longest_character = 16;
  std::array<char, room> out;                    // NOLINT(*-member-init): written by iconv
  char* from = const_cast<char*>(bytes.data());  // NOLINT(*-const-cast): POSIX; iconv does not write there
  std::size_t left = bytes.size();
  while (left > 0) {
    char* to = out.data();
    std::size_t free = out.size();
    const std::size_t before = left;
    const std::size_t result = iconv(converter_.get(), &from, &left, &to, &free);
    const int problem = result == static_cast<std::size_t>(-1) ? errno : 0;
    text.append(out.data(), out.size() - free);
    converted_ += before - left;
    if (problem == EINVAL && left <= longest_character) {
      rest_.assign(from, left);
      return;
    }
    if (problem != 0 && problem != E2BIG) refuse();
  }
}

void Utf8Converter::finish() const {
  if (!rest_.empty()) refuse();
}

void Utf8Converter::refuse() const {
  throw Error(source_,
              fmt::format("byte {} is no text in {} (--encoding says in which it is)", converted_ + 1, encoding_));
}

std::string to_utf8(std::string bytes, const std::optional<std::string>& encoding, const std::string& source) {
  const std::optional<std::string> known = encoding ? encoding : encoding_by_mark(bytes);
  if (!known) return bytes;
  Utf8Converter converter(*known, source);
  std::string text;
  text.reserve(bytes.size());
  converter.append(bytes, text);
  converter.finish();
  return text;
}

}  // namespace neurone
