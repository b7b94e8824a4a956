#pragma once
// What two parties do in the runs of a silence test, and how two runs are compared.
#include <functional>
#include <string>

#include "support/talk.hpp"

namespace sw::test {

/// What happens in round n of a run.
using Script = std::function<void(World& world, Talk& talk, std::uint64_t n)>;

inline void idle(World&, Talk&, std::uint64_t) {}

inline void talking(World& world, Talk& talk, std::uint64_t n) {
  if (n % 7 == 0) talk.say(0, 1 + world.rng().below(400), static_cast<Precedence>(n % 4), world.rng());
  if (n % 11 == 0) talk.say(1, 1 + world.rng().below(400), static_cast<Precedence>(n % 4), world.rng());
}

inline void burst(World& world, Talk& talk, std::uint64_t n) {
  if (n == 20 || n == 25 || n == 200) talk.say(0, 20'000, Precedence::routine, world.rng());
  if (n == 30) talk.say(1, 20'000, Precedence::flash, world.rng());
}

inline void drills_and_stages(World& world, Talk& talk, std::uint64_t n) {
  using Act = station::Core::WatchAct;
  if (n == 10) talk.watch(0, Act::take, "AB");
  if (n == 12) talk.watch(1, Act::take, "CD");
  if (n % 60 == 20) talk.drill(0);
  if (n % 60 == 40) talk.watch(1, Act::answer, "");
  if (n % 50 == 5) talk.say(0, 100, Precedence::priority, world.rng());
  if (n % 50 == 25) talk.stage(1, desk::Stage::read, world.rng());
  if (n % 50 == 35) talk.stage(1, desk::Stage::translated, world.rng());
}

/// Everything that stands beside the messages, and what goes in their place.
inline void papers(World& world, Talk& talk, std::uint64_t n) {
  talking(world, talk, n);
  if (n % 40 == 3) talk.draft(0, 1 + world.rng().below(9000), world.rng());
  if (n % 40 == 9) talk.release(0);
  if (n % 30 == 5) talk.translate(1, world.rng());
  if (n == 50 || n == 220) talk.file(0, 12'000, world.rng());
  if (n % 25 == 10) talk.read_back(1, world.rng());
  if (n % 25 == 20) talk.settle(0, n % 50 == 20);
  if (n % 35 == 15) talk.answer(1, world.rng());
}

inline void station_killed(World& world, Talk& talk, std::uint64_t n) {
  talking(world, talk, n > 60 && n < 130 ? 1 : n);
  if (n == 60 || n == 250) world.host(0).kill_station();
  if (n == 130 || n == 251) world.host(0).start_station(world.now());
}

inline void station_hangs(World& world, Talk& talk, std::uint64_t n) {
  talking(world, talk, n > 60 && n < 90 ? 1 : n);
  if (n == 60) world.host(0).station.hangs_until = world.now() + milliseconds(20'300);
}

inline void store_locked(World& world, Talk& talk, std::uint64_t n) {
  talking(world, talk, n > 60 && n < 130 ? 1 : n);
  if (n == 60) world.host(0).lock_station();
  if (n == 130) world.host(0).start_station(world.now());
}

inline void store_full(World& world, Talk& talk, std::uint64_t n) {
  talking(world, talk, n);
  if (n == 60) world.host(1).station.disk().full = true;
  if (n == 200) world.host(1).station.disk().full = false;
}

inline void paused(World& world, Talk& talk, std::uint64_t n) {
  talking(world, talk, n);
  const auto pause = [&](bool on) {
    ASSERT_TRUE(world.call(0, [on](station::Core& core, UtcMs utc) { return core.pause("Line", on, utc); }));
  };
  if (n == 60) pause(true);
  if (n == 200) pause(false);
}

/// The first side confirms its pairing only now.
inline void confirmed_late(World& world, Talk& talk, std::uint64_t n) {
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

}  // namespace sw::test
