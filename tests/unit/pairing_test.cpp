// needs: line
// Pairing (protocol 4.1): the card, every refusal of accept, confirm, and the keys that both roles then own.
#include <gtest/gtest.h>

#include <set>

#include "crypto/access.hpp"
#include "crypto/rng.hpp"
#include "line/pairing/offer.hpp"

namespace sw::line {
namespace {

using crypto::Access;
using crypto::SeededRng;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr UtcMs kNow{20'000 * kDayMs + 12 * 3'600'000};

UtcMs later(UtcMs from, std::int64_t days) {
  return {from.value + days * kDayMs};
}

template <class SecretType>
Bytes copy(const SecretType& secret) {
  return to_bytes(Access::read(secret));
}

OfferTerms terms_of(Rng& rng, std::uint32_t round_ms = 1000, std::uint8_t caps = kCapMlKem) {
  OfferTerms terms{crypto::KeyPair::generate(rng).public_key, {}, {}, round_ms, caps};
  terms.at.push_back(wire::parse_endpoint("192.0.2.1:7144").value());
  terms.at.push_back(wire::parse_endpoint("[2001:db8::1]:7145").value());
  return terms;
}

Offer offer_of(std::uint64_t seed, UtcMs now = kNow, std::uint32_t round_ms = 1000, std::uint8_t caps = kCapMlKem) {
  SeededRng rng(seed);
  return std::move(Offer::make(terms_of(rng, round_ms, caps), rng, now).value());
}

std::string text_of(const Card& card) {
  return std::string(as_text(to_text(card).view()));
}
std::string text_of(const Offer& offer) {
  return text_of(offer.card());
}

/// What accept said, empty when it took the card.
std::string refusal(Offer& offer, const std::string& text, UtcMs now = kNow, std::vector<PublicKey> used = {}) {
  const auto result = offer.accept(text, now, used);
  EXPECT_EQ(result.has_value(), offer.accepted());
  return result ? "" : result.error().what;
}

struct Pair {
  LineKeys a;
  LineKeys b;
};
Pair paired(std::uint64_t seed = 1) {
  Offer a = offer_of(seed);
  Offer b = offer_of(seed + 1000, later(kNow, 1), 1000, 3);
  EXPECT_EQ(refusal(a, text_of(b)), "");
  EXPECT_EQ(refusal(b, text_of(a)), "");
  EXPECT_EQ(a.check().value(), b.check().value());
  return {std::move(std::move(a).confirm(kNow).value()), std::move(std::move(b).confirm(later(kNow, 1)).value())};
}

TEST(Pairing, BothRolesOwnEqualKeys) {
  const Pair pair = paired();
  EXPECT_NE(pair.a.role(), pair.b.role());
  EXPECT_EQ(pair.a.role() == crypto::Role::initiator, pair.a.own.public_key < pair.b.own.public_key);
  EXPECT_EQ(pair.a.peer, pair.b.own.public_key);
  EXPECT_EQ(pair.b.peer, pair.a.own.public_key);
  EXPECT_EQ(pair.a.venue(), pair.b.venue());
  EXPECT_EQ(pair.a.venue().rounds, 1800U);
  EXPECT_EQ(pair.a.caps, kCapMlKem);
  EXPECT_EQ(pair.b.caps, kCapMlKem);
  EXPECT_TRUE(pair.a.ml_kem());
  EXPECT_EQ(pair.a.check, pair.b.check);
  EXPECT_EQ(copy(pair.a.venues.front().psk.newest), copy(pair.b.venues.front().psk.newest));
  EXPECT_EQ(psk_id(pair.a.venues.front().psk.newest), psk_id(pair.b.venues.front().psk.newest));
  EXPECT_EQ(pair.a.khs.day(), 20'001U);
  EXPECT_EQ(pair.b.khs.day(), 20'001U);
  for (const std::uint32_t day : {0U, 20'001U, 20'002U, 20'421U}) {
    const Bytes khs = copy(pair.a.khs.derive(day).value());
    EXPECT_EQ(khs, copy(pair.b.khs.derive(day).value()));
    EXPECT_EQ(copy(pair.a.kid.derive(day).value()), copy(pair.b.kid.derive(day).value()));
    EXPECT_NE(khs, copy(pair.a.kid.derive(day).value()));
  }
}

TEST(Pairing, OtherHalvesGiveOtherKeys) {
  const Pair one = paired(1);
  const Pair two = paired(2);
  EXPECT_NE(copy(one.a.venues.front().psk.newest), copy(two.a.venues.front().psk.newest));
  EXPECT_NE(copy(one.a.khs.derive(0).value()), copy(two.a.khs.derive(0).value()));
  EXPECT_NE(one.a.venue().id, two.a.venue().id);
  EXPECT_NE(one.a.check, two.a.check);
}

TEST(Pairing, ConfirmErasesTheHalf) {
  Offer a = offer_of(1);
  const Offer b = offer_of(2);
  ASSERT_EQ(refusal(a, text_of(b)), "");
  ASSERT_TRUE(std::move(a).confirm(kNow).has_value());
  EXPECT_EQ(copy(a.card().half), Bytes(32, 0));
  EXPECT_FALSE(a.accepted());
}

TEST(Pairing, ConfirmNeedsACardAndTime) {
  Offer a = offer_of(1);
  const Offer b = offer_of(2);
  EXPECT_EQ(a.check().error().code, Errc::conflict);
  EXPECT_EQ(std::move(a).confirm(kNow).error().code, Errc::conflict);
  ASSERT_EQ(refusal(a, text_of(b)), "");  // an error left the offer whole
  EXPECT_EQ(std::move(a).confirm(later(kNow, 8)).error().code, Errc::refused);
  EXPECT_TRUE(std::move(a).confirm(later(kNow, 7)).has_value());
}

TEST(Pairing, EveryRefusalHasItsOwnSentence) {
  const std::string fine = text_of(offer_of(2));
  Card other_cell = offer_of(2).card().clone();
  other_cell.cell = 1024;
  Card low_order = offer_of(2).card().clone();
  low_order.line_key = PublicKey{1};
  Card no_port = offer_of(2).card().clone();
  no_port.at[0].port = 0;
  Card odd_round = offer_of(2).card().clone();
  odd_round.round_ms = 1001;
  std::string damaged = fine;
  damaged[60] = damaged[60] == 'A' ? 'B' : 'A';
  const std::string newer_text = "SW1-CARD:Ag" + fine.substr(11);

  Offer own = offer_of(1);
  std::vector<std::string> said;
  said.push_back(refusal(own, "hello"));
  said.push_back(refusal(own, fine.substr(0, 80)));
  said.push_back(refusal(own, damaged));
  said.push_back(refusal(own, newer_text));
  said.push_back(refusal(own, text_of(other_cell)));
  said.push_back(refusal(own, text_of(low_order)));
  said.push_back(refusal(own, text_of(no_port)));
  said.push_back(refusal(own, text_of(odd_round)));
  said.push_back(refusal(own, text_of(offer_of(2, kNow, 500))));
  said.push_back(refusal(own, text_of(own)));
  said.push_back(refusal(own, fine, kNow, {offer_of(2).card().line_key}));
  said.push_back(refusal(own, text_of(offer_of(2, later(kNow, -8)))));
  said.push_back(refusal(own, text_of(offer_of(2, later(kNow, 2)))));
  said.push_back(refusal(own, text_of(offer_of(2, kNow)), later(kNow, 8)));
  for (const std::string& sentence : said) EXPECT_NE(sentence, "");
  EXPECT_EQ(std::set<std::string>(said.begin(), said.end()).size(), said.size());
  EXPECT_EQ(refusal(own, fine), "");
  const auto second = own.accept(text_of(offer_of(3)), kNow, {});
  EXPECT_EQ(second.error().code, Errc::conflict);
  EXPECT_EQ(own.peer(), offer_of(2).card().line_key);
  EXPECT_TRUE(own.accept(fine, kNow, {}).has_value());
}

TEST(Pairing, ACardOfTheSameStationIsRefused) {
  SeededRng rng(7);
  const OfferTerms terms = terms_of(rng);
  Offer one = std::move(Offer::make(terms, rng, kNow).value());
  const Offer two = std::move(Offer::make(terms, rng, kNow).value());
  EXPECT_NE(refusal(one, text_of(two)), "");
}

TEST(Pairing, AgesAtTheirEdges) {
  for (const auto& [days, fine] : {std::pair{-7, true}, {-8, false}, {1, true}, {2, false}}) {
    Offer own = offer_of(1);
    EXPECT_EQ(refusal(own, text_of(offer_of(2, later(kNow, days)))).empty(), fine) << days;
  }
  Offer own = offer_of(1);
  EXPECT_FALSE(own.expired(later(kNow, 7)));
  EXPECT_TRUE(own.expired({later(kNow, 7).value + 1}));
  ASSERT_EQ(refusal(own, text_of(offer_of(2, later(kNow, -7)))), "");
  EXPECT_TRUE(own.expired(later(kNow, 1)));  // their half is 8 days old
}

TEST(Pairing, TermsThatNoCardCarries) {
  SeededRng rng(1);
  OfferTerms terms = terms_of(rng);
  terms.round_ms = 1001;
  EXPECT_EQ(Offer::make(terms, rng, kNow).error().code, Errc::usage);
  terms = terms_of(rng);
  terms.at.clear();
  EXPECT_EQ(Offer::make(terms, rng, kNow).error().code, Errc::usage);
  terms.at.assign(5, wire::parse_endpoint("192.0.2.1:1").value());
  EXPECT_EQ(Offer::make(terms, rng, kNow).error().code, Errc::usage);
  terms.at.assign(1, wire::parse_endpoint("0.0.0.0:7144").value());
  EXPECT_EQ(Offer::make(terms, rng, kNow).error().code, Errc::usage);
}

TEST(Pairing, OffersOutliveARestart) {
  Offer a = offer_of(1);
  const Offer b = offer_of(2);
  const Offer first = std::move(Offer::load(a.save().view()).value());
  EXPECT_EQ(text_of(first), text_of(a));
  EXPECT_FALSE(first.accepted());
  ASSERT_EQ(refusal(a, text_of(b)), "");
  const auto saved = a.save();
  EXPECT_LE(saved.size(), 512U);
  Offer again = std::move(Offer::load(saved.view()).value());
  EXPECT_EQ(again.made(), kNow);
  EXPECT_EQ(again.check().value(), a.check().value());
  EXPECT_EQ(copy(std::move(again).confirm(kNow).value().venues.front().psk.newest),
            copy(std::move(a).confirm(kNow).value().venues.front().psk.newest));
  const std::size_t without_peer = first.save().size();
  for (std::size_t n = 0; n < saved.size(); ++n) {
    EXPECT_EQ(Offer::load(saved.view().first(n)).has_value(), n == without_peer) << n;
  }
}

TEST(LineKeys, OutliveARestart) {
  LineKeys keys = std::move(paired().a);
  const auto plain = keys.save();
  keys.venues.front().psk.previous = keys.venues.front().psk.newest.clone();
  keys.venues.front().reserved = {Epoch{123456789012}, Round{1799}};
  keys.venues.front().continuity = Continuity::refused;
  keys.at.resize(4, keys.at[0]);
  const auto saved = keys.save();
  EXPECT_LE(saved.size(), LineKeys::kSavedLimit);
  EXPECT_GT(saved.size(), plain.size());
  const LineKeys back = std::move(LineKeys::load(saved.view()).value());
  EXPECT_EQ(to_bytes(back.save().view()), to_bytes(saved.view()));
  EXPECT_EQ(back.own.public_key, keys.own.public_key);
  EXPECT_EQ(back.venues.front().reserved, keys.venues.front().reserved);
  EXPECT_EQ(back.venues.front().continuity, Continuity::refused);
  EXPECT_EQ(back.at, keys.at);
  EXPECT_EQ(copy(*back.venues.front().psk.previous), copy(*keys.venues.front().psk.previous));
  EXPECT_EQ(to_bytes(keys.clone().save().view()), to_bytes(saved.view()));
  for (std::size_t n = 0; n < saved.size(); ++n) EXPECT_FALSE(LineKeys::load(saved.view().first(n)).has_value()) << n;
  Bytes longer = to_bytes(saved.view());
  longer.push_back(0);
  EXPECT_FALSE(LineKeys::load(longer).has_value());
  Bytes newer = to_bytes(saved.view());
  ++newer[0];
  EXPECT_EQ(LineKeys::load(newer).error().code, Errc::unsupported);
}

// --- venues of relays

OfferedVenue relays(std::uint8_t name, std::uint8_t slot = 0) {
  VenueTerms terms{{}, 1000, 1800, VenueKind::relays};
  terms.id.bytes.fill(name);
  return {terms, Slot{slot}};
}

/// An offer in those venues; with addresses where `direct`.
Offer offer_in(std::uint64_t seed, bool direct, std::vector<OfferedVenue> venues) {
  SeededRng rng(seed);
  OfferTerms terms = terms_of(rng);
  terms.at.resize(direct ? 1 : 0);
  terms.venues = std::move(venues);
  return std::move(Offer::make(terms, rng, kNow).value());
}

TEST(PairingInVenues, EachSideHasALegInEachWithAPskOfItsOwn) {
  Offer a = offer_in(1, true, {relays(9, 3), relays(4)});
  Offer b = offer_in(2, true, {relays(4, 1), relays(9)});
  ASSERT_EQ(refusal(a, text_of(b)), "");
  ASSERT_EQ(refusal(b, text_of(a)), "");
  a = std::move(Offer::load(a.save().view()).value());
  const LineKeys one = std::move(std::move(a).confirm(kNow).value());
  const LineKeys other = std::move(std::move(b).confirm(kNow).value());
  ASSERT_EQ(one.venues.size(), 3U);
  EXPECT_TRUE(one.direct());
  EXPECT_EQ(one.venues[1].terms, relays(4).terms);
  EXPECT_EQ(one.venues[2].slot, Slot{3});
  EXPECT_EQ(other.venues[1].slot, Slot{1});
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(one.venues[i].terms, other.venues[i].terms);
    EXPECT_EQ(copy(one.venues[i].psk.newest), copy(other.venues[i].psk.newest));
    EXPECT_NE(copy(one.venues[i].psk.newest), copy(one.venues[(i + 1) % 3].psk.newest));
  }
}

TEST(PairingInVenues, WithoutAnAddressThereIsNoDirectVenue) {
  Offer a = offer_in(1, false, {relays(4)});
  Offer b = offer_in(2, false, {relays(4)});
  ASSERT_EQ(refusal(a, text_of(b)), "");
  const LineKeys keys = std::move(std::move(a).confirm(kNow).value());
  EXPECT_FALSE(keys.direct());
  EXPECT_TRUE(keys.at.empty());
  const LineKeys back = std::move(LineKeys::load(keys.save().view()).value());
  EXPECT_EQ(back.venue(), relays(4).terms);
}

TEST(PairingInVenues, CardsThatNameOthersAreRefused) {
  const std::string other = "the cards name different venues";
  Offer direct = offer_in(1, true, {});
  Offer relayed = offer_in(2, false, {relays(4)});
  Offer both = offer_in(3, true, {relays(4)});
  Offer elsewhere = offer_in(4, true, {relays(5)});
  EXPECT_TRUE(refusal(direct, text_of(relayed)).starts_with(other));
  EXPECT_TRUE(refusal(both, text_of(relayed)).starts_with(other));
  EXPECT_TRUE(refusal(both, text_of(direct)).starts_with(other));
  EXPECT_TRUE(refusal(both, text_of(elsewhere)).starts_with(other));
}

TEST(PairingInVenues, OneToFourWaysEachOnce) {
  SeededRng rng(1);
  OfferTerms terms = terms_of(rng);
  terms.at.clear();
  EXPECT_EQ(Offer::make(terms, rng, kNow).error().code, Errc::usage);
  terms.venues = {relays(1), relays(2), relays(3), relays(4)};
  EXPECT_TRUE(Offer::make(terms, rng, kNow).has_value());
  terms.venues.push_back(relays(5));
  EXPECT_EQ(Offer::make(terms, rng, kNow).error().code, Errc::usage);
  terms.venues = {relays(1), relays(1)};
  EXPECT_EQ(Offer::make(terms, rng, kNow).error().code, Errc::usage);
}

/// The largest record that a line can need: a pairing anew beside a line in all its venues, that is asked for another.
TEST(PairingInVenues, TheLargestLineAndOfferFitOneRecord) {
  Offer a = offer_in(1, true, {relays(1), relays(2), relays(3)});
  Offer b = offer_in(2, true, {relays(1), relays(2), relays(3)});
  ASSERT_EQ(refusal(a, text_of(b)), "");
  Offer again = std::move(Offer::load(a.save().view()).value());
  SeededRng rng(3);
  LineKeys keys = std::move(std::move(a).confirm(kNow).value());
  keys.at.resize(4, keys.at[0]);
  for (auto& venue : keys.venues) {
    venue.psk.previous = venue.psk.newest.clone();
    venue.from = Epoch{5};
    venue.until = Epoch{70};
  }
  keys.change = VenueChange{.venue = relays(9).terms.id, .own = {}, .theirs = VenueHalf::random(rng)};
  const auto saved = keys.save();
  EXPECT_LE(saved.size(), LineKeys::kSavedLimit);
  EXPECT_LE(again.save().size() + LineKeys::kSavedLimit + 72, 1408U);
  const LineKeys back = std::move(LineKeys::load(saved.view()).value());
  EXPECT_EQ(to_bytes(back.save().view()), to_bytes(saved.view()));
  for (std::size_t n = 0; n < saved.size(); ++n) EXPECT_FALSE(LineKeys::load(saved.view().first(n)).has_value()) << n;
}

TEST(PairingInVenues, AChangeUnderWayOutlivesARestart) {
  Offer a = offer_in(1, true, {relays(1)});
  ASSERT_EQ(refusal(a, text_of(offer_in(2, true, {relays(1)}))), "");
  SeededRng rng(3);
  LineKeys keys = std::move(std::move(a).confirm(kNow).value());
  keys.change = VenueChange{relays(9).terms.id, VenueChange::Own{relays(9, 3), VenueHalf::random(rng)},
                            VenueHalf::random(rng), Epoch{77}};
  const auto saved = keys.save();
  EXPECT_LE(saved.size(), LineKeys::kSavedLimit);
  const LineKeys back = std::move(LineKeys::load(saved.view()).value());
  EXPECT_EQ(to_bytes(back.save().view()), to_bytes(saved.view()));
  EXPECT_EQ(back.change->venue, relays(9).terms.id);
  EXPECT_EQ(back.change->own->venue.slot, Slot{3});
  EXPECT_EQ(copy(back.change->own->half), copy(keys.change->own->half));
  EXPECT_EQ(copy(*back.change->theirs), copy(*keys.change->theirs));
  EXPECT_EQ(back.change->from, Epoch{77});
  for (std::size_t n = 0; n < saved.size(); ++n) EXPECT_FALSE(LineKeys::load(saved.view().first(n)).has_value()) << n;
}

TEST(DayKeys, ForwardOnlyAndBounded) {
  LineKeys keys = std::move(paired().a);
  const std::uint32_t first = keys.khs.day();
  const Bytes day_0 = copy(keys.khs.derive(first).value());
  const Bytes day_3 = copy(keys.khs.derive(first + 3).value());
  EXPECT_EQ(keys.khs.day(), first);  // derive does not move
  EXPECT_EQ(keys.khs.derive(first + 421).error().code, Errc::out_of_range);
  EXPECT_TRUE(keys.khs.derive(first + 420).has_value());
  EXPECT_FALSE(keys.khs.advance(first + 421));
  EXPECT_FALSE(keys.khs.advance(first));
  EXPECT_TRUE(keys.khs.advance(first + 3));
  EXPECT_EQ(keys.khs.day(), first + 3);
  EXPECT_EQ(copy(keys.khs.derive(first).value()), day_3);  // max(stored day, day)
  EXPECT_NE(copy(keys.khs.derive(first).value()), day_0);
  EXPECT_FALSE(keys.khs.advance(first + 2));
  EXPECT_TRUE(keys.khs.derive(first + 423).has_value());
  EXPECT_FALSE(keys.khs.derive(~0U).has_value());
}

TEST(Venue, DayOfAnEpoch) {
  EXPECT_EQ(*Calendar(VenueKind::direct).day(Epoch{0}), 0U);
  EXPECT_EQ(*Calendar(VenueKind::direct).day(Epoch{47}), 0U);
  EXPECT_EQ(*Calendar(VenueKind::direct).day(Epoch{48}), 1U);
  EXPECT_EQ(*Calendar(VenueKind::direct).day(Epoch{~0ULL}), ~0U);
}

TEST(Venue, EveryTermMovesTheHash) {
  const VenueTerms venue = paired().a.venue();
  const auto hash = epoch_hash(venue, Epoch{5});
  EXPECT_EQ(epoch_hash(venue, Epoch{5}), hash);
  EXPECT_NE(epoch_hash(venue, Epoch{6}), hash);
  EXPECT_NE(epoch_hash({venue.id, 500, venue.rounds}, Epoch{5}), hash);
  EXPECT_NE(epoch_hash({venue.id, venue.round_ms, 1799}, Epoch{5}), hash);
  EXPECT_NE(epoch_hash({VenueId{}, venue.round_ms, venue.rounds}, Epoch{5}), hash);
}

TEST(Check, FiveDigitsEach) {
  EXPECT_EQ(check_digits({0, 7, 42, 12345, 99999, 100})[1], "00007");
  EXPECT_EQ(check_digits({0, 7, 42, 12345, 99999, 100})[3], "12345");
  ByteArray<30> bytes{};
  bytes.fill(0xff);
  EXPECT_EQ(check_groups(bytes)[5], (1ULL << 40) % 100'000 - 1);
}

}  // namespace
}  // namespace sw::line
