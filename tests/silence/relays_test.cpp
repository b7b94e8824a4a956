// needs: station carrier relay
// The silence test over relays: with a line or without, whatever is said over it, whatever befalls a station and
// whatever the last relay does to circuits, who sees every cable between honest parties sees the same. Protocol 1.1, 8;
// claims 2a, 9a, 9d and 9e of docs/threat-model.md.
#include <gtest/gtest.h>

#include <iterator>

#include "support/last_relay.hpp"
#include "support/silence.hpp"

namespace sw::test {
namespace {

constexpr std::size_t kStations = 5;  // 0 and 1 may have a line, the others have none
/// R1 counts its stations and makes the first epoch; who lost the short time for its set-up is in the second.
constexpr std::uint64_t kOpening = 140;
constexpr std::uint64_t kRounds = 310;

// Seeds.
constexpr std::uint64_t kAllWell = 1;
constexpr std::uint64_t kARelayFails = 2;

enum class Line : std::uint8_t { none, idle, used };

struct Case {
  std::string_view name;
  Script script = idle;
  std::array<bool, 2> up_throughout = {true, true};
  std::array<bool, 2> confirmed = {true, true};
  Line line = Line::used;
  LastRelay::Does last_relay = LastRelay::Does::carry;
};

/// What relays say to each other that names no circuit: byte for byte the same in every run.
struct Word {
  std::size_t from{};
  Side to{};
  Message message;
  bool operator==(const Word& other) const {
    return from == other.from && to == other.to && message.type == other.message.type &&
           message.at == other.message.at && message.bytes == other.message.bytes;
  }
};

struct Seen {
  std::vector<Departure> frames;                 ///< between each station and R1
  std::vector<mix::relay::test::Passed> pieces;  ///< between relays
  std::vector<Word> words;
  std::vector<Bytes> others;  ///< all that the stations without a line sent
  std::array<std::vector<PortNote>, 2> port;
  std::array<std::vector<std::int64_t>, 2> commits;
  std::ptrdiff_t stored = 0;  ///< messages that came to the far disk
  std::uint64_t closed = 0;   ///< rounds in which somebody saw the line not open
  std::set<Epoch> epochs;     ///< that came back to R1
};

bool names_circuits(Type type) {
  return type == Type::setup || type == Type::forward || type == Type::back || type == Type::receipt;
}

void observe(World& world, RelayChain& relays, LastRelay& last, Seen& seen) {
  world.trace.emplace();
  world.on_departure = [&seen](const Packet& packet) {
    for (std::size_t i = 2; i < kStations; ++i) {
      if (packet.from == address(static_cast<std::uint8_t>(i + 1))) seen.others.push_back(packet.bytes);
    }
  };
  relays.chain.passed.emplace();
  relays.chain.expect_partner = false;
  relays.chain.dishonest = RelayChain::kHops - 1;
  relays.chain.meddle = [&](std::size_t from, Side to, Message message) -> std::vector<Message> {
    if (!names_circuits(message.type)) seen.words.push_back({from, to, message});
    if (from == 1 && to == Side::previous && message.type == Type::back) seen.epochs.insert(message.at.epoch);
    last.act(from, message);
    return {message};
  };
}

Seen watch(std::uint64_t seed, const Case& what) {
  SCOPED_TRACE(testing::Message() << what.name << ", seed " << seed);
  auto made = std::make_unique<RelayChain>(seed);
  RelayChain& relays = *made;
  World world(seed, kStations, std::move(made));
  LastRelay last(world, what.last_relay);
  Seen seen;
  observe(world, relays, last, seen);
  world.air = {.loss = 0.03, .doubled = 0.02, .delay_most = milliseconds(60), .replayed = 0.02};
  const bool paired = what.line != Line::none;
  if (paired) world.pair(what.confirmed);
  world.rounds(kOpening);
  EXPECT_TRUE(!paired || world.open() || !what.confirmed[0]);
  for (std::size_t i = 0; i < 2; ++i) {
    world.host(i).notes.emplace();
    world.host(i).station.commits.emplace();
  }
  std::optional<Talk> talk;
  if (paired) talk.emplace(world);
  for (std::uint64_t n = 0; n < kRounds; ++n) {
    // That is public: every run of the seed has it.
    if (seed == kARelayFails && n == 100) relays.chain.kill(1);
    if (seed == kARelayFails && n == 103) relays.chain.start(1);
    if (n == 20) last.begin();
    if (paired) what.script(world, *talk, n);
    if (paired && !world.open()) ++seen.closed;
    world.rounds(1);
  }
  for (const auto& fault : world.guard.faults) ADD_FAILURE() << fault;
  if (what.last_relay == LastRelay::Does::kill_pair) {
    EXPECT_GE(last.killed(), 150U) << "cells of the line";
  }
  seen.frames = std::move(*world.trace);
  seen.pieces = std::move(*relays.chain.passed);
  for (std::size_t i = 0; i < 2; ++i) {
    seen.port[i] = std::move(*world.host(i).notes);
    seen.commits[i] = std::move(*world.host(i).station.commits);
  }
  if (paired) seen.stored = talk->stored(0) + talk->stored(1);
  return seen;
}

/// Everything outside the machines; `quiet` and `seen` may have a line or none.
void expect_same_outside(const Seen& quiet, const Seen& seen) {
  EXPECT_EQ(difference(quiet.frames, seen.frames), "") << "the frames";
  EXPECT_EQ(difference(quiet.pieces, seen.pieces), "") << "between the relays";
  EXPECT_EQ(difference(quiet.words, seen.words), "") << "what names no circuit, to the byte";
  EXPECT_EQ(difference(quiet.others, seen.others), "") << "the stations without a line, to the byte";
}

void expect_silent(std::uint64_t seed, const std::vector<Case>& cases) {
  const Seen quiet = watch(seed, {.name = "idle", .line = Line::idle});
  ASSERT_GE(quiet.frames.size(), 2 * kStations * kRounds);
  for (const auto& frame : quiet.frames) ASSERT_EQ(frame.bytes, wire::kFrameBytes);
  ASSERT_GE(quiet.epochs.size(), 5U);
  ASSERT_GE(quiet.others.size(), (kStations - 2) * kRounds);
  for (const Case& each : cases) {
    const Seen seen = watch(seed, each);
    SCOPED_TRACE(testing::Message() << each.name << ", seed " << seed);
    expect_same_outside(quiet, seen);
    if (each.line == Line::none) continue;
    EXPECT_TRUE(each.line == Line::idle || seen.stored > 0) << "nothing was said";
    if (each.last_relay != LastRelay::Does::carry) {
      EXPECT_GT(seen.closed, 30U) << "nobody noticed";
    }
    for (std::size_t i = 0; i < 2; ++i) {
      if (!each.up_throughout[i]) continue;
      EXPECT_EQ(difference(quiet.port[i], seen.port[i]), "") << "cell port of " << i;
      EXPECT_EQ(difference(quiet.commits[i], seen.commits[i]), "") << "disk of " << i;
    }
  }
}

void large(World& world, Talk& talk, std::uint64_t n) {
  if (n == 0) talk.say(0, 200'000, Precedence::flash, world.rng());
}

TEST(RelaySilence, NoLineAnIdleOneAndOneThatIsUsedLookTheSame) {
  const std::vector<Case> cases{{.name = "unpaired", .line = Line::none},
                                {.name = "talking", .script = talking},
                                {.name = "drills and stages", .script = drills_and_stages},
                                {.name = "200 kB", .script = large}};  // they need every round
  expect_silent(kAllWell, cases);
  expect_silent(kARelayFails, {cases.begin(), cases.end() - 1});
}

TEST(RelaySilence, WhatBefallsAStationStaysInside) {
  expect_silent(kAllWell, {{.name = "store full", .script = store_full},
                           {.name = "paused", .script = paused},
                           {.name = "station killed", .script = station_killed, .up_throughout = {false, true}},
                           {.name = "station hangs", .script = station_hangs, .up_throughout = {false, true}},
                           {.name = "store locked", .script = store_locked, .up_throughout = {false, true}},
                           {.name = "backup restored", .script = ContinuityBroken{}, .up_throughout = {false, true}},
                           {.name = "confirmed late",
                            .script = confirmed_late,
                            .up_throughout = {false, true},
                            .confirmed = {false, true}}});
}

TEST(RelaySilence, WhatTheLastRelayDoesToCircuitsDrawsNoReaction) {
  using Does = LastRelay::Does;
  expect_silent(kARelayFails,
                {{.name = "the line's pair killed", .line = Line::idle, .last_relay = Does::kill_pair},
                 {.name = "the line's pair killed while it is used", .script = talking, .last_relay = Does::kill_pair},
                 {.name = "all killed", .line = Line::idle, .last_relay = Does::kill_all},
                 {.name = "the wrong ones swapped", .script = talking, .last_relay = Does::swap_wrong},
                 {.name = "echo", .line = Line::idle, .last_relay = Does::echo}});
}

// ---- the comparison would see it

/// A shell that breaks the rule of no reaction: it reconnects when its line is not open.
void fails_over(World& world, Talk&, std::uint64_t n) {
  if (n % 20 != 0 || world.is_open(0)) return;
  world.host(0).kill_carrier(world.now());
  world.host(0).start_carrier(world.now());
}

TEST(RelaySilence, AShellThatReactsToItsLineIsSeen) {
  using Does = LastRelay::Does;
  const Seen quiet = watch(3, {.name = "idle", .line = Line::idle});
  expect_same_outside(quiet, watch(3, {.name = "no cause", .script = fails_over, .line = Line::idle}));
  expect_same_outside(quiet, watch(3, {.name = "killed", .line = Line::idle, .last_relay = Does::kill_pair}));
  const Seen seen =
      watch(3, {.name = "fails over", .script = fails_over, .line = Line::idle, .last_relay = Does::kill_pair});
  EXPECT_NE(difference(quiet.frames, seen.frames), "");
}

TEST(RelaySilence, OneFrameOnePieceAndOneByteAreSeen) {
  const Seen quiet = watch(3, {.name = "idle", .line = Line::idle});
  const Seen lost =
      watch(3, {.name = "one frame",
                .script = [](World& world, Talk&, std::uint64_t n) { world.host(1).carrier.refused = n == 200; },
                .line = Line::idle});
  EXPECT_NE(difference(quiet.frames, lost.frames), "");
  EXPECT_EQ(difference(quiet.pieces, lost.pieces), "") << "R1 fills in for a station that is not there";
  auto pieces = quiet.pieces;
  ++pieces.back().bytes;
  EXPECT_NE(difference(quiet.pieces, pieces), "");
  auto words = quiet.words;
  words.back().message.bytes.push_back(0);
  EXPECT_NE(difference(quiet.words, words), "");
  auto others = quiet.others;
  others.back().back() ^= 1;
  EXPECT_NE(difference(quiet.others, others), "");
  const Seen other = watch(5, {.name = "another seed", .line = Line::idle});
  EXPECT_NE(difference(quiet.frames, other.frames), "");
  EXPECT_NE(difference(quiet.others, other.others), "");
}

}  // namespace
}  // namespace sw::test
