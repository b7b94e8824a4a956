// needs: station carrier
// The silence test: whatever two parties do, who sees every cable sees the same frames, to the nanosecond and the byte.
// Protocol 1, 1.1, 2.4, 3.6; claim 2a of docs/threat-model.md.
#include <gtest/gtest.h>

#include "support/silence.hpp"

namespace sw::test {
namespace {

constexpr std::uint64_t kRounds = 400;

/// One run, as an observer of all cables sees it; and what passes inside each machine.
struct Seen {
  std::vector<Departure> frames;
  std::array<std::vector<PortNote>, 2> port;
  std::array<std::vector<std::int64_t>, 2> commits;
  std::ptrdiff_t stored = 0;  ///< messages that came to the far disk
};

/// A venue of relays whose file both stations have.
station::KnownVenue other_venue() {
  station::KnownVenue venue{{{}, 1000, 60, line::VenueKind::relays}, 1};
  venue.terms.id.bytes.fill(0xab);
  return venue;
}

/// A venue is proposed and declined, proposed and withdrawn, proposed and accepted.
void venues_proposed(World& world, Talk& talk, std::uint64_t n) {
  talking(world, talk, n);
  using Change = station::Core::VenueAct;
  const auto act = [&](std::size_t i, Change what) {
    const auto done = world.call(i, [what](station::Core& core, UtcMs utc) {
      return core.change_venue("Line", what, what == Change::propose ? "abab" : "", utc);
    });
    ASSERT_TRUE(done) << n << ": " << done.error().what;
  };
  if (n == 60 || n == 120) act(0, Change::propose);
  if (n == 100) act(1, Change::decline);
  if (n == 160) act(0, Change::decline);
  if (n == 200) act(1, Change::propose);
  if (n == 250) act(0, Change::accept);
}

Seen watch(std::uint64_t seed, const Script& script, std::array<bool, 2> confirmed = {true, true}) {
  World world(seed);
  // From the first frame on: also the opening of the line is inside the trace.
  world.trace.emplace();
  world.pair(confirmed);
  world.air = {.loss = 0.1, .doubled = 0.02, .delay_most = milliseconds(1500), .replayed = 0.02};
  world.rounds(40);
  EXPECT_TRUE(world.state(0) && world.state(1));
  for (std::size_t i = 0; i < 2; ++i) {
    world.call(i, [](station::Core& core, UtcMs) {
      core.set_venues({other_venue()});
      return 0;
    });
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
      {"drafts, translations, files and read-backs", papers, {true, true}},
      {"store full", store_full, {true, true}},
      {"paused", paused, {true, true}},
      {"venues proposed", venues_proposed, {true, true}},
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
