// needs: line
// What a line refuses of its own side: rounds that only a wrong clock can name (protocol 2.3), addresses that are none.
#include "line/line.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/rng.hpp"
#include "line/pairing/offer.hpp"

namespace sw::line {
namespace {

constexpr std::uint64_t kEpoch = 1'000'000;
constexpr UtcMs kNow{std::int64_t{1'800'000} * kEpoch};
constexpr std::uint64_t kDayEpochs = 48;

Line make_line(Rng& rng, const std::optional<VenueTerms>& relays = std::nullopt) {
  const auto offer = [&] {
    OfferTerms terms;
    if (relays) terms.venues = {{*relays, Slot{}}};
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
  line.expect(line.keys().venue().id, far);
  EXPECT_EQ(line.reserved(line.keys().venue().id), RoundId{});
  (void)line.seal(line.keys().venue().id, far, rng);
  EXPECT_EQ(line.reserved(line.keys().venue().id), RoundId{});

  const RoundId right{Epoch{kEpoch}, Round{5}};
  line.expect(line.keys().venue().id, right);
  EXPECT_GT(line.reserved(line.keys().venue().id), right);
  EXPECT_LT(line.reserved(line.keys().venue().id), far);
}

TEST(Line, AYearAheadIsWithinReach) {
  crypto::SeededRng rng(4);
  Line line = make_line(rng);
  const RoundId year{Epoch{kEpoch + 365 * kDayEpochs}, Round{5}};
  line.expect(line.keys().venue().id, year);
  EXPECT_GT(line.reserved(line.keys().venue().id), year);
}

/// What is reserved is the floor of the next process: it must not lie beyond the epoch that still runs.
TEST(Line, AnEpochOfRelaysReservesNothingOfTheNextOne) {
  crypto::SeededRng rng(6);
  const VenueTerms terms{VenueId{ByteArray<16>{7}}, 1000, 600, VenueKind::relays};
  std::optional<Line> line = make_line(rng, terms);
  const auto commit = [&] { line->durable_committed(line->durable_version()); };
  const auto announce = [&] {
    for (const std::uint64_t epoch : {5U, 6U}) line->announce(terms.id, Epoch{epoch}, kEpoch / kDayEpochs);
  };
  announce();
  RoundId highest{};
  for (std::uint32_t round = 560; round < 1'200; ++round) {
    (void)line->seal(terms.id, {Epoch{5}, Round{round}}, rng);
    commit();
    const RoundId reserved = line->reserved(terms.id);
    EXPECT_GE(reserved, highest) << "never back";
    highest = reserved;
    ASSERT_EQ(reserved.epoch, Epoch{5}) << "round " << round;
    ASSERT_GE(reserved.round.value, round);
    ASSERT_LE(reserved.round.value, std::min(round + 64, 1'199U));
  }
  (void)line->seal(terms.id, {Epoch{6}, Round{0}}, rng);
  EXPECT_EQ(line->reserved(terms.id), (RoundId{Epoch{6}, Round{64}}));
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
