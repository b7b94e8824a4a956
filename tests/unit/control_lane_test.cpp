// needs: link
// Objects in pieces at the lane's constant rate: loss, long ways, order, and what a peer can make it hold.
// Protocol 3.5.
#include "link/control_lane.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "crypto/rng.hpp"
#include "support/link_world.hpp"

namespace sw::test {
namespace {

using link::ControlLane;
using link::ReplayWindow;
using link::Stream;

constexpr wire::StreamLimits kAll{wire::kControlObjectLimit, wire::kControlObjectLimit, wire::kControlObjectLimit,
                                  wire::kControlObjectLimit, wire::kControlObjectLimit, wire::kControlObjectLimit};

/// Sends an object through a lane whose frames get lost.
int carry(std::size_t size, double loss, std::uint64_t seed) {
  crypto::SeededRng rng(seed);
  ControlLane from{kAll};
  ControlLane to{kAll};
  ReplayWindow at_from;
  ReplayWindow at_to;
  Bytes object(size);
  rng.fill(object);
  from.send(Stream::rekey, object);
  std::uint64_t counter = 0;
  bool came = false;
  for (int round = 1; round < 20'000; ++round) {
    ++counter;
    const auto exchange = [&](ControlLane& a, ReplayWindow& a_in, ControlLane& b, ReplayWindow& b_in) {
      a.count_round();
      link::Control control{};
      a.write(control, a_in, {});
      a.sent({1, counter});
      if (static_cast<double>(rng.below(1000)) < loss * 1000) return;
      b_in.note(counter);
      if (const auto done = b.read(control, 1)) {
        EXPECT_FALSE(came);
        EXPECT_EQ(done->bytes, object);
        came = true;
      }
    };
    exchange(from, at_from, to, at_to);
    exchange(to, at_to, from, at_from);
    if (came && from.idle()) return round;
  }
  return -1;
}

TEST(ControlLane, CarriesObjectsOfEverySize) {
  for (const std::size_t size : {1U, 48U, 104U, 109U, 110U, 111U, 220U, 5000U, 65'536U}) {
    const auto pieces = static_cast<int>((size + 109) / 110);
    EXPECT_EQ(carry(size, 0, size), pieces);
    for (std::uint64_t seed = 1; seed <= 5; ++seed) EXPECT_GE(carry(size, 0.5, seed), pieces) << "seed " << seed;
  }
}

/// Rounds until an object of so many pieces is there and acknowledged, over a way of so many rounds.
int carry_far(std::size_t pieces, std::uint32_t delay, double loss) {
  crypto::SeededRng rng(pieces * 100 + delay);
  ControlLane from{kAll};
  ControlLane to{kAll};
  ReplayWindow at_from;
  ReplayWindow at_to;
  struct Flying {
    std::uint64_t counter;
    link::Control control;
  };
  std::deque<Flying> there;
  std::deque<Flying> back;
  from.send(Stream::setup, Bytes(pieces * 110, 7));
  for (int round = 1; round < 20'000; ++round) {
    const auto step = [&](ControlLane& a, const ReplayWindow& a_in, std::deque<Flying>& way, ControlLane& b,
                          ReplayWindow& b_in) {
      a.count_round();
      way.push_back({static_cast<std::uint64_t>(round), {}});
      a.write(way.back().control, a_in, {});
      a.sent({1, way.back().counter});
      if (way.size() <= delay) return;
      const Flying frame = way.front();
      way.pop_front();
      if (static_cast<double>(rng.below(1000)) < loss * 1000) return;
      b_in.note(frame.counter);
      (void)b.read(frame.control, 1);
    };
    step(from, at_from, there, to, at_to);
    step(to, at_to, back, from, at_from);
    if (from.idle()) return round;
  }
  return -1;
}

TEST(ControlLane, AWayOfManyRoundsIsNoHindrance) {
  for (const std::uint32_t delay : {0U, 3U, 5U, 12U, 30U}) {
    for (const std::size_t pieces : {1U, 4U, 40U}) {
      const int rounds = carry_far(pieces, delay, 0);
      EXPECT_GT(rounds, 0) << delay << ' ' << pieces;
      EXPECT_LE(rounds, static_cast<int>(pieces + 2 * delay + 2)) << delay << ' ' << pieces;
      const int lossy = carry_far(pieces, delay, 0.1);
      EXPECT_GT(lossy, 0) << delay << ' ' << pieces;
      EXPECT_LE(lossy, 1'500) << delay << ' ' << pieces;
    }
  }
}

/// Two lanes without a network between them: what `to` got after `rounds`, in order.
std::vector<ControlLane::Object> talk(ControlLane& from, ControlLane& to, int rounds) {
  std::vector<ControlLane::Object> out;
  ReplayWindow at_from;
  ReplayWindow at_to;
  for (int round = 1; round <= rounds; ++round) {
    const auto counter = static_cast<std::uint64_t>(round);
    link::Control control{};
    from.write(control, at_from, {});
    from.sent({1, counter});
    at_to.note(counter);
    if (auto object = to.read(control, 1)) out.push_back(std::move(*object));
    to.write(control, at_to, {});
    to.sent({1, counter});
    at_from.note(counter);
    EXPECT_FALSE(from.read(control, 1));
  }
  return out;
}

TEST(ControlLane, StreamsGoInOrderAndTheUrgentFirst) {
  ControlLane from{kAll};
  ControlLane to{kAll};
  for (std::uint8_t n = 0; n < 3; ++n) from.send(Stream::receipt, Bytes(300, n));
  from.send(Stream::descriptor, Bytes(200, 9));
  from.send(Stream::notice, Bytes(9, 8));
  const auto got = talk(from, to, 30);
  ASSERT_EQ(got.size(), 5U);
  EXPECT_EQ(got[0].stream, Stream::notice);
  EXPECT_EQ(got[1].stream, Stream::descriptor);
  for (std::uint8_t n = 0; n < 3; ++n) {
    EXPECT_EQ(got[2U + n].stream, Stream::receipt);
    EXPECT_EQ(got[2U + n].bytes, Bytes(300, n));
  }
  EXPECT_TRUE(from.idle());
}

TEST(ControlLane, DropsTheOldestThatWaitsAndNeverTheOneOnItsWay) {
  ControlLane from{kAll};
  ControlLane to{kAll};
  for (std::uint8_t n = 0; n < 12; ++n) EXPECT_EQ(from.send(Stream::setup, Bytes(5, n)), n + 1U);
  EXPECT_EQ(from.delivered(Stream::setup), 0U);
  const auto got = talk(from, to, 30);
  EXPECT_EQ(from.delivered(Stream::setup), 12U);
  EXPECT_EQ(from.delivered(Stream::receipt), 0U);
  ASSERT_EQ(got.size(), 1 + wire::kControlWaiting);
  EXPECT_EQ(got[0].bytes, Bytes(5, 0));
  for (std::size_t n = 1; n < got.size(); ++n) EXPECT_EQ(got[n].bytes, Bytes(5, static_cast<std::uint8_t>(n + 3)));
}

/// The stream and the number of the piece in a field; stream 0: none.
std::pair<std::uint8_t, std::uint8_t> piece_in(ControlLane& lane, std::uint64_t counter) {
  link::Control control{};
  lane.count_round();
  lane.write(control, ReplayWindow{}, {});
  lane.sent({1, counter});
  return {control[0], control[5] / 110};
}

TEST(ControlLane, RepeatsWhatIsNotAcknowledgedBeforeAFieldStaysEmpty) {
  ControlLane lane{kAll};
  lane.send(Stream::setup, Bytes(220, 1));
  std::vector<std::pair<std::uint8_t, std::uint8_t>> left;
  for (std::uint64_t counter = 1; counter <= 4; ++counter) left.push_back(piece_in(lane, counter));
  using Pieces = std::vector<std::pair<std::uint8_t, std::uint8_t>>;
  EXPECT_EQ(left, (Pieces{{3, 0}, {3, 1}, {3, 0}, {3, 1}}));
  // The third and the second frame came: any of those with a piece counts.
  ReplayWindow came;
  came.note(2);
  came.note(3);
  ControlLane other{kAll};
  link::Control answer{};
  other.write(answer, came, {});
  other.sent({1, 1});
  (void)lane.read(answer, 1);
  EXPECT_TRUE(lane.idle());
  EXPECT_EQ(piece_in(lane, 5).first, 0);
}

TEST(ControlLane, ALatePieceGoesBeforeANewOneOfALessUrgentStream) {
  ControlLane lane{kAll};
  lane.send(Stream::receipt, Bytes(110 * 40, 1));
  lane.send(Stream::setup, Bytes(110, 1));
  std::vector<std::uint8_t> left;
  for (std::uint64_t counter = 1; counter <= 18; ++counter) left.push_back(piece_in(lane, counter).first);
  EXPECT_EQ(left, (std::vector<std::uint8_t>{3, 4, 4, 4, 4, 4, 4, 4, 3, 4, 4, 4, 4, 4, 4, 4, 3, 4}));
}

TEST(ControlLane, WhatIsWithdrawnHoldsNothingUp) {
  ControlLane from{kAll};
  ControlLane to{kAll};
  for (int i = 0; i < 3; ++i) from.send(Stream::setup, Bytes(330, 1));
  EXPECT_TRUE(talk(from, to, 2).empty());
  from.withdraw(Stream::setup);
  EXPECT_TRUE(from.idle());
  const std::uint32_t place = from.send(Stream::setup, Bytes(110, 2));
  const auto got = talk(from, to, 3);
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].bytes, Bytes(110, 2));
  EXPECT_EQ(from.delivered(Stream::setup), place);
}

TEST(ControlLane, BoundsWhatAPeerCanMakeItHold) {
  ControlLane lane{{wire::kControlObjectLimit, 0, 200}};
  const auto offer = [&](std::uint8_t stream, std::uint32_t object, std::uint32_t offset, std::uint8_t flags,
                         std::uint8_t length) {
    link::Control c{};
    c[0] = stream;
    for (std::size_t i = 0; i < 4; ++i) c[1 + i] = static_cast<std::uint8_t>(object >> (8 * i));
    for (std::size_t i = 0; i < 3; ++i) c[5 + i] = static_cast<std::uint8_t>(offset >> (8 * i));
    c[8] = flags;
    c[9] = length;
    return lane.read(c, 1).has_value();
  };
  EXPECT_FALSE(offer(0, 1, 0, 1, 10));
  EXPECT_FALSE(offer(2, 1, 0, 1, 10)) << "a stream that nobody takes here";
  EXPECT_FALSE(offer(3, 1, 110, 1, 91)) << "beyond its limit";
  EXPECT_FALSE(offer(7, 1, 0, 1, 10));
  EXPECT_FALSE(offer(255, 1, 0, 1, 10));
  EXPECT_FALSE(offer(1, 0, 0, 1, 10));
  EXPECT_FALSE(offer(1, 1, 0, 1, 0));
  EXPECT_FALSE(offer(1, 1, 0, 1, 111));
  EXPECT_FALSE(offer(1, 1, 7, 1, 10));
  EXPECT_FALSE(offer(1, 1, 0, 0, 10)) << "a short piece that is not the last";
  EXPECT_FALSE(offer(1, 1, 110U * 1192, 1, 110)) << "beyond 128 KiB";
  EXPECT_TRUE(offer(1, 1, 0, 1, 10));
  EXPECT_FALSE(offer(1, 1, 0, 1, 10)) << "once is enough";
  EXPECT_FALSE(offer(1, 5, 110, 1, 10));
  EXPECT_FALSE(offer(1, 5, 220, 1, 10)) << "two ends";
  EXPECT_FALSE(offer(1, 4, 0, 1, 10)) << "an older object";
  EXPECT_TRUE(offer(1, 5, 0, 0, 110));
}

// Protocol 8.8: in every frame, with a piece or without one, beside everything else that the field says.
TEST(ControlLane, SaysTheFaultInEveryField) {
  for (const bool piece : {false, true}) {
    for (std::uint8_t fault = 0; fault <= 3; ++fault) {
      ControlLane from{kAll};
      ControlLane to{kAll};
      if (piece) from.send(Stream::notice, Bytes(17, 9));
      link::Control control{};
      from.write(control, {}, {-77, fault});
      from.sent({1, 5});
      EXPECT_EQ(ControlLane::word(control).fault, fault);
      EXPECT_EQ(ControlLane::word(control).phase, -77);
      EXPECT_EQ(to.read(control, 1).has_value(), piece) << "the piece is read as ever";
    }
  }
}

}  // namespace
}  // namespace sw::test
