#pragma once
// A bound UDP socket. Nothing but bytes and addresses: the carrier's core decides, its sending thread keeps the time.
#include <memory>
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

  /// Room for what arrives while its reader is busy, and for what leaves at one instant: as much as the system allows.
  void widen(int bytes) const noexcept;

  /// For waiting until it can be read.
  [[nodiscard]] int descriptor() const { return x_fd; }

 private:
  friend class UdpBatch;
  UdpSocket(int fd, bool v4) : x_fd(fd), x_v4(v4) {}
  int x_fd;
  bool x_v4;
};

/// Many datagrams with one call of the system each way, for whoever has thousands a round. Its memory is made once.
class UdpBatch {
 public:
  static constexpr std::size_t kMost = 64;
  /// Longer datagrams than `size` are cut.
  explicit UdpBatch(std::size_t size);
  ~UdpBatch();
  UdpBatch(const UdpBatch&) = delete;
  UdpBatch& operator=(const UdpBatch&) = delete;

  /// Takes up to kMost waiting datagrams; how many. What the batch held is gone.
  [[nodiscard]] std::size_t receive(const UdpSocket& socket) noexcept;
  /// The size may exceed the bytes; then the datagram was cut.
  struct Received {
    wire::Endpoint from;
    ByteView bytes;
    std::size_t size{};
  };
  [[nodiscard]] Received received(std::size_t index) const;

  /// Adds one that is to leave; sends when there are kMost. What the network refuses is lost.
  void send(const UdpSocket& socket, const wire::Endpoint& to, ByteView datagram) noexcept;
  void flush(const UdpSocket& socket) noexcept;

 private:
  struct Rooms;
  std::unique_ptr<Rooms> x_rooms;
};

}  // namespace sw::bearer
