// needs: line
// A line with a leg in the direct venue and one in a venue of relays, in virtual time: one delivery above both, with
// other round lengths, loss, legs that are cut, restarts and epochs that relays number anew. Protocol 4, 5, 8.7.
#include <memory>

#include "support/legs_world.hpp"

namespace sw::line {
namespace {

using namespace test;

TEST(LegsSim, BothLegsOpenAndHealOnTheirOwn) {
  World world(1, true);
  for (int i = 0; i < 300; ++i) world.second();
  EXPECT_TRUE(world.open(0));
  EXPECT_TRUE(world.open(1));
  for (const Side& side : world.sides) {
    for (const LegStatus& leg : side.line->status().legs) EXPECT_TRUE(leg.since_healed.has_value());
  }
}

TEST(LegsSim, AMessageGoesOnWhereTheOtherLegIsCut) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    World world(seed, true);
    for (int i = 0; i < 60; ++i) world.second();
    const std::array ids{world.sides[0].line->keys().venues[0].terms.id, relays().terms.id};
    for (const std::size_t dead : {0U, 1U, 0U}) {
      world.loss = {{ids[dead], 100}};
      for (std::size_t i = 0; i < 5; ++i) world.send(i % 2);
      int seconds = 0;
      for (; seconds < 400 && !world.done(); ++seconds) world.second();
      EXPECT_LT(seconds, 300) << "seed " << seed << ", leg " << dead << " cut";
      EXPECT_FALSE(world.open(dead));
      EXPECT_TRUE(world.open(1 - dead));
    }
    expect_once(world, seed);
  }
}

TEST(LegsSim, OverRelaysAloneAcrossOvertimeAndEmergencyEpochs) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    World world(seed, false);
    world.loss = {{relays().terms.id, 10}};
    for (int i = 0; i < 3'000; ++i) {
      if (i % 100 == 0) world.send(world.rng().below(2));
      if (i % 700 == 350) world.renumber();
      world.overtime = i % 900 > 600;
      world.second();
    }
    for (int i = 0; i < 400 && !world.done(); ++i) world.second();
    EXPECT_TRUE(world.open(0)) << "seed " << seed;
    expect_once(world, seed);
  }
}

/// A world whose side 0 was put back from a backup `seconds` old; both venues' psk has moved since when it was long.
std::unique_ptr<World> restored(std::uint64_t seed, int seconds) {
  auto world = std::make_unique<World>(seed, true);
  for (int i = 0; i < 60; ++i) world->second();
  const auto backup = LineKeys::load(world->sides[0].disk.view())->save();
  for (int i = 0; i < seconds; ++i) world->second();
  world->sides[0].disk = LineKeys::load(backup.view())->save();
  world->restart(0);
  return world;
}

TEST(LegsSim, ConfirmingSettlesTheVenueThatIsAskedAboutOnly) {
  const auto world = restored(3, 400);
  for (int i = 0; i < 150; ++i) world->second();
  for (const Side& side : world->sides) {
    for (const LegStatus& leg : side.line->status().legs) EXPECT_EQ(leg.continuity, ContinuityState::broken);
  }
  for (Side& side : world->sides) ASSERT_TRUE(side.line->confirm_continuity());
  for (int i = 0; i < 30; ++i) world->second();
  EXPECT_TRUE(world->open(0));
  EXPECT_FALSE(world->open(1));
  for (Side& side : world->sides) {
    EXPECT_EQ(side.line->status().legs[0].continuity, ContinuityState::whole);
    EXPECT_EQ(side.line->status().continuity, ContinuityState::broken) << "a question of one venue is the line's";
    ASSERT_TRUE(side.line->confirm_continuity());
  }
  for (int i = 0; i < 30; ++i) world->second();
  EXPECT_TRUE(world->open(0));
  EXPECT_TRUE(world->open(1));
  for (const Side& side : world->sides) EXPECT_EQ(side.line->status().continuity, ContinuityState::whole);
}

TEST(LegsSim, RefusingPutsTheLineDownInAllItsVenuesAndForGood) {
  // 70 seconds: the direct venue's psk has moved since, that of the relays, whose rounds are longer, has not.
  const auto world = restored(4, 70);
  for (int i = 0; i < 30; ++i) world->second();
  Line& line = *world->sides[1].line;
  ASSERT_EQ(line.status().legs[0].continuity, ContinuityState::broken);
  ASSERT_EQ(line.status().legs[1].continuity, ContinuityState::whole);
  ASSERT_TRUE(world->open(1));
  ASSERT_TRUE(line.refuse_continuity());
  EXPECT_FALSE(line.confirm_continuity());
  for (const bool restart : {false, true}) {
    if (restart) world->restart(1);
    for (std::size_t i = 0; i < 2; ++i) world->send(i);
    const auto opened = world->sides[0].line->status().legs[1].opened_rounds;
    for (int i = 0; i < 100; ++i) world->second();
    for (const LegStatus& leg : world->sides[1].line->status().legs) {
      EXPECT_EQ(leg.continuity, ContinuityState::refused);
      EXPECT_FALSE(leg.live);
    }
    EXPECT_EQ(world->sides[0].line->status().legs[1].opened_rounds, opened);
    EXPECT_TRUE(world->sides[0].got.empty());
    EXPECT_TRUE(world->sides[1].got.empty());
  }
}

TEST(LegsSim, EverythingOnceWithLossAndRestarts) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    World world(seed, true);
    const std::array ids{world.sides[0].line->keys().venues[0].terms.id, relays().terms.id};
    for (int i = 0; i < 4'000; ++i) {
      if (world.rng().below(40) == 0) world.send(world.rng().below(2));
      if (world.rng().below(300) == 0) world.restart(world.rng().below(2));
      if (world.rng().below(200) == 0) {
        world.loss = {{ids[world.rng().below(2)], 60 + static_cast<unsigned>(world.rng().below(41))}};
      }
      if (world.rng().below(1'000) == 0) world.renumber();
      world.second();
    }
    world.loss.clear();
    for (int i = 0; i < 1'000 && !world.done(); ++i) world.second();
    expect_once(world, seed);
    for (const Side& side : world.sides) EXPECT_EQ(side.line->status().continuity, ContinuityState::whole) << seed;
    EXPECT_GT(world.said[0] + world.said[1], 50U);
  }
}

}  // namespace
}  // namespace sw::line
