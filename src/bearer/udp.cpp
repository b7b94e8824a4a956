#include "bearer/udp.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace sw::bearer {
namespace {

/// A socket address of either family.
struct Address {
  sockaddr_storage storage{};
  socklen_t size{};
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Address address_of(const wire::Endpoint& endpoint, bool v4) {
  Address out;
  if (v4) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    std::memcpy(&in.sin_addr, endpoint.ip.data() + 12, 4);
    std::memcpy(&out.storage, &in, sizeof in);
    out.size = sizeof in;
  } else {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(endpoint.port);
    std::memcpy(&in.sin6_addr, endpoint.ip.data(), 16);
    std::memcpy(&out.storage, &in, sizeof in);
    out.size = sizeof in;
  }
  return out;
}

wire::Endpoint endpoint_of(const sockaddr_storage& storage) {
  wire::Endpoint out;
  if (storage.ss_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &storage, sizeof in);
    out.ip[10] = out.ip[11] = 0xff;
    std::memcpy(out.ip.data() + 12, &in.sin_addr, 4);
    out.port = ntohs(in.sin_port);
  } else {
    sockaddr_in6 in{};
    std::memcpy(&in, &storage, sizeof in);
    std::memcpy(out.ip.data(), &in.sin6_addr, 16);
    out.port = ntohs(in.sin6_port);
  }
  return out;
}

}  // namespace

Result<UdpSocket> UdpSocket::open(const wire::Endpoint& listen) {
  const bool v4 = listen.is_v4();
  const int fd = ::socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return fail(Errc::io, "cannot open a UDP socket: " + std::string(std::strerror(errno)));
  UdpSocket out(fd, v4);
  const int off = 0;
  if (!v4 && ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0) {
    return fail(Errc::io, "cannot serve both IPv4 and IPv6: " + std::string(std::strerror(errno)));
  }
  const Address at = address_of(listen, v4);
  if (::bind(fd, at.get(), at.size) != 0) {
    const std::string where = wire::to_text(listen);
    if (errno == EADDRINUSE) {
      return fail(Errc::conflict, where + " is taken by another program; stop it or choose another port with --listen");
    }
    if (errno == EADDRNOTAVAIL) {
      return fail(Errc::io, where + " is no address of this machine; choose another with --listen");
    }
    return fail(Errc::io, "cannot listen on " + where + ": " + std::strerror(errno));
  }
  return out;
}

UdpSocket::UdpSocket(UdpSocket&& other) noexcept : x_fd(std::exchange(other.x_fd, -1)), x_v4(other.x_v4) {}

UdpSocket::~UdpSocket() {
  if (x_fd >= 0) ::close(x_fd);
}

bool UdpSocket::send(const wire::Endpoint& to, ByteView datagram) const noexcept {
  if (x_v4 && !to.is_v4()) return false;
  const Address at = address_of(to, x_v4);
  const auto sent = ::sendto(x_fd, datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL, at.get(), at.size);
  return sent == static_cast<ssize_t>(datagram.size());
}

std::optional<UdpSocket::Received> UdpSocket::receive(MutableBytes buffer) const noexcept {
  for (;;) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const auto got = ::recvfrom(x_fd, buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_TRUNC,
                                reinterpret_cast<sockaddr*>(&from), &size);
    if (got >= 0) return Received{endpoint_of(from), static_cast<std::size_t>(got)};
    if (errno != EINTR) return std::nullopt;
  }
}

}  // namespace sw::bearer
