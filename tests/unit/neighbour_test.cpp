// needs: relay
// Two neighbouring relays over loopback, and strangers beside them. Protocol 8.7.
#include "relay/neighbour.hpp"

#include <gtest/gtest.h>

#include <boost/asio/write.hpp>
#include <chrono>

#include "crypto/rng.hpp"
#include "wire/sizes.hpp"

namespace sw::relay {
namespace {

using boost::asio::ip::tcp;
using mix::relay::Message;
using mix::relay::Side;
using mix::relay::Type;

struct Heard final : NeighbourEvents {
  void on_connected(Side) override { ++connected; }
  void on_lost(Side) override { ++lost; }
  void on_message(Side, Message message) override { messages.push_back(std::move(message)); }
  int connected = 0;
  int lost = 0;
  std::vector<Message> messages;
};

/// R1 (connects) and R2 (listens) of a venue of two.
class NeighbourTest : public testing::Test {
 protected:
  NeighbourTest() {
    EXPECT_TRUE(crypto::start());
    x_rng.fill(x_venue.venue.bytes);
    x_venue.relays.resize(2);
    x_venue.round_ms = 100;
    x_venue.rounds = 40;
    x_venue.lead_rounds = 20;
    x_venue.slots = 1;
    x_venue.suite = mix::Suite::x25519;
    x_venue.noise = {8, 1'000};
    x_venue.circuit_limit = 8;
    x_second.emplace(x_loop, NeighbourTerms{x_venue, 1, Side::previous, x_key2, x_key1.public_key, {}}, x_heard2,
                     x_rng);
    listen();
  }
  void listen() {
    for (int attempt = 0; attempt < 50 && !x_listener; ++attempt) {
      x_at = *wire::parse_endpoint("127.0.0.1:" + std::to_string(20'000 + x_rng.below(20'000)));
      auto made = bearer::TcpListener::open(x_loop, x_at, [this](auto c) { x_second->on_accepted(std::move(c)); });
      if (made) x_listener = std::move(*made);
    }
    ASSERT_TRUE(x_listener);
  }
  std::unique_ptr<Neighbour> first(const crypto::KeyPair& own, Heard& heard) {
    auto out = std::make_unique<Neighbour>(x_loop, NeighbourTerms{x_venue, 0, Side::next, own, x_key2.public_key, x_at},
                                           heard, x_rng);
    out->connect();
    return out;
  }
  template <class Condition>
  [[nodiscard]] bool within(std::chrono::milliseconds time, Condition condition) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!condition() && std::chrono::steady_clock::now() < end) {
      x_loop.restart();
      x_loop.run_for(std::chrono::milliseconds(5));
    }
    return condition();
  }
  tcp::socket stranger() {
    tcp::socket out(x_loop);
    out.connect({boost::asio::ip::make_address("127.0.0.1"), x_at.port});
    return out;
  }
  /// Did the other end close it?
  [[nodiscard]] bool closed(tcp::socket& socket) {
    socket.non_blocking(true);
    std::array<char, 256> bytes{};
    return within(std::chrono::seconds(1), [&] {
      boost::system::error_code error;
      const std::size_t got = socket.read_some(boost::asio::buffer(bytes), error);
      EXPECT_EQ(got, 0U) << "a word to a stranger";
      return error && error != boost::asio::error::would_block;
    });
  }

  crypto::SeededRng x_rng{static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count())};
  mix::relay::VenueTerms x_venue;
  crypto::KeyPair x_key1 = crypto::KeyPair::generate(x_rng);
  crypto::KeyPair x_key2 = crypto::KeyPair::generate(x_rng);
  boost::asio::io_context x_loop{1};
  Heard x_heard1;
  Heard x_heard2;
  wire::Endpoint x_at;
  std::unique_ptr<bearer::TcpListener> x_listener;
  std::optional<Neighbour> x_second;
};

TEST_F(NeighbourTest, MessagesGoBothWaysAndWhole) {
  const auto one = first(x_key1, x_heard1);
  ASSERT_TRUE(within(std::chrono::seconds(5), [&] { return x_heard1.connected == 1; }));
  EXPECT_FALSE(x_second->up()) << "message 1 alone may be a recording";
  EXPECT_TRUE(one->send({Type::hello, {}, {}}));
  ASSERT_TRUE(within(std::chrono::seconds(5), [&] { return x_second->up(); }));
  const Message batch{Type::forward, {{3}, {4}}, Bytes((8 + 8) * wire::kCellBytes, 7)};
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(one->send(batch));
  ASSERT_TRUE(within(std::chrono::seconds(5), [&] { return x_heard2.messages.size() == 51; }));
  EXPECT_EQ(x_heard2.messages.back(), batch);
  const Message back{Type::back, {{3}, {4}}, Bytes((8 + 8) * wire::kCellBytes, 9)};
  EXPECT_TRUE(x_second->send(back));
  ASSERT_TRUE(within(std::chrono::seconds(5), [&] { return x_heard1.messages.size() == 1; }));
  EXPECT_EQ(x_heard1.messages.front(), back);
}

TEST_F(NeighbourTest, ConnectsAgainAndTheNewOneDisplacesTheOld) {
  auto one = first(x_key1, x_heard1);
  ASSERT_TRUE(within(std::chrono::seconds(5), [&] { return x_heard1.connected == 1; }));
  EXPECT_TRUE(one->send({Type::hello, {}, {}}));
  ASSERT_TRUE(within(std::chrono::seconds(5), [&] { return x_second->up(); }));
  // Started anew while its old connection looks well.
  Heard again;
  const auto other = first(x_key1, again);
  ASSERT_TRUE(within(std::chrono::seconds(5), [&] { return again.connected == 1; }));
  EXPECT_TRUE(other->send({Type::hello, {}, {}}));
  ASSERT_TRUE(within(std::chrono::seconds(5), [&] { return x_heard2.connected == 2; }));
  EXPECT_EQ(x_heard2.lost, 1);
  ASSERT_TRUE(within(std::chrono::seconds(5), [&] { return x_heard1.lost == 1; }));
  EXPECT_TRUE(within(std::chrono::seconds(5), [&] { return x_heard1.connected == 2; })) << "after a second";
}

TEST_F(NeighbourTest, AWrongKeyIsNobody) {
  const auto wrong = crypto::KeyPair::generate(x_rng);
  const auto one = first(wrong, x_heard1);
  EXPECT_FALSE(within(std::chrono::milliseconds(300), [&] { return x_heard1.connected + x_heard2.connected > 0; }));
}

TEST_F(NeighbourTest, StrangersHaveFewPlacesAndTheNeighbourComesThrough) {
  std::vector<tcp::socket> strangers;
  for (std::size_t i = 0; i < 3 * wire::kPendingRelays; ++i) {
    strangers.push_back(stranger());
    (void)within(std::chrono::milliseconds(10), [] { return false; });
  }
  for (std::size_t i = 0; i < 2 * wire::kPendingRelays; ++i) EXPECT_TRUE(closed(strangers[i])) << i;
  auto babble = stranger();
  Bytes noise(200);
  x_rng.fill(noise);
  boost::asio::write(babble, boost::asio::buffer(noise));
  EXPECT_TRUE(closed(babble));
  const auto one = first(x_key1, x_heard1);
  ASSERT_TRUE(within(std::chrono::seconds(5), [&] { return x_heard1.connected == 1; }));
  EXPECT_TRUE(one->send({Type::hello, {}, {}}));
  EXPECT_TRUE(within(std::chrono::seconds(5), [&] { return x_second->up(); }));
}

TEST_F(NeighbourTest, ASlowNeighbourLosesRoundsNotMemory) {
  const auto one = first(x_key1, x_heard1);
  ASSERT_TRUE(within(std::chrono::seconds(5), [&] { return x_heard1.connected == 1; }));
  // Nobody reads: the loop does not run.
  const Message batch{Type::forward, {{3}, {4}}, Bytes((8 + 8) * wire::kCellBytes, 7)};
  int taken = 0;
  while (one->send(batch) && taken < 10'000) ++taken;
  EXPECT_LT(taken, 10'000);
  EXPECT_TRUE(one->up()) << "the connection stands";
  EXPECT_TRUE(one->send({Type::want, {{3}, {}}, Bytes(14)})) << "what cannot be lost still goes";
}

TEST(TcpListener, ATakenPortIsSaid) {
  boost::asio::io_context loop;
  tcp::acceptor taken(loop, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const auto at = *wire::parse_endpoint("127.0.0.1:" + std::to_string(taken.local_endpoint().port()));
  const auto made = bearer::TcpListener::open(loop, at, [](const auto&) {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::conflict);
}

}  // namespace
}  // namespace sw::relay
