#include "bearer/tcp.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "bearer/address.hpp"

namespace sw::bearer {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::chrono::seconds kAttempt{5};
// Out of descriptors: no use in asking at once again.
constexpr std::chrono::milliseconds kAcceptPause{100};

tcp protocol_of(const wire::Endpoint& endpoint) {
  return endpoint.is_v4() ? tcp::v4() : tcp::v6();
}

tcp::endpoint system_endpoint(const wire::Endpoint& endpoint) {
  const Address address = address_of(endpoint, endpoint.is_v4());
  tcp::endpoint out;
  std::memcpy(out.data(), &address.storage, address.size);
  out.resize(address.size);
  return out;
}

wire::Endpoint peer_of(tcp::socket& socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getpeername(socket.native_handle(), reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  return endpoint_of(storage);
}

}  // namespace

// ---- a connection

TcpConnection::TcpConnection(tcp::socket socket) : x_socket(std::move(socket)), x_peer(peer_of(x_socket)) {
  error_code ignored;
  x_socket.set_option(tcp::no_delay(true), ignored);
  // A machine that vanished says nothing: within ten seconds it is found out, whether we speak or wait.
  x_socket.set_option(asio::socket_base::keep_alive(true), ignored);
  const auto set = [&](int option, int value) {
    (void)::setsockopt(x_socket.native_handle(), IPPROTO_TCP, option, &value, sizeof value);
  };
  set(TCP_KEEPIDLE, 4);
  set(TCP_KEEPINTVL, 2);
  set(TCP_KEEPCNT, 3);
  set(TCP_USER_TIMEOUT, 10'000);
}

void TcpConnection::start(Events events) {
  x_events = std::move(events);
  x_input.resize(kReadBytes);
  read();
}

void TcpConnection::read() {
  x_socket.async_read_some(asio::buffer(x_input),
                           [self = shared_from_this()](const error_code& error, std::size_t got) {
                             if (!self->x_open) return;
                             if (error) return self->end();
                             self->x_events.bytes(ByteView(self->x_input).first(got));
                             if (self->x_open) self->read();
                           });
}

void TcpConnection::send(Bytes bytes) {
  if (!x_open || bytes.empty()) return;
  x_waiting += bytes.size();
  x_out.push_back(std::move(bytes));
  if (!x_writing) write();
}

void TcpConnection::write() {
  x_writing = true;
  asio::async_write(x_socket, asio::buffer(x_out.front()),
                    [self = shared_from_this()](const error_code& error, std::size_t) {
                      if (!self->x_open) return;
                      if (error) return self->end();
                      self->x_waiting -= self->x_out.front().size();
                      self->x_spare = std::move(self->x_out.front());
                      self->x_spare.clear();
                      self->x_out.pop_front();
                      self->x_writing = false;
                      if (!self->x_out.empty()) return self->write();
                      self->x_events.drained();
                    });
}

void TcpConnection::end() {
  close();
  x_events.closed();
}

void TcpConnection::close() {
  if (!std::exchange(x_open, false)) return;
  error_code ignored;
  x_socket.close(ignored);
  x_waiting = 0;
}

// ---- the listener

Result<std::unique_ptr<TcpListener>> TcpListener::open(asio::io_context& loop, const wire::Endpoint& listen,
                                                       TcpAccepted accepted) {
  std::unique_ptr<TcpListener> out(new TcpListener(loop, std::move(accepted)));
  tcp::acceptor& acceptor = out->x_acceptor;
  error_code error;
  acceptor.open(protocol_of(listen), error);
  if (error) return fail(Errc::io, "cannot open a TCP socket: " + error.message());
  acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && !listen.is_v4()) acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(system_endpoint(listen), error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return std::unexpected(bind_error(listen, error.value()));
  out->accept();
  return out;
}

void TcpListener::accept() {
  x_acceptor.async_accept([this](const error_code& error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      x_accepted(std::make_shared<TcpConnection>(std::move(socket)));
      return accept();
    }
    x_pause.expires_after(kAcceptPause);
    x_pause.async_wait([this](const error_code& stopped) {
      if (!stopped) accept();
    });
  });
}

// ---- the one that connects

void TcpConnector::connect() {
  error_code ignored;
  if (x_attempt) x_attempt->close(ignored);
  x_attempt = std::make_shared<tcp::socket>(x_loop);
  connect_in(kAttempt);
  x_attempt->async_connect(system_endpoint(x_to), [this, attempt = x_attempt](const error_code& error) {
    if (attempt != x_attempt) return;
    if (error) return connect_in(x_again);
    x_wanted = false;
    x_timer.cancel();
    x_attempt.reset();
    x_connected(std::make_shared<TcpConnection>(std::move(*attempt)));
  });
}

void TcpConnector::connect_in(std::chrono::milliseconds delay) {
  x_wanted = true;
  x_timer.expires_after(delay);
  x_timer.async_wait([this](const error_code& stopped) {
    if (!stopped && x_wanted) connect();
  });
}

}  // namespace sw::bearer
