// A client that sends the bytes that a test wants sent, and reads answers one by one.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace neurone::server {

struct Reply {
  unsigned status = 0;  ///< 0: the connection ended before an answer
  std::string head, body;
};

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~Client() { close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  /// Was it possible to send all of it?
  bool say(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void say_no_more() const { shutdown(socket_, SHUT_WR); }

  /// The next head; "" where the connection ends before it.
  std::string hear_head() {
    std::size_t end = 0;
    while ((end = heard_.find("\r\n\r\n")) == std::string::npos)
      if (!more()) return {};
    std::string head = heard_.substr(0, end + 2);
    heard_.erase(0, end + 4);
    return head;
  }
  /// The next answer.
  Reply hear() {
    Reply reply{.status = 0, .head = hear_head(), .body = {}};
    if (reply.head.empty()) return {};
    reply.status = static_cast<unsigned>(std::stoul(reply.head.substr(9, 3)));
    const std::size_t field = reply.head.find("Content-Length: ");
    const std::size_t size = field == std::string::npos ? 0 : std::stoul(reply.head.substr(field + 16));
    while (heard_.size() < size)
      if (!more()) return {};
    reply.body = heard_.substr(0, size);
    heard_.erase(0, size);
    return reply;
  }
  /// Has the server closed, with nothing more to say?
  bool ended() { return heard_.empty() && !more() && heard_.empty(); }

  Reply ask(std::string_view bytes) {
    say(bytes);
    return hear();
  }

 private:
  bool more() {
    std::array<char, 65536> buffer{};
    const ssize_t n = recv(socket_, buffer.data(), buffer.size(), 0);
    if (n > 0) heard_.append(buffer.data(), static_cast<std::size_t>(n));
    return n > 0;
  }

  int socket_;
  bool connected_ = false;
  std::string heard_;
};

inline std::string get_text(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}
inline std::string post_text(std::string_view target, std::string_view body, std::string_view fields = "") {
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
         std::string(fields) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace neurone::server
