// needs: line
// A carrier whose clock is far wrong, seen from the line: its rounds are not taken up, so that the line goes on once
// the clock is right. Protocol 2.3.
#include <gtest/gtest.h>

#include "crypto/rng.hpp"
#include "line/line.hpp"
#include "line/pairing/offer.hpp"

namespace sw::line {
namespace {

constexpr std::uint64_t kEpoch = 1'000'000;
constexpr UtcMs kNow{std::int64_t{1'800'000} * kEpoch};
constexpr std::uint64_t kDayEpochs = 48;

Line make_line(Rng& rng) {
  const auto offer = [&] {
    OfferTerms terms;
    terms.carrier = crypto::KeyPair::generate(rng).public_key;
    terms.at = {*wire::parse_endpoint("127.0.0.1:7144")};
    return std::move(*Offer::make(terms, rng, kNow));
  };
  Offer mine = offer();
  const Offer theirs = offer();
  const auto card = to_text(theirs.card());
  EXPECT_TRUE(mine.accept(as_text(card.view()), kNow, {}));
  return std::move(*Line::make(std::move(*std::move(mine).confirm(kNow)), 7));
}

TEST(LineClock, ARoundBeyondTheDayKeysReachIsNeverReserved) {
  crypto::SeededRng rng(3);
  Line line = make_line(rng);
  const RoundId far{Epoch{kEpoch + 500 * kDayEpochs}, Round{5}};
  line.expect(far);
  EXPECT_EQ(line.reserved(), RoundId{});
  (void)line.seal(far, rng);
  EXPECT_EQ(line.reserved(), RoundId{});

  const RoundId right{Epoch{kEpoch}, Round{5}};
  line.expect(right);
  EXPECT_GT(line.reserved(), right);
  EXPECT_LT(line.reserved(), far);
}

TEST(LineClock, AYearAheadIsWithinReach) {
  crypto::SeededRng rng(4);
  Line line = make_line(rng);
  const RoundId year{Epoch{kEpoch + 365 * kDayEpochs}, Round{5}};
  line.expect(year);
  EXPECT_GT(line.reserved(), year);
}

}  // namespace
}  // namespace sw::line
