// needs: relay
// A relay's threads: the bytes of a pass are those of one thread, passes come back in their order, a set-up beside
// them.
#include "relay/crew.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "mix/relay/making.hpp"

namespace sw::relay {
namespace {

using mix::relay::BatchPass;
using mix::relay::BatchSetup;
using mix::relay::Work;

constexpr std::size_t kCell = 512;

/// So many circuits at a relay before the last, without cover.
std::shared_ptr<mix::Rounds> rounds_of(std::uint32_t circuits, Rng& rng) {
  mix::Circuits out{circuits, 0, *crypto::KeyTable::make(circuits), *crypto::KeyTable::make(circuits), {}, {}};
  for (std::uint32_t i = 0; i < circuits; ++i) {
    out.forward.set(i, crypto::CircuitKey::random(rng));
    out.backward.set(i, crypto::CircuitKey::random(rng));
  }
  out.there = mix::shuffled(circuits, rng);
  out.back = mix::inverse(out.there);
  return std::make_shared<mix::Rounds>(std::move(out), kCell, 100, false, crypto::best_kernel());
}

class CrewTest : public testing::Test {
 protected:
  CrewTest() { EXPECT_TRUE(crypto::start()); }
  void until(std::size_t count) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (x_done.size() < count && std::chrono::steady_clock::now() < end) {
      x_loop.restart();
      x_loop.run_for(std::chrono::milliseconds(5));
    }
    ASSERT_EQ(x_done.size(), count);
  }
  crypto::SeededRng x_rng{1};
  boost::asio::io_context x_loop{1};
  std::vector<Work> x_done;
  Crew x_crew{x_loop, 4, [this](Work work) { x_done.push_back(std::move(work)); }};
};

TEST_F(CrewTest, PassesOfManyThreadsGiveTheBytesOfOneAndComeInTheirOrder) {
  const auto rounds = rounds_of(20'011, x_rng);
  ASSERT_GT(x_crew.parts(20'011), 1U);
  EXPECT_EQ(x_crew.parts(100), 1U);
  Bytes batch(rounds->all());
  x_rng.fill(batch);
  for (std::uint32_t round = 0; round < 6; ++round) {
    const auto way = round % 2 == 0 ? BatchPass::Way::forward : BatchPass::Way::back;
    x_crew.run(Work({{1}, {round}}, BatchPass(rounds, way, Round{round}, batch)));
  }
  until(6);
  mix::relay::OwnHands own;
  for (std::uint32_t round = 0; round < 6; ++round) {
    Work& work = x_done[round];
    EXPECT_EQ(work.at(), (RoundId{{1}, {round}}));
    BatchPass alone(rounds, work.pass()->way(), Round{round}, batch);
    alone.run(own, x_rng);
    const auto shared = work.pass()->take();
    const auto one = alone.take();
    ASSERT_TRUE(shared && one);
    EXPECT_TRUE(*shared == *one) << round;
  }
}

TEST_F(CrewTest, APassDoesNotWaitForASetUp) {
  constexpr std::uint32_t kOnions = 2'000;
  auto keys = mix::EpochKeys::generate(mix::Suite::x25519, x_rng);
  ASSERT_TRUE(keys);
  auto epoch = std::make_shared<mix::AcceptedDescriptor>();
  epoch->descriptor = {VenueId{}, Epoch{1}, UtcMs{1},           1'000,   100,    20,
                       kCell,     1,        mix::Suite::x25519, kOnions, {0, 0}, {}};
  epoch->descriptor.relays.push_back({x_rng.array<32>(), keys->kx.public_key, {}});
  Bytes onions(kOnions * mix::onion_bytes(mix::Suite::x25519, 1, 0));
  x_rng.fill(onions);
  auto id = crypto::SigningPair::generate(x_rng);
  x_crew.run(Work({{1}, {}}, BatchSetup({epoch, 0, mix::ReceiptForm::tags}, std::move(*keys), std::move(id.secret),
                                        std::move(onions))));
  const auto rounds = rounds_of(10, x_rng);
  x_crew.run(Work({{1}, {3}}, BatchPass(rounds, BatchPass::Way::forward, Round{3}, Bytes(rounds->all()))));
  until(2);
  EXPECT_FALSE(x_done[0].patient());
  ASSERT_TRUE(x_done[1].patient());
  const auto done = x_done[1].setup()->take();
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(done->replaced, kOnions);
}

TEST_F(CrewTest, WhatWasABatchIsRoomForAnother) {
  Bytes large(1 << 20);
  const std::uint8_t* const at = large.data();
  x_crew.give(std::move(large));
  const Bytes first = x_crew.room(1 << 20);
  const Bytes second = x_crew.room(1 << 20);
  EXPECT_EQ(first.data(), at);
  EXPECT_NE(second.data(), at);
  EXPECT_EQ(x_crew.room(100).size(), 100U);
}

}  // namespace
}  // namespace sw::relay
