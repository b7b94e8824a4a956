// needs: carrier
// Real carriers in a venue of relays, by the day: two whose stations share drops get each other's cells, over a bad
// network, with clocks that are wrong, through the restart of every process; and the wire shows nothing of the
// stations. Protocol 2.4, 8.8.
#include <gtest/gtest.h>

#include "support/members_carrier.hpp"

namespace sw::mix::test {
namespace {

struct World {
  static constexpr std::size_t kMachines = 3;  // 1 and 2 are on line, 3 is alone
  explicit World(std::uint64_t seed, const Network& network = {}, Above above = Above::talking,
                 std::array<std::int64_t, kMachines> clocks = {})
      : wire(time, network, seed), x_seed(seed), relay(std::make_unique<RelayOne>(time, wire, seed + 1)) {
    for (std::size_t n = 1; n <= kMachines; ++n) {
      std::optional<std::size_t> peer;
      if (n <= 2) peer = 3 - n;
      const auto k = static_cast<Micros>(n);
      machines.push_back(std::make_unique<Machine>(
          time, wire, relay, Machine::Terms{n, peer, above, clocks[n - 1], k * 13'000 + 7}, seed * 100 + n));
    }
    for (auto& one : machines) {
      for (std::size_t n = 1; n <= kMachines; ++n) one->others[n] = machines[n - 1].get();
    }
  }
  void run(std::uint64_t epochs) {
    relay->start(epochs);
    time.run_until(RelayOne::begins(kFirst + epochs));
  }
  void restart_relay(std::uint64_t first, std::uint64_t epochs) {
    relay->gone = true;
    x_buried.push_back(
        std::exchange(relay, std::make_unique<RelayOne>(time, wire, x_seed + 1, RelayLife{time.now(), first})));
    relay->start(epochs);
  }
  Machine& at(std::size_t n) { return *machines[n - 1]; }
  void expect_nothing_wrong() {
    for (std::size_t n = 1; n <= kMachines; ++n) {
      EXPECT_TRUE(at(n).wrong.empty()) << "station " << n << ": " << at(n).wrong.size() << " wrong, the first in "
                                       << at(n).wrong.begin()->epoch.value << "." << at(n).wrong.begin()->round.value;
    }
  }
  /// What an observer sees of each machine: one frame a round, of one size.
  void expect_one_frame_a_round() {
    std::map<std::size_t, Micros> last;
    for (const Seen& each : wire.seen) {
      ASSERT_EQ(each.bytes, wire::kFrameBytes);
      if (each.from == 0 || each.to != 0) continue;
      if (last.contains(each.from)) {
        ASSERT_GE(each.when - last[each.from], kRound / 2 - 2'000) << "machine " << each.from << " at " << each.when;
        ASSERT_LE(each.when - last[each.from], kRound * 3 / 2 + 2'000)
            << "machine " << each.from << " at " << each.when;
      }
      last[each.from] = each.when;
    }
    EXPECT_EQ(last.size(), kMachines);
  }

  Timeline time;
  Wire wire;

 private:
  std::uint64_t x_seed;
  std::vector<std::unique_ptr<RelayOne>> x_buried;

 public:
  std::unique_ptr<RelayOne> relay;
  std::vector<std::unique_ptr<Machine>> machines;
};

class RelayCarrier : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(crypto::start()); }
};

TEST_F(RelayCarrier, TwoOnOneLineGetEachOthersCells) {
  World world(1);
  world.run(7);
  world.expect_nothing_wrong();
  world.expect_one_frame_a_round();
  for (std::size_t n = 1; n <= World::kMachines; ++n) {
    for (std::uint64_t epoch = kFirst + 1; epoch < kFirst + 7; ++epoch) {
      EXPECT_GE(world.at(n).right_in(epoch), kEpochRounds - 2) << "station " << n << " epoch " << epoch;
    }
    EXPECT_TRUE(world.at(n).carrier.told.empty());
    EXPECT_EQ(world.at(n).statuses.back().link, wire::LinkState::up);
    EXPECT_EQ(world.at(n).statuses.back().bearer, wire::BearerState::good);
    EXPECT_EQ(world.at(n).statuses.back().fault, wire::Fault::none);
    EXPECT_EQ(world.at(n).statuses.back().peer_epoch.value, kFirst + 6);
    // Frames arrive where R1 wants them: its phases move nothing more.
    EXPECT_LE(world.at(n).statuses.back().quiet_rounds, 1U);
  }
  EXPECT_EQ(world.relay->replaced, 0U);
}

TEST_F(RelayCarrier, ABadNetworkLosesRoundsAndNothingElse) {
  for (std::uint64_t seed = 11; seed <= 14; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    World world(seed, {.loss = 0.05, .doubled = 0.1, .least = 2'000, .most = 12'000});
    world.run(7);
    world.expect_nothing_wrong();
    world.expect_one_frame_a_round();
    for (std::size_t n = 1; n <= World::kMachines; ++n) {
      std::size_t right = 0;
      for (std::uint64_t epoch = kFirst + 1; epoch < kFirst + 7; ++epoch) right += world.at(n).right_in(epoch);
      EXPECT_GE(right, 6 * kEpochRounds * 75 / 100) << n;
    }
  }
}

TEST_F(RelayCarrier, FramesThatOvertakeEachOtherCostRoundsOnly) {
  World world(21, {.loss = 0.02, .doubled = 0.2, .least = 40'000, .most = 260'000});
  world.run(6);
  world.expect_nothing_wrong();
  world.expect_one_frame_a_round();
  for (std::size_t n = 1; n <= World::kMachines; ++n) EXPECT_GE(world.at(n).right.size(), 6 * kEpochRounds / 20) << n;
}

TEST_F(RelayCarrier, AKilledCarrierGoesOnWithWhatItsStationKept) {
  for (const bool with_kept : {true, false}) {
    World world(31);
    world.time.at(RelayOne::begins(kFirst + 2) + 5 * kRound, [&] {
      world.at(1).kill_carrier();
      world.at(1).start_carrier();
      if (!with_kept) world.at(1).kept.clear();
      world.at(1).connect();
    });
    world.run(6);
    if (with_kept) {
      world.expect_nothing_wrong();
      EXPECT_GE(world.at(1).right_in(kFirst + 2), 15U);
      EXPECT_GE(world.at(2).right_in(kFirst + 2), 15U);
    } else {
      EXPECT_LE(world.at(1).right_in(kFirst + 2), 6U);
    }
    for (std::uint64_t epoch = kFirst + 4; epoch < kFirst + 6; ++epoch) {
      EXPECT_GE(world.at(1).right_in(epoch), kEpochRounds - 2) << "kept " << with_kept << " epoch " << epoch;
    }
  }
}

TEST_F(RelayCarrier, AStationThatComesLateGivesBackWhatTheCarrierHasAlready) {
  World world(32);
  const Micros at = RelayOne::begins(kFirst + 2) + 10 * kRound + 50'000;
  // The same process of a carrier: nothing may be used twice, and nothing stops.
  world.time.at(at, [&] {
    world.at(1).carrier.on_station_gone();
    world.at(1).connect();
  });
  world.run(5);
  world.expect_nothing_wrong();
  EXPECT_GE(world.at(1).right_in(kFirst + 2), kEpochRounds - 6);
  EXPECT_GE(world.at(1).right_in(kFirst + 3), kEpochRounds - 2);
}

TEST_F(RelayCarrier, WithoutItsStationItsFramesGoOn) {
  World world(41);
  const Micros dies = RelayOne::begins(kFirst + 2) + 10 * kRound;
  world.time.at(dies, [&] { world.at(1).kill_station(); });
  world.time.at(dies + 6 * kEpochRounds * kRound / 2, [&] { world.at(1).connect(); });
  world.run(9);
  world.expect_nothing_wrong();
  world.expect_one_frame_a_round();
  for (std::uint64_t epoch = kFirst + 2; epoch < kFirst + 9; ++epoch) {
    EXPECT_TRUE(world.relay->absent[epoch].empty()) << "R1 has its set-ups, epoch " << epoch;
  }
  EXPECT_EQ(world.at(2).right_in(kFirst + 3), 0U);
  // Its drops count from the set-ups after it came back on.
  EXPECT_GE(world.at(1).right_in(kFirst + 8), kEpochRounds - 2);
  EXPECT_GE(world.at(2).right_in(kFirst + 8), kEpochRounds - 2);
}

TEST_F(RelayCarrier, AnotherProcessOfRelayOneIsMetAgain) {
  World world(51);
  const std::uint64_t first = kFirst + 2 + wire::kEpochsAhead + 1;
  world.time.at(RelayOne::begins(kFirst + 2) + 10 * kRound, [&] { world.restart_relay(first, 5); });
  world.run(3);
  world.time.run_until(world.relay->start_of(first + 5));
  world.expect_nothing_wrong();
  world.expect_one_frame_a_round();
  for (std::size_t n = 1; n <= World::kMachines; ++n) {
    for (std::uint64_t epoch = first + 1; epoch < first + 5; ++epoch) {
      EXPECT_GE(world.at(n).right_in(epoch), kEpochRounds - 2) << "station " << n << " epoch " << epoch;
    }
  }
}

TEST_F(RelayCarrier, AClockMayBeTwentySecondsOff) {
  World world(61, {}, Above::talking, {20'000, -20'000, 0});
  world.run(5);
  world.expect_nothing_wrong();
  world.expect_one_frame_a_round();
  for (std::size_t n = 1; n <= World::kMachines; ++n) {
    EXPECT_TRUE(world.at(n).carrier.told.empty()) << world.at(n).carrier.told.front();
    for (std::uint64_t epoch = kFirst + 1; epoch < kFirst + 5; ++epoch) {
      EXPECT_GE(world.at(n).right_in(epoch), kEpochRounds - 2) << "station " << n << " epoch " << epoch;
    }
  }
}

TEST_F(RelayCarrier, AClockAMinuteOffIsRefusedAndSaidSo) {
  for (const std::int64_t off : {60'000, -60'000}) {
    World world(62, {}, Above::talking, {off, 0, 0});
    world.run(4);
    world.expect_one_frame_a_round();
    Machine& wrong = world.at(1);
    EXPECT_TRUE(wrong.right.empty());
    EXPECT_TRUE(wrong.said_in.empty()) << "no round has a name";
    ASSERT_EQ(wrong.carrier.told.size(), 1U);
    EXPECT_NE(wrong.carrier.told.front().find(off > 0 ? "s ahead of the relays'" : "s behind the relays'"),
              std::string::npos)
        << wrong.carrier.told.front();
    EXPECT_EQ(wrong.statuses.back().fault, wire::Fault::clock);
    EXPECT_EQ(wrong.statuses.back().bearer, wire::BearerState::good);
    EXPECT_EQ(wrong.statuses.back().link, wire::LinkState::up);
    EXPECT_EQ(world.at(2).statuses.back().fault, wire::Fault::none);
    EXPECT_GE(world.at(3).right_in(kFirst + 3), kEpochRounds - 2) << "nobody else is touched";
  }
}

TEST_F(RelayCarrier, TheWireIsTheSameWhetherAnybodyTalksOrIsThere) {
  const Network network{.loss = 0.03, .doubled = 0.05, .least = 2'000, .most = 12'000};
  std::vector<std::pair<std::vector<Seen>, std::vector<RelayOne::Read>>> seen;
  for (const Above above : {Above::talking, Above::idle, Above::absent, Above::talking}) {
    World world(71, network, above);
    if (seen.size() == 3) {
      world.time.at(RelayOne::begins(kFirst + 2) + 777, [&] { world.at(1).kill_station(); });
      world.time.at(RelayOne::begins(kFirst + 3) + 777, [&] { world.at(1).connect(); });
    }
    world.run(5);
    world.expect_one_frame_a_round();
    ASSERT_GT(world.wire.seen.size(), 2 * World::kMachines * 260U);
    seen.emplace_back(std::move(world.wire.seen), std::move(world.relay->read));
  }
  for (std::size_t i = 1; i < seen.size(); ++i) {
    EXPECT_TRUE(seen[0].first == seen[i].first) << i;
    EXPECT_TRUE(seen[0].second == seen[i].second) << i << ": what R1 reads";
  }
}

// R1 reads the names of frames and the sizes of objects: they do not tell it which of those that come back have a line.
TEST_F(RelayCarrier, ACarrierThatRestartsShowsRelayOneNothingOfItsStation) {
  std::vector<std::vector<RelayOne::Read>> read;
  for (const Above above : {Above::idle, Above::talking, Above::absent, Above::talking}) {
    World world(91, {}, above);
    world.time.at(RelayOne::begins(kFirst + 2) + 5 * kRound, [&] {
      world.at(1).kill_carrier();
      world.at(1).start_carrier();
      world.at(1).reserves = 30;
      if (read.size() == 3) world.at(1).kept.clear();  // the station was started anew, too
      if (above != Above::absent) world.at(1).connect();
    });
    world.run(5);
    if (read.size() < 3) world.expect_nothing_wrong();
    ASSERT_GT(world.relay->read.size(), World::kMachines * 200U);
    read.push_back(std::move(world.relay->read));
  }
  for (std::size_t i = 1; i < read.size(); ++i) EXPECT_TRUE(read[0] == read[i]) << i;
}

TEST_F(RelayCarrier, ADirectVenueRunsBesideIt) {
  World world(81);
  const VenueId venue{{7, 7, 7}};
  for (std::size_t n = 1; n <= 2; ++n) {
    Machine& peer = world.at(3 - n);
    world.at(n).direct.emplace_back(wire::PeerRecord{venue, {}, 1'000, peer.carrier.key(), {peer.carrier.here()}});
  }
  world.run(5);
  world.expect_nothing_wrong();
  world.expect_one_frame_a_round();
  for (std::size_t n = 1; n <= 2; ++n) {
    EXPECT_GE(world.at(n).right_in(kFirst + 4), kEpochRounds - 2);
    EXPECT_GE(world.at(n).direct_cells.size(), 20U);
  }
  std::size_t frames = 0;
  for (const Seen& each : world.wire.seen) frames += each.from == 1 && each.to == 2 ? 1 : 0;
  EXPECT_NEAR(static_cast<double>(frames), static_cast<double>(world.time.now()) / 1e6, 1.5);
}

}  // namespace
}  // namespace sw::mix::test
