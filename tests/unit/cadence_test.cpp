// needs: station
#include "station/cadence.hpp"

#include <gtest/gtest.h>

namespace sw::station {
namespace {

/// Offsets of the ticks after a seal at 0, in ms, up to the next seal.
std::vector<std::int64_t> ticks_after_seal(std::uint32_t round_ms) {
  Cadence cadence(Instant{-1});
  cadence.sealed(Instant{0}, round_ms);
  std::vector<std::int64_t> out;
  while (cadence.next() < Instant{milliseconds(round_ms).ns}) {
    out.push_back(cadence.next().ns / 1'000'000);
    cadence.ticked(cadence.next());
  }
  return out;
}

TEST(Cadence, FiveTicksARoundAndOneJustBeforeTheSeal) {
  EXPECT_EQ(ticks_after_seal(1000), (std::vector<std::int64_t>{170, 370, 570, 770, 970}));
}

TEST(Cadence, NotUnderTwentyMilliseconds) {
  EXPECT_EQ(ticks_after_seal(50), (std::vector<std::int64_t>{20, 45}));
  EXPECT_EQ(ticks_after_seal(100), (std::vector<std::int64_t>{10, 30, 50, 70, 90}));
}

TEST(Cadence, RunsFreelyAtTheLinesPaceBeforeTheFirstSeal) {
  Cadence cadence(Instant{0});
  cadence.ticked(Instant{0});
  EXPECT_EQ(cadence.next(), Instant{milliseconds(200).ns});
  cadence.pace(100);
  cadence.ticked(cadence.next());
  EXPECT_EQ(cadence.next(), Instant{milliseconds(220).ns});
}

TEST(Cadence, ASuspendIsSkippedNotMadeUpFor) {
  Cadence cadence(Instant{0});
  cadence.sealed(Instant{0}, 1000);
  const Instant late{milliseconds(3'600'000).ns};
  cadence.ticked(late);
  EXPECT_EQ(cadence.next(), late + milliseconds(200));
}

}  // namespace
}  // namespace sw::station
