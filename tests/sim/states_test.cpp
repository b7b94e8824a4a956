// needs: station carrier
// How soon a line is OPEN again after each mishap, and what the screen says meanwhile: word, blame and sentence agree
// with what was done. Protocol 3.2, 4.2, 6.2.
#include <gtest/gtest.h>

#include <functional>
#include <iostream>

#include "support/world.hpp"

namespace sw::test {
namespace {

using desk::Blame;
using desk::State;

constexpr std::int64_t kDayMs = 86'400'000;

World& open_world(World& world) {
  world.pair();
  EXPECT_LT(world.rounds_until_open(60), 60U);
  return world;
}

// ---- how soon

struct Mishap {
  std::string_view name;
  std::function<void(World&, std::size_t)> befalls;
  double bound;            ///< rounds from the end of the mishap until both sides are OPEN, at zero loss
  double own = bound;      ///< the same, until the side that it befell is
  std::uint64_t runs = 8;  ///< each at a phase of the round of its own
};

void restart_carrier(World& world, std::size_t i) {
  world.host(i).kill_carrier(world.now());
  world.rounds(12);
  world.host(i).start_carrier(world.now());
}

void cut(World& world, std::uint64_t rounds) {
  world.air.loss = 1;
  world.rounds(rounds);
  world.air.loss = 0;
}

std::vector<Mishap> mishaps() {
  return {
      // A station is OPEN within five rounds. The initiator that it asked for a handshake is so a round later, and a
      // third of one more when the first tick came before the reservation.
      {"station restarted",
       [](World& w, std::size_t i) {
         w.host(i).kill_station();
         w.rounds(20);
         w.host(i).start_station(w.now());
       },
       5.4, 5, 40},
      {"station unlocked after a long time",
       [](World& w, std::size_t i) {
         w.host(i).lock_station();
         w.rounds(700);
         w.host(i).start_station(w.now());
       },
       5.4, 5},
      {"both stations restarted",
       [](World& w, std::size_t) {
         for (std::size_t i = 0; i < 2; ++i) w.host(i).kill_station();
         w.rounds(5);
         for (std::size_t i = 0; i < 2; ++i) w.host(i).start_station(w.now());
       },
       5, 5, 40},
      // A carrier's partner finds out by 8 quiet rounds, or asks every 8th round: protocol 3.2.
      {"carrier restarted", restart_carrier, 12},
      {"carrier and station restarted",
       [](World& w, std::size_t i) {
         w.host(i).kill_station();
         restart_carrier(w, i);
         w.host(i).start_station(w.now());
       },
       14},
      {"everything restarted",
       [](World& w, std::size_t) {
         for (std::size_t i = 0; i < 2; ++i) {
           w.host(i).kill_station();
           w.host(i).kill_carrier(w.now());
         }
         w.rounds(5);
         for (std::size_t i = 0; i < 2; ++i) {
           w.host(i).start_carrier(w.now());
           w.host(i).start_station(w.now());
         }
       },
       14},
      {"a short suspend",
       [](World& w, std::size_t i) {
         w.host(i).suspend(w.now() + milliseconds(30'000));
         w.rounds(30);
       },
       3},
      {"a suspend over an epoch's end",
       [](World& w, std::size_t i) {
         w.host(i).suspend(w.now() + milliseconds(2'400'000));
         w.rounds(2'400);
       },
       12},
      {"a cut of 30 rounds", [](World& w, std::size_t) { cut(w, 30); }, 3},
      {"a cut of 1,000 rounds", [](World& w, std::size_t) { cut(w, 1'000); }, 8},
      {"the clock a day back",
       [](World& w, std::size_t i) {
         w.host(i).skew_ms -= kDayMs;
         restart_carrier(w, i);
       },
       12},
      {"the clock a year forward, and back",
       [](World& w, std::size_t i) {
         w.host(i).skew_ms = 365 * kDayMs;
         restart_carrier(w, i);
         w.rounds(40);
         EXPECT_TRUE(w.open());
         w.host(i).skew_ms = 0;
         restart_carrier(w, i);
       },
       12},
  };
}

TEST(StatesSim, OpenAgainWithinBoundedRoundsAfterEveryMishap) {
  for (const auto& [name, befalls, bound, own, runs] : mishaps()) {
    std::array<double, 2> most{};  // the side that it befell; both
    for (std::uint64_t seed = 1; seed <= runs; ++seed) {
      World world(seed);
      open_world(world).rounds(20 + seed);
      // At any phase of the round.
      world.run_until(world.now() + milliseconds(static_cast<std::int64_t>(world.rng().below(World::kRoundMs))));
      befalls(world, seed % 2);
      const Instant from = world.now();
      const auto until = [&](const auto& done) {
        while (!done() && (world.now() - from).ns < 100'000'000'000) world.run_until(world.now() + milliseconds(20));
        return static_cast<double>((world.now() - from).ns) / 1e6 / World::kRoundMs;
      };
      const std::array rounds{until([&] { return world.is_open(seed % 2); }), until([&] { return world.open(); })};
      EXPECT_LE(rounds[0], own) << name << ", seed " << seed;
      EXPECT_LE(rounds[1], bound) << name << ", seed " << seed;
      for (std::size_t i = 0; i < 2; ++i) most[i] = std::max(most[i], rounds[i]);
      for (const auto& fault : world.guard.faults) ADD_FAILURE() << fault << ": " << name << ", seed " << seed;
    }
    std::cout << name << ": at most " << most[0] << " rounds, both sides " << most[1] << '\n';
  }
}

// ---- what the screen says

struct Shown {
  State state;
  Blame blame;
  std::string_view sentence = {};  ///< a part of it
};

void expect_shown(const World& world, std::size_t i, const Shown& wanted, std::string_view after) {
  const auto shown = world.state(i);
  ASSERT_TRUE(shown) << after;
  EXPECT_EQ(word(shown->state), word(wanted.state)) << after << ", side " << i;
  EXPECT_EQ(word(shown->blame), word(wanted.blame)) << after << ", side " << i << ": " << shown->sentence;
  EXPECT_NE(shown->sentence.find(wanted.sentence), std::string_view::npos) << after << ": " << shown->sentence;
}

constexpr Shown kOpenUnattended{State::open, Blame::their_watch, "nobody there has the watch"};

TEST(StatesSim, AStoppedStationIsTheirMachineAndAgesFromOpenToLateToDown) {
  World world(11);
  open_world(world);
  world.host(0).kill_station();
  world.rounds(2);
  expect_shown(world, 1, kOpenUnattended, "2 rounds");
  world.rounds(4);
  expect_shown(world, 1, {State::late, Blame::their_machine_or_network, "their station does not"}, "6 rounds");
  world.rounds(10);
  expect_shown(world, 1, {State::down, Blame::their_machine_or_network, "their station does not"}, "16 rounds");
  world.host(0).start_station(world.now());
  world.rounds(1);
  expect_shown(world, 0, {State::unknown, Blame::their_machine_or_network}, "just started");
  world.rounds(7);
  for (std::size_t i = 0; i < 2; ++i) expect_shown(world, i, kOpenUnattended, "back");
}

TEST(StatesSim, AStoppedCarrierIsThisMachineHereAndTheirMachineThere) {
  World world(12);
  open_world(world);
  world.host(0).kill_carrier(world.now());
  world.rounds(20);
  expect_shown(world, 0, {State::unknown, Blame::this_machine, "carrier"}, "no carrier");
  expect_shown(world, 1, {State::down, Blame::their_machine_or_network, "Nothing comes"}, "no carrier there");
}

TEST(StatesSim, ANetworkThatTakesNothingIsTheOwnOne) {
  World world(13);
  open_world(world);
  world.host(0).carrier.refused = true;
  world.air.loss = 1;
  world.rounds(20);
  expect_shown(world, 0, {State::down, Blame::own_network, "cannot send"}, "cable pulled");
  expect_shown(world, 1, {State::down, Blame::their_machine_or_network, "Nothing comes"}, "their cable pulled");
  world.host(0).carrier.refused = false;
  world.air.loss = 0;
  EXPECT_LT(world.rounds_until_open(30), 30U);
}

TEST(StatesSim, AClockThatJumpedIsBlamedUntilTheLineIsOpen) {
  for (const std::int64_t jump : {-kDayMs, 365 * kDayMs}) {
    World world(14);
    open_world(world);
    world.host(0).skew_ms = jump;
    world.host(0).kill_station();
    restart_carrier(world, 0);
    world.rounds(40);
    expect_shown(world, 1, {State::down, Blame::clock, "clocks of the two sides"}, "their clock jumped");
    world.host(0).start_station(world.now());
    EXPECT_LT(world.rounds_until_open(30), 30U);
    for (std::size_t i = 0; i < 2; ++i) expect_shown(world, i, kOpenUnattended, "open whatever the clocks say");
  }
}

TEST(StatesSim, NotConfirmedThereIsUnknown) {
  World world(15);
  world.pair({true, false});
  world.rounds(60);
  expect_shown(world, 0, {State::unknown, Blame::their_machine_or_network, "not confirmed there"}, "confirmed here");
  expect_shown(world, 1, {State::unknown, Blame::none, "not confirmed here"}, "not confirmed here");
  world.confirm(1);
  EXPECT_LE(world.rounds_until_open(30), 8U);
}

TEST(StatesSim, APauseOfEitherSideShowsOnBoth) {
  for (const std::size_t who : {0U, 1U}) {
    World world(16);
    open_world(world);
    const auto pause = [&](bool on) {
      EXPECT_TRUE(world.call(who, [on](station::Core& core, UtcMs utc) { return core.pause("Line", on, utc); }));
      world.rounds(3);
    };
    pause(true);
    expect_shown(world, who, {State::paused, Blame::none, "paused here"}, "paused");
    expect_shown(world, 1 - who, {State::paused, Blame::none, "other side has paused"}, "paused there");
    world.host(who).kill_station();
    world.host(who).start_station(world.now());
    world.rounds(8);
    expect_shown(world, who, {State::paused, Blame::none, "paused here"}, "paused, restarted");
    expect_shown(world, 1 - who, {State::paused, Blame::none, "other side has paused"}, "paused there, restarted");
    pause(false);
    for (std::size_t i = 0; i < 2; ++i) expect_shown(world, i, kOpenUnattended, "resumed");
  }
}

TEST(StatesSim, AFailingDiskIsThisMachineAndAWatchThatIsTakenEndsTheBlame) {
  World world(17);
  open_world(world);
  world.host(0).station.core().on_store_failing(true);
  expect_shown(world, 0, {State::open, Blame::this_machine, "disk"}, "disk");
  world.host(0).station.core().on_store_failing(false);
  using Act = station::Core::WatchAct;
  EXPECT_TRUE(world.call(1, [](station::Core& core, UtcMs utc) { return core.watch(Act::take, "AB", utc); }));
  world.rounds(6);
  expect_shown(world, 0, {State::open, Blame::none, "open"}, "watch taken there");
  world.rounds(66 * 60);
  expect_shown(world, 0, {State::open, Blame::their_watch, "65 minutes"}, "nobody answered");
}

}  // namespace
}  // namespace sw::test
