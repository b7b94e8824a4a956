#pragma once
// The station's side of the cell port's socket: connects, greets, and connects again when the carrier went away.
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <functional>
#include <memory>

#include "wire/cell_port.hpp"

namespace sw::station {

class PortClient {
 public:
  struct Listener {
    std::function<void()> connected;
    std::function<void()> gone;
    /// False ends the connection.
    std::function<bool(const wire::UpRecord&)> record;
  };
  PortClient(boost::asio::io_context& loop, std::filesystem::path path, Listener listener);
  /// Records of one step; dropped when nobody is connected.
  void send(const std::vector<wire::DownRecord>& records);

 private:
  /// For the handlers of the loop: one whose work was done already still runs when this object is gone.
  [[nodiscard]] std::weak_ptr<char> watch() const { return x_alive; }
  void connect();
  void read();
  void write();
  void drop();

  boost::asio::local::stream_protocol::socket x_socket;
  boost::asio::steady_timer x_retry;
  std::filesystem::path x_path;
  Listener x_listener;
  wire::PortDecoder<wire::UpRecord> x_decoder;
  ByteArray<8192> x_buffer{};
  crypto::SecretBytes x_waiting;  ///< encoded, for the next write
  crypto::SecretBytes x_writing;  ///< empty: no write is under way
  bool x_connected = false;
  std::shared_ptr<char> x_alive = std::make_shared<char>();
};

}  // namespace sw::station
