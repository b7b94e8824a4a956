#pragma once
// IPv4 datagrams with the kernel's receive timestamps, for the programs that sit on the wire.
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <string>

#include "wire/endpoint.hpp"

namespace sw::test {

[[noreturn]] inline void die(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

inline sockaddr_in v4(const std::string& text) {
  const auto at = wire::parse_endpoint(text);
  if (!at || !at->is_v4()) die("not an IPv4 HOST:PORT: " + text);
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(at->port);
  std::memcpy(&out.sin_addr, at->ip.data() + 12, 4);
  return out;
}

/// A socket that stamps what comes. `listen`: its own address; port 0 is any.
inline int open_datagrams(const sockaddr_in& listen) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&listen), sizeof listen) != 0) {
    die("cannot listen on port " + std::to_string(ntohs(listen.sin_port)));
  }
  return fd;
}

struct Datagram {
  char bytes[4096];
  std::size_t size = 0;
  sockaddr_in from{};
  std::int64_t at_ns = 0;  ///< when it came, UTC
};

/// False when none waits.
inline bool receive_datagram(int fd, Datagram& out) {
  alignas(cmsghdr) char control[256];
  iovec part{out.bytes, sizeof out.bytes};
  msghdr message{};
  message.msg_name = &out.from;
  message.msg_namelen = sizeof out.from;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t size = ::recvmsg(fd, &message, MSG_DONTWAIT);
  if (size < 0) return false;
  out.size = static_cast<std::size_t>(size);
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
    out.at_ns = stamp.tv_sec * 1'000'000'000LL + stamp.tv_nsec;
  }
  return true;
}

inline void send_datagram(int fd, const char* bytes, std::size_t size, const sockaddr_in& to) {
  ::sendto(fd, bytes, size, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

}  // namespace sw::test
