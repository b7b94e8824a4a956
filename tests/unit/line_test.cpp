// needs: line
// What a line refuses of its own side: rounds that only a wrong clock can name (protocol 2.3), addresses that are none.
#include "line/line.hpp"

#include <gtest/gtest.h>

#include "crypto/rng.hpp"
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

TEST(Line, ARoundBeyondTheDayKeysReachIsNeverReserved) {
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

TEST(Line, AYearAheadIsWithinReach) {
  crypto::SeededRng rng(4);
  Line line = make_line(rng);
  const RoundId year{Epoch{kEpoch + 365 * kDayEpochs}, Round{5}};
  line.expect(year);
  EXPECT_GT(line.reserved(), year);
}

TEST(Line, AnAddressThatNothingCanBeSentToIsRefusedAndChangesNothing) {
  crypto::SeededRng rng(5);
  Line line = make_line(rng);
  const auto before = line.keys().at;
  const auto at = [](std::string_view text) { return *wire::parse_endpoint(text); };
  EXPECT_EQ(line.readdress({}).error().code, Errc::usage);
  EXPECT_EQ(line.readdress({at("0.0.0.0:1")}).error().code, Errc::usage);
  EXPECT_EQ(line.readdress({at("127.0.0.1:1"), at("[::]:1")}).error().code, Errc::usage);
  EXPECT_EQ(line.readdress({wire::Endpoint{at("127.0.0.1:1").ip, 0}}).error().code, Errc::usage);
  EXPECT_EQ(line.readdress(std::vector(5, at("127.0.0.1:1"))).error().code, Errc::usage);
  EXPECT_EQ(line.keys().at, before);
  EXPECT_TRUE(line.readdress({at("127.0.0.1:1")}));
  EXPECT_FALSE(line.durable_head().empty());
}

}  // namespace
}  // namespace sw::line
