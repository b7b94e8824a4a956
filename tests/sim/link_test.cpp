// needs: link
// Two links for many rounds of bad weather: they always come back, and every cell that arrives is the one that was
// said.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/link_world.hpp"

namespace sw::test {
namespace {

constexpr Weather kFair{};
constexpr Weather kFar{0, 0, 6, 6};  // a round trip of 12 rounds: more than the 8 after which message 1 is repeated

/// Rounds within which a link must be back. A handshake needs three frames of a row to arrive; at 60 % loss that is a
/// matter of luck, and 1,000 rounds leave less than one chance in a million.
std::uint64_t patience(const Weather& w) {
  return w.loss == 0 ? 48 + 3 * std::uint64_t{w.delay_most} : w.loss <= 0.3 ? 400 : 1000;
}

std::vector<Weather> seasons() {
  return {kFair, kFar, {0.1, 0.05, 0, 2}, {0.3, 0.1, 0, 6}, {0.3, 0.1, 6, 8}, {0.6, 0.1, 0, 0}, {0.6, 0.3, 0, 6}};
}

void run(LinkWorld& world, const Weather& weather, std::uint64_t rounds) {
  for (std::uint64_t i = 0; i < rounds; ++i) ASSERT_TRUE(world.step(weather));
}

TEST(LinkSim, ComesUpAndStaysUp) {
  LinkWorld world(1);
  // Message 1 goes out in every 8th round, and the first one may meet a peer that has not started.
  EXPECT_LE(world.recover(kFair, 100), 18U);
  const auto before = world.side(0).heard.size();
  run(world, kFair, 1000);
  // Only rounds of message 1 and message 2 carry no cells; over five epochs of rekeys there is none of either.
  EXPECT_EQ(world.side(0).heard.size(), before + 1000);
  EXPECT_TRUE(world.at(0).up());
  EXPECT_TRUE(world.at(1).up());
}

// Toward a relay message 1 goes out in every third round.
class LinkSimRetry : public testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Both, LinkSimRetry, testing::Values(wire::kLinkRetryRounds, wire::kCallRounds));

TEST_P(LinkSimRetry, RecoversFromEveryRestart) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    for (const Weather& weather : seasons()) {
      LinkWorld world(seed, 200, GetParam());
      SCOPED_TRACE(testing::Message() << "seed " << seed << " loss " << weather.loss << " delay "
                                      << weather.delay_most);
      ASSERT_LT(world.recover(weather, patience(weather)), patience(weather));
      for (const bool keep : {true, false}) {
        for (int which = 1; which <= 3; ++which) {
          run(world, weather, world.rng().below(60));
          if ((which & 1) != 0) world.restart(0, true);
          if ((which & 2) != 0) world.restart(1, keep);
          ASSERT_LT(world.recover(weather, patience(weather)), patience(weather)) << "restart of " << which;
        }
      }
    }
  }
}

TEST_P(LinkSimRetry, RestartsAtEveryMomentOfTheHandshake) {
  for (const Weather& weather : {kFair, kFar}) {
    for (std::uint64_t moment = 0; moment < 60; ++moment) {
      for (int which = 1; which <= 3; ++which) {
        LinkWorld world(moment + 1000, 200, GetParam());
        run(world, weather, moment);
        if ((which & 1) != 0) world.restart(0);
        if ((which & 2) != 0) world.restart(1);
        ASSERT_LT(world.recover(weather, patience(weather)), patience(weather)) << moment << " restart of " << which;
      }
    }
  }
}

// Message 2 that is lost is said again with the next message 1, so that a link is there in a few rounds.
TEST(LinkSim, ALostAnswerCostsOneRetry) {
  for (const std::uint32_t retry : {wire::kLinkRetryRounds, wire::kCallRounds}) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      LinkWorld world(seed, 200, retry);
      ASSERT_LT(world.recover(kFair, 100), 100U);
      run(world, kFair, world.rng().below(20));
      world.restart(1);
      const auto called = [&] { return link::is_message1(world.last(0).frame, world.side(1).keys.public_key); };
      for (std::uint32_t rounds = 0; rounds <= retry && (rounds == 0 || !called()); ++rounds) run(world, kFair, 1);
      ASSERT_TRUE(called());
      run(world, {.loss = 1}, 1);  // message 2
      EXPECT_LE(world.recover(kFair, 100), retry + 3) << retry;
    }
  }
}

TEST(LinkSim, ClockSetBackOnEitherSide) {
  LinkWorld world(7);
  ASSERT_LT(world.recover(kFair, 100), 100U);
  for (std::size_t i = 0; i < 2; ++i) {
    for (const std::int64_t days : {-1, 365, -4000, -20000}) {
      world.side(i).clock_ms += days * 86'400'000;
      world.restart(0);
      ASSERT_LT(world.recover(kFair, 48), 48U) << "side " << i << " by " << days << " days";
      world.restart(1);
      ASSERT_LT(world.recover(kFair, 48), 48U) << "side " << i << " by " << days << " days";
    }
  }
}

TEST(LinkSim, FollowsAnAddressChange) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    for (const Weather& weather : seasons()) {
      LinkWorld world(seed * 31);
      ASSERT_LT(world.recover(weather, patience(weather)), patience(weather));
      for (std::size_t i = 0; i < 2; ++i) {
        world.side(i).here = address(static_cast<std::uint8_t>(40 + i), 9999);
        ASSERT_LT(world.recover(weather, patience(weather)), patience(weather)) << "seed " << seed << " side " << i;
        run(world, weather, 30);
        EXPECT_TRUE(world.at(1 - i).owns(world.side(i).here) || weather.loss > 0);
        world.side(i).here = address(static_cast<std::uint8_t>(i + 1));
        ASSERT_LT(world.recover(weather, patience(weather)), patience(weather)) << "seed " << seed << " back " << i;
      }
    }
  }
}

TEST(LinkSim, ReturnsToTheCardAfterBothWereElsewhere) {
  LinkWorld world(77);
  ASSERT_LT(world.recover(kFair, 100), 100U);
  world.side(1).here = address(50);  // the responder was elsewhere, and comes back with neither side knowing
  run(world, kFair, 20);
  ASSERT_TRUE(world.at(0).owns(address(50)));
  world.side(1).here = address(2);
  world.restart(1);
  world.restart(1);
  EXPECT_LT(world.recover(kFair, 100), 100U);
}

TEST(LinkSim, RekeysThreeEpochsWithoutLosingACell) {
  for (const Weather& weather : {kFair, kFar, Weather{0, 0.2, 0, 6}}) {
    LinkWorld world(11, 120);
    ASSERT_LT(world.recover(weather, 100), 100U);
    run(world, weather, 40);
    const auto place = [](RoundId r) { return r.epoch.value * 120 + r.round.value; };
    const std::array settled{place(*world.side(0).heard.rbegin()), place(*world.side(1).heard.rbegin())};
    std::array<std::uint64_t, 2> stamps{};
    for (int epoch = 0; epoch < 3; ++epoch) {
      const std::array before{world.side(0).heard.size(), world.side(1).heard.size()};
      run(world, weather, 120);
      for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_NEAR(static_cast<double>(world.side(i).heard.size() - before[i]), 120.0, weather.delay_most + 1.0);
        EXPECT_GT(world.at(i).last_stamp(), stamps[i]) << "no rekey in epoch " << epoch;
        stamps[i] = world.at(i).last_stamp();
      }
      EXPECT_EQ(stamps[0], stamps[1]);
    }
    run(world, Weather{}, 20);
    // No gap at all: every round since the link has settled was heard, over three rekeys.
    for (std::size_t i = 0; i < 2; ++i) {
      const auto& heard = world.side(i).heard;
      const auto later = std::ranges::count_if(heard, [&](RoundId r) { return place(r) > settled[i]; });
      EXPECT_EQ(place(*heard.rbegin()) - settled[i], static_cast<std::uint64_t>(later));
    }
  }
}

TEST(LinkSim, LongStormWithEverythingAtOnce) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    LinkWorld world(seed * 101, 150);
    std::uint64_t worst = 0;
    for (int act = 0; act < 40; ++act) {
      const auto weather = seasons()[world.rng().below(seasons().size())];
      run(world, weather, world.rng().below(200));
      const std::size_t i = world.rng().below(2);
      switch (world.rng().below(6)) {
        case 0: world.restart(i); break;
        case 1: world.side(i).here = address(static_cast<std::uint8_t>(100 + world.rng().below(9))); break;
        case 2: world.side(i).clock_ms -= 86'400'000; break;
        case 3: world.skip(i, world.rng().below(1000)); break;
        case 4:
          world.restart(0);
          world.restart(1);
          world.side(0).here = address(1);
          world.side(1).here = address(2);
          break;
        default: break;
      }
      // A responder that restarts elsewhere than its card says knows nobody; its card is right again after a while.
      world.side(1).here = address(2);
      const auto took = world.recover(weather, 2000);
      ASSERT_LT(took, 2000U) << "seed " << seed << " act " << act;
      worst = std::max(worst, took);
    }
    RecordProperty("worst_" + std::to_string(seed), static_cast<int>(worst));
  }
}

}  // namespace
}  // namespace sw::test
