// needs: station carrier relay
// Who is at fault when a line over relays breaks: each part in turn is killed, stopped or cut off, and the screen says
// the right one within three rounds of the first that is missed, and never another one. Protocol 6.2, 8.7, 8.8.
#include <gtest/gtest.h>

#include <functional>
#include <iostream>

#include "support/blame_world.hpp"

namespace sw::test {
namespace {

using desk::Blame;
using desk::State;

constexpr std::int64_t kLookMs = BlameWorld::kRoundMs / 10;
/// A round is missed when its cells are not there a round after those before them.
constexpr double kMostRounds = 3;

struct Case {
  std::string_view name;
  std::function<void(BlameWorld&)> breaks;
  std::array<std::optional<Blame>, 2> blame;  ///< on each side; nothing: its screen is not looked at
};

std::vector<Case> cases() {
  const auto kill = [](std::size_t hop) { return [hop](BlameWorld& w) { w.kill_relay(hop); }; };
  const auto hang = [](std::size_t hop) { return [hop](BlameWorld& w) { w.relays.hang(hop); }; };
  const auto cut = [](std::size_t link) { return [link](BlameWorld& w) { w.relays.cut(link); }; };
  const auto there = Blame::their_machine_or_network;
  return {
      {"own bearer",
       [](BlameWorld& w) {
         w.hosts[0]->carrier.refused = true;
         w.cut.insert(0);
       },
       {Blame::own_network, there}},
      {"relay 1 killed", kill(0), {Blame::relay_1, Blame::relay_1}},
      {"relay 1 stopped", hang(0), {Blame::relay_1, Blame::relay_1}},
      {"relay 2 killed", kill(1), {Blame::relay_2, Blame::relay_2}},
      {"relay 2 stopped", hang(1), {Blame::relay_2, Blame::relay_2}},
      {"relay 2 cut off", cut(0), {Blame::relay_2, Blame::relay_2}},
      {"relay 3 killed", kill(2), {Blame::relay_3, Blame::relay_3}},
      {"relay 3 stopped", hang(2), {Blame::relay_3, Blame::relay_3}},
      {"relay 3 cut off", cut(1), {Blame::relay_3, Blame::relay_3}},
      {"far station killed", [](BlameWorld& w) { w.hosts[1]->kill_station(); }, {there, std::nullopt}},
      {"far station stopped",
       [](BlameWorld& w) { w.hosts[1]->station.hangs_until = w.now + milliseconds(100'000); },
       {there, std::nullopt}},
      {"far carrier killed", [](BlameWorld& w) { w.hosts[1]->kill_carrier(w.now); }, {there, std::nullopt}},
      {"far network cut", [](BlameWorld& w) { w.cut.insert(1); }, {there, std::nullopt}},
  };
}

/// Looks at both screens for so many rounds; how many rounds after the first missed one the blame was there.
double look(BlameWorld& world, const Case& broken, std::int64_t rounds, std::uint64_t seed) {
  std::array<std::uint64_t, 2> opened{};
  std::array<std::int64_t, 2> last{};
  std::array<std::optional<double>, 2> took;
  for (std::int64_t ms = 0; ms < rounds * BlameWorld::kRoundMs; ms += kLookMs) {
    for (std::size_t i = 0; i < 2; ++i) {
      if (!broken.blame[i]) continue;
      const auto view = world.view(i);
      if (std::exchange(opened[i], view.status->opened_rounds) != view.status->opened_rounds) last[i] = ms;
      const Blame blame = view.state.blame;
      if (view.state.state == State::open && blame == Blame::none) continue;
      EXPECT_EQ(word(blame), word(*broken.blame[i]))
          << broken.name << ", seed " << seed << ", side " << i << " after " << ms << " ms: " << view.state.sentence;
      if (blame != *broken.blame[i]) return 0;
      if (!took[i]) took[i] = static_cast<double>(ms - last[i]) / BlameWorld::kRoundMs - 1;
    }
    world.run(kLookMs);
  }
  double most = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    if (!broken.blame[i]) continue;
    EXPECT_TRUE(took[i]) << broken.name << ", seed " << seed << ", side " << i << ": nobody is blamed";
    most = std::max(most, took[i].value_or(99));
  }
  return most;
}

void expect_quiet(BlameWorld& world) {
  world.take_watches();
  const auto all_open = [&] {
    for (std::size_t i = 0; i < 2; ++i) {
      for (const auto& leg : world.view(i).legs) {
        if (leg.state.state != State::open) return false;
      }
    }
    return true;
  };
  for (int n = 0; n < 200 && !all_open(); ++n) world.rounds(1);
  world.rounds(8);
  ASSERT_TRUE(all_open());
  // Whatever the station does once a second, too.
  for (int ms = 0; ms < 2'500; ms += kLookMs) {
    for (std::size_t i = 0; i < 2; ++i) {
      ASSERT_EQ(word(world.view(i).state.blame), "") << world.view(i).state.sentence;
      ASSERT_EQ(word(world.view(i).state.state), "OPEN");
    }
    world.run(kLookMs);
  }
}

TEST(BlameSim, TheRightOneWithinThreeRoundsAndNeverAnother) {
  for (const Case& broken : cases()) {
    double most = 0;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      BlameWorld world(seed);
      expect_quiet(world);
      if (HasFatalFailure()) return;
      world.run(static_cast<std::int64_t>(seed * 37 % BlameWorld::kRoundMs));
      broken.breaks(world);
      most = std::max(most, look(world, broken, 16, seed));
      for (const auto& fault : world.guard.faults) ADD_FAILURE() << fault << ": " << broken.name;
    }
    EXPECT_LE(most, kMostRounds) << broken.name;
    std::cout << broken.name << ": at most " << most << " rounds after the first missed one\n";
  }
}

TEST(BlameSim, ARelayThatComesBackIsBlamedUntilTheLineIsOpenAgain) {
  for (std::size_t hop = 0; hop < BlameWorld::kRelays; ++hop) {
    for (const std::int64_t away : {1, 6}) {
      BlameWorld world(10 + hop);
      expect_quiet(world);
      if (HasFatalFailure()) return;
      world.kill_relay(hop);
      world.rounds(away);
      world.start_relay(hop);
      const auto blame = static_cast<Blame>(static_cast<std::size_t>(Blame::relay_1) + hop);
      std::int64_t rounds = 0;
      bool down = false;
      for (; rounds < 200 && !(down && world.open()); ++rounds) {
        for (std::size_t i = 0; i < 2; ++i) {
          const auto view = world.view(i);
          if (view.state.state == State::open) continue;
          down = true;
          EXPECT_EQ(word(view.state.blame), word(blame))
              << "relay " << hop + 1 << " away " << away << ", round " << rounds << ": " << view.state.sentence;
        }
        world.rounds(1);
      }
      std::cout << "relay " << hop + 1 << " away for " << away << " rounds: OPEN after " << rounds << " rounds\n";
      EXPECT_LT(rounds, 200);
    }
  }
}

TEST(BlameSim, ALegThatIsBrokenSaysSoWhileAnotherOneCarriesTheLine) {
  BlameWorld world(21, BlameWorld::Legs::both);
  expect_quiet(world);
  world.kill_relay(2);
  world.rounds(12);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto view = world.view(i);
    EXPECT_EQ(word(view.state.state), "OPEN");
    EXPECT_EQ(word(view.state.blame), "");
    ASSERT_EQ(view.legs.size(), 2U);
    EXPECT_EQ(word(view.legs[0].state.state), "OPEN") << "direct";
    EXPECT_EQ(word(view.legs[1].state.state), "DOWN");
    EXPECT_EQ(word(view.legs[1].state.blame), "relay 3");
    EXPECT_EQ(view.legs[1].relay_operator, "C");
  }
}

TEST(BlameSim, WhatFallsSilentEverywhereAtOnceIsTheOwnNetwork) {
  BlameWorld world(22, BlameWorld::Legs::both);
  expect_quiet(world);
  world.cut.insert(0);  // the carrier sends, and nothing arrives
  world.rounds(12);
  EXPECT_EQ(word(world.view(0).state.blame), "own network") << world.view(0).state.sentence;
  for (const auto& leg : world.view(0).legs) EXPECT_EQ(word(leg.state.blame), "own network");
  EXPECT_EQ(word(world.view(1).state.blame), "their machine or network") << "R1 is heard there";
}

TEST(BlameSim, ARelayThatIsSilentWhileTheDirectLegWorksIsTheRelay) {
  BlameWorld world(23, BlameWorld::Legs::both);
  expect_quiet(world);
  world.kill_relay(0);
  world.rounds(12);
  EXPECT_EQ(word(world.view(0).state.state), "OPEN");
  EXPECT_EQ(word(world.view(0).legs[1].state.blame), "relay 1") << world.view(0).legs[1].state.sentence;
}

TEST(BlameSim, AWatchThatNobodyHasIsTheirs) {
  BlameWorld world(24);
  EXPECT_LT(world.until_open(200), 200);
  world.rounds(8);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(word(world.view(i).state.state), "OPEN");
    EXPECT_EQ(word(world.view(i).state.blame), "their watch");
  }
  world.take_watches();
  world.rounds(8);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(word(world.view(i).state.blame), "");
}

// Protocol 8.8: what R1 says of the chain is inside its frames, whose sizes and times stay.
TEST(BlameSim, RelayOnesFramesAreTheSameWhateverItSays) {
  const auto departures = [](bool broken) {
    BlameWorld world(25);
    EXPECT_LT(world.until_open(200), 200);
    world.departures.clear();
    if (broken) world.kill_relay(2);
    world.rounds(30);
    return world.departures;
  };
  const auto whole = departures(false);
  EXPECT_GT(whole.size(), 50U);
  EXPECT_TRUE(whole == departures(true));
}

}  // namespace
}  // namespace sw::test
