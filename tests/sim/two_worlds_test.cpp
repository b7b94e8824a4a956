// needs: mix
// Two worlds that differ in one relation, seen by an adversary who drops any set of circuits: what the last relay can
// count is the same with nothing dropped and differs by at most one otherwise. Protocol 8.3, 8.5.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <optional>

#include "mix/meeting.hpp"
#include "support/mix_world.hpp"

namespace sw::mix {
namespace {

constexpr std::size_t kStations = 8;
/// Who has a line with whom; a station's own number: idle.
using World = std::array<std::size_t, kStations>;

/// The drops of the 2 x 8 circuits, path 0 and 1 of each station side by side (protocol 8.2).
std::vector<DropId> drops_of(const World& world, Rng& rng) {
  std::vector<DropId> drops(2 * kStations);
  for (std::size_t station = 0; station < kStations; ++station) {
    const std::size_t other = world[station];
    if (other == station) {
      drops[2 * station] = drops[2 * station + 1] = rng.array<32>();
    } else if (other > station) {
      for (std::size_t path = 0; path < 2; ++path) {
        drops[2 * station + path] = drops[2 * other + path] = rng.array<32>();
      }
    }
  }
  return drops;
}

std::size_t pairs_of(const std::vector<DropId>& drops, std::uint32_t dropped) {
  std::vector<DropId> left;
  for (std::size_t i = 0; i < drops.size(); ++i) {
    if ((dropped >> i & 1U) == 0) left.push_back(drops[i]);
  }
  return meet(left).pairs;
}

/// Every way to pair eight stations, some idle.
void every_world(World world, std::size_t from, std::vector<World>& out) {
  while (from < kStations && world[from] != from) ++from;
  if (from >= kStations) return out.push_back(world);
  every_world(world, from + 1, out);
  for (std::size_t other = from + 1; other < kStations; ++other) {
    if (world[other] != other) continue;
    World next = world;
    next[from] = other;
    next[other] = from;
    every_world(next, from + 1, out);
  }
}

World idle_world() {
  World world{};
  for (std::size_t i = 0; i < kStations; ++i) world[i] = i;
  return world;
}

// Stations beyond the four of the relation add the same to both worlds, so one pair of worlds per number of other lines
// and every one of the 65,536 sets of dropped circuits covers all of them.
TEST(TwoWorlds, EverySetOfDroppedCircuitsTellsAtMostOnePair) {
  crypto::SeededRng rng(8);
  for (std::size_t lines = 1; lines <= 4; ++lines) {
    World with = idle_world();
    for (std::size_t line = 0; line < lines; ++line) {
      with[2 * line] = 2 * line + 1;
      with[2 * line + 1] = 2 * line;
    }
    World without = with;
    without[0] = 0;
    without[1] = 1;
    const auto a = drops_of(with, rng);
    auto b = drops_of(without, rng);
    std::size_t differing = 0;
    for (std::uint32_t dropped = 0; dropped < (1U << 16); ++dropped) {
      const std::size_t x = pairs_of(a, dropped);
      const std::size_t y = pairs_of(b, dropped);
      ASSERT_LE(x > y ? x - y : y - x, 1U) << dropped;
      differing += x == y ? 0U : 1U;
    }
    EXPECT_GT(differing, 0U);  // dropping does show something: that is what the cover is for
  }
}

TEST(TwoWorlds, NothingDroppedTellsNothingAtAll) {
  crypto::SeededRng rng(9);
  std::vector<World> worlds;
  every_world(idle_world(), 0, worlds);
  EXPECT_EQ(worlds.size(), 764U);  // the involutions of eight
  for (const World& world : worlds) EXPECT_EQ(pairs_of(drops_of(world, rng), 0), kStations);
}

/// Pairs that the last of two relays counts when the first one breaks the onions of `dropped`.
std::size_t pairs_behind_relays(const std::vector<DropId>& drops, std::uint32_t dropped, Rng& rng) {
  auto epoch =
      test::make_epoch({.hops = 2, .circuits = static_cast<std::uint32_t>(drops.size()), .noise = NoiseTerms{}}, rng);
  std::vector<Bytes> batch;
  for (std::size_t i = 0; i < drops.size(); ++i) {
    batch.push_back(make_onion(epoch.accepted, 0, drops[i], rng)->bytes);
    if ((dropped >> i & 1U) != 0) batch.back()[40] ^= 1;
  }
  const test::Chain chain = test::set_up(epoch, batch, rng);
  EXPECT_EQ(chain.replaced[0], static_cast<std::size_t>(std::popcount(dropped)));
  return chain.pairs;
}

// What replaces a dropped onion meets nobody: the relays count as the tests above do.
TEST(TwoWorlds, RelaysCountWhatIsLeft) {
  ASSERT_TRUE(crypto::start());
  crypto::SeededRng rng(10);
  World with = idle_world();
  std::swap(with[0], with[1]);
  std::swap(with[2], with[3]);
  World without = with;
  std::swap(without[0], without[1]);
  for (int trial = 0; trial < 40; ++trial) {
    const auto dropped = static_cast<std::uint32_t>(trial == 0 ? 0 : rng.below(1U << 16) & rng.below(1U << 16));
    const auto a = drops_of(with, rng);
    const auto b = drops_of(without, rng);
    const std::size_t x = pairs_behind_relays(a, dropped, rng);
    const std::size_t y = pairs_behind_relays(b, dropped, rng);
    EXPECT_EQ(x, pairs_of(a, dropped)) << dropped;
    EXPECT_EQ(y, pairs_of(b, dropped)) << dropped;
    EXPECT_LE(x > y ? x - y : y - x, dropped == 0 ? 0U : 1U) << dropped;
  }
}

}  // namespace
}  // namespace sw::mix
