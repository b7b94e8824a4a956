// needs: mix
// Which relay further on is at fault, as one relay sees it. Protocol 8.7, *Fault*.
#include "mix/relay/chain_watch.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace sw::mix::relay {
namespace {

constexpr std::uint32_t kRound = 100;

struct Watched {
  explicit Watched(std::uint8_t own = 1, std::uint8_t relays = 3) : watch(own, relays, kRound) { watch.begin(now); }
  /// A round of which the next relay answers the batch, naming `fault`, and gives it back.
  void round(std::optional<std::uint8_t> fault = std::uint8_t{0}, bool back = true, std::int64_t ms = kRound) {
    ++at.round.value;
    watch.judge(now);
    watch.sent(now, at);
    if (fault) watch.said({now.value + 20}, at, *fault);
    if (back) watch.returned(at);
    now.value += ms;
  }
  [[nodiscard]] int fault() const { return watch.fault(now); }
  [[nodiscard]] int blamed() const { return watch.blamed(now); }

  UtcMs now{1'000'000};
  RoundId at{Epoch{7}, Round{0}};
  ChainWatch watch;
};

TEST(ChainWatch, RelayOneIsAtFaultUntilARoundIsBack) {
  Watched w;
  w.watch.connected();
  EXPECT_EQ(w.fault(), 0);
  EXPECT_EQ(w.blamed(), 1);
  w.round();
  EXPECT_EQ(w.blamed(), 0);
}

TEST(ChainWatch, ANextRelayThatWasNeverMetHasFiveRounds) {
  Watched w;
  w.now.value += 4 * kRound;
  EXPECT_EQ(w.fault(), 0);
  w.now.value += kRound;
  EXPECT_EQ(w.fault(), 2);
  w.watch.connected();
  EXPECT_EQ(w.fault(), 0);
  EXPECT_EQ(w.blamed(), 1) << "nothing was lost here";
}

TEST(ChainWatch, ALostConnectionIsTheNextRelaysUntilARoundIsBack) {
  Watched w;
  w.watch.connected();
  w.round();
  w.watch.lost(w.now);
  EXPECT_EQ(w.fault(), 2);
  w.watch.connected();
  EXPECT_EQ(w.fault(), 0);
  EXPECT_EQ(w.blamed(), 2);
  w.round();
  EXPECT_EQ(w.blamed(), 0);
}

TEST(ChainWatch, WhoDoesNotAnswerIsFoundWithTheNextBatch) {
  Watched w;
  w.watch.connected();
  w.round();
  w.round(std::nullopt, false);
  EXPECT_EQ(w.fault(), 0) << "its time is not over";
  w.round(std::nullopt, false);
  EXPECT_EQ(w.fault(), 2);
  w.round();
  EXPECT_EQ(w.fault(), 0);
}

TEST(ChainWatch, WhoAnswersNamesTheOneBehindIt) {
  Watched w;
  w.watch.connected();
  w.round();
  w.round(0, false);
  w.round(3, false);
  EXPECT_EQ(w.fault(), 3);
  w.round(3, false);
  EXPECT_EQ(w.fault(), 3);
  w.watch.said(w.now, {}, 0);
  EXPECT_EQ(w.blamed(), 3) << "connected again, and no round back";
  w.round(0, false);
  EXPECT_EQ(w.blamed(), 3) << "rounds of its fault are not held against the one before it";
  w.round();
  EXPECT_EQ(w.blamed(), 0);
}

TEST(ChainWatch, WhoSaysThatAllIsWholeAndGivesNothingBackIsAtFaultItself) {
  Watched w;
  w.watch.connected();
  for (int i = 0; i < 2; ++i) w.round(0, false);
  EXPECT_EQ(w.fault(), 0) << "two rounds may be under way";
  w.round(0, false);
  EXPECT_EQ(w.fault(), 2);
  w.watch.halted(3);
  EXPECT_EQ(w.blamed(), 3);
}

TEST(ChainWatch, NobodyIsJudgedByWhatThisRelaySlept) {
  for (const std::int64_t pause : {std::int64_t{10}, std::int64_t{500}}) {  // a burst after a stop; a stop
    Watched w;
    w.watch.connected();
    w.round();
    for (int i = 0; i < 4; ++i) w.round(std::nullopt, false, pause);
    EXPECT_EQ(w.fault(), 0) << pause;
  }
}

TEST(ChainWatch, ARelayNamesNobodyBeforeItAndTheLastOneNobody) {
  Watched second(2);
  second.watch.connected();
  for (std::uint8_t lie = 1; lie <= 3; ++lie) {
    second.watch.said(second.now, {}, lie);
    EXPECT_EQ(second.fault(), 0) << int{lie};
  }
  Watched third(3);
  third.now.value += 100 * kRound;
  EXPECT_EQ(third.fault(), 0);
  Watched alone(1, 1);
  alone.now.value += 100 * kRound;
  EXPECT_EQ(alone.blamed(), 1);
  alone.watch.returned({{1}, {0}});
  EXPECT_EQ(alone.blamed(), 0);
}

}  // namespace
}  // namespace sw::mix::relay
