// Sockets of TCP as the kernel has them: never blocking, closed when their owner goes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace neurone::server {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  ~FileDescriptor() { reset(); }
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      reset();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void reset();

 private:
  int number_ = -1;
};

struct Listening {
  FileDescriptor socket;
  std::uint16_t port = 0;  ///< the one that was chosen, where 0 was asked for
  bool is_local = false;   ///< this machine alone can reach it
};

/// Throws Error: "127.0.0.1:80: cannot be listened on: Permission denied".
Listening listen_on(const std::string& host, std::uint16_t port);

struct Accepted {
  FileDescriptor socket;  ///< not open: see `error`
  std::string client{};   ///< "127.0.0.1"
  int error = 0;          ///< errno; EAGAIN where nobody waits
};
Accepted accept_from(const FileDescriptor& listening);

/// What a call on a socket came to.
struct Transfer {
  std::size_t bytes = 0;
  bool blocked = false;  ///< nothing could be read or written just now
  bool ended = false;    ///< the other side has closed, or the connection is broken
};
Transfer receive(const FileDescriptor& socket, char* buffer, std::size_t size);
Transfer send(const FileDescriptor& socket, std::string_view bytes);

/// Says to the other side that no more comes.
void end_sending(const FileDescriptor& socket);

}  // namespace neurone::server
