#include "server/http_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "server/http_grammar.h"

namespace neurone::server {
namespace {

// A line ends with CR LF. Either alone, and any other control character but a tab, is what two readers may see
// differently.
bool are_plain(std::string_view before, std::string_view bytes) {
  char last = before.empty() ? '\0' : before.back();
  for (const char c : bytes) {
    constexpr unsigned char first_printed = 0x20, del = 0x7f;
    const auto code = static_cast<unsigned char>(c);
    const bool is_control = (code < first_printed && c != '\t' && c != '\r' && c != '\n') || code == del;
    if (is_control || (last == '\r') != (c == '\n')) return false;
    last = c;
  }
  return true;
}

// chunk-ext = *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] ), RFC 9112, 7.1.1
bool are_chunk_extensions(std::string_view text) {
  const auto skip_space = [&] { text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size())); };
  const auto take_token = [&] {
    const std::string_view token = text.substr(0, text.find_first_of(" \t;=\""));
    text.remove_prefix(token.size());
    return is_token(token);
  };
  const auto take_quoted = [&] {
    for (std::size_t i = 1; i < text.size(); ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == '"') {
        text.remove_prefix(i + 1);
        return true;
      }
    }
    return false;
  };
  while (!text.empty()) {
    skip_space();
    if (!text.starts_with(';')) return false;
    text.remove_prefix(1);
    skip_space();
    if (!take_token()) return false;
    const std::string_view behind_name = text;
    skip_space();
    if (!text.starts_with('=')) {
      text = behind_name;
      continue;
    }
    text.remove_prefix(1);
    skip_space();
    if (!(text.starts_with('"') ? take_quoted() : take_token())) return false;
  }
  return true;
}

constexpr std::size_t most_digits = 16;  // of a chunk's size: 64 bits
constexpr std::string_view line_end = "\r\n";

}  // namespace

std::size_t HttpReader::take(std::string_view bytes) {
  std::size_t taken = 0;
  const bool had_head = has_head();
  try {
    while (!is_done() && taken < bytes.size() && has_head() == had_head) taken += take_some(bytes.substr(taken));
  } catch (const Refusal& refusal) {
    refusal_ = error_response(refusal.status(), refusal.what());
  }
  return taken;
}

std::size_t HttpReader::take_some(std::string_view bytes) {
  return state_ == State::body || state_ == State::chunk ? take_body(bytes) : take_line(bytes);
}

// --- lines -------------------------------------------------------------------------------------------------------

std::size_t HttpReader::take_line(std::string_view bytes) {
  const std::size_t feed = bytes.find('\n');
  const bool is_whole = feed != std::string_view::npos;
  if (is_whole) bytes = bytes.substr(0, feed + 1);
  const std::size_t room = room_for_line() - line_.size();
  if (!are_plain(line_, bytes.substr(0, room)))
    throw Refusal(400, "not HTTP: a control character, or a line that does not end with CR LF");
  if (bytes.size() > room) refuse_long_line();
  if (is_whole && line_.empty()) {
    take_whole_line(bytes.substr(0, bytes.size() - line_end.size()));
  } else {
    line_ += bytes;
    if (!is_whole) return bytes.size();
    const std::string whole = std::exchange(line_, {});
    take_whole_line(std::string_view(whole).substr(0, whole.size() - line_end.size()));
  }
  return bytes.size();
}

std::size_t HttpReader::room_for_line() const {
  if (state_ == State::chunk_end) return line_end.size();
  return state_ == State::chunk_size ? most_digits + room_ + line_end.size() : room_;
}

void HttpReader::refuse_long_line() const {
  switch (state_) {
    case State::request_line:
      throw Refusal(414, fmt::format("the address is longer than {} bytes", limits_.head));
    case State::chunk_end:
      throw Refusal(400, "a chunk is longer than its size");
    case State::chunk_size:
      throw Refusal(400, fmt::format("the extensions of chunks are longer than {} bytes", limits_.head));
    default:
      throw Refusal(431, fmt::format("the fields are longer than {} bytes", limits_.head));
  }
}

void HttpReader::take_whole_line(std::string_view line) {
  if (state_ < State::body || state_ == State::trailers) room_ -= line.size() + line_end.size();
  switch (state_) {
    case State::request_line:
      if (line.empty()) return;  // RFC 9112, 2.2
      head_.take_request_line(line);
      state_ = State::fields;
      return;
    case State::fields:
      if (!line.empty()) return head_.take_field(line);
      head_.finish();
      return begin_body();
    case State::chunk_size:
      return begin_chunk(line);
    case State::chunk_end:
      if (!line.empty()) throw Refusal(400, "a chunk is longer than its size");
      state_ = State::chunk_size;
      return;
    case State::trailers:
      if (!line.empty()) return HttpHead::check_trailer(line);
      state_ = State::done;
      return;
    case State::body:
    case State::chunk:
    case State::done:
      return;
  }
}

// --- the body ----------------------------------------------------------------------------------------------------

void HttpReader::begin_body() {
  room_ = limits_.head;
  rest_ = head_.body_size();
  if (rest_ > limits_.body) throw Refusal(413, fmt::format("the body is longer than {} bytes", limits_.body));
  state_ = head_.is_chunked() ? State::chunk_size : rest_ > 0 ? State::body : State::done;
  constexpr std::size_t most = 64U << 10U;  // a client may promise more than it sends
  body_.reserve(std::min<std::size_t>(rest_, most));
}

// chunk-size [ chunk-ext ]
void HttpReader::begin_chunk(std::string_view line) {
  constexpr int hexadecimal = 16;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), rest_, hexadecimal);
  const auto digits = static_cast<std::size_t>(end - line.data());
  if (error != std::errc() || digits > most_digits)
    throw Refusal(400, "expected the size of a chunk, a hexadecimal number of 16 digits at most");
  const std::string_view extensions = line.substr(digits);
  if (!are_chunk_extensions(extensions)) throw Refusal(400, "the size of a chunk is followed by no extension");
  if (extensions.size() > room_) refuse_long_line();
  room_ -= extensions.size();
  if (rest_ > limits_.body - body_.size())
    throw Refusal(413, fmt::format("the body is longer than {} bytes", limits_.body));
  state_ = rest_ > 0 ? State::chunk : State::trailers;
}

std::size_t HttpReader::take_body(std::string_view bytes) {
  const std::string_view part = bytes.substr(0, rest_);
  body_ += part;
  rest_ -= part.size();
  if (rest_ == 0) state_ = state_ == State::chunk ? State::chunk_end : State::done;
  return part.size();
}

Request HttpReader::request() const {
  Request request = head_.request();
  request.body = body_;
  return request;
}

}  // namespace neurone::server
