// needs: desk
// The word for a line and whose fault it is: protocol 6.2, in its order.
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "desk/line_state.hpp"

namespace sw::desk {
namespace {

/// Nothing is wrong.
LineSigns open_signs() {
  LineSigns s;
  s.carrier = true;
  s.confirmed_here = true;
  s.rounds_since_opened = 0;
  s.link_up = true;
  s.own_epoch = {1000};
  s.peer_epoch = Epoch{1000};
  s.watch_attended = true;
  s.watch_age_ms = 0;
  return s;
}

struct Case {
  const char* what;
  std::function<void(LineSigns&)> change;
  State state;
  Blame blame;
};

void check(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    LineSigns signs = open_signs();
    each.change(signs);
    const LineState found = line_state(signs);
    EXPECT_EQ(word(found.state), word(each.state)) << each.what;
    EXPECT_EQ(word(found.blame), word(each.blame)) << each.what;
    EXPECT_FALSE(found.sentence.empty()) << each.what;
  }
}

TEST(LineState, TheAgeOfTheNewestCellDecides) {
  const auto opened = [](std::uint32_t rounds) { return [rounds](LineSigns& s) { s.rounds_since_opened = rounds; }; };
  const auto there = Blame::their_machine_or_network;
  check({{"at once", opened(0), State::open, Blame::none},
         {"3 rounds", opened(3), State::open, Blame::none},
         {"4 rounds", opened(4), State::late, there},
         {"10 rounds", opened(10), State::late, there},
         {"11 rounds", opened(11), State::down, there},
         {"for ever", opened(UINT32_MAX), State::down, there},
         {"never", [](LineSigns& s) { s.rounds_since_opened.reset(); }, State::unknown, there}});
}

TEST(LineState, WhatDecidesByItself) {
  check({{"locked", [](LineSigns& s) { s.locked = true; }, State::locked, Blame::this_machine},
         {"a carrier that hangs", [](LineSigns& s) { s.carrier_silent = true; }, State::unknown, Blame::this_machine},
         {"not confirmed here", [](LineSigns& s) { s.confirmed_here = false; }, State::unknown, Blame::none},
         {"no carrier", [](LineSigns& s) { s.carrier = false; }, State::unknown, Blame::this_machine},
         {"refused", [](LineSigns& s) { s.continuity = Continuity::refused; }, State::down, Blame::none},
         {"broken", [](LineSigns& s) { s.continuity = Continuity::broken; }, State::down, Blame::none},
         {"paused here", [](LineSigns& s) { s.paused_here = true; }, State::paused, Blame::none},
         {"paused here and silent",
          [](LineSigns& s) {
            s.paused_here = true;
            s.rounds_since_opened = 99;
          },
          State::paused, Blame::none},
         {"paused there", [](LineSigns& s) { s.paused_there = true; }, State::paused, Blame::none},
         // What they said long ago does not hide that nothing comes.
         {"paused there, then silent",
          [](LineSigns& s) {
            s.paused_there = true;
            s.rounds_since_opened = 11;
          },
          State::down, Blame::their_machine_or_network},
         {"paused there, before the start",
          [](LineSigns& s) {
            s.paused_there = true;
            s.rounds_since_opened.reset();
          },
          State::unknown, Blame::their_machine_or_network}});
}

// Each sign is added to all the later ones: the earlier one always wins.
TEST(LineState, TheFirstOfTheStatesInOrder) {
  const std::vector<Case> order{
      {"locked", [](LineSigns& s) { s.locked = true; }, State::locked, Blame::this_machine},
      {"unconfirmed", [](LineSigns& s) { s.confirmed_here = false; }, State::unknown, Blame::none},
      {"no carrier", [](LineSigns& s) { s.carrier = false; }, State::unknown, Blame::this_machine},
      {"refused", [](LineSigns& s) { s.continuity = Continuity::refused; }, State::down, Blame::none},
      {"paused", [](LineSigns& s) { s.paused_here = true; }, State::paused, Blame::none},
      {"silent", [](LineSigns& s) { s.rounds_since_opened = 50; }, State::down, Blame::their_machine_or_network}};
  LineSigns signs = open_signs();
  for (auto each = order.rbegin(); each != order.rend(); ++each) {
    each->change(signs);
    EXPECT_EQ(word(line_state(signs).state), word(each->state)) << each->what;
    EXPECT_EQ(word(line_state(signs).blame), word(each->blame)) << each->what;
  }
}

TEST(LineState, TheFirstOfTheBlamesInOrder) {
  const std::vector<Case> order{
      {"disk", [](LineSigns& s) { s.store_failing = true; }, State::down, Blame::this_machine},
      {"bearer", [](LineSigns& s) { s.bearer_failing = true; }, State::down, Blame::own_network},
      {"clock", [](LineSigns& s) { s.peer_epoch = Epoch{1002}; }, State::down, Blame::clock},
      {"silence", [](LineSigns& s) { s.rounds_since_opened = 50; }, State::down, Blame::their_machine_or_network},
      {"nobody there", [](LineSigns& s) { s.watch_attended = false; }, State::open, Blame::their_watch}};
  LineSigns signs = open_signs();
  for (auto each = order.rbegin(); each != order.rend(); ++each) {
    each->change(signs);
    EXPECT_EQ(word(line_state(signs).state), word(each->state)) << each->what;
    EXPECT_EQ(word(line_state(signs).blame), word(each->blame)) << each->what;
  }
}

/// A leg over relays through which nothing has come for so long.
LineSigns relays_silent(wire::Fault fault) {
  LineSigns s = open_signs();
  s.relays = true;
  s.rounds_since_opened = 50;
  s.fault = fault;
  return s;
}

TEST(LineState, OverRelaysTheCarriersWordDecides) {
  const std::vector<std::pair<wire::Fault, Blame>> words{{wire::Fault::none, Blame::their_machine_or_network},
                                                         {wire::Fault::relay_1, Blame::relay_1},
                                                         {wire::Fault::relay_2, Blame::relay_2},
                                                         {wire::Fault::relay_3, Blame::relay_3},
                                                         {wire::Fault::not_in, Blame::this_machine},
                                                         {wire::Fault::clock, Blame::clock}};
  std::set<std::string_view> sentences;
  for (const auto& [fault, blame] : words) {
    LineSigns s = relays_silent(fault);
    EXPECT_EQ(word(line_state(s).blame), word(blame));
    EXPECT_TRUE(sentences.insert(line_state(s).sentence).second);
    s.bearer_failing = true;
    EXPECT_EQ(word(line_state(s).blame), "own network") << "before " << word(blame);
    s.bearer_failing = false;
    s.all_fell_silent = true;
    EXPECT_EQ(word(line_state(s).blame), "own network") << "before " << word(blame);
    s.rounds_since_opened = 0;
    EXPECT_EQ(word(line_state(s).blame), "") << "an open line blames nobody: " << word(blame);
  }
  LineSigns unheard = relays_silent(wire::Fault::relay_1);
  unheard.link_up = false;
  EXPECT_TRUE(sentences.insert(line_state(unheard).sentence).second) << "R1 that answers, and one that does not";
  // R1's epoch is that of this machine, whatever the far one's clock says.
  LineSigns apart = relays_silent(wire::Fault::none);
  apart.peer_epoch = Epoch{5};
  EXPECT_EQ(word(line_state(apart).blame), "their machine or network");
}

TEST(LineState, ALegKnowsNothingOfPeople) {
  LineSigns s = open_signs();
  s.paused_here = true;
  s.watch_attended = false;
  s.continuity = Continuity::broken;
  EXPECT_EQ(word(leg_state(s).state), "OPEN");
  EXPECT_EQ(word(leg_state(s).blame), "");
  s.rounds_since_opened = 11;
  EXPECT_EQ(word(leg_state(s).state), "DOWN");
  s.carrier = false;
  EXPECT_EQ(word(leg_state(s).state), "UNKNOWN");
}

TEST(LineState, AnOpenLineBlamesNoNetworkAndNoClock) {
  check({{"bearer fails, cells come", [](LineSigns& s) { s.bearer_failing = true; }, State::open, Blame::none},
         {"clocks apart, cells come", [](LineSigns& s) { s.peer_epoch = Epoch{5}; }, State::open, Blame::none},
         {"the disk fails", [](LineSigns& s) { s.store_failing = true; }, State::open, Blame::this_machine}});
}

TEST(LineState, ABorderOfEpochsIsNoClock) {
  const auto silent = [](std::uint64_t peer) {
    return [peer](LineSigns& s) {
      s.rounds_since_opened = 50;
      s.peer_epoch = Epoch{peer};
    };
  };
  const auto there = Blame::their_machine_or_network;
  check({{"one behind", silent(999), State::down, there},
         {"one ahead", silent(1001), State::down, there},
         {"two behind", silent(998), State::down, Blame::clock},
         {"two ahead", silent(1002), State::down, Blame::clock},
         {"a year ahead", silent(UINT64_MAX), State::down, Blame::clock},
         {"never heard", [&](LineSigns& s) { s.rounds_since_opened = 50, s.peer_epoch.reset(); }, State::down, there}});
}

TEST(LineState, TheFarWatchHasAnHourAndFiveMinutes) {
  const auto answered = [](std::optional<std::int64_t> age) { return [age](LineSigns& s) { s.watch_age_ms = age; }; };
  check({{"65 minutes", answered(kWatchAnswerMs), State::open, Blame::none},
         {"a moment more", answered(kWatchAnswerMs + 1), State::open, Blame::their_watch},
         {"never", answered(std::nullopt), State::open, Blame::their_watch},
         {"unattended", [](LineSigns& s) { s.watch_attended = false; }, State::open, Blame::their_watch}});
}

TEST(LineState, TheSentenceTellsTheSilencesApart) {
  const auto sentence = [](std::optional<std::uint32_t> opened, bool link, std::uint32_t quiet) {
    LineSigns s = open_signs();
    s.rounds_since_opened = opened;
    s.link_up = link;
    s.quiet_rounds = quiet;
    return std::string(line_state(s).sentence);
  };
  std::set<std::string> all{sentence(50, true, 0), sentence(50, true, 60), sentence(std::nullopt, true, 0),
                            sentence(std::nullopt, false, 60)};
  EXPECT_EQ(all.size(), 4U);
  EXPECT_EQ(sentence(50, false, 60), sentence(50, true, 60));
}

}  // namespace
}  // namespace sw::desk
