// needs: station
// Stations in a venue of relays: slots, drop ids, kept circuit keys, a line that goes through relays only.
#include <gtest/gtest.h>

#include "station/core.hpp"
#include "support/station_world.hpp"

namespace sw::station {
namespace {

using namespace sw::test;

constexpr std::uint32_t kDay = 20'500;

KnownVenue venue_of(std::uint8_t name, std::uint8_t slots) {
  KnownVenue venue{{{}, kRoundMs, 60, line::VenueKind::relays}, slots};
  venue.terms.id.bytes.fill(name);
  return venue;
}

struct Venues : ::testing::Test {
  StationWorld north{"North", 1};
  StationWorld south{"South", 2};
  KnownVenue venue = venue_of(0xab, 3);
  RoundId round{Epoch{7}, Round{0}};
  std::map<StationWorld*, std::vector<wire::DropsRecord>> drops;
  std::map<StationWorld*, std::vector<wire::KeepRecord>> keeps;
  std::map<StationWorld*, std::vector<wire::FloorRecord>> floors;
  std::map<StationWorld*, std::vector<wire::CellRecord>> cells;

  void SetUp() override {
    for (StationWorld* station : {&north, &south}) {
      station->core->set_venues({venue});
      collect(*station);
    }
  }
  void collect(StationWorld& station) {
    cells[&station].clear();
    for (const auto& record : station.core->take_down()) {
      if (const auto* d = std::get_if<wire::DropsRecord>(&record)) drops[&station].push_back(*d);
      if (const auto* k = std::get_if<wire::KeepRecord>(&record)) keeps[&station].push_back(*k);
      if (const auto* f = std::get_if<wire::FloorRecord>(&record)) floors[&station].push_back(*f);
      if (const auto* c = std::get_if<wire::CellRecord>(&record)) cells[&station].push_back(*c);
    }
  }
  void tell(StationWorld& station, const wire::UpRecord& record) {
    ASSERT_TRUE(station.core->on_record(record, kStart).has_value());
    collect(station);
  }
  void announce(Epoch epoch) {
    for (StationWorld* station : {&north, &south}) tell(*station, wire::EpochRecord{venue.terms.id, epoch, kDay});
  }
  std::string offer(StationWorld& station, const std::string& line, const std::string& name = "abab") {
    const auto card = station.core->pair_offer({line, {}, kRoundMs, false, {name}}, kStart);
    EXPECT_TRUE(card.has_value()) << (card ? "" : card.error().what);
    return card ? std::string(as_text(card->view())) : "";
  }
  void pair(const std::string& north_line = "to-south", const std::string& south_line = "to-north") {
    const std::string a = offer(north, north_line);
    const std::string b = offer(south, south_line);
    ASSERT_TRUE(north.core->pair_accept(north_line, b, kStart).has_value());
    ASSERT_TRUE(south.core->pair_accept(south_line, a, kStart).has_value());
    ASSERT_TRUE(north.core->pair_confirm(north_line, kStart).has_value());
    ASSERT_TRUE(south.core->pair_confirm(south_line, kStart).has_value());
    for (StationWorld* station : {&north, &south}) {
      station->commit();
      collect(*station);
    }
  }
  /// One round of the venue: each slot's cells reach the other side's same slot.
  void step() {
    ++round.round.value;
    if (round.round.value == venue.terms.rounds) {
      round = {Epoch{round.epoch.value + 1}, Round{0}};
      announce(round.epoch);
    }
    std::map<StationWorld*, std::vector<wire::CellRecord>> out;
    for (StationWorld* station : {&north, &south}) {
      tell(*station, wire::StatusRecord{venue.terms.id, round, {}, wire::LinkState::up, 0, round.epoch});
      station->commit();
      tell(*station, wire::TickRecord{venue.terms.id, round});
      out[station] = cells[station];
    }
    for (const auto& cell : out[&north]) tell(south, cell);
    for (const auto& cell : out[&south]) tell(north, cell);
    for (StationWorld* station : {&north, &south}) {
      station->commit();
      station->core->housekeep(kStart);
    }
  }
};

TEST_F(Venues, ATickIsAnsweredWithTheCellsOfEverySlot) {
  tell(north, wire::TickRecord{venue.terms.id, round});
  ASSERT_EQ(cells[&north].size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(cells[&north][i].slot.value, i / 2);
    EXPECT_EQ(index(cells[&north][i].path), i % 2);
    EXPECT_EQ(cells[&north][i].round, round);
  }
}

TEST_F(Venues, BothSidesGiveTheSameDropsAndOnlyForSlotsWithALine) {
  announce(Epoch{7});
  EXPECT_TRUE(drops[&north].empty());
  pair();
  announce(Epoch{8});
  ASSERT_EQ(drops[&north].size(), 2U);  // the epoch known before, and the new one
  EXPECT_EQ(drops[&north], drops[&south]);
  EXPECT_EQ(drops[&north][0].epoch, Epoch{7});
  EXPECT_NE(drops[&north][0].drops, drops[&north][1].drops);
  EXPECT_NE(drops[&north][0].drops[0], drops[&north][0].drops[1]);
}

TEST_F(Venues, ALineThroughRelaysOnlyOpensAndTextArrives) {
  announce(round.epoch);
  pair();
  for (int i = 0; i < 20; ++i) step();
  EXPECT_EQ(north.view("to-south").state.state, desk::State::open);
  EXPECT_EQ(south.view("to-north").state.state, desk::State::open);
  ASSERT_TRUE(north.core->send("to-south", draft_of("through relays"), kStart).has_value());
  for (int i = 0; i < 60; ++i) step();
  ASSERT_EQ(south.inbox("to-north").size(), 1U);
  EXPECT_EQ(south.core->content(*south.inbox("to-north")[0]), "through relays");
  EXPECT_TRUE(north.peers.empty());  // the carrier is told no address of anybody
}

TEST_F(Venues, EachLineHasItsSlotAndAFourthFindsNone) {
  pair("a", "x");
  pair("b", "y");
  (void)offer(north, "c");
  EXPECT_EQ(north.view("a").entry.line->keys().venues[0].slot, Slot{0});
  EXPECT_EQ(north.view("b").entry.line->keys().venues[0].slot, Slot{1});
  EXPECT_EQ(north.core->pair_offer({"d", {}, kRoundMs, false, {"abab"}}, kStart).error().code, Errc::full);
  ASSERT_TRUE(north.core->remove("a").has_value());
  (void)offer(north, "d");
  EXPECT_EQ(north.view("d").entry.offer->venues()[0].slot, Slot{0});
}

TEST_F(Venues, ARemovedLineMeetsNobodyAnyMore) {
  announce(Epoch{7});
  pair();
  const auto before = drops[&north].back();
  drops.clear();
  ASSERT_TRUE(north.core->remove("to-south").has_value());
  collect(north);
  ASSERT_EQ(drops[&north].size(), 1U);
  EXPECT_EQ(drops[&north][0].slot, before.slot);
  EXPECT_EQ(drops[&north][0].drops[0], drops[&north][0].drops[1]);
  EXPECT_NE(drops[&north][0].drops[0], before.drops[0]);
}

TEST_F(Venues, ACarrierThatStartsAnewGetsItsKeysAndTheFloor) {
  announce(round.epoch);
  pair();
  for (int i = 0; i < 10; ++i) step();
  for (std::uint64_t epoch = 1; epoch <= 20; ++epoch) {
    wire::KeepRecord keep{venue.terms.id, Slot{1}, Epoch{epoch}, {}};
    keep.keys.fill(static_cast<std::uint8_t>(epoch));
    tell(north, keep);
  }
  tell(north, wire::KeepRecord{venue.terms.id, Slot{3}, Epoch{30}, {}});  // no such slot
  north.core->carrier_gone();
  floors.clear();
  north.core->carrier_connected();
  collect(north);
  ASSERT_EQ(keeps[&north].size(), 6U);
  EXPECT_EQ(keeps[&north].front().epoch, Epoch{15});
  EXPECT_EQ(keeps[&north].back().keys, ByteArray<wire::kKeptBytes>([] {
              ByteArray<wire::kKeptBytes> out;
              out.fill(20);
              return out;
            }()));
  ASSERT_EQ(floors[&north].size(), 1U);
  EXPECT_GT(floors[&north][0].floor, round);
}

TEST_F(Venues, AVenueIsNamedByWhatItsIdBeginsWith) {
  KnownVenue near = venue_of(0xab, 1);
  near.terms.id.bytes[3] = 0;
  north.core->set_venues({venue, near});
  const auto refused = [&](const std::string& name) {
    return north.core->pair_offer({"l", {}, kRoundMs, false, {name}}, kStart).error().code;
  };
  EXPECT_EQ(refused("abab"), Errc::usage);
  EXPECT_EQ(refused("aba"), Errc::not_found);
  EXPECT_EQ(refused("cdcd"), Errc::not_found);
  (void)offer(north, "l", "abababab");
}

}  // namespace
}  // namespace sw::station
