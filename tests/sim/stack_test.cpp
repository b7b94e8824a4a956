// needs: station carrier
// The whole stack of two parties in virtual time: carriers, stations, cell ports and disks, under everything that
// befalls machines and networks. Protocol 2 to 6; claims 1b and 4 of docs/threat-model.md.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "support/sealed_disk.hpp"
#include "support/talk.hpp"
#include "support/trouble.hpp"

namespace sw::test {
namespace {

using Act = station::Core::WatchAct;

void expect_no_fault(const World& world, std::uint64_t seed) {
  for (const auto& fault : world.guard.faults) ADD_FAILURE() << fault << " (seed " << seed << ")";
}

Precedence any_precedence(World& world) {
  return static_cast<Precedence>(world.rng().below(kPrecedences));
}

/// What people do in one round, a little of everything. `big` counts the rare great messages that are left.
void talk_a_little(World& world, Talk& talk, unsigned& big) {
  for (std::size_t i = 0; i < 2; ++i) {
    if (!world.host(i).station.running() || world.host(i).asleep(world.now())) continue;
    auto& rng = world.rng();
    if (world.chance(0.03)) talk.say(i, 1 + rng.below(600), any_precedence(world), rng);
    if (world.chance(0.002)) talk.say(i, 20'000, any_precedence(world), rng);
    if (big > 0 && world.chance(0.0005)) {
      talk.say(i, 300'000, Precedence::routine, rng);
      --big;
    }
    if (world.chance(0.004)) talk.drill(i);
    if (world.chance(0.002)) talk.file(i, 1 + rng.below(5000), rng);
    if (world.chance(0.004)) talk.answer(i, rng);
    if (world.chance(0.004)) talk.read_back(i, rng);
    if (world.chance(0.01)) talk.settle(i, rng.below(2) == 0);
    if (world.chance(0.004)) talk.translate(i, rng);
    if (world.chance(0.004)) talk.draft(i, 1 + rng.below(9000), rng);
    if (world.chance(0.01)) talk.release(i);
    if (world.chance(0.01)) talk.stage(i, static_cast<desk::Stage>(1 + rng.below(7)), rng);
    if (world.chance(0.004)) talk.watch(i, static_cast<Act>(rng.below(3)), rng.below(2) == 0 ? "AB" : "CD");
  }
}

/// One world of `rounds` troubled rounds; then all is healed, and everything must come to be.
void live_through(std::uint64_t seed, double loss, std::uint64_t rounds, World::MakeDisk disk = World::in_memory) {
  World world(seed, disk);
  world.pair();
  world.rounds(3);  // on both disks
  Talk talk(world);
  Trouble trouble(world);
  unsigned big = 2;
  world.air = {.loss = loss,
               .doubled = 0.05,
               .delay_least = milliseconds(5),
               .delay_most = milliseconds(static_cast<std::int64_t>(world.rng().below(4000) + 5)),
               .damaged = 0.01,
               .replayed = 0.02,
               .carried_off = 0.001};
  for (std::uint64_t n = 0; n < rounds && world.guard.faults.empty(); ++n) {
    trouble.round();
    talk_a_little(world, talk, big);
    world.rounds(1);
  }
  trouble.heal();
  world.air = {.delay_most = milliseconds(60)};
  EXPECT_LE(world.rounds_until_open(200), 60U) << "seed " << seed << ": OPEN again after all is healed";
  EXPECT_LT(world.rounds_until(8000, [&] { return talk.finished(); }), 8000U)
      << "seed " << seed << ": " << talk.unfinished();
  for (std::size_t i = 0; i < 2; ++i) talk.watch(i, Act::take, "EF");
  EXPECT_LT(world.rounds_until(50, [&] { return talk.watch_known(0) && talk.watch_known(1); }), 50U) << "seed " << seed;
  talk.check_desks();
  EXPECT_TRUE(world.open()) << "seed " << seed;
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(world.status(i).continuity, line::ContinuityState::whole);
  EXPECT_GT(talk.accepted(), 0U);
  expect_no_fault(world, seed);
}

TEST(StackSim, EverythingComesToBeOnceAndNoKeyIsUsedTwice) {
  const char* wanted = std::getenv("SW_SIM_ROUNDS");
  const std::uint64_t rounds = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 8'000;
  const char* only = std::getenv("SW_SIM_SEED");
  constexpr std::uint64_t kEpisode = 2'500;
  constexpr std::array<double, 4> losses{0, 0.1, 0.3, 0.6};
  const std::uint64_t episodes = std::max<std::uint64_t>(rounds / kEpisode, losses.size());
  for (std::uint64_t seed = 1; seed <= episodes && !HasFailure(); ++seed) {
    if (only != nullptr && std::strtoull(only, nullptr, 10) != seed) continue;
    live_through(seed, losses[seed % losses.size()], std::min(rounds / losses.size(), kEpisode));
  }
  std::cout << episodes << " worlds, seeds 1 to " << episodes << "; SW_SIM_SEED=N runs one of them again\n";
}

/// A put may join one of the same record that waits already: `stored` must wait for the slowest of its puts.
TEST(StackSim, AReportIsStoredOnlyWhenItsMarkIs) {
  for (int commits = 0; commits < 8; ++commits) {
    World world(77);
    world.pair();
    ASSERT_LT(world.rounds_until_open(60), 60U);
    Talk talk(world);
    for (int n = 0; n < 3; ++n) talk.say(0, 50, Precedence::flash, world.rng());
    ASSERT_LT(world.rounds_until(60, [&] { return talk.finished(); }), 60U);
    Host& host = world.host(0);
    host.station.disk_fails = true;
    talk.watch(1, Act::take, "AB");
    world.rounds(4);
    for (int n = 0; n < 20; ++n) talk.stage(1, desk::Stage::read, world.rng());
    world.rounds(6);
    for (int n = 0; n < commits; ++n) host.station.core().on_durable(host.station.disk().tick(), host.utc(world.now()));
    world.rounds(6);
    host.kill_station();
    host.station.disk_fails = false;
    host.start_station(world.now());
    EXPECT_LT(world.rounds_until(60, [&] { return world.open() && talk.finished(); }), 60U) << commits << " commits";
    talk.check_desks();
    for (const auto& fault : world.guard.faults) ADD_FAILURE() << fault << " after " << commits << " commits";
  }
}

/// A station killed at any commit of a release: the draft is there to be released, or the message is sent; never both.
TEST(StackSim, AReleaseCutShortIsOneMessageOrStillADraft) {
  for (int commits = 0; commits < 8; ++commits) {
    World world(79);
    world.pair();
    ASSERT_LT(world.rounds_until_open(60), 60U);
    Talk talk(world);
    talk.draft(0, 9000, world.rng());
    world.rounds(10);
    Host& host = world.host(0);
    host.station.disk_fails = true;
    talk.release(0);
    for (int n = 0; n < commits; ++n) host.station.core().on_durable(host.station.disk().tick(), host.utc(world.now()));
    host.kill_station();
    host.station.disk_fails = false;
    host.start_station(world.now());
    ASSERT_LT(world.rounds_until_open(60), 60U);
    const auto& desk = host.station.core().desk();
    EXPECT_EQ(desk.drafts().size() + desk.messages(std::nullopt).size(), 1U) << commits << " commits";
    talk.release(0);
    EXPECT_LT(world.rounds_until(60, [&] { return talk.finished() && talk.stored(0) == 1; }), 60U) << commits;
    talk.check_desks();
    EXPECT_TRUE(desk.drafts().empty()) << commits;
    for (const auto& fault : world.guard.faults) ADD_FAILURE() << fault << " after " << commits << " commits";
  }
}

/// When the ledger has no room, the watch that was refused leaves nothing behind for which the desk would wait.
TEST(StackSim, AWatchRefusedByAFullStoreCanBeTakenLater) {
  World world(78);
  world.pair();
  ASSERT_LT(world.rounds_until_open(60), 60U);
  Talk talk(world);
  world.host(0).station.disk().full = true;
  talk.watch(0, Act::take, "AB");
  world.rounds(3);
  world.host(0).station.disk().full = false;
  talk.watch(0, Act::take, "CD");
  EXPECT_LT(world.rounds_until(20, [&] { return talk.watch_known(0); }), 20U);
}

/// The same over the real store, in fewer rounds.
TEST(StackSim, EverythingComesToBeOnceOverTheRealStore) {
  const char* wanted = std::getenv("SW_SIM_ROUNDS");
  const std::uint64_t rounds = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) / 100 : 1'000;
  const auto sealed = [](std::uint64_t seed) -> std::unique_ptr<Disk> { return std::make_unique<SealedDisk>(seed); };
  for (const double loss : {0.1, 0.6}) {
    live_through(1'000'000 + static_cast<std::uint64_t>(10 * loss), loss, rounds / 2, sealed);
  }
}

}  // namespace
}  // namespace sw::test
