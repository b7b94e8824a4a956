// needs: mix link
// Stations and R1, by the day: pairs get each other's cells, idle ones their own, over a bad network, with clocks that
// are wrong, with one away for three epochs, with a carrier that restarts; and nothing on the wire says who talks.
// Protocol 8.8.
#include <gtest/gtest.h>

#include "support/members_station.hpp"

namespace sw::mix::test {
namespace {

struct World {
  static constexpr std::size_t kMembers = 6;  // 1-2 and 3-4 talk, 5 and 6 are idle
  World(std::uint64_t seed, const Network& network, Above above = Above::talking, std::uint64_t from = 0,
        std::uint64_t until = UINT64_MAX)
      : wire(time, network, seed), relay(time, wire, seed + 1) {
    for (std::size_t n = 1; n <= kMembers; ++n) {
      std::optional<std::size_t> peer;
      if (n <= 4) peer = n % 2 == 1 ? n + 1 : n - 1;
      const auto k = static_cast<Micros>(n);
      members.push_back(std::make_unique<Member>(
          time, wire, relay, Member::Terms{n, peer, from, until, above, (k - 3) * 1'234'567, k * 13'000},
          seed * 100 + n));
    }
  }
  void run(std::uint64_t epochs) {
    relay.start(epochs);
    time.run_until(RelayOne::begins(kFirst + epochs));
  }
  Member& at(std::size_t n) { return *members[n - 1]; }
  /// Rounds of an epoch that came back right to station n.
  std::size_t right(std::size_t n, std::uint64_t epoch) {
    return static_cast<std::size_t>(
        std::ranges::count_if(at(n).right, [&](const RoundId& r) { return r.epoch.value == epoch; }));
  }

  /// Epochs in which R1 had no set-up of a registered station: the first one at most, which gives it ten rounds. They
  /// count as disturbed, and nothing else does.
  std::size_t absences(std::size_t n) {
    std::size_t out = 0;
    for (const auto& [epoch, who] : relay.absent) {
      EXPECT_TRUE(epoch == kFirst || !who.contains(n)) << n << " in epoch " << epoch;
      out += who.count(n);
    }
    return out;
  }
  std::string first_wrong(std::size_t n) {
    const auto& wrong = at(n).wrong;
    if (wrong.empty()) return "none";
    return std::to_string(wrong.begin()->epoch.value) + "." + std::to_string(wrong.begin()->round.value) + " of " +
           std::to_string(wrong.size());
  }

  Timeline time;
  Wire wire;
  RelayOne relay;
  std::vector<std::unique_ptr<Member>> members;
};

class Members : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(crypto::start()); }
};

TEST_F(Members, PairsGetEachOthersCellsAndIdleOnesTheirOwn) {
  World world(1, {});
  world.run(7);
  for (std::size_t n = 1; n <= World::kMembers; ++n) {
    EXPECT_TRUE(world.at(n).wrong.empty()) << n << " in epoch " << world.first_wrong(n);
    for (std::uint64_t epoch = kFirst + 1; epoch < kFirst + 7; ++epoch) {
      EXPECT_GE(world.right(n, epoch), kEpochRounds - 2) << "station " << n << " epoch " << epoch;
    }
    EXPECT_EQ(world.at(n).passage().disturbed(), 0U) << n;
    EXPECT_EQ(world.at(n).passage().unproved(), 0U) << n;
  }
  EXPECT_EQ(world.relay.replaced, 0U);
}

TEST_F(Members, ABadNetworkLosesRoundsAndNothingElse) {
  for (std::uint64_t seed = 11; seed <= 16; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    World world(seed, {.loss = 0.05, .doubled = 0.1, .least = 2'000, .most = 12'000});
    world.run(7);
    for (std::size_t n = 1; n <= World::kMembers; ++n) {
      EXPECT_TRUE(world.at(n).wrong.empty()) << n << " in epoch " << world.first_wrong(n);
      // Three frames must get through, of the peer, of R1 and its own of before: 0.95^2, and some for the grid.
      std::size_t right = 0;
      for (std::uint64_t epoch = kFirst + 1; epoch < kFirst + 7; ++epoch) right += world.right(n, epoch);
      EXPECT_GE(right, 6 * kEpochRounds * 75 / 100) << n;
      EXPECT_LE(world.at(n).passage().disturbed(), world.absences(n)) << n;
    }
  }
}

TEST_F(Members, AReorderingNetworkOfSeveralRoundsCostsNoKey) {
  World world(21, {.loss = 0.02, .doubled = 0.2, .least = 40'000, .most = 260'000});
  world.run(6);
  for (std::size_t n = 1; n <= World::kMembers; ++n) {
    EXPECT_TRUE(world.at(n).wrong.empty()) << n << " in epoch " << world.first_wrong(n);
    // R1 closes a round 0.2 T after it began: most frames are early or late, and that is all.
    EXPECT_GE(world.at(n).right.size(), 6 * kEpochRounds / 20) << n;
    EXPECT_LE(world.at(n).passage().disturbed(), world.absences(n)) << n;
  }
}

TEST_F(Members, AStationAwayForThreeEpochsComesBackIntoItsCircuits) {
  World world(31, {});
  const Micros leaves = RelayOne::begins(kFirst + 2) + 30 * kRound;
  const Micros returns = RelayOne::begins(kFirst + 5) + 10 * kRound;
  world.time.at(leaves, [&] { world.wire.cut.insert(2); });
  world.time.at(returns, [&] { world.wire.cut.erase(2); });
  world.run(8);
  for (std::size_t n = 1; n <= World::kMembers; ++n) {
    EXPECT_TRUE(world.at(n).wrong.empty()) << n << " in epoch " << world.first_wrong(n);
    EXPECT_TRUE(n <= 2 || world.right(n, kFirst + 4) >= kEpochRounds - 2) << "nobody else is touched";
  }
  for (std::uint64_t epoch = kFirst + 2; epoch <= kFirst + 6; ++epoch) {
    EXPECT_FALSE(world.relay.absent[epoch].contains(2)) << "R1 had its set-ups, epoch " << epoch;
  }
  EXPECT_EQ(world.right(1, kFirst + 3), 0U);
  EXPECT_EQ(world.right(1, kFirst + 4), 0U);
  EXPECT_GE(world.right(1, kFirst + 5), 5U) << "in the epoch in which it is back, with the keys of before";
  EXPECT_GE(world.right(2, kFirst + 5), 5U);
  EXPECT_GE(world.right(2, kFirst + 6), kEpochRounds - 2);
  EXPECT_EQ(world.at(2).passage().disturbed(), 0U);
}

TEST_F(Members, ACarrierThatRestartsGoesOnWithWhatItsStationKept) {
  for (const bool with_kept : {true, false}) {
    World world(41, {});
    world.time.at(RelayOne::begins(kFirst + 2) + 5 * kRound + 1, [&] { world.at(3).restart(with_kept); });
    world.run(6);
    EXPECT_TRUE(world.at(3).wrong.empty()) << world.first_wrong(3);
    EXPECT_TRUE(!with_kept || world.at(4).wrong.empty()) << world.first_wrong(4);
    // A handshake, and the descriptors again.
    if (with_kept) {
      EXPECT_GE(world.right(3, kFirst + 2), 10U);
      EXPECT_GE(world.right(4, kFirst + 2), 10U);
    } else {
      EXPECT_LE(world.right(3, kFirst + 2), 6U);
    }
    for (std::uint64_t epoch = kFirst + 4; epoch < kFirst + 6; ++epoch) {
      EXPECT_GE(world.right(3, epoch), kEpochRounds - 2) << "kept " << with_kept << " epoch " << epoch;
    }
    // Without them, a set-up of the process before is as good as a stranger's.
    EXPECT_LE(world.at(3).passage().disturbed(), with_kept ? 0U : 1U);
  }
}

TEST_F(Members, AnEpochThatIsNotReadyIsMadeUpForByOvertime) {
  World world(81, {.loss = 0.01, .doubled = 0, .least = 3'000, .most = 9'000});
  world.relay.late = kFirst + 3;
  world.run(7);
  for (std::size_t n = 1; n <= World::kMembers; ++n) {
    EXPECT_TRUE(world.at(n).wrong.empty()) << n << " in epoch " << world.first_wrong(n);
    EXPECT_GE(world.right(n, kFirst + 2), 2 * kEpochRounds * 9 / 10) << n;
    EXPECT_EQ(world.right(n, kFirst + 3), 0U) << n;
    EXPECT_GE(world.right(n, kFirst + 4), kEpochRounds * 9 / 10) << n;
    EXPECT_EQ(world.at(n).passage().disturbed(), 0U) << n;
  }
}

TEST_F(Members, AnEpochWhoseReceiptLeavesThemOutIsCountedOnceAndShowsNothing) {
  World world(51, {});
  world.relay.meddle = [](Chain& chain, std::uint64_t epoch) {
    if (epoch == kFirst + 3) chain.receipts[1].clear();
  };
  world.run(6);
  for (std::size_t n = 1; n <= World::kMembers; ++n) {
    EXPECT_EQ(world.at(n).passage().disturbed(), 1U) << n;
    EXPECT_GE(world.right(n, kFirst + 3), kEpochRounds - 2) << "nothing visible comes of it";
  }
}

TEST_F(Members, TheWireIsTheSameWhetherAnybodyTalks) {
  const Network network{.loss = 0.03, .doubled = 0.05, .least = 2'000, .most = 12'000};
  std::vector<std::vector<Seen>> seen;
  for (const Above above : {Above::talking, Above::idle, Above::absent}) {
    World world(61, network, above);
    world.run(6);
    ASSERT_GT(world.wire.seen.size(), 2 * 6 * 300U);
    for (const Seen& each : world.wire.seen) ASSERT_EQ(each.bytes, wire::kFrameBytes);
    seen.push_back(std::move(world.wire.seen));
  }
  EXPECT_TRUE(seen[0] == seen[1]);
  EXPECT_TRUE(seen[0] == seen[2]);
}

/// Protocol 4.5: lines come into the venue at an epoch, and leave it at one.
TEST_F(Members, TheWireIsTheSameWhenLinesComeAndGo) {
  const Network network{.loss = 0.03, .doubled = 0.05, .least = 2'000, .most = 12'000};
  constexpr std::uint64_t kNever = UINT64_MAX;
  std::vector<std::vector<Seen>> seen;
  for (const auto& [from, until] : {std::pair(std::uint64_t{0}, kNever),
                                    {kFirst + 3, kNever},
                                    {0, kFirst + 3},
                                    {kFirst + 2, kFirst + 4},
                                    {kNever, kNever}}) {
    World world(62, network, Above::idle, from, until);
    world.run(6);
    seen.push_back(std::move(world.wire.seen));
  }
  ASSERT_GT(seen[0].size(), 2 * 6 * 300U);
  for (const auto& other : seen) EXPECT_TRUE(seen[0] == other);
}

TEST_F(Members, EachStationSendsOneFrameARound) {
  World world(71, {.loss = 0.1, .doubled = 0, .least = 2'000, .most = 12'000});
  world.time.at(RelayOne::begins(kFirst + 2), [&] { world.wire.cut.insert(2); });
  world.run(5);
  std::map<std::size_t, Micros> last;
  for (const Seen& each : world.wire.seen) {
    if (each.from == 0) continue;
    if (last.contains(each.from)) {
      EXPECT_GE(each.when - last[each.from], kRound / 2);
      EXPECT_LE(each.when - last[each.from], kRound * 3 / 2);
    }
    last[each.from] = each.when;
  }
  EXPECT_EQ(last.size(), World::kMembers);
}

}  // namespace
}  // namespace sw::mix::test
