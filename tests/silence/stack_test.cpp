// needs: station carrier
// The silence test: whatever two parties do, who sees every cable sees the same frames, to the nanosecond and the byte.
// Protocol 1, 1.1, 2.4, 3.6; claim 2a of docs/threat-model.md.
#include <gtest/gtest.h>

#include <functional>
#include <iostream>

#include "support/talk.hpp"

namespace sw::test {
namespace {

using Act = station::Core::WatchAct;

constexpr std::uint64_t kRounds = 400;

/// One run, as an observer of all cables sees it; and what passes inside each machine.
struct Seen {
  std::vector<Departure> frames;
  std::array<std::vector<PortNote>, 2> port;
  std::array<std::vector<std::int64_t>, 2> commits;
  std::ptrdiff_t stored = 0;  ///< messages that came to the far disk
};

/// What happens in round n of a run.
using Script = std::function<void(World& world, Talk& talk, std::uint64_t n)>;

Seen watch(std::uint64_t seed, const Script& script, std::array<bool, 2> confirmed = {true, true}) {
  World world(seed);
  // From the first frame on: also the opening of the line is inside the trace.
  world.trace.emplace();
  world.pair(confirmed);
  world.air = {.loss = 0.1, .doubled = 0.02, .delay_most = milliseconds(1500), .replayed = 0.02};
  world.rounds(40);
  EXPECT_TRUE(world.state(0) && world.state(1));
  for (std::size_t i = 0; i < 2; ++i) {
    world.host(i).notes.emplace();
    world.host(i).station.commits.emplace();
  }
  Talk talk(world);
  for (std::uint64_t n = 0; n < kRounds; ++n) {
    script(world, talk, n);
    world.rounds(1);
  }
  for (const auto& fault : world.guard.faults) ADD_FAILURE() << fault << " (seed " << seed << ")";
  return {std::move(*world.trace),
          {std::move(*world.host(0).notes), std::move(*world.host(1).notes)},
          {std::move(*world.host(0).station.commits), std::move(*world.host(1).station.commits)},
          talk.stored(0) + talk.stored(1)};
}

void idle(World&, Talk&, std::uint64_t) {}

void talking(World& world, Talk& talk, std::uint64_t n) {
  if (n % 7 == 0) talk.say(0, 1 + world.rng().below(400), static_cast<Precedence>(n % 4), world.rng());
  if (n % 11 == 0) talk.say(1, 1 + world.rng().below(400), static_cast<Precedence>(n % 4), world.rng());
}

void burst(World& world, Talk& talk, std::uint64_t n) {
  if (n == 20 || n == 25 || n == 200) talk.say(0, 20'000, Precedence::routine, world.rng());
  if (n == 30) talk.say(1, 20'000, Precedence::flash, world.rng());
}

void drills_and_stages(World& world, Talk& talk, std::uint64_t n) {
  if (n == 10) talk.watch(0, Act::take, "AB");
  if (n == 12) talk.watch(1, Act::take, "CD");
  if (n % 60 == 20) talk.drill(0);
  if (n % 60 == 40) talk.watch(1, Act::answer, "");
  if (n % 50 == 5) talk.say(0, 100, Precedence::priority, world.rng());
  if (n % 50 == 25) talk.stage(1, desk::Stage::read, world.rng());
  if (n % 50 == 35) talk.stage(1, desk::Stage::translated, world.rng());
}

void station_killed(World& world, Talk& talk, std::uint64_t n) {
  talking(world, talk, n > 60 && n < 130 ? 1 : n);
  if (n == 60 || n == 250) world.host(0).kill_station();
  if (n == 130 || n == 251) world.host(0).start_station(world.now());
}

void station_hangs(World& world, Talk& talk, std::uint64_t n) {
  talking(world, talk, n > 60 && n < 90 ? 1 : n);
  if (n == 60) world.host(0).station.hangs_until = world.now() + milliseconds(20'300);
}

void store_locked(World& world, Talk& talk, std::uint64_t n) {
  talking(world, talk, n > 60 && n < 130 ? 1 : n);
  if (n == 60) world.host(0).lock_station();
  if (n == 130) world.host(0).start_station(world.now());
}

void store_full(World& world, Talk& talk, std::uint64_t n) {
  talking(world, talk, n);
  if (n == 60) world.host(1).station.disk().full = true;
  if (n == 200) world.host(1).station.disk().full = false;
}

void paused(World& world, Talk& talk, std::uint64_t n) {
  talking(world, talk, n);
  const auto pause = [&](bool on) {
    ASSERT_TRUE(world.call(0, [on](station::Core& core, UtcMs utc) { return core.pause("Line", on, utc); }));
  };
  if (n == 60) pause(true);
  if (n == 200) pause(false);
}

/// The first side confirms its pairing only now.
void confirmed_late(World& world, Talk& talk, std::uint64_t n) {
  if (n == 100) world.confirm(0);
  if (n > 120) talking(world, talk, n);
}

/// A backup of the first station is put back; people find out, compare and confirm.
struct ContinuityBroken {
  MemoryDisk::Records backup;
  void operator()(World& world, Talk& talk, std::uint64_t n) {
    if (n < 15 || n > 270) talking(world, talk, n);
    if (n == 20) backup = memory(world.host(0)).records();
    if (n == 100) {
      world.host(0).lock_station();
      memory(world.host(0)).restore(backup);
      world.guard.forget_rounds(0);
      world.host(0).start_station(world.now());
    }
    if (n != 250) return;
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(world.status(i).continuity, line::ContinuityState::broken);
      EXPECT_TRUE(
          world.call(i, [](station::Core& core, UtcMs utc) { return core.settle_continuity("Line", true, utc); }));
    }
  }
};

/// "" when equal; else where the first difference is.
template <class T>
std::string difference(const std::vector<T>& a, const std::vector<T>& b) {
  const auto [at, other] = std::ranges::mismatch(a, b);
  if (at == a.end() && other == b.end()) return {};
  return "at number " + std::to_string(at - a.begin()) + " of " + std::to_string(a.size()) + " and " +
         std::to_string(b.size());
}

/// Which stations ran all the time, so that the records of their cell ports and their commits must be equal too.
struct Case {
  std::string_view name;
  Script script;
  std::array<bool, 2> up_throughout;
  std::array<bool, 2> confirmed = {true, true};
};

std::vector<Case> cases() {
  return {
      {"talking", talking, {true, true}},
      {"a burst of 20 kB", burst, {true, true}},
      {"drills and stages", drills_and_stages, {true, true}},
      {"store full", store_full, {true, true}},
      {"paused", paused, {true, true}},
      {"station killed", station_killed, {false, true}},
      {"station hangs", station_hangs, {false, true}},
      {"store locked", store_locked, {false, true}},
      {"continuity broken", ContinuityBroken{}, {false, true}},
      {"confirmed late", confirmed_late, {false, true}, {false, true}},
  };
}

TEST(StackSilence, EveryRunLooksLikeAnIdleOne) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Seen quiet = watch(seed, idle);
    ASSERT_GE(quiet.frames.size(), 2 * kRounds);
    for (const auto& frame : quiet.frames) ASSERT_EQ(frame.bytes, wire::kFrameBytes);
    for (const auto& [name, script, up_throughout, confirmed] : cases()) {
      const Seen seen = watch(seed, script, confirmed);
      EXPECT_GT(seen.stored, 2) << name << " said nothing; seed " << seed;
      EXPECT_EQ(difference(quiet.frames, seen.frames), "") << name << ": the frames; seed " << seed;
      for (std::size_t i = 0; i < 2; ++i) {
        if (!up_throughout[i]) continue;
        EXPECT_EQ(difference(quiet.port[i], seen.port[i]), "") << name << ": cell port of " << i << ", seed " << seed;
        EXPECT_EQ(difference(quiet.commits[i], seen.commits[i]), "") << name << ": disk of " << i << ", seed " << seed;
      }
    }
  }
}

TEST(StackSilence, EachMachineSendsOneFrameARound) {
  const Seen seen = watch(4, talking);
  for (std::uint8_t i = 1; i <= 2; ++i) {
    std::int64_t last = 0;
    for (const auto& frame : seen.frames) {
      if (frame.from != address(i)) continue;
      constexpr std::int64_t round = std::int64_t{World::kRoundMs} * 1'000'000;
      if (last != 0) {
        EXPECT_LE(std::abs(frame.ns - last - round), round / 200) << "more than the dither";
      }
      last = frame.ns;
    }
  }
}

// The comparison would see it: one frame less, one frame more, one nanosecond, one byte, another order, another seed.
TEST(StackSilence, TheComparisonSeesOneFrameAndOneNanosecond) {
  const Seen quiet = watch(5, idle);
  const Seen again = watch(5, idle);
  EXPECT_EQ(difference(quiet.frames, again.frames), "");
  const auto changed = [&](const std::function<void(std::vector<Departure>&)>& change) {
    auto frames = quiet.frames;
    change(frames);
    return difference(quiet.frames, frames);
  };
  EXPECT_NE(changed([](auto& f) { f.pop_back(); }), "");
  EXPECT_NE(changed([](auto& f) { f.push_back(f.back()); }), "");
  EXPECT_NE(changed([](auto& f) { ++f[f.size() / 2].ns; }), "");
  EXPECT_NE(changed([](auto& f) { --f[f.size() / 2].bytes; }), "");
  EXPECT_NE(changed([](auto& f) { std::swap(f[300].to, f[300].from); }), "");
  EXPECT_NE(difference(quiet.frames, watch(6, idle).frames), "");
  // A world in which one frame of 400 rounds is missing, and one whose carrier was started again.
  EXPECT_NE(
      difference(
          quiet.frames,
          watch(5, [](World& world, Talk&, std::uint64_t n) { world.host(0).carrier.refused = n == 200; }).frames),
      "");
  EXPECT_NE(difference(quiet.frames, watch(5,
                                           [](World& world, Talk&, std::uint64_t n) {
                                             if (n != 200) return;
                                             world.host(0).kill_carrier(world.now());
                                             world.host(0).start_carrier(world.now());
                                           })
                                         .frames),
            "");
  const Seen talked = watch(5, talking);
  auto port = talked.port[0];
  std::erase_if(port, [at = talked.port[0][100]](const PortNote& note) { return note == at; });
  EXPECT_NE(difference(talked.port[0], port), "");
}

}  // namespace
}  // namespace sw::test
