// needs: carrier
// A carrier in a venue of relays without the relays: what leaves whatever is known, and what it knows of R1's time.
// With relays: tests/sim/relay_carrier_test.cpp.
#include <gtest/gtest.h>

#include <cstdlib>

#include "carrier/core.hpp"
#include "crypto/rng.hpp"
#include "support/address.hpp"
#include "support/venue_text.hpp"

namespace sw::carrier {
namespace {

constexpr Instant kStart{5'000'000'000};
constexpr UtcMs kClock{1'790'000'000'123};

struct Machine {
  explicit Machine(std::uint8_t slots, std::uint64_t seed = 1)
      : rng(seed), dither(seed + 1), core(crypto::KeyPair::generate(rng), kClock, kStart, rng, dither) {
    relays = test::make_relays(3, rng);
    venue = test::make_venue(relays);
    venue.slots = slots;
    test::sign_all(venue, relays);
  }
  Actions begin() { return core.set_relays(kStart, {terms_of(venue, std::nullopt)}); }
  /// Everything that is due within so many rounds.
  Actions run(std::int64_t rounds) {
    Actions all;
    const Instant end = now + milliseconds(rounds * venue.round_ms);
    while (core.next_wake() < end) {
      now = core.next_wake();
      Actions some = core.advance(now);
      all.frames.insert(all.frames.end(), some.frames.begin(), some.frames.end());
      all.up.insert(all.up.end(), some.up.begin(), some.up.end());
      EXPECT_TRUE(some.shifted.empty());
    }
    now = end;
    return all;
  }

  crypto::SeededRng rng;
  crypto::SeededRng dither;
  std::vector<test::RelayOfTest> relays;
  mix::Venue venue;
  Core core;
  Instant now = kStart;
};

TEST(RelayVenue, SFramesARoundToRelayOneWhoeverIsThere) {
  for (const std::uint8_t slots : {std::uint8_t{1}, std::uint8_t{3}, std::uint8_t{16}}) {
    std::vector<std::pair<Instant, wire::Endpoint>> before;
    for (const bool station : {false, true}) {
      Machine machine(slots);
      const Actions begun = machine.begin();
      ASSERT_EQ(begun.begun.size(), 1U);
      EXPECT_EQ(begun.begun[0].frames, slots);
      if (station) (void)machine.core.on_record(kStart, wire::StationHello{});
      const Actions all = machine.run(50);
      ASSERT_EQ(all.frames.size(), 50U * slots);
      std::vector<std::pair<Instant, wire::Endpoint>> seen;
      for (std::size_t i = 0; i < all.frames.size(); ++i) {
        EXPECT_EQ(all.frames[i].slot.value, i % slots);
        EXPECT_EQ(all.frames[i].departure, all.frames[i - i % slots].departure) << "one behind the other";
        EXPECT_EQ(all.frames[i].to, machine.venue.relays[0].at);
        seen.emplace_back(all.frames[i].departure, all.frames[i].to);
      }
      EXPECT_TRUE(!station || seen == before);
      before = seen;
    }
  }
}

TEST(RelayVenue, MessageOneComesEveryThirdRoundAlsoWithManySlots) {
  Machine machine(16);
  (void)machine.begin();
  std::size_t messages = 0;
  for (const auto& frame : machine.run(66).frames) {
    messages += link::is_message1(frame.frame, machine.venue.relays[0].link) ? 1U : 0U;
  }
  EXPECT_EQ(messages, 22U);
}

TEST(RelayVenue, WithoutATimetableThereIsAStatusAndNoTick) {
  Machine machine(2);
  (void)machine.begin();
  (void)machine.core.on_record(kStart, wire::StationHello{});
  std::size_t statuses = 0;
  for (const auto& record : machine.run(20).up) {
    const auto* status = std::get_if<wire::StatusRecord>(&record);
    ASSERT_NE(status, nullptr);
    EXPECT_EQ(status->round, RoundId{});
    EXPECT_EQ(status->link, wire::LinkState::none);
    ++statuses;
  }
  EXPECT_EQ(statuses, 20U);
  const VenueId id = mix::id_of(machine.venue);
  const auto answer = machine.core.on_record(machine.now, wire::FloorRecord{id, {Epoch{9}, Round{41}}});
  ASSERT_EQ(answer.up.size(), 1U);
  EXPECT_EQ(std::get<wire::StatusRecord>(answer.up[0]).round, RoundId{}) << "no floor names one";
  EXPECT_FALSE(machine.core.on_record(machine.now, wire::FloorRecord{id, {}}).close_port);
}

TEST(RelayVenue, WhatTheStationSaysOfUnknownSlotsAndEpochsIsBounded) {
  Machine machine(2);
  (void)machine.begin();
  (void)machine.core.on_record(kStart, wire::StationHello{});
  const VenueId id = mix::id_of(machine.venue);
  for (std::uint64_t epoch = 1; epoch <= 200; ++epoch) {
    for (std::uint8_t slot = 0; slot < 16; ++slot) {
      const auto keep = machine.core.on_record(kStart, wire::KeepRecord{id, Slot{slot}, Epoch{epoch}, {}});
      const auto drops = machine.core.on_record(kStart, wire::DropsRecord{id, Slot{slot}, Epoch{epoch}, {}});
      const auto cell = machine.core.on_record(kStart, wire::CellRecord{id, Slot{slot}, {}, {Epoch{epoch}, {}}, {}});
      EXPECT_FALSE(keep.close_port || drops.close_port || cell.close_port);
    }
  }
  EXPECT_EQ(machine.core.on_record(kStart, wire::FloorRecord{id, {Epoch{100}, Round{1}}}).up.size(), 1U);
  EXPECT_EQ(machine.run(10).frames.size(), 20U);
}

TEST(RelayVenue, VenuesComeAndGoBesideDirectOnes) {
  Machine machine(1);
  EXPECT_EQ(machine.begin().begun.size(), 1U);
  EXPECT_TRUE(machine.begin().begun.empty()) << "it is there";
  const VenueId id = mix::id_of(machine.venue);
  // A station's word about a direct venue does not touch a venue of relays.
  const auto peer = crypto::KeyPair::generate(machine.rng).public_key;
  EXPECT_TRUE(machine.core.on_record(kStart, wire::PeerRecord{id, {}, 1'000, peer, {test::address(9)}}).begun.empty());
  EXPECT_TRUE(machine.core.on_record(kStart, wire::PeerRecord::forget(id)).ended.empty());
  const VenueId direct{{1}};
  EXPECT_EQ(machine.core.on_record(kStart, wire::PeerRecord{direct, {}, 1'000, peer, {test::address(9)}}).begun.size(),
            1U);
  ASSERT_EQ(machine.core.peers().size(), 1U);
  EXPECT_EQ(machine.core.peers()[0].record.venue, direct);
  EXPECT_EQ(machine.core.set_relays(kStart, {}).ended, std::vector<VenueId>{id});
  EXPECT_EQ(machine.core.venues(), std::vector<VenueId>{direct});
}

TEST(RelayVenue, TheStampOfAMessageOneOutlivesTheProcess) {
  Machine machine(1);
  (void)machine.begin();
  EXPECT_TRUE(machine.core.stamps().empty());
  (void)machine.run(3);
  const auto stamps = machine.core.stamps();
  ASSERT_EQ(stamps.size(), 1U);
  EXPECT_GE(stamps[0].stamp, static_cast<std::uint64_t>(kClock.value) * 1'000);
  RelayTerms terms = terms_of(machine.venue, std::nullopt);
  terms.last_stamp = stamps[0].stamp;
  Core later(crypto::KeyPair::generate(machine.rng), {kClock.value - 86'400'000}, machine.now, machine.rng,
             machine.dither);
  (void)later.set_relays(machine.now, {terms});
  bool changed = false;
  while (!changed) changed = later.advance(later.next_wake()).stamps_changed;
  EXPECT_GT(later.stamps().at(0).stamp, stamps[0].stamp);
}

// ---- R1's time

constexpr UtcMs kT0{1'790'000'000'000};
RoundId at(std::uint32_t round) {
  return {Epoch{5}, Round{round}};
}

TEST(RelayClock, KnowsNothingUntilAFrameNamesARound) {
  RelayClock clock(1'000);
  EXPECT_FALSE(clock.at(kT0));
  clock.heard(at(10), kT0, {kT0.value + 10'500});
  EXPECT_EQ(clock.at(kT0)->value, kT0.value);
  EXPECT_EQ(clock.take_move().ns, 0);
}

TEST(RelayClock, OnAnotherLinkItsTimeHoldsUntilAFrameNamesARound) {
  for (const std::int64_t step : {0, 20'000, -20'000}) {
    RelayClock clock(1'000);
    clock.heard(at(10), kT0, {kT0.value + 15'500});
    const std::int64_t before = clock.at(kT0)->value;
    EXPECT_LT(before, kT0.value);
    clock.renew();
    EXPECT_EQ(clock.at(kT0)->value, before);
    // Another process of R1, whose clock was set meanwhile.
    clock.heard(at(60), kT0, {kT0.value + 65'500 + step});
    EXPECT_NEAR(static_cast<double>(clock.at(kT0)->value - before), static_cast<double>(-step), 2'000) << step;
    EXPECT_FALSE(clock.refused());
  }
}

TEST(RelayClock, AClockThatIsOffIsPutRightOrRefused) {
  for (const std::int64_t off : {-31'000, -29'000, -5'000, 5'000, 29'000, 32'000}) {
    RelayClock clock(1'000);
    clock.heard(at(100), kT0, {kT0.value + 100'500 + off});
    EXPECT_EQ(clock.refused().has_value(), std::abs(off) > 30'500) << off;
    if (clock.refused()) {
      EXPECT_FALSE(clock.at(kT0));
    } else {
      EXPECT_NEAR(static_cast<double>(clock.at({kT0.value + off})->value - kT0.value), 0, 1'500) << off;
    }
  }
}

TEST(RelayClock, AFrameThatWasHeldBackMovesNoName) {
  RelayClock clock(1'000);
  clock.heard(at(10), kT0, {kT0.value + 10'500});
  clock.heard(at(11), kT0, {kT0.value + 30'500});
  clock.heard(at(9), kT0, {kT0.value + 90'500});
  EXPECT_EQ(clock.at(kT0)->value, kT0.value);
  clock.phase(45'000'000);
  EXPECT_EQ(clock.at(kT0)->value, kT0.value);
  EXPECT_EQ(clock.take_move().ns, 0);
}

TEST(RelayClock, ADriftOfMonthsIsFollowedAndAJumpRefused) {
  RelayClock clock(1'000);
  std::int64_t drift = 0;
  std::uint32_t round = 0;
  for (; round < 4'000; ++round) {
    drift += 30;  // of the own clock, ahead
    clock.heard(at(round + 1), kT0, {kT0.value + round * 1'000 + 1'400 + drift});
    const std::int64_t start = clock.at({kT0.value + drift})->value;
    clock.phase(static_cast<std::int32_t>((kT0.value - start) * 1'000 + 60'000));
    EXPECT_LE(std::abs(clock.take_move().ns), milliseconds(500).ns);
    ASSERT_FALSE(clock.refused()) << round;
  }
  EXPECT_GT(drift, 100'000);
  clock.renew();  // another process of R1
  clock.heard(at(round + 1), kT0, {kT0.value + round * 1'000 + 1'400 + drift});
  EXPECT_FALSE(clock.refused());
  clock.heard(at(round + 2), kT0, {kT0.value + round * 1'000 + 2'400 + drift + 60'000});
  ASSERT_TRUE(clock.refused());
  EXPECT_GT(*clock.refused(), 30'000);
  clock.heard(at(round + 3), kT0, {kT0.value + round * 1'000 + 3'400 + drift});
  EXPECT_FALSE(clock.refused());
}

TEST(RelayClock, ThreeAnswersPassBeforeTheNextIsBelieved) {
  RelayClock clock(1'000);
  clock.heard(at(1), kT0, {kT0.value + 1'500});
  clock.phase(400'000);
  EXPECT_EQ(clock.take_move(), milliseconds(-350));
  for (int i = 0; i < 3; ++i) clock.phase(400'000);
  EXPECT_EQ(clock.take_move().ns, 0);
  clock.phase(400'000);
  EXPECT_EQ(clock.take_move(), milliseconds(-350));
  for (int i = 0; i < 3; ++i) clock.phase(400'000);
  clock.phase(1'900'000);  // more than half a round: the grid goes the short way
  EXPECT_EQ(clock.take_move(), milliseconds(150));
}

}  // namespace
}  // namespace sw::carrier
