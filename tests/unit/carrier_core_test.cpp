// needs: carrier
// Two carriers in virtual time: the cadence, what goes up, and that the wire does not know whether a station is there.
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "carrier/core.hpp"
#include "crypto/rng.hpp"

namespace sw::carrier {
namespace {

constexpr UtcMs kClock{1'700'000'123'456};
constexpr Instant kStart{5'000'000'000};
const VenueId kVenue{{1, 2, 3}};

wire::Endpoint endpoint(std::uint16_t port) {
  return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}, port};
}

/// One carrier, the frames that it prepared and the records that it sent up.
struct Host {
  Host(std::uint64_t seed, std::uint16_t port, Instant start = kStart, UtcMs clock = kClock)
      : rng(seed), dither(seed + 1000), at(endpoint(port)), key(make_key(port)), core(key, clock, start, rng, dither) {}

  static crypto::KeyPair make_key(std::uint64_t seed) {
    crypto::SeededRng rng(seed);
    return crypto::KeyPair::generate(rng);
  }

  crypto::SeededRng rng;
  crypto::SeededRng dither;
  wire::Endpoint at;
  crypto::KeyPair key;
  Core core;
  std::vector<Actions::Prepared> frames;
  std::vector<std::pair<Instant, wire::UpRecord>> up;
  std::function<void(Instant, const wire::UpRecord&)> station;  ///< answers at once

  template <class Record>
  [[nodiscard]] std::vector<std::pair<Instant, Record>> all() const {
    std::vector<std::pair<Instant, Record>> out;
    for (const auto& [when, record] : up) {
      if (const auto* r = std::get_if<Record>(&record)) out.emplace_back(when, *r);
    }
    return out;
  }
};

struct World {
  explicit World(std::uint32_t round_ms = 1000) : round(round_ms) {
    for (Host* host : {&a, &b}) {
      take(*host, host->core.on_record(now, peer_of(*host)));
    }
  }

  [[nodiscard]] wire::PeerRecord peer_of(const Host& host) const {
    const Host& other = &host == &a ? b : a;
    return {kVenue, Slot{}, round, other.key.public_key, {other.at}};
  }

  void take(Host& host, const Actions& actions) {
    for (const auto& frame : actions.frames) {
      host.frames.push_back(frame);
      flying.emplace(frame.departure + milliseconds(3), std::pair(&host, frame));
    }
    for (const auto& record : actions.up) {
      host.up.emplace_back(now, record);
      if (host.station) host.station(now, record);
    }
    saves += actions.peers_changed ? 1 : 0;
  }

  void connect(Host& host) { take(host, host.core.on_record(now, wire::StationHello{})); }

  void run_until(Instant end) {
    for (;;) {
      Instant next = std::min(a.core.next_wake(), b.core.next_wake());
      if (!flying.empty()) next = std::min(next, flying.begin()->first);
      if (next >= end) break;
      now = std::max(now, next);
      for (Host* host : {&a, &b}) {
        if (host->core.next_wake() <= now) take(*host, host->core.advance(now));
      }
      while (!flying.empty() && flying.begin()->first <= now) {
        const auto [from, frame] = flying.begin()->second;
        flying.erase(flying.begin());
        Host& to = from == &a ? b : a;
        if (frame.to == to.at) take(to, to.core.on_datagram(now, frame.frame, from->at));
      }
    }
    now = end;
  }
  void run_rounds(std::int64_t n) { run_until(now + milliseconds(n * round)); }

  std::uint32_t round;
  Instant now = kStart;
  Host a{1, 7001};
  Host b{2, 7002};
  std::multimap<Instant, std::pair<Host*, Actions::Prepared>> flying;
  int saves = 0;
};

/// A station that answers each tick with cells full of the path's number + 1, after `delay`.
void answer(World& world, Host& host) {
  host.station = [&world, &host](Instant now, const wire::UpRecord& record) {
    const auto* tick = std::get_if<wire::TickRecord>(&record);
    if (tick == nullptr) return;
    for (const Path path : {Path::first, Path::second}) {
      wire::CellRecord cell{tick->venue, Slot{}, path, tick->round, {}};
      cell.cell.fill(static_cast<std::uint8_t>(index(path) + 1));
      world.take(host, host.core.on_record(now, cell));
    }
  };
}

std::vector<std::tuple<std::int64_t, Instant, wire::Endpoint>> trace(const Host& host) {
  std::vector<std::tuple<std::int64_t, Instant, wire::Endpoint>> out;
  for (const auto& f : host.frames) out.emplace_back(f.at.value, f.departure, f.to);
  return out;
}

TEST(CarrierCore, OneFrameARoundWithoutAnyStation) {
  World world;
  world.run_rounds(200);
  for (const Host* host : {&world.a, &world.b}) {
    ASSERT_NEAR(static_cast<double>(host->frames.size()), 200.0, 1.0);
    for (std::size_t i = 1; i < host->frames.size(); ++i) {
      EXPECT_EQ(host->frames[i].at.value, host->frames[i - 1].at.value + 1);
      const Duration gap = host->frames[i].departure - host->frames[i - 1].departure;
      EXPECT_LE(std::abs(gap.ns - milliseconds(1000).ns), milliseconds(5).ns);
    }
    EXPECT_TRUE(host->up.empty());
  }
}

TEST(CarrierCore, TheWireDoesNotKnowAboutStations) {
  World idle;
  idle.run_rounds(100);
  World busy;
  busy.connect(busy.a);
  answer(busy, busy.a);
  busy.run_rounds(30);
  busy.a.core.on_station_gone();
  busy.run_rounds(30);
  busy.connect(busy.a);
  busy.run_rounds(40);
  EXPECT_EQ(trace(idle.a), trace(busy.a));
  EXPECT_EQ(trace(idle.b), trace(busy.b));
}

TEST(CarrierCore, TickAndSealInstants) {
  World world;
  world.connect(world.a);
  world.run_rounds(20);
  const auto ticks = world.a.all<wire::TickRecord>();
  ASSERT_GE(ticks.size(), 19U);
  for (std::size_t i = 0; i < std::min(ticks.size(), world.a.frames.size()); ++i) {
    EXPECT_EQ(world.a.frames[i].departure - ticks[i].first, milliseconds(100)) << i;
  }
  // The next thing due after a tick is the seal, a quarter of the margin before the departure.
  const Instant tick = world.a.core.next_wake();
  (void)world.a.core.advance(tick);
  EXPECT_EQ(world.a.core.next_wake() - tick, milliseconds(75));
}

TEST(CarrierCore, CellsArriveInTheSendersNumbering) {
  World world;
  for (Host* host : {&world.a, &world.b}) world.connect(*host);
  answer(world, world.a);
  world.run_rounds(30);
  const auto ticks = world.a.all<wire::TickRecord>();
  const auto cells = world.b.all<wire::CellRecord>();
  ASSERT_GE(cells.size(), 40U);
  for (const auto& [when, cell] : cells) {
    EXPECT_EQ(cell.venue, kVenue);
    for (const std::uint8_t byte : cell.cell) ASSERT_EQ(byte, index(cell.path) + 1);
    EXPECT_TRUE(std::ranges::any_of(ticks, [&](const auto& t) { return t.second.round == cell.round; }));
  }
  // B has no cells of its own: A hears random ones, authentic all the same.
  EXPECT_GE(world.a.all<wire::CellRecord>().size(), 40U);
}

TEST(CarrierCore, LateWrongAndForeignCellsAreReplacedByRandomOnes) {
  World world;
  for (Host* host : {&world.a, &world.b}) world.connect(*host);
  world.run_rounds(20);
  std::optional<wire::TickRecord> last;
  world.a.station = [&](Instant now, const wire::UpRecord& record) {
    const auto* tick = std::get_if<wire::TickRecord>(&record);
    if (tick == nullptr) return;
    wire::CellRecord cell{tick->venue, Slot{}, Path::first, tick->round, {}};
    if (last) {
      cell.round = last->round;  // late: its round has been sealed
      world.take(world.a, world.a.core.on_record(now, cell));
    }
    cell.round = {tick->round.epoch, Round{(tick->round.round.value + 1) % 1800}};
    world.take(world.a, world.a.core.on_record(now, cell));
    cell.round = tick->round;
    cell.venue.bytes.fill(9);
    world.take(world.a, world.a.core.on_record(now, cell));
    last = *tick;
  };
  world.b.up.clear();
  world.run_rounds(20);
  const auto cells = world.b.all<wire::CellRecord>();
  ASSERT_GE(cells.size(), 30U);
  for (const auto& [when, cell] : cells) EXPECT_NE(cell.cell, wire::Cell{});
}

TEST(CarrierCore, ASuspendSkipsItsRounds) {
  World world;
  world.run_rounds(5);
  const std::size_t before = world.a.frames.size();
  const Instant woken = world.now + milliseconds(3'600'000);
  const Actions actions = world.a.core.advance(woken);
  EXPECT_LE(actions.frames.size(), 1U);
  for (const auto& frame : actions.frames) EXPECT_GT(frame.departure, woken);
  world.take(world.a, actions);
  world.now = woken;
  world.run_rounds(5);
  EXPECT_NEAR(static_cast<double>(world.a.frames.size() - before), 5.0, 1.0);
  EXPECT_GE(world.a.frames[before].at.value - world.a.frames[before - 1].at.value, 3600);
}

TEST(CarrierCore, TheFloorRaisesTheNumbersButNotTheGrid) {
  World idle;
  idle.run_rounds(20);
  World world;
  world.connect(world.a);
  world.run_rounds(10);
  const auto last = world.a.all<wire::TickRecord>().back().second.round;
  const RoundId floor{Epoch{last.epoch.value + 3}, Round{1799}};
  world.a.up.clear();
  world.take(world.a, world.a.core.on_record(world.now, wire::FloorRecord{kVenue, floor}));
  // The answer names the next round that will be ticked, so that the station can reserve it before.
  ASSERT_EQ(world.a.up.size(), 1U);
  EXPECT_EQ(world.a.all<wire::StatusRecord>().front().second.round, (RoundId{Epoch{last.epoch.value + 4}, Round{0}}));
  world.a.up.clear();
  world.run_rounds(10);
  const auto ticks = world.a.all<wire::TickRecord>();
  std::size_t first = 0;
  while (first < ticks.size() && ticks[first].second.round <= floor) ++first;
  EXPECT_LE(first, 1U);
  EXPECT_EQ(ticks.at(first).second.round, (RoundId{Epoch{last.epoch.value + 4}, Round{0}}));
  EXPECT_EQ(ticks.back().second.round,
            (RoundId{Epoch{last.epoch.value + 4}, Round{static_cast<std::uint32_t>(ticks.size() - first - 1)}}));
  EXPECT_EQ(trace(idle.a), trace(world.a));
}

TEST(CarrierCore, AFloorIsAnsweredWithTheRoundThatComesNext) {
  World world;
  world.connect(world.a);
  world.run_rounds(10);
  const auto last = world.a.all<wire::TickRecord>().back().second.round;
  const RoundId floor{Epoch{last.epoch.value + 3}, Round{7}};
  const auto answer = world.a.core.on_record(world.now, wire::FloorRecord{kVenue, floor});
  ASSERT_EQ(answer.up.size(), 1U);
  const auto status = std::get<wire::StatusRecord>(answer.up.front());
  EXPECT_EQ(status.round, (RoundId{floor.epoch, Round{8}}));
  world.a.up.clear();
  world.run_rounds(2);
  const auto ticks = world.a.all<wire::TickRecord>();
  EXPECT_TRUE(std::ranges::any_of(ticks, [&](const auto& tick) { return tick.second.round == status.round; }));
}

TEST(CarrierCore, StatusOnceARoundTellsLinkAndQuiet) {
  World world;
  world.connect(world.a);
  world.run_rounds(20);
  auto statuses = world.a.all<wire::StatusRecord>();
  EXPECT_EQ(statuses.size(), world.a.all<wire::TickRecord>().size());
  EXPECT_EQ(statuses.front().second.link, wire::LinkState::none);
  EXPECT_EQ(statuses.back().second.link, wire::LinkState::up);
  EXPECT_LE(statuses.back().second.quiet_rounds, 1U);
  EXPECT_EQ(statuses.back().second.peer_epoch.value, static_cast<std::uint64_t>(kClock.value / 1'800'000));
  world.b.at = endpoint(7999);  // nothing reaches B any more, nor comes from where A knows it
  world.flying.clear();
  (void)world.b.core.on_record(world.now, wire::PeerRecord::forget(kVenue));
  world.a.core.on_bearer(kVenue, wire::BearerState::failing);
  world.run_rounds(20);
  statuses = world.a.all<wire::StatusRecord>();
  EXPECT_GE(statuses.back().second.quiet_rounds, 18U);
  EXPECT_EQ(statuses.back().second.link, wire::LinkState::none);
  EXPECT_EQ(statuses.back().second.bearer, wire::BearerState::failing);
}

TEST(CarrierCore, PeersAreAddedOnceReaddressedAndForgotten) {
  World world;
  world.run_rounds(20);
  const auto peer = world.peer_of(world.a);
  Actions same = world.a.core.on_record(world.now, peer);
  EXPECT_TRUE(same.begun.empty() && same.ended.empty() && !same.peers_changed);
  auto moved = peer;
  moved.at = {endpoint(7555), peer.at.front()};
  Actions readdressed = world.a.core.on_record(world.now, moved);
  EXPECT_TRUE(readdressed.begun.empty() && readdressed.ended.empty() && readdressed.peers_changed);
  EXPECT_EQ(world.a.core.peers().front().record, moved);
  auto rekeyed = moved;
  rekeyed.peer = Host::make_key(99).public_key;
  Actions replaced = world.a.core.on_record(world.now, rekeyed);
  EXPECT_EQ(replaced.ended, std::vector<VenueId>{kVenue});
  EXPECT_EQ(replaced.begun.size(), 1U);
  Actions forgotten = world.a.core.on_record(world.now, wire::PeerRecord::forget(kVenue));
  EXPECT_EQ(forgotten.ended, std::vector<VenueId>{kVenue});
  EXPECT_TRUE(forgotten.peers_changed);
  EXPECT_TRUE(world.a.core.peers().empty());
  EXPECT_GT(world.a.core.next_wake(), world.now + milliseconds(1'000'000'000));
}

TEST(CarrierCore, ARestoredCarrierMeetsItsPeerAgain) {
  World world;
  for (Host* host : {&world.a, &world.b}) world.connect(*host);
  world.run_rounds(20);
  EXPECT_GT(world.saves, 2);  // added, and the stamps of the handshake
  for (const bool restart_a : {true, false}) {
    Host& host = restart_a ? world.a : world.b;
    const auto peers = host.core.peers();
    EXPECT_GT(peers.front().last_stamp, 0U);
    // The clock was set back a day while it was down.
    std::destroy_at(&host.core);
    std::construct_at(&host.core, host.key, UtcMs{kClock.value - 86'400'000}, world.now, host.rng, host.dither);
    const Actions restored = host.core.restore(world.now, decode_peers(encode_peers(peers)).value());
    EXPECT_EQ(restored.begun.size(), 1U);
    world.take(host, restored);
    world.connect(host);
    world.run_rounds(60);
    EXPECT_EQ(host.all<wire::StatusRecord>().back().second.link, wire::LinkState::up) << restart_a;
  }
}

TEST(CarrierCore, AStationThatBreaksTheRulesLosesThePort) {
  World world;
  EXPECT_TRUE(world.a.core.on_record(world.now, wire::StationHello{wire::kPortVersion + 1}).close_port);
  EXPECT_TRUE(world.a.core.on_record(world.now, wire::StationHello{wire::kPortVersion + 1}).up.empty());
  const auto hello = world.a.core.on_record(world.now, wire::StationHello{});
  ASSERT_EQ(hello.up.size(), 1U);
  EXPECT_EQ(hello.up.front(), wire::UpRecord(wire::CarrierHello{wire::kPortVersion, world.a.key.public_key}));
  EXPECT_TRUE(world.a.core.on_record(world.now, wire::FloorRecord{kVenue, {Epoch{UINT64_MAX}, {}}}).close_port);
  EXPECT_TRUE(world.a.core.on_record(world.now, wire::FloorRecord{kVenue, {Epoch{1}, Round{1800}}}).close_port);
}

TEST(CarrierCore, NoMoreVenuesThanThereIsRoomFor) {
  World world;
  auto peer = world.peer_of(world.a);
  std::size_t begun = 1;
  for (std::uint8_t i = 0; i < 100; ++i) {
    peer.venue.bytes.fill(static_cast<std::uint8_t>(i + 50));
    begun += world.a.core.on_record(world.now, peer).begun.size();
  }
  EXPECT_EQ(begun, wire::kVenueLimit);
  EXPECT_EQ(world.a.core.advance(world.a.core.next_wake()).close_port, false);
}

TEST(PeerTable, ConstantSizeAndEveryChangedByteRefused) {
  World world;
  const auto peers = world.a.core.peers();
  const Bytes file = encode_peers(peers);
  EXPECT_EQ(file.size(), encode_peers({}).size());
  EXPECT_EQ(decode_peers(file).value(), peers);
  for (std::size_t i = 0; i < file.size(); i += 7) {
    Bytes bad = file;
    bad[i] ^= 1;
    EXPECT_FALSE(decode_peers(bad)) << i;
  }
  EXPECT_FALSE(decode_peers(ByteView(file).first(file.size() - 1)));
  EXPECT_FALSE(decode_peers({}));
}

}  // namespace
}  // namespace sw::carrier
