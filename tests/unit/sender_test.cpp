// needs: carrier
// The sending thread itself, in real time: one set of frames a round also while its departures move.
#include "carrier/sender.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "bearer/clock.hpp"
#include "crypto/rng.hpp"

namespace sw::carrier {

using bearer::clock_now;
using bearer::instant_now;

namespace {

constexpr wire::Endpoint kHere{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}, 0};

TEST(Sender, SendsEveryRoundOnceWhileItsDeparturesMove) {
  ASSERT_TRUE(crypto::start());
  crypto::SeededRng rng(1);
  constexpr std::uint32_t kRoundMs = 100;
  constexpr std::uint8_t kFrames = 3;
  wire::Endpoint from = kHere;
  wire::Endpoint to = kHere;
  from.port = 47'151;
  to.port = 47'152;
  const auto out = bearer::UdpSocket::open(from);
  const auto in = bearer::UdpSocket::open(to);
  ASSERT_TRUE(out && in);
  auto sender = Sender::start(*out);
  ASSERT_TRUE(sender);
  const VenueId venue{{1}};
  const Instant now = instant_now();
  const Departures times(venue, kRoundMs, clock_now(), now, DitherKey::random(rng));
  const GridIndex first = times.first_after(now + milliseconds(20));
  (*sender)->begin(venue, times, first, to, kFrames);
  constexpr std::array<std::int64_t, 4> kMoves{0, 40, -10, 30};
  std::int64_t frames = 0;
  Duration offset{};
  for (std::int64_t round = 0; round < 24; ++round) {
    const GridIndex at{first.value + round};
    const Instant departure = times.departure(at) + offset;
    link::Frame frame{};
    frame[0] = static_cast<std::uint8_t>(round);
    for (std::uint8_t slot = 0; slot < kFrames; ++slot) {
      frame[1] = slot;
      (*sender)->hand_over(venue, at, to, frame, Slot{slot});
    }
    if (round % 6 == 5) {
      offset = milliseconds(kMoves[static_cast<std::size_t>(round / 6) % kMoves.size()]);
      (*sender)->shift(venue, offset);
    }
    while (instant_now() < departure + milliseconds(30)) {
      ByteArray<wire::kFrameBytes> buffer{};
      const auto received = in->receive(buffer);
      if (!received) continue;
      EXPECT_EQ(received->size, wire::kFrameBytes);
      EXPECT_GE(instant_now(), departure) << "round " << round;
      EXPECT_TRUE(buffer[0] != round || buffer[1] == frames % kFrames) << "slot by slot";
      ++frames;
    }
    ASSERT_EQ(frames, (round + 1) * kFrames) << "round " << round;
  }
}

}  // namespace
}  // namespace sw::carrier
