// needs: station
// Pairing through the station's core, and what people do to lines: every refusal, and what the carrier is told.
#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/kem.hpp"
#include "support/station_world.hpp"

namespace sw::station {
namespace {

using namespace sw::test;

constexpr std::int64_t kDay = 86'400'000;

struct Pairing : TwoStations, ::testing::Test {
  Errc offer_refusal(const std::string& line, bool replace = false) {
    const auto card =
        north.core->pair_offer({line, {wire::parse_endpoint("192.0.2.1:7144").value()}, kRoundMs, replace}, now);
    EXPECT_FALSE(card.has_value()) << line;
    return card ? Errc{} : card.error().code;
  }
  /// How often the carrier was told to forget this venue.
  static std::size_t forgotten(const StationWorld& station, VenueId venue) {
    return static_cast<std::size_t>(std::ranges::count_if(
        station.peers, [&](const wire::PeerRecord& peer) { return peer.forgets() && peer.venue == venue; }));
  }
};

TEST_F(Pairing, EveryStepNeedsTheOneBefore) {
  const auto too_early = north.core->pair_accept("to-south", "SW1-CARD:x", now).error();
  EXPECT_EQ(too_early.code, Errc::not_found);
  EXPECT_TRUE(too_early.what.ends_with("make your own card first: pair offer")) << too_early.what;
  EXPECT_EQ(north.core->pair_check("to-south").error().code, Errc::not_found);
  EXPECT_EQ(north.core->pair_confirm("to-south", now).error().code, Errc::not_found);
  EXPECT_EQ(north.core->pair_cancel("to-south").error().code, Errc::not_found);
  (void)north.offer("to-south");
  EXPECT_EQ(north.core->pair_check("to-south").error().code, Errc::conflict);
  EXPECT_EQ(north.core->pair_confirm("to-south", now).error().code, Errc::conflict);
  EXPECT_TRUE(north.view("to-south").entry.offer.has_value());  // a refused confirm leaves the offer
  EXPECT_EQ(north.core->send("to-south", draft_of("x"), now).error().code, Errc::conflict);
  EXPECT_EQ(north.core->pause("to-south", true, now).error().code, Errc::conflict);
  EXPECT_EQ(offer_refusal("to-south"), Errc::conflict);
  EXPECT_TRUE(north.peers.empty());  // nothing for the carrier before a card was accepted
}

TEST_F(Pairing, BothSeeTheSameNumberAndItStaysWithTheLine) {
  pair();
  const auto number = north.core->pair_check("to-south");
  ASSERT_TRUE(number.has_value());
  EXPECT_EQ(*number, south.core->pair_check("to-north"));
  north.commit();
  north.restart();
  EXPECT_EQ(north.core->pair_check("to-south"), *number);
  EXPECT_EQ(north.core->pair_accept("to-south", "SW1-CARD:x", now).error().code, Errc::conflict);
  EXPECT_EQ(north.core->pair_confirm("to-south", now).error().code, Errc::conflict);
  EXPECT_EQ(north.core->pair_cancel("to-south").error().code, Errc::conflict);
}

TEST_F(Pairing, NamesThatCannotBeToldApartAreRefused) {
  (void)north.offer("paris");
  EXPECT_EQ(offer_refusal("PARIS"), Errc::usage);
  EXPECT_EQ(offer_refusal("р\u0430ris"), Errc::usage);  // Cyrillic er and a
  EXPECT_EQ(offer_refusal(""), Errc::usage);
  EXPECT_EQ(offer_refusal("a/b"), Errc::usage);
  EXPECT_EQ(offer_refusal("a\u202e"), Errc::usage);
  EXPECT_EQ(offer_refusal("nowhere", true), Errc::not_found);
  (void)north.offer("rome");
  EXPECT_EQ(north.core->rename("rome", "Paris", now).error().code, Errc::conflict);
  EXPECT_EQ(north.core->rename("rome", "a\nb", now).error().code, Errc::usage);
  EXPECT_TRUE(north.core->rename("rome", "Rome", now).has_value());
  EXPECT_TRUE(north.core->line("Rome", now).has_value());
  EXPECT_FALSE(north.core->line("rome", now).has_value());
}

TEST_F(Pairing, CancelVoidsTheCardAndTheCarrierForgets) {
  const std::string card = south.offer("to-north");
  (void)north.offer("to-south");
  ASSERT_TRUE(north.core->pair_accept("to-south", card, now).has_value());
  const VenueId accepted = *north.view("to-south").entry.offer_venue();
  north.take_down();
  ASSERT_EQ(north.peers.size(), 1U);
  EXPECT_EQ(north.peers[0].venue, accepted);
  ASSERT_TRUE(north.core->pair_cancel("to-south").has_value());
  north.take_down();
  EXPECT_EQ(forgotten(north, accepted), 1U);
  EXPECT_FALSE(north.core->line("to-south", now).has_value());
  north.commit();
  north.restart();
  EXPECT_TRUE(north.core->lines(now).empty());
}

TEST_F(Pairing, ReplaceVoidsTheOfferMadeBefore) {
  const std::string old_card = north.offer("to-south");
  const std::string from_south = south.offer("to-north");
  ASSERT_TRUE(north.core->pair_accept("to-south", from_south, now).has_value());
  const VenueId old_venue = *north.view("to-south").entry.offer_venue();
  const std::string new_card = north.offer("to-south", now, true);
  EXPECT_NE(old_card, new_card);
  north.take_down();
  EXPECT_EQ(forgotten(north, old_venue), 1U);
  EXPECT_FALSE(north.view("to-south").entry.offer->accepted());
  const auto theirs = south.core->pair_accept("to-north", old_card, now);
  ASSERT_TRUE(theirs.has_value());
  const auto ours = north.core->pair_accept("to-south", from_south, now);
  ASSERT_TRUE(ours.has_value());
  EXPECT_NE(*ours, *theirs);  // who took the void card sees another number
}

TEST_F(Pairing, AReplacedLineLivesUntilTheNewOneIsConfirmed) {
  pair();
  ASSERT_TRUE(until([this] { return open(); }));
  const VenueId old_venue = venue;
  const std::string a = north.offer("to-south", now, true);
  const std::string b = south.offer("to-north", now, true);
  ASSERT_TRUE(north.core->pair_accept("to-south", b, now).has_value());
  ASSERT_TRUE(south.core->pair_accept("to-north", a, now).has_value());
  steps(5);
  EXPECT_TRUE(open());  // the old one, meanwhile
  // One that gives up keeps the old line.
  ASSERT_TRUE(north.core->pair_cancel("to-south").has_value());
  EXPECT_EQ(north.view("to-south").entry.line_venue(), old_venue);
  const std::string again = north.offer("to-south", now, true);
  ASSERT_TRUE(north.core->pair_accept("to-south", b, now).has_value());
  const std::string theirs = south.offer("to-north", now, true);
  ASSERT_TRUE(north.core->pair_cancel("to-south").has_value());
  pair(true);
  EXPECT_NE(venue, old_venue);
  EXPECT_EQ(forgotten(north, old_venue), 1U);
  EXPECT_EQ(forgotten(south, old_venue), 1U);
  EXPECT_TRUE(until([this] { return open(); }));
}

TEST_F(Pairing, WhatTheOldLineStoredSaysNothingOfTheNewOne) {
  pair();
  ASSERT_TRUE(until([this] { return open(); }));
  steps(150);  // some ratchet steps: the old lines' versions are far above those of a new one
  commits = false;
  steps(40);  // a reservation of the old lines waits for the disk
  pair(true);
  for (StationWorld* station : {&north, &south}) {
    const auto tickets = station->store.commit();
    // The carrier's word comes before the loop hears of the disk: what is reserved now is not on it.
    const wire::StatusRecord status{venue, round, {}, wire::LinkState::up, 0, round.epoch};
    ASSERT_TRUE(station->core->on_record(status, now).has_value());
    station->core->on_durable(tickets, now);
  }
  steps(20);
  EXPECT_FALSE(open());  // no round of the new line is durably reserved
  commits = true;
  EXPECT_TRUE(until([this] { return open(); }));
}

TEST_F(Pairing, AnOfferIsVoidAfterSevenDays) {
  (void)north.offer("to-south");
  north.commit();
  north.core->housekeep(UtcMs{now.value + 6 * kDay});
  EXPECT_TRUE(north.core->line("to-south", now).has_value());
  north.core->housekeep(UtcMs{now.value + 8 * kDay});
  EXPECT_FALSE(north.core->line("to-south", now).has_value());
  north.commit();
  north.restart();
  EXPECT_TRUE(north.core->lines(now).empty());
}

TEST_F(Pairing, AnOfferSurvivesARestartWithItsSecrets) {
  const std::string card = north.offer("to-south");
  const std::string theirs = south.offer("to-north");
  north.commit();
  north.restart();
  const auto a = north.core->pair_accept("to-south", theirs, now);
  const auto b = south.core->pair_accept("to-north", card, now);
  ASSERT_TRUE(a.has_value() && b.has_value());
  EXPECT_EQ(*a, *b);
}

TEST_F(Pairing, UnconfirmedIsUnknownAndSaysWhatToDo) {
  (void)north.offer("to-south");
  const auto view = north.view("to-south");
  EXPECT_EQ(view.state.state, desk::State::unknown);
  EXPECT_NE(view.state.sentence.find("not confirmed here"), std::string::npos);
}

TEST_F(Pairing, OneSidedConfirmationOpensNothing) {
  const std::string a = north.offer("to-south");
  const std::string b = south.offer("to-north");
  ASSERT_TRUE(north.core->pair_accept("to-south", b, now).has_value());
  ASSERT_TRUE(south.core->pair_accept("to-north", a, now).has_value());
  ASSERT_TRUE(north.core->pair_confirm("to-south", now).has_value());
  venue = *north.view("to-south").entry.line_venue();
  steps(30);
  EXPECT_EQ(north.view("to-south", now).state.state, desk::State::unknown);
  EXPECT_NE(north.view("to-south", now).state.sentence.find("not confirmed there"), std::string::npos);
  ASSERT_TRUE(south.core->pair_confirm("to-north", now).has_value());
  EXPECT_TRUE(until([this] { return open(); }));
}

/// A home that was moved here from a machine with ML-KEM, between the cards and the confirmation.
TEST_F(Pairing, AMachineThatLacksWhatTheCardsHaveConfirmsNothingHalfway) {
  if (crypto::kem_available()) GTEST_SKIP() << "this machine's libcrypto has ML-KEM";
  const auto offer = [&] {
    line::OfferTerms terms;
    terms.carrier = crypto::KeyPair::generate(north.rng).public_key;
    terms.at = {wire::parse_endpoint("192.0.2.1:7144").value()};
    terms.caps = line::kCapMlKem;
    return std::move(*line::Offer::make(terms, north.rng, now));
  };
  const auto theirs = line::to_text(offer().card());
  LineEntry entry;
  entry.id = LineId{ByteArray<16>{5}};
  entry.name = "to-moved";
  entry.offer = offer();
  ASSERT_TRUE(entry.offer->accept(as_text(theirs.view()), now, {}));
  ASSERT_TRUE(north.store.put(entry.key(), entry.encode(), {}, desk::Urgency::state));
  north.commit();
  north.restart();
  for (int times = 0; times < 2; ++times) {
    EXPECT_EQ(north.core->pair_confirm("to-moved", now).error().code, Errc::unsupported);
    EXPECT_TRUE(north.core->pair_check("to-moved").has_value()) << "the offer is as it was";
  }
  EXPECT_TRUE(north.core->pair_cancel("to-moved").has_value());
}

TEST_F(Pairing, AStoreWithoutRoomConfirmsNothingHalfway) {
  const std::string a = north.offer("to-south");
  const std::string b = south.offer("to-north");
  ASSERT_TRUE(north.core->pair_accept("to-south", b, now).has_value());
  north.store.capacity = 0;
  EXPECT_EQ(north.core->pair_confirm("to-south", now).error().code, Errc::full);
  EXPECT_TRUE(north.view("to-south").entry.offer.has_value());
  EXPECT_FALSE(north.view("to-south").entry.line.has_value());
  north.store.capacity = 1 << 20;
  EXPECT_TRUE(north.core->pair_confirm("to-south", now).has_value());
  const auto refused = north.core->pair_offer({"third", {wire::parse_endpoint("192.0.2.1:1").value()}, 1, false}, now);
  EXPECT_EQ(refused.error().code, Errc::usage);  // no such round length
  EXPECT_FALSE(north.core->line("third", now).has_value());
}

TEST_F(Pairing, RemoveAndReaddress) {
  pair();
  EXPECT_EQ(north.core->readdress("to-south", {}).error().code, Errc::usage);
  const auto there = wire::parse_endpoint("198.51.100.7:9000").value();
  ASSERT_TRUE(north.core->readdress("to-south", {there}).has_value());
  north.take_down();
  EXPECT_EQ(north.peers.back().at, std::vector<wire::Endpoint>{there});
  north.commit();
  north.restart();
  EXPECT_EQ(north.peers.back().at, std::vector<wire::Endpoint>{there});
  ASSERT_TRUE(north.core->remove("to-south").has_value());
  north.take_down();
  EXPECT_EQ(forgotten(north, venue), 1U);
  EXPECT_TRUE(north.tick(venue, round, now).empty());
  EXPECT_EQ(north.core->remove("to-south").error().code, Errc::not_found);
  north.commit();
  EXPECT_TRUE(north.store.disk().size() <= 2U);  // the watch and the ledger's entry of the station remain
}

// A line of many messages goes in many ticks of the store; the first takes its own record.
TEST_F(Pairing, ARemovalThatWasCutShortIsFinishedAtTheNextStart) {
  pair();
  ASSERT_TRUE(until([this] { return open(); }));
  for (const char* text : {"one", "two", "three"}) {
    ASSERT_TRUE(south.core->send("to-north", draft_of(text), now).has_value());
  }
  ASSERT_TRUE(until([this] { return north.inbox("to-south").size() == 3; }));
  steps(10);
  (void)north.offer("not-paired-yet");
  ASSERT_TRUE(north.core->rename("not-paired-yet", "kept", now).has_value());
  north.commit();
  const desk::RecordKey line = north.view("to-south").entry.key();
  ASSERT_TRUE(north.core->remove("to-south").has_value());
  ASSERT_EQ(north.store.disk().erase(line), 1U);  // and the power goes
  north.restart(now);
  EXPECT_TRUE(north.core->desk().messages(std::nullopt).empty());
  north.commit();
  const auto left = [this](desk::RecordKind kind) {
    return std::ranges::count_if(north.store.disk(), [&](const auto& each) { return each.first.kind == kind; });
  };
  EXPECT_EQ(left(desk::RecordKind::message), 0);
  EXPECT_EQ(left(desk::RecordKind::line), 1);
  EXPECT_EQ(left(desk::RecordKind::ledger), 2);  // this station's watch, and that the other line was renamed
}

}  // namespace
}  // namespace sw::station
