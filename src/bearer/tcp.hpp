#pragma once
// TCP: one connection, one listener, one that connects again for ever. Nothing but bytes: who may speak, and what it
// means, is decided above.
//
// Always: a connection that closed calls nobody any more; what waits to leave is bounded; nothing is read while what
// was read before is still being taken.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/endpoint.hpp"

namespace sw::bearer {

class TcpConnection final : public std::enable_shared_from_this<TcpConnection> {
 public:
  explicit TcpConnection(boost::asio::ip::tcp::socket socket);
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;

  /// `bytes` for what comes, `drained` when all that was to be sent is with the system, `closed` once when it ends from
  /// the other side. All of them may close this connection.
  struct Events {
    std::function<void(ByteView)> bytes;
    std::function<void()> drained;
    std::function<void()> closed;
  };
  void start(Events events);
  void send(Bytes bytes);
  /// Memory that was sent before, empty.
  [[nodiscard]] Bytes spare() { return std::exchange(x_spare, {}); }
  /// Bytes that wait to leave.
  [[nodiscard]] std::size_t waiting() const { return x_waiting; }
  /// At once; what waits is lost.
  void close();
  [[nodiscard]] const wire::Endpoint& peer() const { return x_peer; }

 private:
  void read();
  void write();
  void end();

  boost::asio::ip::tcp::socket x_socket;
  wire::Endpoint x_peer;
  Events x_events;
  Bytes x_input;
  std::deque<Bytes> x_out;
  Bytes x_spare;
  std::size_t x_waiting = 0;
  bool x_writing = false;
  bool x_open = true;
};

using TcpAccepted = std::function<void(std::shared_ptr<TcpConnection>)>;

class TcpListener {
 public:
  /// IPv4 for an IPv4 address, both families for an IPv6 one. Errc::conflict when the port is taken, Errc::io for any
  /// other failure of the environment.
  [[nodiscard]] static Result<std::unique_ptr<TcpListener>> open(boost::asio::io_context& loop,
                                                                 const wire::Endpoint& listen, TcpAccepted accepted);
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

 private:
  TcpListener(boost::asio::io_context& loop, TcpAccepted accepted)
      : x_acceptor(loop), x_pause(loop), x_accepted(std::move(accepted)) {}
  void accept();

  boost::asio::ip::tcp::acceptor x_acceptor;
  boost::asio::steady_timer x_pause;
  TcpAccepted x_accepted;
};

/// Tries again a second after each attempt that failed, until it is connected.
class TcpConnector {
 public:
  /// `again`: how long it waits after an attempt that failed.
  TcpConnector(boost::asio::io_context& loop, const wire::Endpoint& to, std::chrono::milliseconds again,
               TcpAccepted connected)
      : x_loop(loop), x_to(to), x_again(again), x_timer(loop), x_connected(std::move(connected)) {}
  TcpConnector(const TcpConnector&) = delete;
  TcpConnector& operator=(const TcpConnector&) = delete;

  void connect();
  /// As after an attempt that failed.
  void connect_later() { connect_in(x_again); }

 private:
  void connect_in(std::chrono::milliseconds delay);

  boost::asio::io_context& x_loop;
  wire::Endpoint x_to;
  std::chrono::milliseconds x_again;
  boost::asio::steady_timer x_timer;
  bool x_wanted = false;
  std::shared_ptr<boost::asio::ip::tcp::socket> x_attempt;
  TcpAccepted x_connected;
};

}  // namespace sw::bearer
