// needs: line
// A line comes into venues of relays and leaves some while it is up: whoever proposes, whatever is lost, whoever is
// killed and when, both sides have the venue in the end or neither, both from the same epoch on, and every message
// arrives once. Protocol 4.5.
#include <iostream>

#include "support/legs_world.hpp"

namespace sw::line {
namespace {

using namespace test;
using What = VenueMoved::What;

const VenueId kFirst = relays(0).terms.id;
const VenueId kSecond = relays(1).terms.id;

bool seconds_until(World& world, int most, const std::function<bool()>& holds) {
  for (int i = 0; i < most && !holds(); ++i) world.second();
  return holds();
}

/// Side `i` proposes, and the other accepts as soon as it is asked.
void agree(World& world, std::size_t i) {
  ASSERT_TRUE(world.want(i, 1));
  ASSERT_TRUE(seconds_until(world, 120, [&] { return world.asked(1 - i); }));
  ASSERT_TRUE(world.want(1 - i, 1));
}

TEST(VenueChangeSim, MovesWhileAMegabyteIsSent) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    World world(seed, false, 1);
    world.loss = {{kFirst, 5}, {kSecond, 5}};
    world.seconds(100);
    world.send(seed % 2, wire::kMessageLimit);
    agree(world, seed % 2);
    bool always_open = true;
    const auto watched = [&](const std::function<bool()>& holds) {
      return seconds_until(world, 10'000, [&] {
        always_open = always_open && world.open();
        return holds();
      });
    };
    ASSERT_TRUE(
        watched([&] { return world.both_in(1) && world.sides[0].line->status().legs.size() == 2 && world.open(1); }));
    EXPECT_FALSE(world.done()) << "the megabyte is still on its way";
    ASSERT_TRUE(world.leave(1 - seed % 2, kFirst));
    ASSERT_TRUE(watched([&] {
      if (world.rng().below(200) == 0) world.send(world.rng().below(2));
      return !world.in(0, 0) && !world.in(1, 0);
    }));
    world.send(0);
    world.send(1);
    ASSERT_TRUE(watched([&] { return world.done(); }));
    world.seconds(60);
    EXPECT_TRUE(always_open);
    EXPECT_TRUE(world.singles.empty());
    expect_once(world, seed);
    for (const Side& side : world.sides) {
      EXPECT_EQ(side.line->keys().venues.size(), 1U);
      EXPECT_EQ(side.line->status().continuity, ContinuityState::whole);
    }
  }
}

TEST(VenueChangeSim, KilledAtEachStepBothHaveItFromTheSameEpochOn) {
  for (const std::size_t proposer : {0U, 1U}) {
    for (const std::size_t killed : {0U, 1U}) {
      for (int when = 0; when < 24; ++when) {
        SCOPED_TRACE(testing::Message() << proposer << " proposes, " << killed << " killed after " << when << " s");
        World world(77, false, 1);
        world.disk_seconds = when % 2 == 0 ? 0 : 3;
        world.loss = {{kFirst, 10}, {kSecond, 10}};
        world.seconds(60);
        // What people did and the disk did not keep, they do again.
        for (int passed = 0; passed < 1'500; ++passed) {
          const auto& change = world.sides[proposer].line->keys().change;
          const bool proposed = world.in(proposer, 1) || (change && change->own);
          ASSERT_TRUE(proposed || world.want(proposer, 1));
          ASSERT_TRUE(!world.asked(1 - proposer) || world.want(1 - proposer, 1));
          world.second();
          if (passed == when) world.restart(killed);
        }
        EXPECT_TRUE(world.both_in(1));
        EXPECT_EQ(world.sides[0].line->keys().in(kSecond).from, world.sides[1].line->keys().in(kSecond).from);
        EXPECT_TRUE(world.singles.empty());
        EXPECT_TRUE(world.open(1));
        for (const Side& side : world.sides) {
          EXPECT_EQ(side.line->status().continuity, ContinuityState::whole);
          EXPECT_FALSE(side.line->keys().change.has_value());
        }
      }
    }
  }
}

TEST(VenueChangeSim, ALineThatIsDownForHoursInBetweenAgreesOnALaterEpoch) {
  for (const std::size_t proposer : {0U, 1U}) {
    for (int when = 0; when < 16; ++when) {
      SCOPED_TRACE(testing::Message() << proposer << " proposes, cut after " << when << " s");
      World world(88, false, 1);
      world.seconds(60);
      agree(world, proposer);
      world.seconds(when);
      world.loss = {{kFirst, 100}};
      world.seconds(3'000);  // 25 epochs
      world.loss.clear();
      world.seconds(2'400);
      EXPECT_TRUE(world.both_in(1));
      EXPECT_TRUE(world.open(0));
      EXPECT_TRUE(world.open(1));
      EXPECT_EQ(world.sides[0].line->keys().in(kSecond).from, world.sides[1].line->keys().in(kSecond).from);
    }
  }
}

TEST(VenueChangeSim, DeclinedOrWithdrawnLeavesNothing) {
  for (const bool withdrawn : {false, true}) {
    for (const std::size_t proposer : {0U, 1U}) {
      World world(5, true, 1);
      world.seconds(60);
      ASSERT_TRUE(world.want(proposer, 1));
      ASSERT_TRUE(seconds_until(world, 60, [&] { return world.asked(1 - proposer); }));
      ASSERT_TRUE(world.sides[withdrawn ? proposer : 1 - proposer].line->decline_venue());
      world.seconds(30);
      for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_FALSE(world.sides[i].line->keys().change.has_value());
        EXPECT_FALSE(world.in(i, 1));
        EXPECT_EQ(world.sides[i].line->decline_venue().error().code, Errc::conflict);
      }
      EXPECT_EQ(world.sides[proposer].moves, (std::vector{What::proposed, What::declined}));
      agree(world, 1 - proposer);  // and again, the other way round
      world.seconds(1'400);
      EXPECT_TRUE(world.both_in(1));
      EXPECT_TRUE(world.singles.empty());
    }
  }
}

TEST(VenueChangeSim, CrossingProposalsOfOneVenueAgreeAndOfTwoComeToNothing) {
  World same(6, false, 2);
  same.seconds(60);
  ASSERT_TRUE(same.want(0, 1));
  ASSERT_TRUE(same.want(1, 1));
  same.seconds(1'400);
  EXPECT_TRUE(same.both_in(1));
  EXPECT_TRUE(same.open(1));

  World two(7, false, 2);
  two.seconds(60);
  ASSERT_TRUE(two.want(0, 1));
  ASSERT_TRUE(two.want(1, 2));
  two.seconds(60);
  for (const Side& side : two.sides) EXPECT_FALSE(side.line->keys().change.has_value());
  agree(two, 0);
  two.seconds(1'400);
  EXPECT_TRUE(two.both_in(1));
}

TEST(VenueChangeSim, AWithdrawalThatCrossesTheAcceptanceEndsInBothOrNeither) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    for (int when = 0; when < 12; ++when) {
      World world(seed, false, 1);
      world.loss = {{kFirst, 20}};
      world.seconds(60);
      agree(world, seed % 2);
      world.seconds(when);
      const bool withdrew = world.sides[world.rng().below(2)].line->decline_venue().has_value();
      world.seconds(1'500);
      EXPECT_EQ(world.in(0, 1), world.in(1, 1)) << "seed " << seed << " after " << when << " s";
      EXPECT_TRUE(withdrew || world.in(0, 1));
      EXPECT_TRUE(world.singles.empty());
      for (const Side& side : world.sides) {
        EXPECT_TRUE(world.in(0, 1) || !side.line->keys().change || !side.line->keys().change->agreed());
      }
    }
  }
}

TEST(VenueChangeSim, OfTwoThatLeaveDifferentVenuesOneStays) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    World world(seed, false, 1);
    world.seconds(60);
    agree(world, 0);
    world.seconds(1'400);
    ASSERT_TRUE(world.open(0) && world.open(1));
    ASSERT_TRUE(world.leave(0, kFirst));
    ASSERT_TRUE(world.leave(1, kSecond));
    EXPECT_EQ(world.leave(0, kSecond).error().code, Errc::conflict);
    world.seconds(50 * 120);
    EXPECT_EQ(world.sides[0].line->keys().venues.size(), 1U);
    EXPECT_EQ(world.sides[0].line->keys().venue(), world.sides[1].line->keys().venue());
    EXPECT_TRUE(world.open());
    EXPECT_TRUE(world.singles.empty());
  }
}

TEST(VenueChangeSim, TheDirectVenueIsLeftForRelays) {
  World world(9, true, 0);
  world.seconds(60);
  const VenueId direct = world.sides[0].line->keys().venue().id;
  ASSERT_TRUE(world.leave(0, direct));
  ASSERT_TRUE(seconds_until(world, 49 * 1'800, [&] { return !world.sides[0].line->keys().direct(); }));
  world.seconds(120);
  for (Side& side : world.sides) {
    EXPECT_FALSE(side.line->keys().direct());
    EXPECT_TRUE(side.line->keys().at.empty());
    EXPECT_TRUE(LineKeys::load(side.line->durable_head().view()).has_value());
  }
  EXPECT_TRUE(world.open());
  EXPECT_EQ(world.leave(0, kFirst).error().code, Errc::conflict);
}

/// People put a backup back that is older than the change: nothing is silent, and in the end both agree where they are.
TEST(VenueChangeSim, ABackupFromBeforeTheChangeEndsInNeither) {
  for (const std::size_t restored : {0U, 1U}) {
    World world(10, false, 1);
    world.seconds(60);
    const auto backup = world.sides[restored].line->durable_head();
    agree(world, restored);
    world.seconds(1'400);
    ASSERT_TRUE(world.both_in(1) && world.open(1));
    LineKeys keys = std::move(*LineKeys::load(backup.view()));
    for (VenueKeys& venue : keys.venues) venue.psk = {Psk::random(world.rng()), std::nullopt};
    // Rounds that were used since are the carrier's to keep from it (protocol 2.2).
    keys.in(kFirst).reserved = world.sides[restored].line->reserved(kFirst);
    world.restart(restored, std::move(keys));
    ASSERT_TRUE(seconds_until(world, 400, [&] {
      return std::ranges::all_of(world.sides,
                                 [](const Side& s) { return s.line->status().continuity_check.has_value(); });
    }));
    world.seconds(60);  // until the other one's old session is as good as gone
    for (Side& side : world.sides) ASSERT_TRUE(side.line->confirm_continuity());
    world.seconds(600);
    EXPECT_TRUE(world.open(0));
    EXPECT_FALSE(world.in(0, 1));
    EXPECT_FALSE(world.in(1, 1));
    for (const Side& side : world.sides) EXPECT_EQ(side.line->status().continuity, ContinuityState::whole);
    agree(world, 0);
    world.seconds(1'400);
    EXPECT_TRUE(world.both_in(1) && world.open(1));
  }
}

}  // namespace
}  // namespace sw::line
