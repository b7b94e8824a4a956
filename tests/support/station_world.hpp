#pragma once
// Two unlocked stations in virtual time: each a station::Core over a store in memory; the test carries their cells.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "crypto/rng.hpp"
#include "station/core.hpp"
#include "support/memory_store.hpp"

namespace sw::test {

inline constexpr UtcMs kStart{1'772'627'400'000};  // the beginning of an epoch
inline constexpr std::uint32_t kRoundMs = 1000;
inline constexpr std::uint32_t kRounds = 1'800'000 / kRoundMs;

class StationWorld {
 public:
  StationWorld(std::string party, std::uint8_t number) : rng(number) {
    identity.party = std::move(party);
    identity.carrier.fill(static_cast<std::uint8_t>(8 + number));
    core = std::make_unique<station::Core>(identity, store, rng);
    connect();
  }

  station::Identity identity;
  crypto::SeededRng rng;
  MemoryStore store;
  std::unique_ptr<station::Core> core;
  std::vector<wire::PeerRecord> peers;    ///< what the carrier was told
  std::vector<wire::FloorRecord> floors;  ///< in order
  std::vector<wire::CellRecord> cells;    ///< of the last tick

  void connect() {
    core->carrier_connected();
    ASSERT_TRUE(core->on_record(wire::CarrierHello{wire::kPortVersion, identity.carrier}, kStart).has_value());
    take_down();
  }
  void commit(UtcMs now = kStart) { core->on_durable(store.commit(), now); }
  /// A power cut, and the start after it.
  void restart(UtcMs now = kStart, bool restored = false) {
    core = std::make_unique<station::Core>(identity, store, rng);
    const auto loaded = core->load(now, restored);
    ASSERT_TRUE(loaded.has_value()) << loaded.error().what;
    connect();
  }
  void take_down() {
    cells.clear();
    for (const auto& record : core->take_down()) {
      if (const auto* peer = std::get_if<wire::PeerRecord>(&record)) peers.push_back(*peer);
      if (const auto* floor = std::get_if<wire::FloorRecord>(&record)) floors.push_back(*floor);
      if (const auto* cell = std::get_if<wire::CellRecord>(&record)) cells.push_back(*cell);
    }
  }
  /// The answer to one tick.
  std::vector<wire::CellRecord> tick(VenueId venue, RoundId round, UtcMs now) {
    EXPECT_TRUE(core->on_record(wire::TickRecord{venue, round}, now).has_value());
    take_down();
    return cells;
  }
  [[nodiscard]] std::string offer(const std::string& line, UtcMs now = kStart, bool replace = false) {
    const auto card =
        core->pair_offer({line, {wire::parse_endpoint("192.0.2.1:7144").value()}, kRoundMs, replace}, now);
    EXPECT_TRUE(card.has_value()) << (card ? "" : card.error().what);
    return card ? std::string(as_text(card->view())) : std::string();
  }
  [[nodiscard]] station::LineView view(std::string_view line, UtcMs now = kStart) const {
    auto view = core->line(line, now);
    EXPECT_TRUE(view.has_value());
    return *view;
  }
  [[nodiscard]] std::vector<const desk::MessageRecord*> inbox(std::string_view line) const {
    std::vector<const desk::MessageRecord*> out;
    for (const auto* message : core->desk().messages(view(line).entry.id)) {
      if (message->direction == desk::Direction::in) out.push_back(message);
    }
    return out;
  }
};

/// North and south, each with a line to the other.
class TwoStations {
 public:
  StationWorld north{"North", 1};
  StationWorld south{"South", 2};
  RoundId round{{static_cast<std::uint64_t>(kStart.value / 1'800'000)}, {0}};
  UtcMs now = kStart;
  VenueId venue;
  bool commits = true;  ///< the disks keep up

  void pair(bool replace = false) {
    const std::string from_north = north.offer("to-south", now, replace);
    const std::string from_south = south.offer("to-north", now, replace);
    const auto a = north.core->pair_accept("to-south", from_south, now);
    const auto b = south.core->pair_accept("to-north", from_north, now);
    ASSERT_TRUE(a.has_value() && b.has_value());
    ASSERT_EQ(*a, *b);
    ASSERT_TRUE(north.core->pair_confirm("to-south", now).has_value());
    ASSERT_TRUE(south.core->pair_confirm("to-north", now).has_value());
    venue = *north.view("to-south").entry.line_venue();
    ASSERT_EQ(venue, south.view("to-north").entry.line_venue());
    north.take_down();
    south.take_down();
  }
  /// One round of both carriers, above every floor they were given (protocol 2.2).
  void step() {
    for (const StationWorld* station : {&north, &south}) {
      for (const auto& floor : station->floors) {
        if (floor.venue == venue) round = std::max(round, floor.floor);
      }
    }
    ++round.round.value;
    if (round.round.value == kRounds) round = {{round.epoch.value + 1}, {0}};
    now.value += kRoundMs;
    for (StationWorld* station : {&north, &south}) {
      wire::StatusRecord status{venue, round, {}, wire::LinkState::up, 0, round.epoch};
      ASSERT_TRUE(station->core->on_record(status, now).has_value());
      if (commits) station->commit(now);
    }
    const auto from_north = north.tick(venue, round, now);
    const auto from_south = south.tick(venue, round, now);
    for (const auto& cell : from_north) ASSERT_TRUE(south.core->on_record(cell, now).has_value());
    for (const auto& cell : from_south) ASSERT_TRUE(north.core->on_record(cell, now).has_value());
    for (StationWorld* station : {&north, &south}) {
      if (commits) station->commit(now);
      station->core->housekeep(now);
    }
  }
  void steps(int count) {
    for (int i = 0; i < count; ++i) step();
  }
  /// Steps until it holds; false after `most` rounds.
  template <class Holds>
  [[nodiscard]] bool until(Holds holds, int most = 60) {
    for (int i = 0; i < most; ++i) {
      if (holds()) return true;
      step();
    }
    return holds();
  }
  [[nodiscard]] bool open() const {
    return north.view("to-south", now).state.state == desk::State::open &&
           south.view("to-north", now).state.state == desk::State::open;
  }
};

inline desk::Draft draft_of(std::string text, Precedence precedence = Precedence::routine) {
  desk::Draft out;
  out.text = std::move(text);
  out.precedence = precedence;
  return out;
}

}  // namespace sw::test
