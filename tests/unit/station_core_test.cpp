// needs: station
// The station's core between carrier and store: two cells a tick, nothing before the disk, a full store, a restart.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "station/shown.hpp"
#include "support/station_world.hpp"

namespace sw::station {
namespace {

using namespace sw::test;

struct Stations : TwoStations, ::testing::Test {
  void bring_up() {
    pair();
    ASSERT_TRUE(until([this] { return open(); }));
  }
  [[nodiscard]] bool has(StationWorld& station, MessageId id, desk::Stage stage) const {
    const auto* record = station.core->desk().find(id);
    if (record == nullptr) return false;
    return std::ranges::any_of(desk::stages_of(*record), [&](const auto& mark) { return mark.stage == stage; });
  }
};

void expect_two_cells(const std::vector<wire::CellRecord>& cells, VenueId venue, RoundId round) {
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_EQ(cells[0].path, Path::first);
  EXPECT_EQ(cells[1].path, Path::second);
  for (const auto& cell : cells) {
    EXPECT_EQ(cell.venue, venue);
    EXPECT_EQ(cell.round, round);
  }
  EXPECT_NE(cells[0].cell, cells[1].cell);
}

TEST_F(Stations, EachTickIsAnsweredWithItsTwoCellsWhateverTheState) {
  const std::string card = south.offer("to-north");
  (void)north.offer("to-south");
  EXPECT_TRUE(north.tick(VenueId{{7}}, round, now).empty());  // a venue that is not ours
  ASSERT_TRUE(north.core->pair_accept("to-south", card, now).has_value());
  const VenueId accepted = *north.view("to-south").entry.offer_venue();
  expect_two_cells(north.tick(accepted, round, now), accepted, round);
  ASSERT_TRUE(north.core->pair_confirm("to-south", now).has_value());
  for (std::uint32_t i = 1; i < 5; ++i) {
    const RoundId next{round.epoch, {i}};
    expect_two_cells(north.tick(accepted, next, now), accepted, next);
  }
  ASSERT_TRUE(north.core->pause("to-south", true, now).has_value());
  expect_two_cells(north.tick(accepted, {round.epoch, {9}}, now), accepted, {round.epoch, {9}});
}

TEST_F(Stations, TheLineOpensAndTextArrivesOnce) {
  bring_up();
  const auto id = north.core->send("to-south", draft_of("hello"), now);
  ASSERT_TRUE(id.has_value());
  ASSERT_TRUE(until([&] { return has(north, *id, desk::Stage::stored); }));
  steps(20);
  ASSERT_EQ(south.inbox("to-north").size(), 1U);
  EXPECT_EQ(south.core->content(*south.inbox("to-north")[0]), "hello");
}

TEST_F(Stations, NothingIsSealedBeforeItsReservationIsDurable) {
  pair();
  commits = false;
  steps(40);  // both give random cells: nobody opens anything
  EXPECT_EQ(north.view("to-south", now).state.state, desk::State::unknown);
  EXPECT_EQ(south.view("to-north", now).state.state, desk::State::unknown);
  // However long the disk takes, one block is asked for: the carrier goes on above the floor.
  EXPECT_LE(north.view("to-south").entry.line->reserved(*north.view("to-south").entry.line_venue()).round.value,
            round.round.value + 64);
  commits = true;
  EXPECT_TRUE(until([this] { return open(); }));
  // The disk stops: what was reserved is used up, then random again, and the far side sees it.
  commits = false;
  steps(2 * 64 + 12);
  EXPECT_EQ(north.view("to-south", now).state.state, desk::State::down);
}

TEST_F(Stations, TheFloorIsAboveEverythingThatWasEverSealed) {
  bring_up();
  steps(10);
  const RoundId sealed = round;
  north.floors.clear();
  north.restart(now);
  ASSERT_EQ(north.floors.size(), 1U);
  EXPECT_EQ(north.floors[0].venue, venue);
  EXPECT_GE(north.floors[0].floor, sealed);
  EXPECT_LE(north.floors[0].floor.round.value, sealed.round.value + 2 * 64);
}

TEST_F(Stations, StoredIsNotSaidBeforeTheFarDisk) {
  bring_up();
  const auto id = north.core->send("to-south", draft_of("hello"), now);
  ASSERT_TRUE(id.has_value());
  north.commit(now);
  commits = false;
  steps(12);
  EXPECT_FALSE(has(north, *id, desk::Stage::stored));
  EXPECT_TRUE(south.inbox("to-north").empty());
  commits = true;
  EXPECT_TRUE(until([&] { return has(north, *id, desk::Stage::stored); }));
  EXPECT_EQ(south.inbox("to-north").size(), 1U);
}

TEST_F(Stations, ARestartOnEitherSideLosesAndDoublesNothing) {
  bring_up();
  std::vector<MessageId> ids;
  for (int i = 0; i < 6; ++i) {
    const auto id = north.core->send("to-south", draft_of(std::string(900, 'x') + std::to_string(i)), now);
    ASSERT_TRUE(id.has_value());
    ids.push_back(*id);
    north.commit(now);
    steps(2);
    (i % 2 == 0 ? north : south).restart(now);
  }
  ASSERT_TRUE(until([&] { return has(north, ids.back(), desk::Stage::stored); }, 400));
  ASSERT_TRUE(until([&] { return north.core->desk().counts(north.view("to-south").entry.id).waiting == 0; }, 400));
  const auto got = south.inbox("to-north");
  ASSERT_EQ(got.size(), ids.size());
  std::set<MessageId> names;
  for (const auto* message : got) names.insert(message->id);
  EXPECT_EQ(names, std::set<MessageId>(ids.begin(), ids.end()));
}

TEST_F(Stations, ACarrierOfAnotherHomeIsRefused) {
  const auto wrong = north.core->on_record(wire::CarrierHello{wire::kPortVersion, south.identity.carrier}, now);
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, Errc::refused);
  EXPECT_FALSE(wrong.error().what.empty());
}

TEST_F(Stations, WithoutACarrierEveryLineIsUnknownByThisMachine) {
  bring_up();
  north.core->carrier_gone();
  const auto view = north.view("to-south", now);
  EXPECT_EQ(view.state.state, desk::State::unknown);
  EXPECT_EQ(view.state.blame, desk::Blame::this_machine);
  EXPECT_TRUE(north.core->take_down().empty());
  north.peers.clear();
  north.connect();
  ASSERT_EQ(north.peers.size(), 1U);
  EXPECT_EQ(north.peers[0].venue, venue);
  EXPECT_TRUE(until([this] { return open(); }));
}

// A carrier that hangs keeps its connection, and no round passes any more: what was OPEN must not stay so.
// Whatever a carrier asks for: what the process before had reserved, it may have sealed (protocol 2.3).
TEST_F(Stations, NothingIsSealedAtOrBelowTheFloor) {
  bring_up();
  steps(40);
  commits = false;
  north.floors.clear();
  north.restart(now);
  ASSERT_EQ(north.floors.size(), 1U);
  const RoundId floor = std::exchange(north.floors, {})[0].floor;
  ASSERT_GT(floor, round);
  const auto opened = [this] { return south.view("to-north", now).status->opened_rounds; };
  const auto before = opened();
  while (round < floor) step();
  EXPECT_EQ(opened(), before);
  commits = true;
  EXPECT_TRUE(until([&] { return opened() > before; }));
}

TEST_F(Stations, ACarrierThatHangsLeavesNoLineOpen) {
  bring_up();
  EXPECT_EQ(north.view("to-south", now).stale_ms, 0);
  const auto age = [this] { return shown(north.view("to-south", now), now).at("age_ms").get<std::int64_t>(); };
  const std::int64_t before = age();
  for (int second = 1; second <= 60; ++second) {
    now.value += 1'000;
    north.core->housekeep(now);
    EXPECT_TRUE(open() || second > 2) << second;
    if (second < 4) continue;
    const auto view = north.view("to-south", now);
    EXPECT_EQ(view.state.state, desk::State::unknown) << second;
    EXPECT_EQ(view.state.blame, desk::Blame::this_machine) << second;
    EXPECT_GE(age(), before + second * 1'000) << second;
    EXPECT_LE(age(), before + (second + 1) * 1'000) << second;
  }
  // It goes on: what was OPEN a minute ago is not so until a cell opens.
  const wire::StatusRecord status{venue, round, {}, wire::LinkState::up, 0, round.epoch};
  ASSERT_TRUE(north.core->on_record(status, now).has_value());
  EXPECT_EQ(north.view("to-south", now).state.state, desk::State::down);
  EXPECT_GE(age(), before + 55'000);
  EXPECT_TRUE(until([this] { return open(); }));
  EXPECT_EQ(north.view("to-south", now).stale_ms, 0);
}

// Protocol 2.4: no tick for a round that has no name; it passes all the same.
TEST_F(Stations, RoundsWithoutANameAgeALine) {
  bring_up();
  const auto rounds = [this](int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(north.core->on_record(wire::StatusRecord{venue, round, {}, wire::LinkState::up, 0, round.epoch}, now)
                      .has_value());
    }
  };
  const auto state = [this] { return north.view("to-south", now).state.state; };
  rounds(3);
  EXPECT_EQ(state(), desk::State::open);
  rounds(3);
  EXPECT_EQ(state(), desk::State::late);
  rounds(8);
  EXPECT_EQ(state(), desk::State::down);
  EXPECT_TRUE(until([this] { return open(); }));
}

TEST_F(Stations, AFullStoreRefusesTheSenderInPlainWords) {
  bring_up();
  north.store.capacity = 1024 * 1024;  // no more than is kept back
  const auto refused = north.core->send("to-south", draft_of("hello"), now);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::full);
  EXPECT_NE(refused.error().what.find("no room"), std::string::npos);
  EXPECT_EQ(north.core->drill("to-south", now).error().code, Errc::full);
  EXPECT_TRUE(north.core->desk().messages(std::nullopt).empty());
  // People still act.
  EXPECT_TRUE(north.core->watch(Core::WatchAct::take, "AB", now).has_value());
  EXPECT_TRUE(north.core->pause("to-south", true, now).has_value());
  EXPECT_TRUE(north.core->pause("to-south", false, now).has_value());
  EXPECT_TRUE(until([&] { return south.view("to-north").far_watch.initials == "AB"; }));
}

TEST_F(Stations, AnUtterlyFullStoreStillTakesTheWatch) {
  bring_up();
  north.store.capacity = 0;  // not even the ledger finds room
  EXPECT_TRUE(north.core->watch(Core::WatchAct::take, "AB", now).has_value());
  EXPECT_TRUE(north.core->watch(Core::WatchAct::hand_over, "CD", now).has_value());
  EXPECT_TRUE(north.core->pause("to-south", true, now).has_value());
  EXPECT_TRUE(until([&] { return south.view("to-north").far_watch.initials == "CD"; }));
  EXPECT_EQ(north.view("to-south", now).state.blame, desk::Blame::none);
}

TEST_F(Stations, AFullFarStoreMakesUsWaitAndIsOfferedAgain) {
  bring_up();
  south.store.capacity = 0;
  const auto id = north.core->send("to-south", draft_of("waits"), now);
  ASSERT_TRUE(id.has_value());
  ASSERT_TRUE(until([&] { return north.view("to-south", now).status->peer_waits; }));
  steps(30);
  EXPECT_FALSE(has(north, *id, desk::Stage::stored));
  EXPECT_TRUE(south.inbox("to-north").empty());
  // What needs no room still comes: a report about a message that is there.
  const auto back = south.core->watch(Core::WatchAct::take, "CD", now);
  EXPECT_TRUE(back.has_value());
  south.store.capacity = 64 * 1024 * 1024;
  EXPECT_TRUE(until([&] { return has(north, *id, desk::Stage::stored); }, 100));
  EXPECT_EQ(south.inbox("to-north").size(), 1U);
  EXPECT_TRUE(until([&] { return !north.view("to-south", now).status->peer_waits; }));
}

TEST_F(Stations, AReportReachesAStationWhoseStoreIsFull) {
  bring_up();
  const auto id = north.core->send("to-south", draft_of("read me"), now);
  ASSERT_TRUE(id && until([&] { return has(north, *id, desk::Stage::stored); }));
  north.store.capacity = 0;
  ASSERT_TRUE(south.core->stage(*id, desk::Stage::read, "CD", "", now).has_value());
  EXPECT_TRUE(until([&] { return has(north, *id, desk::Stage::read); }));
  EXPECT_FALSE(south.view("to-north", now).status->peer_waits);
}

TEST_F(Stations, ADiskThatFailsIsThisMachinesFault) {
  bring_up();
  north.core->on_store_failing(true);
  EXPECT_EQ(north.view("to-south", now).state.blame, desk::Blame::this_machine);
  EXPECT_EQ(north.view("to-south", now).state.state, desk::State::open);
  north.core->on_store_failing(false);
  north.store.failing = true;
  EXPECT_EQ(north.core->send("to-south", draft_of("x"), now).error().code, Errc::io);
  EXPECT_TRUE(north.core->desk().messages(std::nullopt).empty());
}

TEST_F(Stations, ARestoredStoreBreaksContinuityOnBothDesksUntilPeopleConfirm) {
  bring_up();
  steps(5);
  south.restart(now, true);
  EXPECT_FALSE(south.core->restored_handled());
  south.commit(now);
  EXPECT_TRUE(south.core->restored_handled());
  const auto broken = [&](StationWorld& s, const char* line) {
    const auto view = s.view(line, now);
    return view.status->continuity == line::ContinuityState::broken && view.status->continuity_check.has_value();
  };
  ASSERT_TRUE(until([&] { return broken(north, "to-south") && broken(south, "to-north"); }, 200));
  EXPECT_EQ(north.view("to-south").status->continuity_check, south.view("to-north").status->continuity_check);
  EXPECT_EQ(north.view("to-south", now).state.state, desk::State::down);
  steps(12);  // the old session is out of the way
  ASSERT_TRUE(north.core->settle_continuity("to-south", true, now).has_value());
  ASSERT_TRUE(south.core->settle_continuity("to-north", true, now).has_value());
  EXPECT_TRUE(until([this] { return open(); }, 100));
  std::vector<desk::LedgerEvent> events;
  for (const auto& entry : south.core->desk().ledger(south.view("to-north").entry.id)) events.push_back(entry.event);
  EXPECT_NE(std::ranges::find(events, desk::LedgerEvent::restored), events.end());
  EXPECT_NE(std::ranges::find(events, desk::LedgerEvent::continuity_confirmed), events.end());
}

TEST_F(Stations, PausedIsSeenThereAndSendIsRefusedHere) {
  bring_up();
  ASSERT_TRUE(north.core->pause("to-south", true, now).has_value());
  EXPECT_EQ(north.core->send("to-south", draft_of("x"), now).error().code, Errc::refused);
  EXPECT_EQ(north.core->send("to-south", draft_of("x"), now).error().code, Errc::refused);
  EXPECT_EQ(north.core->drill("to-south", now).error().code, Errc::refused);
  EXPECT_TRUE(until([&] { return south.view("to-north", now).state.state == desk::State::paused; }));
  north.restart(now);
  EXPECT_TRUE(north.view("to-south").entry.paused);
  ASSERT_TRUE(north.core->pause("to-south", false, now).has_value());
  EXPECT_TRUE(until([this] { return open(); }, 100));
}

}  // namespace
}  // namespace sw::station
