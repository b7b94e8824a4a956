// needs: station carrier
// A copy of a running station, RAM and all, and a backup that is put back. Protocol 4.3, 4.4; claims 1b, 1c and 1d of
// docs/threat-model.md.
#include <gtest/gtest.h>

#include <iostream>

#include "support/talk.hpp"
#include "support/thief.hpp"

namespace sw::test {
namespace {

void expect_no_fault(const World& world, std::uint64_t seed) {
  for (const auto& fault : world.guard.faults) ADD_FAILURE() << fault << " (seed " << seed << ")";
}

/// A world whose line is open, with nobody talking, after `rounds` rounds.
std::unique_ptr<World> quiet_world(std::uint64_t seed, std::uint64_t rounds) {
  auto world = std::make_unique<World>(seed);
  world->pair();
  EXPECT_LT(world->rounds_until_open(60), 60U) << "seed " << seed;
  world->rounds(rounds);
  return world;
}

/// The strongest passive thief: everything that the station had in RAM and on the disk, and every cell that came since.
TEST(CloneSim, ACopyOfARunningStationOpensNothingAfterEightyRounds) {
  std::uint64_t most = 0;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const std::size_t victim = seed % 2;
    const auto world = quiet_world(seed, 3 * seed);
    Thief thief(*world, victim);
    std::uint64_t opened = world->status(victim).opened_rounds;
    std::uint64_t rounds = 0;
    std::uint64_t last = 0;
    world->host(victim).on_up = [&](const wire::UpRecord& record) {
      const auto answer = thief.hears(record);
      if (std::exchange(opened, answer.opened) != answer.opened) last = rounds;
    };
    for (rounds = 1; rounds <= 200; ++rounds) world->rounds(1);
    EXPECT_GT(last, 0U) << "seed " << seed << ": the copy was none";
    EXPECT_LE(last, 80U) << "seed " << seed;
    most = std::max(most, last);
    world->host(victim).on_up = nullptr;
    EXPECT_TRUE(world->open()) << "seed " << seed;
    expect_no_fault(*world, seed);
  }
  std::cout << "the longest life of a copy: " << most << " rounds\n";
}

/// Where a test of this kind could be blind: right after the theft the copy is let in, and uses the station's own keys.
TEST(CloneSim, AFreshCopyIsLetInAndTheGuardSeesItsKeys) {
  const auto world = quiet_world(29, 40);
  World& w = *world;
  Thief thief(w, 0);
  std::vector<wire::DownRecord> said;
  w.host(0).on_up = [&](const wire::UpRecord& record) {
    const auto answer = thief.hears(record);
    said.insert(said.end(), answer.records.begin(), answer.records.end());
  };
  w.rounds(1);
  expect_no_fault(w, 29);
  for (const auto& record : said) {
    if (const auto* cell = std::get_if<wire::CellRecord>(&record)) w.guard.cell(7, *cell);
  }
  EXPECT_FALSE(w.guard.faults.empty());

  const auto before = w.status(1).opened_rounds;
  w.host(0).station.hangs_until = w.now() + milliseconds(20 * World::kRoundMs);
  w.host(0).on_up = [&](const wire::UpRecord& record) { w.host(0).say_down(w.now(), thief.hears(record).records); };
  w.rounds(15);
  EXPECT_GT(w.status(1).opened_rounds, before + 10);
}

/// The copy speaks in the station's place, through its very carrier, 80 rounds later.
TEST(CloneSim, CellsOfACopyOpenNowhereAfterEightyRounds) {
  for (std::uint64_t seed = 31; seed <= 42; ++seed) {
    const std::size_t victim = seed % 2;
    const auto world = quiet_world(seed, 2 * seed);
    World& w = *world;
    Thief thief(w, victim);
    w.rounds(80);
    // The station hangs; the copy hears and answers everything meanwhile.
    const auto before = w.status(1 - victim).opened_rounds;
    w.host(victim).station.hangs_until = w.now() + milliseconds(100 * World::kRoundMs);
    w.host(victim).on_up = [&](const wire::UpRecord& record) {
      w.host(victim).say_down(w.now(), thief.hears(record).records);
    };
    w.rounds(1);  // what was under way
    const auto under_way = w.status(1 - victim).opened_rounds;
    EXPECT_LE(under_way, before + 1);
    w.rounds(98);
    EXPECT_EQ(w.status(1 - victim).opened_rounds, under_way) << "seed " << seed << ": the copy was let in";
    EXPECT_NE(w.state(1 - victim)->state, desk::State::open);
    w.host(victim).on_up = nullptr;
    w.rounds(20);
    // The station itself is back in its session. Where people saw continuity broken, they refuse the copy.
    EXPECT_GT(w.status(1 - victim).opened_rounds, under_way) << "seed " << seed;
    for (std::size_t i = 0; i < 2; ++i) {
      if (w.status(i).continuity != line::ContinuityState::broken) continue;
      EXPECT_TRUE(w.call(i, [](station::Core& core, UtcMs utc) { return core.settle_continuity("Line", false, utc); }));
    }
    EXPECT_LT(w.rounds_until_open(60), 60U) << "seed " << seed;
    expect_no_fault(w, seed);
  }
}

/// A world in which the backup of one side, `age` rounds old, was put back and the line has met again.
struct Restored {
  std::unique_ptr<World> world;
  std::unique_ptr<Talk> talk;

  Restored(std::uint64_t seed, std::size_t side, std::uint64_t age) : world(quiet_world(seed, 30)) {
    Host& host = world->host(side);
    const auto backup = memory(host).records();
    world->rounds(age);
    host.lock_station();
    memory(host).restore(backup);
    world->guard.forget_rounds(side);
    host.start_station(world->now());
    talk = std::make_unique<Talk>(*world);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_TRUE(talk->say(i, 100, Precedence::flash, world->rng()));
    world->rounds(60);
  }
  Result<void> settle(std::size_t i, bool confirm) {
    return world->call(
        i, [confirm](station::Core& core, UtcMs utc) { return core.settle_continuity("Line", confirm, utc); });
  }
  [[nodiscard]] bool nothing_delivered() const { return talk->stored(0) + talk->stored(1) == 0; }
  [[nodiscard]] bool has_entry(std::size_t i, desk::LedgerEvent event) const {
    const auto& core = world->host(i).station.core();
    const auto entries = core.desk().ledger(core.line("Line", UtcMs{})->entry.id);
    return std::ranges::count(entries, event, &desk::LedgerEntry::event) > 0;
  }
};

TEST(CloneSim, ARestoredBackupIsShownOnBothSidesAndPeopleMendIt) {
  for (const std::uint64_t age : {0U, 1U, 10U, 200U}) {
    for (const std::size_t side : {0U, 1U}) {
      for (const std::size_t first : {0U, 1U}) {
        const std::uint64_t seed = 50 + 4 * age + 2 * side + first;
        Restored restored(seed, side, age);
        World& world = *restored.world;
        std::array<std::optional<line::CheckNumber>, 2> groups;
        for (std::size_t i = 0; i < 2; ++i) {
          EXPECT_EQ(world.status(i).continuity, line::ContinuityState::broken) << "seed " << seed << " side " << i;
          EXPECT_EQ(world.state(i)->state, desk::State::down);
          EXPECT_TRUE(restored.has_entry(i, desk::LedgerEvent::continuity_broken));
          groups[i] = world.status(i).continuity_check;
          ASSERT_TRUE(groups[i]) << "seed " << seed << " side " << i;
        }
        EXPECT_TRUE(restored.has_entry(side, desk::LedgerEvent::restored));
        EXPECT_EQ(groups[0], groups[1]) << "seed " << seed;
        EXPECT_TRUE(restored.nothing_delivered()) << "seed " << seed;
        ASSERT_TRUE(restored.settle(first, true));
        world.rounds(30);
        EXPECT_FALSE(world.open());
        EXPECT_TRUE(restored.nothing_delivered()) << "seed " << seed << ": one confirmation is not enough";
        ASSERT_TRUE(restored.settle(1 - first, true));
        EXPECT_LE(world.rounds_until_open(60), 10U) << "seed " << seed;
        EXPECT_LT(world.rounds_until(60, [&] { return restored.talk->finished(); }), 60U) << "seed " << seed;
        for (std::size_t i = 0; i < 2; ++i) {
          EXPECT_EQ(world.status(i).continuity, line::ContinuityState::whole);
          EXPECT_TRUE(restored.has_entry(i, desk::LedgerEvent::continuity_confirmed));
        }
        // Whole for good: over restarts, and the backup's mark is gone.
        for (std::size_t i = 0; i < 2; ++i) {
          EXPECT_FALSE(world.host(i).station.disk().restored());
          world.host(i).kill_station();
          world.host(i).start_station(world.now());
          world.rounds(12);
          EXPECT_TRUE(world.open()) << "seed " << seed;
          EXPECT_EQ(world.status(i).continuity, line::ContinuityState::whole);
        }
        restored.talk->check_desks();
        expect_no_fault(world, seed);
      }
    }
  }
}

TEST(CloneSim, RefusingARestoredBackupEndsTheLine) {
  for (const std::size_t side : {0U, 1U}) {
    for (const std::size_t refuser : {0U, 1U}) {
      const std::uint64_t seed = 80 + 2 * side + refuser;
      Restored restored(seed, side, 100);
      World& world = *restored.world;
      ASSERT_TRUE(restored.settle(1 - refuser, true));
      ASSERT_TRUE(restored.settle(refuser, false));
      world.rounds(60);
      world.host(refuser).kill_station();
      world.host(refuser).start_station(world.now());
      world.rounds(200);
      for (std::size_t i = 0; i < 2; ++i) EXPECT_NE(world.state(i)->state, desk::State::open) << "seed " << seed;
      EXPECT_EQ(world.state(refuser)->state, desk::State::down);
      EXPECT_EQ(world.status(refuser).continuity, line::ContinuityState::refused);
      EXPECT_TRUE(restored.has_entry(refuser, desk::LedgerEvent::continuity_refused));
      EXPECT_TRUE(restored.nothing_delivered()) << "seed " << seed;
      expect_no_fault(world, seed);
    }
  }
}

}  // namespace
}  // namespace sw::test
