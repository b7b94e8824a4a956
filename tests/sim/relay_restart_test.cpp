// needs: carrier relay
// What the restart of each relay costs a line, in rounds from the start of its process to the first cells that come
// through, whatever the moment. Protocol 8.7, 8.8.
#include <algorithm>
#include <cstdio>

#include "support/restart_world.hpp"

namespace sw::relay::test {
namespace {

struct Cost {
  std::vector<double> rounds;  ///< rising
  std::size_t never = 0;       ///< within an epoch
  [[nodiscard]] double worst() const { return rounds.back(); }
  [[nodiscard]] std::size_t above(double limit) const {
    return never + static_cast<std::size_t>(std::ranges::count_if(rounds, [&](double r) { return r > limit; }));
  }
};

/// One world, its relay killed and started again at moments of all kinds, the first of an epoch among them.
Cost cost_of(std::size_t hop, const RestartTerms& terms, std::size_t times) {
  RestartWorld world(terms);
  world.run(150);
  Cost out;
  for (std::size_t i = 0; i < times; ++i) {
    EXPECT_TRUE(world.rounds_until_cells(3 * RestartWorld::kRounds));
    // Within a round, too.
    const auto ms = [&](std::uint64_t rounds) {
      return static_cast<std::int64_t>(world.rng().below(rounds * static_cast<std::uint64_t>(terms.round_ms)));
    };
    world.run_ms(ms(RestartWorld::kRounds));
    world.kill(hop);
    world.run_ms(ms(25));
    world.start(hop);
    if (const auto took = world.rounds_until_cells(RestartWorld::kRounds)) {
      out.rounds.push_back(*took);
    } else {
      ++out.never;
    }
  }
  std::ranges::sort(out.rounds);
  std::printf(
      "relay %zu, rounds of %lld ms, %.0f %% lost: best %.1f, median %.1f, worst %.1f of %zu; %zu took longer than an "
      "epoch\n",
      hop + 1, static_cast<long long>(terms.round_ms), terms.loss * 100, out.rounds.front(),
      out.rounds[out.rounds.size() / 2], out.worst(), out.rounds.size(), out.never);
  return out;
}

TEST(RelayRestart, LinesComeBackWithinThirtyRounds) {
  for (const std::size_t hop : {0U, 1U, 2U}) {
    const Cost cost = cost_of(hop, {.seed = 10 + hop}, hop == 0 ? 60 : 20);
    EXPECT_EQ(cost.above(30), 0U);
  }
}

// A station that lost a piece too many is late for the emergency epoch; the one after it comes soon.
TEST(RelayRestart, LossCostsAtMostTheEmergencyEpoch) {
  for (const std::size_t hop : {0U, 1U, 2U}) {
    const Cost cost = cost_of(hop, {.seed = 30 + hop, .loss = 0.05}, 20);
    EXPECT_LE(cost.above(hop == 0 ? 31 : 30), 4U);
    EXPECT_EQ(cost.above(100), 0U);
  }
}

// The chain has a second for the set-up of an emergency epoch, whatever the round: five rounds more here.
TEST(RelayRestart, ShortRoundsNeedSomeMore) {
  for (const std::size_t hop : {0U, 1U, 2U}) {
    const Cost cost = cost_of(hop, {.seed = 40 + hop, .round_ms = 100}, 20);
    EXPECT_EQ(cost.above(hop == 0 ? 36 : 33), 0U);
  }
}

}  // namespace
}  // namespace sw::relay::test
