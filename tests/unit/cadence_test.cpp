// needs: station
#include "station/cadence.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sw::station {
namespace {

std::int64_t ms(Instant at) {
  return at.ns / 1'000'000;
}

/// One round from a seal at `start`, as the station's shell goes through it; the ticks, in ms from the seal.
std::vector<std::int64_t> round_of(Cadence& cadence, std::int64_t start, std::uint32_t round_ms,
                                   std::vector<std::int64_t> arrivals = {}) {
  std::vector<std::int64_t> out;
  cadence.sealed(Instant{milliseconds(start).ns}, round_ms);
  for (std::int64_t now = start; now < start + round_ms; ++now) {
    const Instant at{milliseconds(now).ns};
    for (const auto arrival : arrivals) {
      if (arrival == now - start) cadence.arrived(at);
    }
    if (cadence.next() > at) continue;
    out.push_back(now - start);
    cadence.ticked(at);
  }
  return out;
}

using Ticks = std::vector<std::int64_t>;

TEST(Cadence, TwoTicksARoundOneOfThemJustBeforeTheSeal) {
  Cadence cadence(Instant{0});
  EXPECT_EQ(round_of(cadence, 0, 1000), (Ticks{170, 970}));
  EXPECT_EQ(round_of(cadence, 1000, 1000), (Ticks{170, 970}));
}

TEST(Cadence, InAShortRoundToo) {
  Cadence cadence(Instant{0});
  EXPECT_EQ(round_of(cadence, 0, 50), (Ticks{38, 45}));
  EXPECT_EQ(round_of(cadence, 50, 100), (Ticks{75, 90}));
}

TEST(Cadence, InALongRoundNeverMuchMoreThanASecondApart) {
  for (const std::uint32_t round_ms : {2000U, 10'000U, 600'000U}) {
    Cadence cadence(Instant{0});
    const Ticks ticks = round_of(cadence, 0, round_ms);
    ASSERT_EQ(ticks.back(), round_ms - 30);
    std::int64_t before = -30;
    for (const auto tick : ticks) {
      EXPECT_LE(tick - before, 1030) << round_ms;
      before = tick;
    }
    EXPECT_LE(ticks.size(), round_ms / 1000 + 2U);
  }
}

TEST(Cadence, TheSecondTickComesWhenTheLatestPeersCellsHaveCome) {
  Cadence cadence(Instant{0});
  (void)round_of(cadence, 0, 1000, {105, 240});
  EXPECT_EQ(round_of(cadence, 1000, 1000, {105, 240}), (Ticks{260, 970}));
  EXPECT_EQ(round_of(cadence, 2000, 1000, {300}), (Ticks{260, 970}));
  EXPECT_EQ(round_of(cadence, 3000, 1000, {105}), (Ticks{320, 970}));
}

TEST(Cadence, ItGoesBackSlowly) {
  Cadence cadence(Instant{0});
  (void)round_of(cadence, 0, 1000, {400});
  std::int64_t before = 420;
  for (std::int64_t i = 1; i <= 100; ++i) {
    const Ticks ticks = round_of(cadence, 1000 * i, 1000, {105});
    ASSERT_EQ(ticks.size(), 2U);
    ASSERT_LE(ticks[0], before);
    ASSERT_GE(ticks[0], before - 30);
    before = ticks[0];
  }
  EXPECT_EQ(before, 130);
}

TEST(Cadence, ARoundWithoutACellTeachesNothing) {
  Cadence cadence(Instant{0});
  (void)round_of(cadence, 0, 1000, {300});
  for (std::int64_t i = 1; i <= 10; ++i) EXPECT_EQ(round_of(cadence, 1000 * i, 1000), (Ticks{320, 970}));
}

TEST(Cadence, WhatComesLateInTheRoundIsLeftToTheTickBeforeTheSeal) {
  Cadence cadence(Instant{0});
  (void)round_of(cadence, 0, 1000, {751, 999});
  EXPECT_EQ(round_of(cadence, 1000, 1000, {740}), (Ticks{170, 970}));
  EXPECT_EQ(round_of(cadence, 2000, 1000), (Ticks{750, 970}));
}

TEST(Cadence, GoesOnWithoutACarrier) {
  Cadence cadence(Instant{0});
  (void)round_of(cadence, 0, 1000);
  for (const std::int64_t tick : {1170, 1970, 2170, 2970}) {
    EXPECT_EQ(ms(cadence.next()), tick);
    cadence.ticked(cadence.next());
  }
}

TEST(Cadence, RunsFreelyAtTheLinesPaceBeforeTheFirstSeal) {
  Cadence cadence(Instant{0});
  cadence.ticked(Instant{0});
  EXPECT_EQ(ms(cadence.next()), 200);
  cadence.pace(100);
  cadence.ticked(cadence.next());
  EXPECT_EQ(ms(cadence.next()), 220);
  cadence.pace(600'000);
  cadence.ticked(cadence.next());
  EXPECT_EQ(ms(cadence.next()), 420);
}

TEST(Cadence, ASuspendIsSkippedNotMadeUpFor) {
  Cadence free(Instant{0});
  free.ticked(Instant{milliseconds(3'600'000).ns});
  EXPECT_EQ(ms(free.next()), 3'600'200);

  Cadence cadence(Instant{0});
  cadence.sealed(Instant{0}, 1000);
  cadence.ticked(Instant{milliseconds(3'600'300).ns});
  EXPECT_EQ(ms(cadence.next()), 3'600'970);
}

}  // namespace
}  // namespace sw::station
