// needs: line
// Two lines in virtual time: loss, restarts from what was committed, a restored head, a clone. Protocol 4.2 to 4.4.
#include <gtest/gtest.h>

#include <deque>

#include "crypto/rng.hpp"
#include "line/line.hpp"
#include "line/pairing/offer.hpp"

namespace sw::line {
namespace {

constexpr UtcMs kNow{1'800'000LL * 1'000'000};
constexpr RoundId kStart{Epoch{1'000'000}, Round{10}};

struct Side {
  std::optional<Line> line;
  crypto::SecretBytes disk;  ///< the last committed head
  RoundId now = kStart;
};

class World {
 public:
  explicit World(std::uint64_t seed) : x_rng(seed) {
    const auto offer = [&](std::uint8_t carrier) {
      OfferTerms terms;
      terms.carrier = crypto::KeyPair::generate(x_rng).public_key;
      terms.at = {*wire::parse_endpoint("127.0.0.1:" + std::to_string(7000 + carrier))};
      return std::move(*Offer::make(terms, x_rng, kNow));
    };
    Offer a = offer(1);
    Offer b = offer(2);
    const auto card_a = to_text(a.card());
    const auto card_b = to_text(b.card());
    EXPECT_TRUE(a.accept(as_text(card_b.view()), kNow, {}));
    EXPECT_TRUE(b.accept(as_text(card_a.view()), kNow, {}));
    start(0, std::move(*std::move(a).confirm(kNow)));
    start(1, std::move(*std::move(b).confirm(kNow)));
  }

  void start(std::size_t i, LineKeys keys) {
    auto line = Line::make(std::move(keys), x_rng.bits() | 1);
    ASSERT_TRUE(line);
    sides[i].line = std::move(*line);
    sides[i].disk = sides[i].line->durable_head();
  }

  /// As after SIGKILL: from what the disk has.
  void restart(std::size_t i) {
    start(i, std::move(*LineKeys::load(sides[i].disk.view())));
    // The carrier goes on above the floor that it is given (protocol 2.2).
    sides[i].now = std::max(sides[i].now, sides[i].line->reserved(sides[i].line->keys().venue().id));
  }

  void commit(std::size_t i) {
    Line& line = *sides[i].line;
    sides[i].disk = line.durable_head();
    line.durable_committed(line.durable_version());
  }

  /// One round of both, cells lost with this probability; commits a round later, as the store's ticks do.
  void round(unsigned loss_percent) {
    std::array<std::array<wire::Cell, kPaths>, 2> cells{};
    for (std::size_t i = 0; i < 2; ++i) {
      step(sides[i].now);
      cells[i] = sides[i].line->seal(sides[i].line->keys().venue().id, sides[i].now, x_rng);
    }
    for (std::size_t i = 0; i < 2; ++i) {
      if (x_rng.below(100) < loss_percent) continue;  // the frame carries both cells
      for (const Path path : {Path::first, Path::second}) {
        if (kept_from == i) {
          kept.push_back({path, sides[i].now, cells[i][index(path)]});
        } else {
          sides[1 - i].line->open(sides[1 - i].line->keys().venue().id, path, sides[i].now, cells[i][index(path)],
                                  x_rng);
        }
      }
    }
    for (std::size_t i = 0; i < 2; ++i) commit(i);
  }

  [[nodiscard]] bool open() const {
    for (const Side& side : sides) {
      const auto since = side.line->status().since_opened;
      if (!since || *since > 3) return false;
    }
    return true;
  }

  /// Rounds until both are OPEN; `most` when they are not by then.
  unsigned until_open(unsigned loss_percent, unsigned most) {
    for (unsigned n = 0; n < most; ++n) {
      if (open()) return n;
      round(loss_percent);
    }
    return most;
  }

  /// The network keeps the cells of this side, to let them through later.
  std::optional<std::size_t> kept_from;
  struct Kept {
    Path path;
    RoundId round;
    wire::Cell cell;
  };
  std::vector<Kept> kept;

  std::array<Side, 2> sides;
  crypto::SeededRng& rng() { return x_rng; }

 private:
  static void step(RoundId& at) {
    if (++at.round.value == 1800) at = {Epoch{at.epoch.value + 1}, Round{0}};
  }
  crypto::SeededRng x_rng;
};

TEST(SessionSim, OpensWithinFiveRoundsAndAfterARestartOfEitherSide) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world(seed);
    EXPECT_LE(world.until_open(0, 50), 6U) << "seed " << seed;
    for (const std::size_t side : {0U, 1U, 0U, 1U}) {
      for (int i = 0; i < 30; ++i) world.round(0);
      world.restart(side);
      EXPECT_LE(world.until_open(0, 50), 6U) << "seed " << seed << " side " << side;
    }
  }
}

TEST(SessionSim, LateAnswersToAnAttemptBeforeCostNothing) {
  World world(3);
  const std::size_t responder = world.sides[0].line->keys().role() == crypto::Role::initiator ? 1 : 0;
  world.kept_from = responder;
  for (int i = 0; i < 20; ++i) world.round(0);  // longer than one attempt
  world.kept_from.reset();
  for (const auto& late : world.kept) {
    world.sides[1 - responder].line->open(world.sides[1 - responder].line->keys().venue().id, late.path, late.round,
                                          late.cell, world.rng());
  }
  EXPECT_LE(world.until_open(0, 50), 6U);
}

TEST(SessionSim, AMessage1ThatWasHeldBackBreaksNoContinuity) {
  World world(4);
  const std::size_t initiator = world.sides[0].line->keys().role() == crypto::Role::initiator ? 0 : 1;
  for (int i = 0; i < 20; ++i) world.round(0);
  world.restart(1 - initiator);
  world.kept_from = initiator;
  for (int i = 0; i < 18; ++i) world.round(0);  // the whole of one attempt
  world.kept_from.reset();
  for (int i = 0; i < 100; ++i) world.round(0);  // a later one opens, and the psk moves on
  ASSERT_TRUE(world.open());
  for (const auto& late : world.kept) {
    world.sides[1 - initiator].line->open(world.sides[1 - initiator].line->keys().venue().id, late.path, late.round,
                                          late.cell, world.rng());
  }
  for (int i = 0; i < 10; ++i) world.round(0);
  EXPECT_TRUE(world.open());
  for (const Side& side : world.sides) EXPECT_EQ(side.line->status().continuity, ContinuityState::whole);
}

TEST(SessionSim, ComesBackUnderLossAndRestartsAndIsNeverFoundBroken) {
  const char* wanted = std::getenv("SW_SIM_ROUNDS");
  const unsigned rounds = wanted != nullptr ? static_cast<unsigned>(std::atoi(wanted)) / 10 : 2'000U;
  for (const unsigned loss : {0U, 10U, 30U, 60U}) {
    World world(loss + 77);
    for (unsigned n = 0; n < rounds; ++n) {
      world.round(loss);
      if (world.rng().below(200) == 0) world.restart(world.rng().below(2));
      for (const Side& side : world.sides) {
        ASSERT_EQ(side.line->status().continuity, ContinuityState::whole) << "loss " << loss << " round " << n;
      }
    }
    EXPECT_LT(world.until_open(loss, 2'000), 2'000U) << "loss " << loss;
  }
}

TEST(SessionSim, HealsOverManyRoundsAndEpochs) {
  World world(5);
  for (int i = 0; i < 4'000; ++i) world.round(5);
  EXPECT_TRUE(world.open());
  for (const Side& side : world.sides) EXPECT_LE(side.line->status().since_healed.value_or(9'999), 100U);
}

TEST(SessionSim, ARestoredHeadIsFoundOutAndPeopleMendIt) {
  for (const std::size_t side : {0U, 1U}) {
    World world(9 + side);
    for (int i = 0; i < 20; ++i) world.round(0);
    const auto backup = LineKeys::load(world.sides[side].disk.view())->save();
    for (int i = 0; i < 200; ++i) world.round(0);
    world.start(side, std::move(*LineKeys::load(backup.view())));
    for (int i = 0; i < 60; ++i) world.round(0);
    std::array<std::optional<CheckNumber>, 2> checks;
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(world.sides[i].line->status().continuity, ContinuityState::broken);
      checks[i] = world.sides[i].line->status().continuity_check;
      ASSERT_TRUE(checks[i]);
    }
    EXPECT_EQ(checks[0], checks[1]);
    EXPECT_FALSE(world.open());
    ASSERT_TRUE(world.sides[0].line->confirm_continuity());
    for (int i = 0; i < 10; ++i) world.round(0);
    EXPECT_FALSE(world.open()) << "one confirmation is not enough";
    ASSERT_TRUE(world.sides[1].line->confirm_continuity());
    EXPECT_LE(world.until_open(0, 20), 10U);
    for (int i = 0; i < 300; ++i) world.round(10);
    EXPECT_TRUE(world.open());
    world.restart(side);
    EXPECT_LE(world.until_open(0, 20), 6U);
  }
}

TEST(SessionSim, ACopiedStateIsUselessWithinEightyRoundsWithNobodyTalking) {
  for (const std::size_t stolen : {0U, 1U}) {
    World world(21 + stolen);
    for (int i = 0; i < 30; ++i) world.round(0);
    const auto copy = LineKeys::load(world.sides[stolen].disk.view())->save();
    for (int i = 0; i < 80; ++i) world.round(0);
    // The thief answers in the victim's place, with everything the disk had 80 rounds ago.
    world.start(stolen, std::move(*LineKeys::load(copy.view())));
    for (int i = 0; i < 60; ++i) world.round(0);
    EXPECT_FALSE(world.open());
    EXPECT_EQ(world.sides[1 - stolen].line->status().continuity, ContinuityState::broken);
  }
}

}  // namespace
}  // namespace sw::line
