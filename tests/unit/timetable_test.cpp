// needs: carrier
// Protocol 2.2 and 3.6: grid, dither, numbering.
#include "carrier/timetable.hpp"

#include <gtest/gtest.h>

#include "crypto/rng.hpp"

namespace sw::carrier {
namespace {

constexpr UtcMs kClock{1'700'000'123'456};
constexpr Instant kStart{5'000'000'000};

DitherKey key(std::uint64_t seed) {
  crypto::SeededRng rng(seed);
  return DitherKey::random(rng);
}

TEST(Timetable, DeparturesAreGridPlusDither) {
  for (const std::uint32_t round_ms : {50U, 1000U, 600'000U}) {
    const Departures d(VenueId{}, round_ms, kClock, kStart, key(1));
    const std::int64_t range = std::max<std::int64_t>(round_ms * 1'000'000LL / 200, 1'000'000);
    std::int64_t least = range;
    std::int64_t most = 0;
    for (std::int64_t i = 0; i < 500; ++i) {
      const GridIndex at{kClock.value / round_ms + i};
      // The grid is UTC's multiples of the round as the clock of the start told them.
      const std::int64_t utc_ns = (at.value * round_ms - kClock.value) * 1'000'000;
      const std::int64_t dither = (d.departure(at) - kStart).ns - utc_ns;
      ASSERT_GE(dither, 0);
      ASSERT_LT(dither, range);
      least = std::min(least, dither);
      most = std::max(most, dither);
    }
    EXPECT_LT(least, range / 20);
    EXPECT_GT(most, range - range / 20);
  }
}

TEST(Timetable, FirstAfterIsTheEarliestLaterDeparture) {
  const Departures d(VenueId{}, 50, kClock, kStart, key(2));
  crypto::SeededRng rng(3);
  for (int i = 0; i < 2000; ++i) {
    const Instant now{static_cast<std::int64_t>(rng.below(20'000'000'000))};
    const GridIndex at = d.first_after(now);
    EXPECT_GT(d.departure(at), now);
    EXPECT_LE(d.departure(GridIndex{at.value - 1}), now);
  }
  // At a departure itself the next round is meant.
  const GridIndex at = d.first_after(kStart);
  EXPECT_EQ(d.first_after(d.departure(at)), next(at));
}

TEST(Timetable, AgreesWithItsCloneForEver) {
  const Departures a(VenueId{}, 1000, kClock, kStart, key(4));
  const Departures b = a.clone();
  for (std::int64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(a.departure(GridIndex{i * 1'000'003}), b.departure(GridIndex{i * 1'000'003}));
  }
}

TEST(Timetable, OtherVenuesAndOtherRunsHaveOtherDithers) {
  const Departures a(VenueId{}, 1000, kClock, kStart, key(5));
  const Departures b(VenueId{{1}}, 1000, kClock, kStart, key(5));
  const Departures c(VenueId{}, 1000, kClock, kStart, key(6));
  const GridIndex at = a.first_after(kStart);
  EXPECT_NE(a.departure(at), b.departure(at));
  EXPECT_NE(a.departure(at), c.departure(at));
}

TEST(Timetable, MarginIsATenthAndAtLeastTenMilliseconds) {
  EXPECT_EQ(Departures(VenueId{}, 50, kClock, kStart, key(7)).margin(), milliseconds(10));
  EXPECT_EQ(Departures(VenueId{}, 1000, kClock, kStart, key(7)).margin(), milliseconds(100));
}

TEST(Timetable, AClockBeforeTheEraOrFarBeyondStillRuns) {
  for (const std::int64_t clock : {std::int64_t{-5}, std::int64_t{0}, std::int64_t{1} << 62}) {
    const Departures d(VenueId{}, 600'000, UtcMs{clock}, kStart, key(8));
    EXPECT_GT(d.departure(d.first_after(kStart)), kStart);
    EXPECT_LE(d.departure(d.first_after(kStart)), kStart + milliseconds(1'200'000));
  }
}

TEST(Numbering, StartsAtTheClock) {
  const Numbering n(1000);
  const GridIndex at{kClock.value / 1000};
  EXPECT_EQ(n.at(at), (RoundId{Epoch{static_cast<std::uint64_t>(kClock.value / 1'800'000)},
                               Round{static_cast<std::uint32_t>(kClock.value % 1'800'000 / 1000)}}));
}

TEST(Numbering, ContinuesFromTheFloorAndNeverBack) {
  Numbering n(1000);
  const GridIndex at{1'700'000'000};
  const RoundId own = n.at(at);
  ASSERT_TRUE(n.raise({}, at));
  EXPECT_EQ(n.at(at), own);
  ASSERT_TRUE(n.raise({Epoch{own.epoch.value - 1}, own.round}, at));
  EXPECT_EQ(n.at(at), own);
  // A floor in the last round of an epoch goes on in the first of the next.
  ASSERT_TRUE(n.raise({Epoch{own.epoch.value + 10}, Round{1799}}, at));
  EXPECT_EQ(n.at(at), (RoundId{Epoch{own.epoch.value + 11}, Round{0}}));
  EXPECT_EQ(n.at(next(at)), (RoundId{Epoch{own.epoch.value + 11}, Round{1}}));
  ASSERT_TRUE(n.raise(own, at));
  EXPECT_EQ(n.at(at), (RoundId{Epoch{own.epoch.value + 11}, Round{0}}));
}

TEST(Numbering, FloorsThatNoTimetableHasAreRefused) {
  Numbering n(1000);
  const GridIndex at{1'700'000'000};
  const RoundId own = n.at(at);
  EXPECT_FALSE(n.raise({own.epoch, Round{1800}}, at));
  EXPECT_FALSE(n.raise({Epoch{UINT64_MAX}, Round{0}}, at));
  EXPECT_EQ(n.at(at), own);
}

}  // namespace
}  // namespace sw::carrier
