#pragma once
// The carrier's end of the cell port (protocol 2.4): HOME/carrier.sock, mode 0600, the same user only, one station at a
// time. A second station is refused while the first one lives; a dead one gives way.
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "home/file.hpp"
#include "wire/cell_port.hpp"

namespace sw::carrier {

/// What the port tells its owner.
class PortEvents {
 public:
  virtual void on_record(const wire::DownRecord& record) = 0;
  virtual void on_station_gone() = 0;

 protected:
  ~PortEvents() = default;
};

class PortServer {
 public:
  /// Binds and listens; a socket file left by a dead carrier is removed, so the caller must hold HOME/carrier.run.
  /// Errc::usage when the path is too long for a Unix socket, Errc::io otherwise. `events` outlives the server.
  [[nodiscard]] static Result<std::unique_ptr<PortServer>> open(boost::asio::io_context& loop,
                                                                const std::filesystem::path& home, PortEvents& events);
  PortServer(const PortServer&) = delete;
  PortServer& operator=(const PortServer&) = delete;
  ~PortServer();

  /// Queues the records as one write; a station that does not read loses the port. Without a station nothing happens.
  void send(const std::vector<wire::UpRecord>& records);
  /// Reads what has come without waiting, so that cells are not late because the loop was.
  void drain();
  /// Ends the station's connection; on_station_gone() is not called.
  void close();

 private:
  using Socket = boost::asio::local::stream_protocol::socket;
  struct Session;
  PortServer(boost::asio::io_context& loop, std::filesystem::path path, PortEvents& events);
  void accept();
  void admit(Socket socket);
  void wait(const std::shared_ptr<Session>& session);
  void read(const std::shared_ptr<Session>& session);
  void write(const std::shared_ptr<Session>& session);
  void lose(const std::shared_ptr<Session>& session);

  std::filesystem::path x_path;
  PortEvents& x_events;
  boost::asio::local::stream_protocol::acceptor x_acceptor;
  std::shared_ptr<Session> x_session;
};

}  // namespace sw::carrier
