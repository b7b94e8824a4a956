// needs: link
#include <gtest/gtest.h>

#include "link/gate.hpp"
#include "support/link_world.hpp"

namespace sw::test {
namespace {

using link::Door;
using link::Frame;
using link::Gate;
using link::ReplayWindow;
using link::Stream;

constexpr Weather kFair{};

TEST(ReplayWindow, TakesEachCounterOnceWithin1024) {
  ReplayWindow window;
  EXPECT_FALSE(window.fresh(0));
  for (const std::uint64_t c : {1U, 5U, 3U, 64U, 63U, 65U, 2000U}) {
    EXPECT_TRUE(window.fresh(c)) << c;
    window.note(c);
    EXPECT_FALSE(window.fresh(c)) << c;
  }
  EXPECT_EQ(window.newest(), 2000U);
  EXPECT_TRUE(window.fresh(2000 - 1023));
  EXPECT_FALSE(window.fresh(2000 - 1024));
  EXPECT_TRUE(window.fresh(1999));
}

TEST(ReplayWindow, AgreesWithASetOfCounters) {
  crypto::SeededRng rng(5);
  ReplayWindow window;
  std::set<std::uint64_t> came;
  std::uint64_t newest = 0;
  for (int i = 0; i < 50'000; ++i) {
    const std::uint64_t jump = rng.below(100) == 0 ? rng.below(5000) : rng.below(1200);
    const std::uint64_t counter = newest + 60 > jump ? newest + 60 - jump : newest + rng.below(3000) + 1;
    const bool expected = counter > 0 && (counter > newest || newest - counter < 1024) && !came.contains(counter);
    ASSERT_EQ(window.fresh(counter), expected) << "counter " << counter << " newest " << newest;
    if (!expected) continue;
    window.note(counter);
    came.insert(counter);
    newest = std::max(newest, counter);
    std::uint64_t before = 0;
    for (std::uint64_t k = 0; k < 64 && k + 1 < newest; ++k)
      before |= std::uint64_t{came.contains(newest - 1 - k)} << k;
    ASSERT_EQ(window.before_newest(), before);
  }
}

TEST(Frame, CompletesTheEpochToTheNearest) {
  const auto complete = [](std::uint64_t sent, std::uint64_t own) {
    return link::complete_epoch(static_cast<std::uint32_t>(sent), Epoch{own}).value;
  };
  for (const std::uint64_t own : {0x1'0000'0000ULL, 0x1'0000'0001ULL, 0xffff'ffffULL, 5ULL, 994'000ULL}) {
    for (const std::int64_t off : {0, 1, -1, 5, -5, 20'000}) {
      const std::uint64_t sent = own + static_cast<std::uint64_t>(off);
      if (off < 0 && own < 5) continue;
      EXPECT_EQ(complete(sent, own), sent);
    }
  }
  EXPECT_EQ(complete(0xffff'ffff, 3), 0xffff'ffffU);  // there is no epoch below zero
}

TEST(Link, AlwaysOneFrameAndItLooksAtTheCardInTurn) {
  LinkWorld world(3);
  std::map<wire::Endpoint, int> seen;
  for (int i = 0; i < 64; ++i) {
    ASSERT_TRUE(world.step({.loss = 1}));
    ASSERT_TRUE(world.last(1).to.has_value());
    ++seen[*world.last(1).to];
    EXPECT_FALSE(world.at(0).up());
    EXPECT_EQ(world.at(0).quiet_rounds(), UINT32_MAX);
  }
  EXPECT_EQ(seen.size(), 2U);
  for (const auto& [to, times] : seen) EXPECT_EQ(times, 32);
}

TEST(Link, Message1EveryEighthRoundToEveryAddress) {
  LinkWorld world(3);
  std::vector<int> rounds;
  std::set<wire::Endpoint> to;
  for (int i = 0; i < 64; ++i) {
    ASSERT_TRUE(world.step({.loss = 1}));
    if (!link::is_message1(world.last(0).frame, world.side(1).keys.public_key)) continue;
    rounds.push_back(i);
    to.insert(*world.last(0).to);
  }
  EXPECT_EQ(rounds, (std::vector<int>{0, 8, 16, 24, 32, 40, 48, 56}));
  EXPECT_EQ(to.size(), 2U);
}

TEST(Link, TheSameMessage1GetsTheSameMessage2InTheNextFrame) {
  LinkWorld world(4);
  auto& rng = world.rng();
  const wire::Cell cell{};
  const auto first = world.at(0).prepare(world.now(0), UtcMs{1000}, cell, cell, rng).frame;
  const auto ask = [&](const wire::Endpoint& from) { (void)world.at(1).receive(first, from, world.now(1), rng); };
  const auto next = [&] { return world.at(1).prepare(world.now(1), UtcMs{1000}, cell, cell, rng); };
  const auto is_answer = [&](const Frame& f) { return link::is_message2(f, world.side(0).keys.public_key); };
  ask(address(1));
  const auto answer = next();
  EXPECT_TRUE(is_answer(answer.frame));
  EXPECT_EQ(answer.to, address(1));
  EXPECT_FALSE(is_answer(next().frame));
  for (int i = 0; i < 8; ++i) (void)next();
  ask(address(66));
  const auto again = next();
  EXPECT_TRUE(std::equal(again.frame.begin(), again.frame.begin() + 48, answer.frame.begin()));
  EXPECT_FALSE(std::equal(again.frame.begin() + 64, again.frame.end(), answer.frame.begin() + 64)) << "same padding";
  EXPECT_EQ(again.to, address(1)) << "a replay drew the answer elsewhere";
}

TEST(Link, OldMessage1IsDropped) {
  LinkWorld world(5);
  ASSERT_TRUE(world.step({.loss = 1}));
  const Frame old = world.last(0).frame;
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(world.step({.loss = 1}));
  ASSERT_LT(world.recover(kFair, 60), 60U);
  const auto stamp = world.at(1).last_stamp();
  (void)world.at(1).receive(old, address(66), world.now(1), world.rng());
  EXPECT_EQ(world.at(1).last_stamp(), stamp);
  ASSERT_TRUE(world.step(kFair));
  EXPECT_FALSE(link::is_message2(world.last(1).frame, world.side(0).keys.public_key));
}

TEST(Link, AReplayedFrameMovesNothing) {
  LinkWorld world(6);
  ASSERT_LT(world.recover(kFair, 60), 60U);
  std::vector<Frame> kept;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(world.step(kFair));
    kept.push_back(world.last(0).frame);
  }
  for (const Frame& frame : kept) {
    EXPECT_FALSE(world.at(1).receive(frame, address(66), world.now(1), world.rng()));
    EXPECT_TRUE(world.at(1).owns(address(1)));
  }
}

TEST(Link, AFrameHeldBackGivesItsCellsButDoesNotMoveTheEndpoint) {
  LinkWorld world(6);
  ASSERT_LT(world.recover(kFair, 60), 60U);
  ASSERT_TRUE(world.step({.loss = 1}));
  const Frame held = world.last(0).frame;
  ASSERT_TRUE(world.step(kFair));
  EXPECT_TRUE(world.at(1).receive(held, address(66), world.now(1), world.rng()));
  EXPECT_TRUE(world.at(1).owns(address(1)));
}

TEST(Link, QuietRoundsCountAndReaddressTriesTheCardAgain) {
  LinkWorld world(8);
  ASSERT_LT(world.recover(kFair, 60), 60U);
  ASSERT_TRUE(world.step(kFair));
  EXPECT_EQ(world.at(1).quiet_rounds(), 0U);
  EXPECT_GE(world.at(1).peer_epoch(), Epoch{100});
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(world.step({.loss = 1}));
  EXPECT_EQ(world.at(1).quiet_rounds(), 9U);
  EXPECT_FALSE(world.at(1).up());
  world.at(1).readdress({address(77)});
  ASSERT_TRUE(world.step({.loss = 1}));
  EXPECT_EQ(world.last(1).to, address(77));
}

TEST(Link, APeerKeyThatIsNoPointStillGetsOneFrameARound) {
  crypto::SeededRng rng(9);
  const auto own = crypto::KeyPair::generate(rng);
  for (const std::uint8_t fill : {std::uint8_t{0x00}, std::uint8_t{0xff}}) {
    PublicKey bad;
    bad.fill(fill);
    link::Link one(own, {VenueId{}, bad, crypto::Role::initiator, 200, {address(2)}, 0});
    for (int i = 0; i < 20; ++i) {
      const auto out = one.prepare({Epoch{1}, Round{1}}, UtcMs{-5}, wire::Cell{}, wire::Cell{}, rng);
      EXPECT_EQ(out.to, address(2));
    }
  }
}

// ---- the gate under load

struct GateWorld {
  crypto::SeededRng rng{21};
  crypto::KeyPair own = [this] {
    auto best = crypto::KeyPair::generate(rng);  // a high key, so that this side answers
    for (int i = 0; i < 40; ++i) {
      auto other = crypto::KeyPair::generate(rng);
      if (best.public_key < other.public_key) best = std::move(other);
    }
    return best;
  }();
  crypto::KeyPair friendly = lower();
  VenueId venue{rng.array<16>()};
  link::Link here{
      own, {venue, friendly.public_key, link::direct_role(own.public_key, friendly.public_key), 200, {address(1)}, 0}};
  Gate gate{own.public_key};
  Door door{&here, {Epoch{100}, Round{0}}};

  crypto::KeyPair lower() {
    auto out = crypto::KeyPair::generate(rng);
    while (!(out.public_key < own.public_key)) out = crypto::KeyPair::generate(rng);
    return out;
  }
  Gate::Arrival arrive(ByteView datagram, const wire::Endpoint& from, std::int64_t ms) {
    return gate.receive(datagram, from, {&door, 1}, Instant{ms * 1'000'000}, rng);
  }
  /// Message 1 of somebody who knows the public key but has no line here.
  Frame stranger() {
    const auto keys = lower();
    link::Link one(keys,
                   {venue, own.public_key, link::direct_role(keys.public_key, own.public_key), 200, {address(9)}, 0});
    return one.prepare({Epoch{100}, Round{0}}, UtcMs{5}, wire::Cell{}, wire::Cell{}, rng).frame;
  }
  /// 1,000 message 1 frames in one second, each from an address of its own; the cookies that went out.
  int flood(std::int64_t second, const Frame& frame) {
    int cookies = 0;
    for (int i = 0; i < 1000; ++i) {
      const auto from = address(static_cast<std::uint8_t>(100 + i % 100), static_cast<std::uint16_t>(i + 1));
      cookies += arrive(frame, from, second * 1000 + i * 99 / 100).reply ? 1 : 0;
    }
    return cookies;
  }
};

TEST(Gate, RandomBytesAndOtherLengthsAreNeverAnswered) {
  GateWorld w;
  for (std::size_t n = 0; n < 1500; ++n) {
    Bytes datagram(n == 0 ? 1192 : n);
    w.rng.fill(datagram);
    const auto out = w.arrive(datagram, address(3), static_cast<std::int64_t>(n));
    EXPECT_FALSE(out.reply || out.cells || out.door);
  }
}

TEST(Gate, ThousandStrangersGetAtMostTenCookies) {
  GateWorld w;
  const Frame frame = w.stranger();
  for (std::int64_t second = 1; second <= 5; ++second) EXPECT_EQ(w.flood(second, frame), 10);
  const auto out = w.here.prepare(w.door.now, UtcMs{5}, wire::Cell{}, wire::Cell{}, w.rng);
  EXPECT_FALSE(link::is_message2(out.frame, w.friendly.public_key));
}

TEST(Gate, AQuietSecondNeedsNoCookie) {
  GateWorld w;
  const Frame frame = w.stranger();
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(w.arrive(frame, address(4), 1000 + i).reply);
  EXPECT_TRUE(w.arrive(frame, address(4), 1500).reply);
  EXPECT_FALSE(w.arrive(frame, address(4), 2000).reply);
}

TEST(Gate, AFriendWithACookieGetsThroughTheFlood) {
  GateWorld w;
  const Frame noise = w.stranger();
  link::Link far(
      w.friendly,
      {w.venue, w.own.public_key, link::direct_role(w.friendly.public_key, w.own.public_key), 200, {address(2)}, 0});
  const auto send = [&] { return far.prepare(w.door.now, UtcMs{5}, wire::Cell{}, wire::Cell{}, w.rng).frame; };
  for (int i = 0; i < 40; ++i) (void)w.arrive(noise, address(50), 1000);  // past 20, and the cookies are gone
  const Frame first = send();
  EXPECT_FALSE(w.arrive(first, address(1), 1500).door);
  for (int i = 0; i < 25; ++i) (void)w.arrive(noise, address(50), 2000);
  const auto refused = w.arrive(first, address(1), 2001);
  ASSERT_TRUE(refused.reply);
  far.take_cookie(*refused.reply);
  Frame second{};
  for (int i = 0; i < 8; ++i) second = send();
  ASSERT_TRUE(link::is_message1(second, w.own.public_key));
  (void)w.flood(3, noise);
  EXPECT_FALSE(w.arrive(second, address(61), 3995).door) << "the cookie belongs to one address";
  EXPECT_TRUE(w.arrive(second, address(1), 3996).door);
  const auto out = w.here.prepare(w.door.now, UtcMs{5}, wire::Cell{}, wire::Cell{}, w.rng);
  ASSERT_TRUE(link::is_message2(out.frame, w.friendly.public_key));
  (void)far.receive(out.frame, address(2), w.door.now, w.rng);
  EXPECT_TRUE(w.arrive(send(), address(1), 3999).cells) << "a link is not hindered by the flood";
  EXPECT_TRUE(w.here.up());

  // The neighbour restarts during the flood: no cookie ever goes to an address that has a link, and it gets in.
  link::Link reborn(w.friendly, {w.venue,
                                 w.own.public_key,
                                 link::direct_role(w.friendly.public_key, w.own.public_key),
                                 200,
                                 {address(2)},
                                 far.last_stamp()});
  const auto hello = reborn.prepare(w.door.now, UtcMs{6}, wire::Cell{}, wire::Cell{}, w.rng).frame;
  (void)w.flood(4, noise);
  for (int i = 0; i < 30; ++i) EXPECT_FALSE(w.arrive(noise, address(1), 4995).reply);
  (void)w.flood(5, noise);
  EXPECT_TRUE(w.arrive(hello, address(1), 5995).door);
}

TEST(Gate, CookiesExpire) {
  GateWorld w;
  link::CookieJar jar;
  jar.refresh(Instant{0}, w.rng);
  link::Link far(
      w.friendly,
      {w.venue, w.own.public_key, link::direct_role(w.friendly.public_key, w.own.public_key), 200, {address(2)}, 0});
  const auto send = [&] { return far.prepare(w.door.now, UtcMs{5}, wire::Cell{}, wire::Cell{}, w.rng).frame; };
  Frame frame = send();
  link::Mac mac1;
  std::copy_n(frame.begin() + 104, 16, mac1.begin());
  far.take_cookie(jar.reply(w.own.public_key, mac1, address(1), w.rng));
  for (int i = 0; i < 8; ++i) frame = send();
  EXPECT_TRUE(jar.admits(frame, address(1)));
  jar.refresh(Instant{0} + milliseconds(121'000), w.rng);
  EXPECT_TRUE(jar.admits(frame, address(1)));
  jar.refresh(Instant{0} + milliseconds(242'000), w.rng);
  EXPECT_FALSE(jar.admits(frame, address(1)));
}

/// A station's carrier and R1: the carrier is the initiator whatever its key.
struct Ends {
  crypto::SeededRng rng{0x88};
  crypto::KeyPair one = crypto::KeyPair::generate(rng);
  crypto::KeyPair other = crypto::KeyPair::generate(rng);
  link::Link make(const crypto::KeyPair& own, const crypto::KeyPair& peer, crypto::Role role) {
    return {own,
            {VenueId{{8}},
             peer.public_key,
             role,
             100,
             {address(1)},
             0,
             role == crypto::Role::initiator ? wire::kStationStreams : wire::kCallerStreams}};
  }
};

TEST(LinkToR1, AnyKeyMayBeTheInitiatorsAndObjectsReachTheOwner) {
  for (const bool swapped : {false, true}) {
    Ends ends;
    const auto& a = swapped ? ends.other : ends.one;
    const auto& b = swapped ? ends.one : ends.other;
    link::Link station = ends.make(a, b, crypto::Role::initiator);
    link::Link relay = ends.make(b, a, crypto::Role::responder);
    const wire::Cell cell{};
    std::vector<std::int32_t> phases;
    Bytes up;
    Bytes token;
    Bytes down;
    std::uint32_t life = 0;
    for (std::uint32_t round = 0; round < 60; ++round) {
      const RoundId now{Epoch{7}, Round{round}};
      if (round == 25) {  // the token was good: until then R1 takes no set-up
        EXPECT_EQ(up, Bytes{});
        relay.take_streams(wire::relay_streams(1000));
        life = 0;
      }
      if (station.lane_life() != life) {
        life = station.lane_life();
        station.send(Stream::enrol, Bytes(32, 3));
        station.send(Stream::setup, Bytes(1000, 3));
        station.send(Stream::notice, Bytes(9, 3));  // R1 takes none
      }
      if (relay.lane_life() != 0 && round % 20 == 0) relay.send(Stream::receipt, Bytes(2000, 4));
      relay.say_phase(static_cast<std::int32_t>(round) - 40);
      const auto there = station.prepare(now, UtcMs{1000 * round}, cell, cell, ends.rng);
      const auto back = relay.prepare(now, UtcMs{1000 * round}, cell, cell, ends.rng);
      if (const auto in = relay.receive(there.frame, address(1), now, ends.rng); in && in->object) {
        (in->object->stream == Stream::setup ? up : token) = in->object->bytes;
      }
      const auto in = station.receive(back.frame, address(2), now, ends.rng);
      if (in) phases.push_back(in->phase);
      if (in && in->object) down = in->object->bytes;
    }
    EXPECT_EQ(life, 1U);
    EXPECT_EQ(up, Bytes(1000, 3));
    EXPECT_EQ(token, Bytes(32, 3));
    EXPECT_EQ(down, Bytes(2000, 4));
    ASSERT_GT(phases.size(), 40U);
    EXPECT_EQ(phases.back(), 19);
    EXPECT_EQ(phases[phases.size() - 41], -21);
  }
}

TEST(LinkToR1, AMessageNamesItsCaller) {
  Ends ends;
  link::Link station = ends.make(ends.one, ends.other, crypto::Role::initiator);
  const wire::Cell cell{};
  Frame frame = station.prepare({Epoch{7}, Round{0}}, UtcMs{1}, cell, cell, ends.rng).frame;
  const ByteView noise = ByteView(frame).first(wire::kLinkMessage1Bytes);
  EXPECT_EQ(link::caller_of(ends.other, VenueId{{8}}, noise), ends.one.public_key);
  EXPECT_FALSE(link::caller_of(ends.other, VenueId{{9}}, noise));
  EXPECT_FALSE(link::caller_of(ends.one, VenueId{{8}}, noise));
  EXPECT_FALSE(link::caller_of(ends.other, VenueId{{8}}, noise.first(103)));
  frame[40] ^= 1;
  EXPECT_FALSE(link::caller_of(ends.other, VenueId{{8}}, noise));
}

TEST(LinkToR1, APhaseIsSaidOnce) {
  Ends ends;
  link::Link station = ends.make(ends.one, ends.other, crypto::Role::initiator);
  link::Link relay = ends.make(ends.other, ends.one, crypto::Role::responder);
  const wire::Cell cell{};
  std::vector<std::int32_t> phases;
  for (std::uint32_t round = 0; round < 20; ++round) {
    const RoundId now{Epoch{7}, Round{round}};
    if (round == 15) relay.say_phase(INT32_MIN);
    (void)relay.receive(station.prepare(now, UtcMs{1}, cell, cell, ends.rng).frame, address(1), now, ends.rng);
    const auto back = relay.prepare(now, UtcMs{1}, cell, cell, ends.rng);
    if (const auto in = station.receive(back.frame, address(2), now, ends.rng)) phases.push_back(in->phase);
  }
  ASSERT_GT(phases.size(), 6U);
  EXPECT_EQ(std::ranges::count(phases, 0), static_cast<std::ptrdiff_t>(phases.size()) - 1);
  EXPECT_EQ(std::ranges::count(phases, INT32_MIN), 1);
}

}  // namespace
}  // namespace sw::test
