// needs: station
// Two stations whose line comes into a second venue of relays and leaves the first (protocol 4.5): the drop ids that
// each gives its carrier, the slots, what people are told.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "station/core.hpp"
#include "station/shown.hpp"
#include "support/station_world.hpp"

namespace sw::station {
namespace {

using namespace sw::test;
using Act = Core::VenueAct;

constexpr std::uint32_t kDay = 20'500;
constexpr std::uint32_t kEpochRounds = 60;

KnownVenue venue_of(std::uint8_t name, std::uint8_t slots) {
  KnownVenue venue{{{}, kRoundMs, kEpochRounds, line::VenueKind::relays}, slots};
  venue.terms.id.bytes.fill(name);
  return venue;
}

struct Moving : ::testing::Test {
  StationWorld north{"North", 1};
  StationWorld south{"South", 2};
  KnownVenue first = venue_of(0xaa, 1);
  KnownVenue second = venue_of(0xbb, 2);
  Epoch epoch{7};
  std::uint32_t round = 0;
  using Drops = std::array<ByteArray<32>, kPaths>;
  std::map<StationWorld*, std::map<std::pair<VenueId, Epoch>, Drops>> drops;  ///< the last that were given
  std::map<StationWorld*, std::vector<wire::CellRecord>> cells;

  void SetUp() override {
    for (StationWorld* station : {&north, &south}) station->core->set_venues({first});
    announce();
    std::vector<std::string> cards;
    for (StationWorld* station : {&north, &south}) {
      const auto card = station->core->pair_offer({"far", {}, kRoundMs, false, {"aaaa"}}, kStart);
      ASSERT_TRUE(card.has_value());
      cards.emplace_back(as_text(card->view()));
    }
    ASSERT_TRUE(north.core->pair_accept("far", cards[1], kStart).has_value());
    ASSERT_TRUE(south.core->pair_accept("far", cards[0], kStart).has_value());
    for (StationWorld* station : {&north, &south}) {
      ASSERT_TRUE(station->core->pair_confirm("far", kStart).has_value());
      station->commit();
      collect(*station);
    }
    steps(20);
    ASSERT_EQ(north.view("far").state.state, desk::State::open);
  }
  void collect(StationWorld& station) {
    cells[&station].clear();
    for (const auto& record : station.core->take_down()) {
      if (const auto* d = std::get_if<wire::DropsRecord>(&record)) drops[&station][{d->venue, d->epoch}] = d->drops;
      if (const auto* c = std::get_if<wire::CellRecord>(&record)) cells[&station].push_back(*c);
    }
  }
  void tell(StationWorld& station, const wire::UpRecord& record) {
    ASSERT_TRUE(station.core->on_record(record, kStart).has_value());
    collect(station);
  }
  void announce() {
    for (StationWorld* station : {&north, &south}) {
      for (const KnownVenue& venue : {first, second}) {
        for (std::uint64_t ahead = 0; ahead < 5; ++ahead) {
          tell(*station, wire::EpochRecord{venue.terms.id, {epoch.value + ahead}, kDay});
        }
      }
    }
  }
  bool gave_both(const KnownVenue& venue, Epoch at) {
    const auto a = drops[&north].find({venue.terms.id, at});
    const auto b = drops[&south].find({venue.terms.id, at});
    const bool has = a != drops[&north].end() && a->second[0] != a->second[1];
    const bool there = b != drops[&south].end() && b->second[0] != b->second[1];
    EXPECT_EQ(has, there) << "both give the line's drop ids for an epoch, or neither does";
    EXPECT_TRUE(!has || !there || a->second == b->second);
    return has;
  }
  /// One round of both venues; cells pass where both gave the line's drop ids.
  void step() {
    if (++round == kEpochRounds) {
      round = 0;
      ++epoch.value;
      announce();
    }
    const RoundId now{epoch, Round{round}};
    for (const KnownVenue& venue : {first, second}) {
      std::map<StationWorld*, std::vector<wire::CellRecord>> out;
      for (StationWorld* station : {&north, &south}) {
        tell(*station, wire::StatusRecord{venue.terms.id, now, {}, wire::LinkState::up, 0, epoch});
        station->commit();
        tell(*station, wire::TickRecord{venue.terms.id, now});
        out[station] = cells[station];
        EXPECT_TRUE(out[station].empty() || out[station].size() == std::size_t{venue.slots} * kPaths);
      }
      if (!gave_both(venue, epoch)) continue;
      for (const auto& cell : out[&north]) tell(south, cell);
      for (const auto& cell : out[&south]) tell(north, cell);
    }
    for (StationWorld* station : {&north, &south}) {
      station->commit();
      station->core->housekeep(kStart);
      collect(*station);
    }
  }
  void steps(int count) {
    for (int i = 0; i < count; ++i) step();
  }
  Errc refused(StationWorld& station, Act act, std::string_view venue = "") {
    const auto done = station.core->change_venue("far", act, venue, kStart);
    EXPECT_FALSE(done.has_value());
    return done ? Errc::io : done.error().code;
  }
  static std::vector<std::string> ledger(const StationWorld& station) {
    std::vector<std::string> out;
    for (const auto& entry : station.core->desk().ledger(station.view("far").entry.id)) out.push_back(sentence(entry));
    return out;
  }
  void agree() {
    for (StationWorld* station : {&north, &south}) station->core->set_venues({first, second});
    announce();
    ASSERT_TRUE(north.core->change_venue("far", Act::propose, "bbbb", kStart).has_value());
    steps(10);
    ASSERT_TRUE(south.core->change_venue("far", Act::accept, "", kStart).has_value());
    steps(20);
  }
};

TEST_F(Moving, BothGiveTheLinesDropsFromTheSameEpochOnAndItOpensThere) {
  agree();
  const auto json = shown(north.view("far"), kStart);
  ASSERT_EQ(json["venues"].size(), 2U);
  const Epoch from{json["venues"][1]["from_epoch"].get<std::uint64_t>()};
  EXPECT_EQ(from, Epoch{11 + wire::kVenueEpochsAhead});
  EXPECT_TRUE(json["venues"][0]["from_epoch"].is_null());
  EXPECT_TRUE(json["change"].is_null());
  while (epoch < from) {
    EXPECT_FALSE(gave_both(second, epoch));
    step();
  }
  steps(30);
  EXPECT_TRUE(gave_both(second, epoch));
  const auto after = shown(north.view("far"), kStart);
  EXPECT_TRUE(after["venues"][1]["from_epoch"].is_null());
  EXPECT_LE(after["venues"][1]["age_ms"].get<int>(), 1000);
  EXPECT_EQ(ledger(north),
            (std::vector<std::string>{"the pairing was confirmed here", "another venue was proposed here",
                                      "both sides agreed on another venue"}));
}

TEST_F(Moving, LeavingTheOldVenueLosesNothing) {
  agree();
  EXPECT_EQ(refused(north, Act::leave, "aaaa"), Errc::conflict) << "before it is open in the other one";
  steps(10 * kEpochRounds);
  ASSERT_TRUE(north.core->change_venue("far", Act::leave, "aaaa", kStart).has_value());
  steps(20);
  const auto json = shown(south.view("far"), kStart);
  const Epoch until{json["venues"][0]["leaving_epoch"].get<std::uint64_t>()};
  EXPECT_EQ(shown(north.view("far"), kStart)["venues"][0]["leaving_epoch"].get<std::uint64_t>(), until.value);
  while (epoch < until) {
    if (round == 30) {
      ASSERT_TRUE(north.core->send("far", draft_of("on the way"), kStart).has_value());
    }
    EXPECT_TRUE(gave_both(first, epoch));
    step();
    EXPECT_EQ(north.view("far").state.state, desk::State::open);
  }
  steps(60);
  EXPECT_FALSE(gave_both(first, epoch));
  for (StationWorld* station : {&north, &south}) {
    ASSERT_EQ(station->view("far").entry.line->keys().venues.size(), 1U);
    EXPECT_EQ(station->view("far").state.state, desk::State::open);
  }
  const auto inbox = south.inbox("far");
  const auto sent = north.core->desk().messages(north.view("far").entry.id);
  EXPECT_EQ(inbox.size(), sent.size());
  for (const auto* message : sent) EXPECT_TRUE(message->stored_there.has_value());
  // The slot is free for another line.
  EXPECT_TRUE(north.core->pair_offer({"other", {}, kRoundMs, false, {"aaaa"}}, kStart).has_value());
}

TEST_F(Moving, WhatCannotBeSaysSo) {
  EXPECT_EQ(refused(north, Act::propose, "bbbb"), Errc::not_found) << "not added here";
  EXPECT_EQ(refused(north, Act::propose, "aaaa"), Errc::conflict) << "it is there already";
  EXPECT_EQ(refused(north, Act::accept), Errc::conflict);
  EXPECT_EQ(refused(north, Act::decline), Errc::conflict);
  EXPECT_EQ(refused(north, Act::leave, "aaaa"), Errc::conflict) << "the last venue";
  EXPECT_EQ(refused(north, Act::leave, "direct"), Errc::not_found);
  north.core->set_venues({first, second});
  announce();
  ASSERT_TRUE(north.core->change_venue("far", Act::propose, "bbbb", kStart).has_value());
  EXPECT_EQ(shown(north.view("far"), kStart)["change"]["state"], "proposed");
  EXPECT_EQ(refused(north, Act::propose, "bbbb"), Errc::conflict);
  steps(10);
  EXPECT_EQ(shown(south.view("far"), kStart)["change"]["state"], "asked");
  EXPECT_EQ(refused(south, Act::accept), Errc::not_found) << "the file is not here yet";
  // The slot is kept for it.
  ASSERT_TRUE(north.core->pair_offer({"one", {}, kRoundMs, false, {"bbbb"}}, kStart).has_value());
  EXPECT_EQ(north.core->pair_offer({"two", {}, kRoundMs, false, {"bbbb"}}, kStart).error().code, Errc::full);
  ASSERT_TRUE(south.core->change_venue("far", Act::decline, "", kStart).has_value());
  steps(10);
  EXPECT_TRUE(shown(north.view("far"), kStart)["change"].is_null());
  EXPECT_EQ(ledger(north).back(), "a proposed venue was declined");
  EXPECT_TRUE(north.core->pair_offer({"two", {}, kRoundMs, false, {"bbbb"}}, kStart).has_value());
}

TEST_F(Moving, APowerCutInTheMiddleOfItLosesNeitherSide) {
  agree();
  for (StationWorld* station : {&north, &south}) {
    station->restart();
    station->core->set_venues({first, second});
  }
  announce();
  round = kEpochRounds - 1;  // above what was reserved
  steps(10 * kEpochRounds);
  EXPECT_TRUE(gave_both(second, epoch));
  for (StationWorld* station : {&north, &south}) {
    const auto json = shown(station->view("far"), kStart);
    ASSERT_EQ(json["venues"].size(), 2U);
    EXPECT_LE(json["venues"][1]["age_ms"].get<int>(), 1000);
  }
}

}  // namespace
}  // namespace sw::station
