// needs: relay
// R1's gate without a socket: who gets an answer, who registers, when frames leave and what is in them. Protocol 8.8.
#include "relay/stations_gate.hpp"

#include <gtest/gtest.h>

#include <set>

#include "crypto/rng.hpp"
#include "mix/passage.hpp"
#include "support/address.hpp"
#include "wire/sizes.hpp"

namespace sw::relay {
namespace {

using mix::relay::Actions;
using sw::test::address;

constexpr std::int64_t kRoundMs = 100;
constexpr Moment kStart{{1'790'000'000'000}, {5'000'000'000}};

/// R1 alone in its venue, so that the core needs no neighbour.
class GateTest : public testing::Test {
 protected:
  GateTest() {
    EXPECT_TRUE(crypto::start());
    x_rng.fill(x_venue.venue.bytes);
    x_venue.relays = {x_id.public_key};
    x_venue.round_ms = kRoundMs;
    x_venue.rounds = 40;
    x_venue.lead_rounds = 20;
    x_venue.slots = 1;
    x_venue.suite = mix::Suite::x25519;
    x_venue.circuit_limit = 6;
    // A token says its serial in its first byte; 0xff is forged.
    const auto check = [](const mix::Token& t) {
      return t[0] == 0xff ? std::nullopt : std::optional<std::uint32_t>(t[0]);
    };
    x_gate.emplace(StationsGate::Terms{x_link, x_venue, check, kStart}, x_rng);
    x_core.emplace(x_venue, 0, x_id.secret.clone(), Epoch{}, x_rng);
  }

  struct Station {
    crypto::KeyPair keys;
    link::Link link;
    mix::Passage passage;
    wire::Endpoint at;
    std::uint32_t life = 0;
    std::uint64_t right = 0;
    std::uint64_t frames = 0;
    bool refused = false;
  };
  Station& station(std::uint8_t number) {
    auto keys = crypto::KeyPair::generate(x_rng);
    link::Link link = link_of(keys);
    x_stations.push_back(
        std::make_unique<Station>(std::move(keys), std::move(link), mix::Passage(x_venue.rules()), address(number)));
    return *x_stations.back();
  }
  /// Of a carrier that kept no stamp.
  [[nodiscard]] link::Link link_of(const crypto::KeyPair& keys) const {
    return {keys,
            {x_venue.venue,
             x_link.public_key,
             crypto::Role::initiator,
             mix::frame_rounds(40, 1),
             {address(200)},
             0,
             wire::kStationStreams,
             1,
             std::nullopt,
             wire::kCallRounds}};
  }

  static wire::Cell said(std::uint8_t path, RoundId round) {
    wire::Cell out{};
    out.fill(static_cast<std::uint8_t>(17 * path + round.round.value + round.epoch.value));
    return out;
  }
  void speak(Station& s, std::uint8_t token) {
    if (s.life != s.link.lane_life()) {
      s.life = s.link.lane_life();
      s.passage.lane_renewed();
      Bytes object(wire::kTokenBytes, 0);
      object[0] = token;
      s.link.send(link::Stream::enrol, std::move(object));
    }
    auto turn = s.passage.begin_round(kStart.utc_at(x_now), x_rng);
    for (auto& upload : turn.uploads) s.link.send(link::Stream::setup, std::move(upload.object));
    mix::SlotCells cells{x_rng.array<512>(), x_rng.array<512>()};
    if (turn.round) {
      cells = {said(0, *turn.round), said(1, *turn.round)};
      s.passage.wrap({0}, cells, x_rng);
    }
    const UtcMs clock{kStart.utc_at(x_now).value + x_ahead_ms};
    const auto out = s.link.prepare(turn.round.value_or(RoundId{}), clock, cells[0], cells[1], x_rng);
    EXPECT_FALSE(x_gate->on_datagram(x_now, out.frame, s.at));
    count();
  }
  std::vector<StationsGate::Datagram> departing() {
    std::vector<StationsGate::Datagram> out;
    x_gate->depart(x_now, [&](const auto& to, const auto& frame) { out.push_back({to, to_bytes(frame)}); });
    return out;
  }
  void hear(const StationsGate::Datagram& datagram) {
    for (auto& s : x_stations) {
      if (s->at != datagram.to) continue;
      ++s->frames;
      link::Frame frame;
      ASSERT_EQ(datagram.bytes.size(), frame.size());
      std::ranges::copy(datagram.bytes, frame.begin());
      auto in = s->link.receive(frame, address(200), {}, x_rng);
      if (!in) continue;
      if (s->passage.unwrap(in->round, {0}, in->cells) && in->cells[0] == said(1, in->round) &&
          in->cells[1] == said(0, in->round)) {
        ++s->right;
      }
      if (!in->object) continue;
      const Bytes& object = in->object->bytes;
      if (in->object->stream == link::Stream::descriptor) (void)s->passage.take_descriptor(object);
      if (in->object->stream == link::Stream::receipt) x_receipts_here.insert(object);
      if (in->object->stream == link::Stream::receipt) (void)s->passage.take_receipt(object);
      if (in->object->stream == link::Stream::notice) (void)s->passage.take_notice(object);
      if (in->object->stream == link::Stream::notice) x_notices_here.push_back(*mix::read_notice(object));
      if (in->object->stream == link::Stream::notice && object[0] == 2) s->refused = true;
    }
  }

  [[nodiscard]] UtcMs utc() const { return kStart.utc_at(x_now); }
  void count() {
    if (const auto circuits = x_gate->circuits(x_now)) perform(x_core->on_circuits(utc(), *circuits));
  }
  void perform(Actions actions) {
    for (auto& work : actions.works) {
      work.run(x_hands, x_rng);
      perform(x_core->on_done(utc(), std::move(work)));
    }
    for (const Epoch epoch : actions.records) x_records.push_back(epoch);
    for (const auto& each : actions.published) {
      x_newest = each.epoch;
      x_gate->on_published(each);
    }
    for (const Epoch epoch : actions.halted) x_gate->on_halted(epoch);
    for (const Epoch epoch : actions.making) x_gate->on_making(epoch);
    for (const auto& each : actions.receipts) x_gate->on_receipt(each);
    for (const Epoch epoch : actions.close_setup) {
      const auto onions = x_gate->close_setup(epoch);
      ASSERT_TRUE(onions) << onions.error().what;
      perform(x_core->on_onions(utc(), epoch, to_bytes(*onions)));
    }
    for (const RoundId at : actions.close_round) {
      auto cells = x_gate->close_round(x_now, at);
      ASSERT_TRUE(cells) << cells.error().what;
      perform(x_core->on_cells(utc(), at, std::move(*cells)));
    }
    for (auto& each : actions.returned) EXPECT_TRUE(x_gate->on_returned(std::move(each)));
  }
  /// Milliseconds pass one by one; stations speak at the beginning of each round.
  void run(std::int64_t rounds) {
    for (std::int64_t ms = 0; ms < rounds * kRoundMs; ++ms) {
      x_now = x_now + milliseconds(1);
      perform(x_core->advance(utc()));
      for (const Epoch epoch : std::exchange(x_records, {})) perform(x_core->on_recorded(utc(), epoch));
      const auto frames = departing();
      if (!frames.empty()) x_departures.push_back(x_now);
      for (const auto& frame : frames) hear(frame);
      count();
      if (ms % kRoundMs != 5) continue;
      for (std::size_t i = 0; i < x_stations.size(); ++i) {
        if (!x_silent) speak(*x_stations[i], static_cast<std::uint8_t>(x_first_token + i));
      }
    }
  }

  crypto::SeededRng x_rng{0x6a7e};
  mix::relay::OwnHands x_hands;
  crypto::SigningPair x_id = crypto::SigningPair::generate(x_rng);
  crypto::KeyPair x_link = crypto::KeyPair::generate(x_rng);
  mix::relay::VenueTerms x_venue;
  std::optional<StationsGate> x_gate;
  std::optional<mix::relay::Core> x_core;
  std::vector<std::unique_ptr<Station>> x_stations;
  std::vector<Epoch> x_records;
  std::vector<Instant> x_departures;
  Instant x_now = kStart.instant;
  std::size_t x_first_token = 1;
  bool x_silent = false;
  std::int64_t x_ahead_ms = 0;      ///< the stations' clocks
  Epoch x_newest{};                 ///< published
  std::set<Bytes> x_receipts_here;  ///< that the stations were handed
  std::vector<mix::Notice> x_notices_here;
};

TEST_F(GateTest, StationsRegisterAndGetTheirCells) {
  Station& one = station(1);
  Station& two = station(2);
  run(7);
  EXPECT_EQ(x_gate->registered(), 2U);
  EXPECT_EQ(x_core->held(), 0U) << "no body within 8 rounds of the start";
  EXPECT_LE(x_gate->next_wake(), kStart.instant + milliseconds(8 * kRoundMs)) << "then at once";
  run(190);
  ASSERT_TRUE(x_core->running());
  EXPECT_GT(x_core->running()->value, 1U);
  EXPECT_TRUE(one.passage.registered());
  EXPECT_GT(one.right, 60U);
  EXPECT_GT(two.right, 60U);
  EXPECT_EQ(one.passage.disturbed() + two.passage.disturbed(), 0U);
}

TEST_F(GateTest, WaitsForStationsThatStillRegister) {
  station(1);
  run(6);
  station(2);
  run(2);
  x_now = x_now + milliseconds(3);
  count();
  EXPECT_EQ(x_gate->registered(), 2U);
  EXPECT_EQ(x_core->held(), 0U) << "eight rounds, but the second one came less than a round ago";
  run(1);
  EXPECT_EQ(x_core->circuits_of({1}), 4U);
}

TEST_F(GateTest, OneFrameARoundAtOneInstantWhateverComes) {
  Station& one = station(1);
  run(100);
  ASSERT_TRUE(x_core->running());
  x_departures.clear();
  const auto before = one.frames;
  x_silent = true;  // it vanished; its link stays
  run(30);
  EXPECT_EQ(one.frames - before, 30U);
  ASSERT_EQ(x_departures.size(), 30U);
  for (std::size_t i = 1; i < x_departures.size(); ++i) {
    EXPECT_EQ((x_departures[i] - x_departures[i - 1]).ns, milliseconds(kRoundMs).ns);
  }
  EXPECT_EQ(x_gate->registered(), 1U) << "its circuits are filled";
  run(60);
  x_departures.clear();
  run(20);
  EXPECT_TRUE(x_departures.empty()) << "silent for an epoch: nothing goes to what was its address";
  x_silent = false;
  run(20);
  EXPECT_FALSE(x_departures.empty()) << "and it is there again";
}

TEST_F(GateTest, AStrangerGetsNothingAndIsForgotten) {
  x_first_token = 0xff;
  Station& one = station(1);
  run(6);
  EXPECT_EQ(x_gate->links(), 1U);
  EXPECT_EQ(x_gate->registered(), 0U);
  run(20);
  EXPECT_TRUE(one.refused);
  EXPECT_FALSE(one.passage.registered());
  x_silent = true;
  run(70);
  EXPECT_EQ(x_gate->links(), 0U);
  const auto before = one.frames;
  run(20);
  EXPECT_EQ(one.frames, before);
}

TEST_F(GateTest, GarbageAndReplaysDrawNoAnswer) {
  Bytes junk(wire::kFrameBytes);
  for (int i = 0; i < 200; ++i) {
    x_rng.fill(junk);
    EXPECT_FALSE(x_gate->on_datagram(x_now, junk, address(9)));
    EXPECT_FALSE(x_gate->on_datagram(x_now, ByteView(junk).first(x_rng.below(junk.size())), address(9)));
  }
  EXPECT_EQ(x_gate->links(), 0U);
  // A message 1 that is said again from elsewhere: one link, and one answer where the first one came from.
  Station& one = station(1);
  const auto message1 = one.link.prepare({}, utc(), {}, {}, x_rng).frame;
  for (std::uint8_t i = 0; i < 5; ++i) {
    EXPECT_FALSE(x_gate->on_datagram(x_now, message1, address(static_cast<std::uint8_t>(50 + i))));
  }
  EXPECT_EQ(x_gate->links(), 1U);
  std::size_t answers = 0;
  for (int round = 0; round < 20; ++round) {
    x_now = x_now + milliseconds(kRoundMs);
    for (const auto& datagram : departing()) {
      EXPECT_EQ(datagram.to, address(50));
      ++answers;
    }
  }
  EXPECT_EQ(answers, 1U);
}

TEST_F(GateTest, UnderLoadACookieAndABoundOnLinks) {
  std::size_t cookies = 0;
  for (int i = 0; i < 200; ++i) {
    Station& each = station(1);
    const auto message1 = each.link.prepare({}, utc(), {}, {}, x_rng).frame;
    const auto answer = x_gate->on_datagram(x_now, message1, address(static_cast<std::uint8_t>(i)));
    if (!answer) continue;
    EXPECT_EQ(answer->bytes.size(), wire::kCookieReplyBytes);
    ++cookies;
  }
  EXPECT_EQ(x_gate->links(), wire::kGateFreeMessages);
  EXPECT_EQ(cookies, wire::kGateCookies);
  // All stations of a large venue call at once when R1 was started.
  mix::relay::VenueTerms large = x_venue;
  large.circuit_limit = 400;
  StationsGate gate({x_link, large, [](const mix::Token&) { return std::nullopt; }, kStart}, x_rng);
  for (int i = 0; i < 200; ++i) {
    const auto message1 = station(1).link.prepare({}, utc(), {}, {}, x_rng).frame;
    (void)gate.on_datagram(x_now, message1, address(static_cast<std::uint8_t>(i)));
  }
  EXPECT_EQ(gate.links(), 200 / wire::kStationsAShare * wire::kGateFreeMessages);
}

TEST_F(GateTest, ANewKeyTakesItsInvitationOver) {
  station(1);
  run(30);
  EXPECT_EQ(x_gate->registered(), 1U);
  Station& before = *x_stations[0];
  Station& after = station(2);
  for (int round = 0; round < 30; ++round) {
    for (std::int64_t ms = 0; ms < kRoundMs; ++ms) {
      x_now = x_now + milliseconds(1);
      for (const auto& frame : departing()) hear(frame);
    }
    speak(after, 1);
  }
  EXPECT_EQ(x_gate->registered(), 1U);
  EXPECT_TRUE(after.passage.registered());
  EXPECT_TRUE(before.refused);
}

TEST_F(GateTest, NothingIsLostOfMoreThanALaneHolds) {
  station(1);
  run(60);
  ASSERT_GT(x_newest, Epoch{});
  // As of all epochs of a chain at once: more than the queue of a stream takes.
  std::set<Bytes> all;
  for (std::uint8_t n = 0; n < 24; ++n) {
    all.insert(Bytes(64, n));
    x_gate->on_receipt({x_newest, Bytes(64, n)});
  }
  run(60);
  for (const Bytes& receipt : all) EXPECT_TRUE(x_receipts_here.contains(receipt)) << int{receipt[0]};
}

// A link that went down just then, and a handshake that started the lane anew, must not lose it.
TEST_F(GateTest, AStationThatWasToldCarriedIsToldHaltedAlsoOnANewLane) {
  Station& one = station(1);
  const auto told = [&](mix::Notice::Kind kind) {
    return std::ranges::any_of(x_notices_here, [&](const mix::Notice& each) {
      return each.kind == kind && each.epoch > x_core->running().value_or(Epoch{});
    });
  };
  run(60);
  ASSERT_TRUE(x_core->running());
  x_notices_here.clear();
  for (int rounds = 0; rounds < 60 && !told(mix::Notice::Kind::carried); ++rounds) run(1);
  ASSERT_TRUE(told(mix::Notice::Kind::carried));
  const Epoch epoch = x_notices_here.back().epoch;
  x_gate->on_halted(epoch);
  const auto renew = [&] {
    one.link = link_of(one.keys);
    x_notices_here.clear();
    for (std::int64_t ms = 0; ms < 6 * kRoundMs; ++ms) {
      x_now = x_now + milliseconds(1);
      for (const auto& frame : departing()) hear(frame);
      if (ms % kRoundMs == 5) speak(one, 1);
    }
    EXPECT_TRUE(one.link.up());
  };
  for (int again = 0; again < 2; ++again) {
    renew();
    EXPECT_TRUE(told(mix::Notice::Kind::halted));
  }
  // "said only before it begins"
  x_now = x_now + milliseconds(20 * kRoundMs);
  renew();
  EXPECT_FALSE(told(mix::Notice::Kind::halted));
}

TEST_F(GateTest, AClockFarAheadLocksNobodyOutWhoLostItsStamps) {
  constexpr std::int64_t kDayMs = 86'400'000;
  Station& one = station(1);
  x_ahead_ms = 10 * kDayMs;
  run(20);
  EXPECT_EQ(x_gate->links(), 0U);
  one.link = link_of(one.keys);
  x_ahead_ms = 0;
  run(40);
  EXPECT_EQ(x_gate->registered(), 1U);
  // Neither does a rekey, which goes on from a link that is there.
  x_ahead_ms = 10 * kDayMs;
  run(100);
  one.link = link_of(one.keys);
  one.life = 0;
  x_ahead_ms = 0;
  run(40);
  EXPECT_TRUE(one.link.up());
  // Less than a day is a clock that the carrier hears about.
  x_ahead_ms = kDayMs / 2;
  one.link = link_of(one.keys);
  run(40);
  EXPECT_TRUE(one.link.up());
}

}  // namespace
}  // namespace sw::relay
