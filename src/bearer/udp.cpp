#include "bearer/udp.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "bearer/address.hpp"

namespace sw::bearer {
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
  if (::bind(fd, at.get(), at.size) != 0) return std::unexpected(bind_error(listen, errno));
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

void UdpSocket::widen(int bytes) const noexcept {
  // The first of each is for root alone, the second bounded by net.core.rmem_max and wmem_max.
  for (const auto& [forced, asked] : {std::pair{SO_RCVBUFFORCE, SO_RCVBUF}, std::pair{SO_SNDBUFFORCE, SO_SNDBUF}}) {
    if (::setsockopt(x_fd, SOL_SOCKET, forced, &bytes, sizeof bytes) == 0) continue;
    (void)::setsockopt(x_fd, SOL_SOCKET, asked, &bytes, sizeof bytes);
  }
}

// ---- many at once

struct UdpBatch::Rooms {
  explicit Rooms(std::size_t room) : size(room), bytes(kMost * room) {
    for (std::size_t i = 0; i < kMost; ++i) {
      pieces[i] = {bytes.data() + i * size, size};
      heads[i].msg_hdr.msg_iov = &pieces[i];
      heads[i].msg_hdr.msg_iovlen = 1;
      heads[i].msg_hdr.msg_name = &addresses[i].storage;
    }
  }
  std::size_t size;
  Bytes bytes;
  std::array<iovec, kMost> pieces{};
  std::array<mmsghdr, kMost> heads{};
  std::array<Address, kMost> addresses{};
  std::size_t waiting = 0;
};

UdpBatch::UdpBatch(std::size_t size) : x_rooms(std::make_unique<Rooms>(size)) {}
UdpBatch::~UdpBatch() = default;

std::size_t UdpBatch::receive(const UdpSocket& socket) noexcept {
  Rooms& rooms = *x_rooms;
  for (std::size_t i = 0; i < kMost; ++i) {
    rooms.pieces[i].iov_len = rooms.size;
    rooms.heads[i].msg_hdr.msg_namelen = sizeof rooms.addresses[i].storage;
  }
  for (;;) {
    const int got = ::recvmmsg(socket.x_fd, rooms.heads.data(), kMost, MSG_DONTWAIT | MSG_TRUNC, nullptr);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return 0;
  }
}

UdpBatch::Received UdpBatch::received(std::size_t index) const {
  const Rooms& rooms = *x_rooms;
  const std::size_t size = rooms.heads[index].msg_len;
  const ByteView bytes = ByteView(rooms.bytes).subspan(index * rooms.size, std::min(size, rooms.size));
  return {endpoint_of(rooms.addresses[index].storage), bytes, size};
}

void UdpBatch::send(const UdpSocket& socket, const wire::Endpoint& to, ByteView datagram) noexcept {
  if (socket.x_v4 && !to.is_v4()) return;
  Rooms& rooms = *x_rooms;
  const std::size_t i = rooms.waiting++;
  rooms.addresses[i] = address_of(to, socket.x_v4);
  rooms.heads[i].msg_hdr.msg_namelen = rooms.addresses[i].size;
  rooms.pieces[i].iov_len = std::min(datagram.size(), rooms.size);
  std::copy_n(datagram.begin(), rooms.pieces[i].iov_len, static_cast<std::uint8_t*>(rooms.pieces[i].iov_base));
  if (rooms.waiting == kMost) flush(socket);
}

void UdpBatch::flush(const UdpSocket& socket) noexcept {
  Rooms& rooms = *x_rooms;
  for (std::size_t at = 0; at < rooms.waiting;) {
    const auto count = static_cast<unsigned>(rooms.waiting - at);
    const int sent = ::sendmmsg(socket.x_fd, rooms.heads.data() + at, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    // The first of them is the one that was refused.
    at += sent > 0 ? static_cast<std::size_t>(sent) : 1;
  }
  rooms.waiting = 0;
}

}  // namespace sw::bearer
