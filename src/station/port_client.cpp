#include "station/port_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

namespace sw::station {
namespace {
constexpr auto kRetry = std::chrono::milliseconds(100);
/// A carrier that leaves so many bytes unread hangs.
constexpr std::size_t kOutLimit = 2U << 20;
}  // namespace

PortClient::PortClient(boost::asio::io_context& loop, std::filesystem::path path, Listener listener)
    : x_socket(loop), x_retry(loop), x_path(std::move(path)), x_listener(std::move(listener)) {
  connect();
}

void PortClient::connect() {
  x_socket.async_connect(x_path.string(), [this, alive = watch()](const boost::system::error_code& error) {
    if (alive.expired() || error == boost::asio::error::operation_aborted) return;
    if (error) {
      drop();
      return;
    }
    x_connected = true;
    x_decoder = {};
    x_listener.connected();
    read();
  });
}

void PortClient::drop() {
  boost::system::error_code ignored;
  x_socket.close(ignored);
  x_waiting.clear();
  x_writing.clear();
  if (std::exchange(x_connected, false)) x_listener.gone();
  x_retry.expires_after(kRetry);
  x_retry.async_wait([this, alive = watch()](const boost::system::error_code& error) {
    if (!alive.expired() && !error) connect();
  });
}

void PortClient::read() {
  x_socket.async_read_some(boost::asio::buffer(x_buffer),
                           [this, alive = watch()](const boost::system::error_code& error, std::size_t size) {
                             if (alive.expired() || error == boost::asio::error::operation_aborted) return;
                             if (error) {
                               drop();
                               return;
                             }
                             x_decoder.feed(ByteView(x_buffer).first(size));
                             crypto::wipe(MutableBytes(x_buffer).first(size));
                             for (;;) {
                               const auto record = x_decoder.next();
                               if (!record || (*record && !x_listener.record(**record))) {
                                 drop();
                                 return;
                               }
                               if (!*record) break;
                             }
                             read();
                           });
}

void PortClient::send(const std::vector<wire::DownRecord>& records) {
  if (!x_connected || records.empty()) return;
  for (const auto& record : records) {
    x_waiting.append(crypto::SecretBytes(wire::encode(record)).view());
  }
  if (x_waiting.size() > kOutLimit) {
    drop();
  } else if (x_writing.empty()) {
    write();
  }
}

void PortClient::write() {
  std::swap(x_writing, x_waiting);
  boost::asio::async_write(x_socket, boost::asio::buffer(x_writing.view().data(), x_writing.size()),
                           [this, alive = watch()](const boost::system::error_code& error, std::size_t) {
                             if (alive.expired() || error) return;  // the read ends the connection
                             x_writing.clear();
                             if (!x_waiting.empty()) write();
                           });
}

}  // namespace sw::station
