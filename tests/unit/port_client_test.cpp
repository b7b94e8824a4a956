// needs: station
// The station's end of the cell port when it goes away in the middle of something (lock, panic).
#include "station/port_client.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

namespace sw::station {
namespace {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

struct PortClientTest : ::testing::Test {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("stillwire-port-" + std::to_string(::getpid()));
  asio::io_context loop{1};
  std::unique_ptr<Local::acceptor> carrier;
  std::unique_ptr<PortClient> client;
  int connected = 0;
  int gone = 0;

  void SetUp() override {
    std::filesystem::remove(path);
    carrier = std::make_unique<Local::acceptor>(loop, Local::endpoint(path.string()));
  }
  void TearDown() override { std::filesystem::remove(path); }

  void connect() {
    client = std::make_unique<PortClient>(
        loop, path,
        PortClient::Listener{[this] { ++connected; }, [this] { ++gone; }, [](const wire::UpRecord&) { return true; }});
    while (connected == 0) loop.run_one();
  }
};

// A write that the socket took at once has its handler in the loop's queue: the sanitizers see what it touches.
TEST_F(PortClientTest, GoesAwayBehindAWrite) {
  connect();
  asio::post(loop, [this] {
    client->send({wire::StationHello{}});
    client.reset();
  });
  loop.run();  // nothing is left that would wait
  EXPECT_EQ(gone, 0);
}

TEST_F(PortClientTest, GoesAwayBehindWhatCame) {
  connect();
  Local::socket other = carrier->accept();
  asio::write(other, asio::buffer(wire::encode(wire::UpRecord(wire::CarrierHello{}))));
  other.close();
  asio::post(loop, [this] { client.reset(); });
  loop.run();
  EXPECT_EQ(gone, 0);
}

TEST_F(PortClientTest, GoesAwayWhileItWaitsForACarrier) {
  connect();
  carrier->accept().close();
  while (gone == 0) loop.run_one();
  client.reset();
  loop.run();
  EXPECT_EQ(connected, 1);
}

}  // namespace
}  // namespace sw::station
