#pragma once
// A bound UDP socket. Nothing but bytes and addresses: the carrier's core decides, its sending thread keeps the time.
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/endpoint.hpp"

namespace sw::bearer {

class UdpSocket {
 public:
  /// Binds a non-blocking socket: IPv4 for an IPv4 address, both families for an IPv6 one. Errc::conflict when the
  /// port is taken, Errc::io for any other failure of the environment.
  [[nodiscard]] static Result<UdpSocket> open(const wire::Endpoint& listen);

  UdpSocket(UdpSocket&& other) noexcept;
  UdpSocket& operator=(UdpSocket&&) = delete;
  ~UdpSocket();

  /// False when the network refused the datagram at once. Safe to call beside receive() from another thread.
  [[nodiscard]] bool send(const wire::Endpoint& to, ByteView datagram) const noexcept;

  struct Received {
    wire::Endpoint from;
    std::size_t size{};  ///< may exceed the buffer; then the datagram was cut
  };
  /// The next waiting datagram; nothing when none is.
  [[nodiscard]] std::optional<Received> receive(MutableBytes buffer) const noexcept;

  /// For waiting until it can be read.
  [[nodiscard]] int descriptor() const { return x_fd; }

 private:
  UdpSocket(int fd, bool v4) : x_fd(fd), x_v4(v4) {}
  int x_fd;
  bool x_v4;
};

}  // namespace sw::bearer
