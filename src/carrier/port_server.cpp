#include "carrier/port_server.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "crypto/secret.hpp"

namespace sw::carrier {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// A station that reads nothing for so long hangs; closing its port frees what waits for it.
constexpr std::size_t kWaitingLimit = 256 * 1024;
constexpr std::size_t kReadBytes = 4096;
constexpr int kBacklog = 4;

bool same_user(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

/// Has the other end gone, or broken off?
bool is_dead(int fd) {
  std::uint8_t byte = 0;
  const auto got = ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

}  // namespace

struct PortServer::Session {
  explicit Session(Socket s) : socket(std::move(s)) {}
  Socket socket;
  wire::PortDecoder<wire::DownRecord> decoder;
  crypto::SecretBytes waiting;  ///< not yet being written
  crypto::SecretBytes writing;
};

Result<std::unique_ptr<PortServer>> PortServer::open(asio::io_context& loop, const std::filesystem::path& home,
                                                     PortEvents& events) {
  const auto path = home / "carrier.sock";
  constexpr std::size_t limit = sizeof(sockaddr_un{}.sun_path) - 1;
  if (path.native().size() > limit) {
    return fail(Errc::usage, "the path " + path.string() + " is longer than the " + std::to_string(limit) +
                                 " bytes a Unix socket may have; use a shorter --home");
  }
  auto server = std::unique_ptr<PortServer>(new PortServer(loop, path, events));
  error_code error;
  ::unlink(path.c_str());
  server->x_acceptor.open(asio::local::stream_protocol(), error);
  if (!error) {
    const mode_t before = ::umask(0177);
    server->x_acceptor.bind(asio::local::stream_protocol::endpoint(path.string()), error);
    ::umask(before);
  }
  if (!error) server->x_acceptor.listen(kBacklog, error);
  if (error) return fail(Errc::io, "cannot listen on " + path.string() + ": " + error.message());
  server->accept();
  return server;
}

PortServer::PortServer(asio::io_context& loop, std::filesystem::path path, PortEvents& events)
    : x_path(std::move(path)), x_events(events), x_acceptor(loop) {}

PortServer::~PortServer() {
  close();
  if (x_acceptor.is_open()) ::unlink(x_path.c_str());
}

void PortServer::accept() {
  x_acceptor.async_accept([this](error_code error, Socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) admit(std::move(socket));
    accept();
  });
}

void PortServer::admit(Socket socket) {
  if (!same_user(socket.native_handle())) return;
  if (x_session) {
    if (!is_dead(x_session->socket.native_handle())) return;
    lose(x_session);
  }
  error_code error;
  socket.non_blocking(true, error);
  if (error) return;
  x_session = std::make_shared<Session>(std::move(socket));
  wait(x_session);
}

void PortServer::wait(const std::shared_ptr<Session>& session) {
  session->socket.async_wait(Socket::wait_read, [this, session](error_code error) {
    // A session that was closed must not touch the server, which may be gone.
    if (error || !session->socket.is_open()) return;
    read(session);
    if (session->socket.is_open()) wait(session);
  });
}

void PortServer::drain() {
  if (x_session) read(std::shared_ptr(x_session));
}

void PortServer::read(const std::shared_ptr<Session>& session) {
  ByteArray<kReadBytes> buffer;
  // One buffer a call at most 16 times: a station that floods the port does not keep the loop.
  for (int i = 0; i < 16 && session->socket.is_open(); ++i) {
    error_code error;
    const std::size_t got = session->socket.read_some(asio::buffer(buffer), error);
    if (error == asio::error::would_block || error == asio::error::try_again) return;
    if (error) return lose(session);
    session->decoder.feed(ByteView(buffer).first(got));
    crypto::wipe(MutableBytes(buffer).first(got));
    while (session->socket.is_open()) {
      auto record = session->decoder.next();
      if (!record) return lose(session);
      if (!record->has_value()) break;
      x_events.on_record(**record);
    }
  }
}

void PortServer::send(const std::vector<wire::UpRecord>& records) {
  if (!x_session || records.empty()) return;
  const auto session = x_session;
  const bool idle = session->writing.empty();
  for (const auto& record : records) {
    session->waiting.append(crypto::SecretBytes(wire::encode(record)).view());
  }
  if (session->waiting.size() > kWaitingLimit) return lose(session);
  if (idle) write(session);
}

void PortServer::write(const std::shared_ptr<Session>& session) {
  session->writing.clear();
  std::swap(session->writing, session->waiting);
  if (session->writing.empty()) return;
  asio::async_write(session->socket, asio::buffer(session->writing.view().data(), session->writing.size()),
                    [this, session](error_code error, std::size_t) {
                      if (!session->socket.is_open()) return;
                      if (error) return lose(session);
                      write(session);
                    });
}

void PortServer::lose(const std::shared_ptr<Session>& session) {
  if (x_session != session) return;
  close();
  x_events.on_station_gone();
}

void PortServer::close() {
  if (!x_session) return;
  error_code ignored;
  x_session->socket.close(ignored);
  x_session.reset();
}

}  // namespace sw::carrier
