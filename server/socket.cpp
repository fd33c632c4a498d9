#include "server/socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "neurone/core/error.h"

namespace neurone::server {
namespace {

Transfer transfer_of(ssize_t count) {
  if (count > 0) return {.bytes = static_cast<std::size_t>(count)};
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {.blocked = true};
  return {.ended = true};
}

std::string address_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* number = address.ss_family == AF_INET6
                           ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr)
                           : static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr);
  return inet_ntop(address.ss_family, number, text.data(), text.size()) != nullptr ? text.data() : "";
}

}  // namespace

void FileDescriptor::reset() {
  if (number_ >= 0) close(number_);
  number_ = -1;
}

Listening listen_on(const std::string& host, std::uint16_t port) {
  const std::string place = host + ":" + std::to_string(port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  if (const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list); code != 0)
    throw Error(place, std::string("cannot be listened on: ") + gai_strerror(code));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(list, freeaddrinfo);

  FileDescriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  constexpr int backlog = 4096;
  setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (!socket.is_open() || bind(socket.number(), found->ai_addr, found->ai_addrlen) != 0 ||
      listen(socket.number(), backlog) != 0)
    throw Error(place, std::string("cannot be listened on: ") + std::strerror(errno));

  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address), &size);
  const std::uint16_t chosen = address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                                             : reinterpret_cast<sockaddr_in&>(address).sin_port;
  constexpr unsigned first_byte = 24;
  const bool is_local =
      address.ss_family == AF_INET6
          ? IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<sockaddr_in6&>(address).sin6_addr)
          : ntohl(reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr) >> first_byte == IN_LOOPBACKNET;
  return {.socket = std::move(socket), .port = ntohs(chosen), .is_local = is_local};
}

Accepted accept_from(const FileDescriptor& listening) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  FileDescriptor socket(
      accept4(listening.number(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket.is_open()) return {.socket = {}, .error = errno};
  const int on = 1;
  setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return {.socket = std::move(socket), .client = address_text(address)};
}

Transfer receive(const FileDescriptor& socket, char* buffer, std::size_t size) {
  ssize_t count = -1;
  do count = recv(socket.number(), buffer, size, 0);
  while (count < 0 && errno == EINTR);
  return transfer_of(count);
}

Transfer send(const FileDescriptor& socket, std::string_view bytes) {
  ssize_t count = -1;
  do count = ::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  while (count < 0 && errno == EINTR);
  return transfer_of(count);
}

void end_sending(const FileDescriptor& socket) {
  shutdown(socket.number(), SHUT_WR);
}

}  // namespace neurone::server
