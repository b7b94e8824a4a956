// needs: link mix
// Relays of a venue in virtual time (protocol 8.7): every cell reaches the partner and nobody else, epoch after epoch;
// and what a lost connection or a relay that was started anew costs.
#include "support/relay_world.hpp"

namespace sw::mix::relay::test {
namespace {

using Kind = Notice::Kind;

constexpr std::int64_t kEpochMs = 40 * 100;
/// An emergency epoch begins 25 rounds after it is wanted: 15, and a second for the chain.
constexpr std::int64_t kStartMs = 26 * 100 + 400;

class Relays : public testing::TestWithParam<std::size_t> {};

TEST_P(Relays, CarryEveryCellToItsPartnerOverManyEpochs) {
  World world({.hops = GetParam(), .seed = 10 + GetParam()});
  world.run(kStartMs + 12 * kEpochMs);
  EXPECT_EQ(world.wrong, 0U);
  // Every round but the one that is under way.
  EXPECT_GE(world.delivered, 12U * 40 - 2);
  EXPECT_GE(world.epochs_delivered.size(), 12U);
  EXPECT_GE(world.published.size(), 16U);
  EXPECT_TRUE(world.halted.empty());
  EXPECT_EQ(world.notices(0, Kind::emergency_epoch), 1U);
  for (std::size_t hop = 0; hop < GetParam(); ++hop) {
    EXPECT_EQ(world.relays[hop].notices.size(), hop == 0 ? 1U : 0U) << hop;
    EXPECT_LE(world.relays[hop].core->held(), 6U);
  }
  for (const Epoch epoch : world.epochs_delivered) EXPECT_EQ(world.receipts[epoch], GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, Relays, testing::Values(1U, 2U, 3U));

/// What the last relay counts of each epoch; the others count nothing.
std::map<Epoch, Counts> counts_of(Meet meet, std::uint64_t seed) {
  World world({.seed = seed, .meet = meet});
  std::map<Epoch, Counts> out;
  for (world.run(kStartMs + kEpochMs / 2); out.size() < 8; world.run(kEpochMs)) {
    const Core& last = *world.relays.back().core;
    if (!last.running() || !last.counts()) {
      ADD_FAILURE() << "nothing counted in epoch " << out.size() + 1;
      break;
    }
    out.emplace(*last.running(), *last.counts());
    EXPECT_FALSE(world.relays[0].core->counts() || world.relays[1].core->counts());
  }
  EXPECT_EQ(world.wrong, 0U);
  return out;
}

TEST(LastRelay, CountsTheSameWithALineAndWithout) {
  for (std::uint64_t seed = 60; seed < 70; ++seed) {
    const auto without = counts_of(Meet::own, seed);
    EXPECT_EQ(counts_of(Meet::a_line, seed), without);
    std::set<std::size_t> pairs;
    for (const auto& [epoch, counts] : without) {
      EXPECT_EQ(counts.circuits, 8U + 2 * 8);
      pairs.insert(counts.pairs);
    }
    EXPECT_GT(pairs.size(), 1U) << "no noise";
  }
}

TEST(RelaysSuite2, CarryEveryCellToItsPartner) {
  if (!crypto::kem_available()) GTEST_SKIP() << "no ML-KEM in this libcrypto";
  World world({.seed = 5, .suite = Suite::x25519_mlkem768});
  world.run(150 * 100 + 3 * kEpochMs);
  EXPECT_GE(world.epochs_delivered.size(), 2U);
  EXPECT_EQ(world.wrong, 0U);
}

TEST(RelaysTrouble, RunWithClocksThatDifferBySomeRounds) {
  for (const std::int64_t skew : {-350, -120, 120, 350}) {
    for (const std::size_t hop : {0U, 1U, 2U}) {
      SCOPED_TRACE(testing::Message() << "relay " << hop + 1 << " by " << skew);
      World world({.seed = 70});
      world.relays[hop].skew_ms = skew;
      world.run(kStartMs + 400 + 4 * kEpochMs);
      EXPECT_GE(world.delivered, 4U * 40 - 2);
      EXPECT_EQ(world.wrong, 0U);
      EXPECT_EQ(world.all_notices(Kind::batch_refused), 0U);
      EXPECT_EQ(world.notices(0, Kind::emergency_epoch), 1U);
    }
  }
}

TEST(RelaysTrouble, TakeMoreAndFewerStationsFromTheNextEpochThatIsMade) {
  World world({.seed = 71});
  world.run(kStartMs);
  const Epoch made = *world.published.rbegin();
  world.circuits(12);
  world.run(3 * kEpochMs);
  world.circuits(4);
  world.run(6 * kEpochMs);
  EXPECT_EQ(world.stations().at(made).onions.size(), 8U);
  EXPECT_EQ(world.stations().at(Epoch{made.value + 2}).onions.size(), 12U) << "the one after may be in the making";
  EXPECT_EQ(world.stations().at(*world.epochs_delivered.rbegin()).onions.size(), 4U);
  EXPECT_EQ(world.wrong, 0U);
  EXPECT_GE(world.delivered, 9U * 40 - 2);
}

TEST(RelaysTrouble, AbsorbALostConnection) {
  for (const std::size_t link : {0U, 1U}) {
    for (const std::int64_t at : {0, 700, 1'900, 2'100, 2'950, 3'999}) {
      SCOPED_TRACE(testing::Message() << "link " << link << " at " << at);
      World world({.seed = 20 + link});
      world.run(kStartMs + 3 * kEpochMs + at);
      const std::size_t before = world.delivered;
      world.cut(link);
      world.connect(link);
      world.run(6 * kEpochMs);
      EXPECT_EQ(world.wrong, 0U);
      EXPECT_GE(world.delivered, before + 6 * 40 - 10);
      EXPECT_EQ(world.notices(0, Kind::emergency_epoch), 1U);
      EXPECT_EQ(world.notices(link, Kind::neighbour_lost), 1U);
      EXPECT_EQ(world.notices(link + 1, Kind::neighbour_lost), 1U);
    }
  }
}

TEST(RelaysTrouble, CloseNoRoundWithoutAConnection) {
  World world({.seed = 22});
  world.run(kStartMs + kEpochMs);
  world.cut(0);
  const auto said = [&] {
    std::size_t n = 0;
    for (const auto& [epoch, of] : world.stations()) n += of.said.size();
    return n;
  };
  const std::size_t before = said();
  world.run(1'000);
  EXPECT_EQ(said(), before);
  world.connect(0);
  world.run(1'000);
  EXPECT_GE(said(), before + 5);
}

// A relay without the keys says so at once: R1 does not wait until overtime is used up.
TEST(RelaysTrouble, HearAtOnceThatARelayHasLostItsKeys) {
  for (const std::size_t hop : {1U, 2U}) {
    SCOPED_TRACE(hop);
    World world({.seed = 23});
    world.run(kStartMs + kEpochMs);
    world.kill(hop);
    world.start(hop);
    const std::size_t before = world.delivered;
    world.run(300 + 300);
    EXPECT_EQ(world.notices(0, Kind::emergency_epoch), 2U);
    EXPECT_EQ(world.relays[0].notices[world.relays[0].notices.size() - 2].count, 1U);  // HALT 1
    world.run(20 * 100 + kEpochMs);
    EXPECT_GE(world.delivered, before + 35);
  }
}

TEST(RelaysTrouble, RunInOvertimeWhenTheNextEpochIsNotReady) {
  World world({.seed = 30});
  std::optional<Epoch> lost;
  world.meddle = [&](std::size_t from, Side, Message m) -> std::vector<Message> {
    if (from == 1 && m.type == Type::setup && !lost && m.at.epoch.value == 3) {
      lost = m.at.epoch;
      return {};
    }
    return {std::move(m)};
  };
  world.run(kStartMs + 8 * kEpochMs);
  ASSERT_TRUE(lost);
  EXPECT_EQ(world.halted, std::set<Epoch>{*lost});
  EXPECT_EQ(world.notices(0, Kind::overtime), 1U);
  EXPECT_EQ(world.notices(0, Kind::emergency_epoch), 1U);
  EXPECT_FALSE(world.epochs_delivered.contains(*lost));
  EXPECT_GE(world.delivered, 8U * 40 - 2);  // not one round is lost
  EXPECT_EQ(world.stations().at(Epoch{2}).said.size(), 80U);
}

TEST(RelaysTrouble, EndOvertimeAtTwiceTheLength) {
  World world({.seed = 31});
  world.meddle = [&](std::size_t, Side, Message m) -> std::vector<Message> {
    if (m.type == Type::setup && (m.at.epoch.value == 3 || m.at.epoch.value == 4)) return {};
    return {std::move(m)};
  };
  world.run(kStartMs + 8 * kEpochMs);
  EXPECT_EQ(world.stations().at(Epoch{2}).said.size(), 80U);
  EXPECT_EQ(world.notices(0, Kind::emergency_epoch), 2U);
  EXPECT_GE(world.delivered, 6U * 40);
  EXPECT_EQ(world.wrong, 0U);
}

TEST(RelaysTrouble, MakeAnEmergencyEpochAfterARelayWasStartedAnew) {
  crypto::SeededRng times(40);
  for (std::size_t trial = 0; trial < 54; ++trial) {
    const std::size_t hops = trial < 36 ? 3 : 1 + trial % 2;
    const std::size_t hop = trial % hops;
    const auto at = static_cast<std::int64_t>(times.below(kStartMs + 3 * kEpochMs));
    const auto down = static_cast<std::int64_t>(times.below(2'000));
    SCOPED_TRACE(testing::Message() << "relay " << hop + 1 << " of " << hops << " at " << at << " for " << down);
    World world({.hops = hops, .seed = 100 + trial});
    world.run(at);
    world.kill(hop);
    world.run(down);
    world.start(hop);
    const std::size_t before = world.delivered;
    world.run(10 * kEpochMs);
    EXPECT_EQ(world.wrong, 0U);
    // Each failure costs the start of one emergency epoch, or at worst of two.
    EXPECT_GE(world.delivered, before + 7 * 40);
    EXPECT_GE(world.notices(0, Kind::emergency_epoch), 1U);
    EXPECT_LE(world.notices(0, Kind::emergency_epoch), 4U);
    for (std::size_t i = 0; i < hops; ++i) EXPECT_LE(world.relays[i].core->held(), 8U);
  }
}

TEST(RelaysTrouble, GiveTheChainTwiceTheTimeThatWasNotEnough) {
  World world({.seed = 44});
  std::vector<std::uint16_t> leads;
  world.meddle = [&](std::size_t from, Side, Message m) -> std::vector<Message> {
    if (from == 0 && m.type == Type::want) leads.push_back(read_want(m.bytes)->lead_rounds);
    if (from == 1 && m.type == Type::setup && leads.size() == 1) return {};
    return {std::move(m)};
  };
  world.run(2 * kStartMs + 1'000 + 2 * kEpochMs);
  ASSERT_GE(leads.size(), 3U);
  leads.resize(3);
  EXPECT_EQ(leads, (std::vector<std::uint16_t>{10, 20, 20})) << "the third is the venue's own";
  EXPECT_EQ(world.notices(0, Kind::emergency_epoch), 2U);
  EXPECT_GE(world.delivered, 2U * 40 - 10);
}

// What is said of a making that an emergency ended is not taken for a word on the next one.
TEST(RelaysTrouble, AnEmergencyEpochHasANumberOfItsOwn) {
  World world({.seed = 45});
  world.run(kStartMs + kEpochMs / 2);
  std::optional<Epoch> begun;
  std::optional<Epoch> next;
  world.meddle = [&](std::size_t from, Side, Message m) -> std::vector<Message> {
    if (from == 0 && m.type == Type::want) {
      if (begun && !next) next = m.at.epoch;
      if (!begun) begun = m.at.epoch;
    }
    return {std::move(m)};
  };
  while (!begun) world.run(1);
  const Epoch running = *world.epochs_delivered.rbegin();
  world.inject(0, Side::next, halt_message(running, {2, HaltReason::unknown}));
  world.run(kStartMs + kEpochMs);
  ASSERT_TRUE(next);
  EXPECT_GT(*next, *begun);
  EXPECT_EQ(world.all_notices(Kind::body_refused), 0U);
  EXPECT_GE(world.delivered, 40U);
}

TEST(RelaysTrouble, NeverSignAnEpochTwiceHoweverOftenAllAreKilled) {
  crypto::SeededRng times(41);
  World world({.seed = 42});
  for (std::size_t trial = 0; trial < 120; ++trial) {
    world.run(static_cast<std::int64_t>(times.below(900)));
    const std::size_t hop = times.below(3);
    if (!world.relays[hop].core) continue;
    world.kill(hop);
    world.after(static_cast<std::int64_t>(times.below(500)), [&world, hop] { world.start(hop); });
  }
  world.run(1'000 + 6 * kEpochMs);  // World::check() saw each signature
  EXPECT_EQ(world.wrong, 0U);
  EXPECT_GE(world.delivered, 3U * 40);
}

TEST(RelaysTrouble, KeepAnEpochsKeysForLateReturnsOnly) {
  World world({.seed = 43});
  world.run(kStartMs + 2 * kEpochMs);
  // The last batch of an epoch comes back within five rounds of the next one; after them it is refused.
  std::vector<Message> held;
  world.meddle = [&](std::size_t from, Side, Message m) -> std::vector<Message> {
    if (from == 2 && m.type == Type::back && m.at.round.value >= 38) {
      held.push_back(std::move(m));
      return {};
    }
    return {std::move(m)};
  };
  const auto until_next = [&] {
    held.clear();
    while (held.size() < 2) world.run(10);
  };
  until_next();
  world.run(350);
  std::size_t before = world.delivered;
  world.inject(1, Side::next, held[0]);
  world.run(15);
  EXPECT_EQ(world.delivered, before + 1);
  until_next();
  world.run(800);
  before = world.all_notices(Kind::batch_refused);
  world.inject(1, Side::next, held[0]);
  EXPECT_EQ(world.all_notices(Kind::batch_refused), before + 1);
}

TEST(RelaysTrouble, BadOnionsOfStationsAreReplacedAndTold) {
  World world({.seed = 68});
  world.expect_partner = false;
  world.bad_onions = 3;
  world.run(kStartMs + kEpochMs);
  ASSERT_GE(world.notices(0, Kind::onions_replaced), 1U);
  for (const Notice& notice : world.relays[0].notices) {
    if (notice.kind == Kind::onions_replaced) {
      EXPECT_EQ(notice.count, 3U);
    }
  }
  EXPECT_EQ(world.notices(0, Kind::emergency_epoch), 1U);
  EXPECT_GE(world.wrong, 39U);  // the rounds run on: three circuits have nobody's cells
}

}  // namespace
}  // namespace sw::mix::relay::test
