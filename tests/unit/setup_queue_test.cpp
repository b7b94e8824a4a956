// needs: carrier
// Set-ups on their way to R1: more of them than a control lane holds.
#include "carrier/setup_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "crypto/rng.hpp"
#include "support/address.hpp"

namespace sw::carrier {
namespace {

constexpr std::size_t kSetupBytes = 400;  // four pieces

class SetupQueueTest : public testing::Test {
 protected:
  SetupQueueTest() {
    for (std::uint64_t rounds = 0; rounds < 10; ++rounds) (void)round();
    EXPECT_NE(x_station.lane_life(), 0U);
  }
  /// The numbers that serve() calls delivered.
  std::vector<std::uint64_t> round(bool lost = false) {
    x_clock.value += 1'000;
    auto out = x_queue.serve(x_station);
    const wire::Cell cell{};
    const auto up = x_station.prepare({}, x_clock, cell, cell, x_rng);
    const auto down = x_relay.prepare({}, x_clock, cell, cell, x_rng);
    if (lost) return out;
    const auto in = x_relay.receive(up.frame, test::address(1), {}, x_rng);
    if (in && in->object) x_came.insert(number_of(in->object->bytes));
    (void)x_station.receive(down.frame, test::address(2), {}, x_rng);
    return out;
  }
  mix::SetUp setup(std::uint64_t epoch) {
    Bytes object(kSetupBytes, 0);
    object[0] = static_cast<std::uint8_t>(++x_number);
    return {Epoch{epoch}, std::move(object), x_number};
  }
  static std::uint64_t number_of(const Bytes& object) { return object[0]; }

  crypto::SeededRng x_rng{0x5e7};
  crypto::KeyPair x_station_keys = crypto::KeyPair::generate(x_rng);
  crypto::KeyPair x_relay_keys = crypto::KeyPair::generate(x_rng);
  link::Link x_station{
      x_station_keys,
      {{}, x_relay_keys.public_key, crypto::Role::initiator, 100, {test::address(2)}, 0, wire::kStationStreams}};
  link::Link x_relay{
      x_relay_keys,
      {{}, x_station_keys.public_key, crypto::Role::responder, 100, {}, 0, wire::relay_streams(kSetupBytes)}};
  SetupQueue x_queue;
  UtcMs x_clock{1'790'000'000'000};
  std::uint64_t x_number = 0;
  std::set<std::uint64_t> x_came;
};

TEST_F(SetupQueueTest, AllComeAndNoneIsCalledDeliveredThatDidNot) {
  std::set<std::uint64_t> newest;
  for (int version = 0; version < 3; ++version) {
    newest.clear();
    for (std::uint64_t epoch = 1; epoch <= wire::kEpochsHeld; ++epoch) {
      x_queue.add(setup(epoch));
      newest.insert(x_number);
    }
    (void)round();
  }
  std::set<std::uint64_t> delivered;
  for (int rounds = 0; rounds < 200; ++rounds) {
    for (const std::uint64_t number : round(rounds % 5 == 0)) {
      EXPECT_TRUE(delivered.insert(number).second);
      EXPECT_TRUE(x_came.contains(number)) << number;
    }
  }
  EXPECT_EQ(delivered, x_came);
  EXPECT_TRUE(std::ranges::includes(delivered, newest));
}

TEST_F(SetupQueueTest, OfAnEpochThatWaitsOnlyTheNewestIsSent) {
  for (int version = 0; version < 50; ++version) {
    for (std::uint64_t epoch = 1; epoch <= 4; ++epoch) x_queue.add(setup(epoch));
  }
  for (int rounds = 0; rounds < 40; ++rounds) (void)round();
  EXPECT_EQ(x_came, (std::set<std::uint64_t>{197, 198, 199, 200}));
}

TEST_F(SetupQueueTest, NothingIsLeftOfWhatWasVoid) {
  for (std::uint64_t epoch = 1; epoch <= 4; ++epoch) x_queue.add(setup(epoch));
  (void)round();
  x_station.withdraw(link::Stream::setup);
  x_queue.clear();
  x_queue.add(setup(9));
  std::vector<std::uint64_t> delivered;
  for (int rounds = 0; rounds < 20; ++rounds) {
    for (const std::uint64_t number : round()) delivered.push_back(number);
  }
  EXPECT_EQ(x_came, std::set<std::uint64_t>{5});
  EXPECT_EQ(delivered, std::vector<std::uint64_t>{5});
}

}  // namespace
}  // namespace sw::carrier
