// needs: line
// What stations say of their venues (protocol 4.5): every word has one encoding, and a peer that says anything gets
// nothing but what people here agreed to.
#include "line/venue_talk.hpp"

#include <gtest/gtest.h>

#include "crypto/rng.hpp"
#include "line/pairing/offer.hpp"

namespace sw::line {
namespace {

constexpr UtcMs kNow{1'800'000LL * 1'000'000};

OfferedVenue relays(std::uint8_t number) {
  VenueTerms terms{{}, 1000, 60, VenueKind::relays};
  terms.id.bytes.fill(number);
  return {terms, Slot{2}};
}

/// Both ends' keys; the lower S_line first.
std::array<Durable, 2> pair(Rng& rng) {
  const auto offer = [&] {
    OfferTerms terms;
    terms.carrier = crypto::KeyPair::generate(rng).public_key;
    terms.venues = {relays(1)};
    return std::move(*Offer::make(terms, rng, kNow));
  };
  Offer a = offer();
  Offer b = offer();
  const auto card_a = to_text(a.card());
  const auto card_b = to_text(b.card());
  EXPECT_TRUE(a.accept(as_text(card_b.view()), kNow, {}));
  EXPECT_TRUE(b.accept(as_text(card_a.view()), kNow, {}));
  std::array<Durable, 2> out{Durable{std::move(*std::move(a).confirm(kNow))},
                             Durable{std::move(*std::move(b).confirm(kNow))}};
  if (out[0].keys.role() == crypto::Role::responder) std::swap(out[0], out[1]);
  return out;
}

struct VenueTalks : testing::Test {
  crypto::SeededRng rng{7};
  std::array<Durable, 2> disks = pair(rng);
  std::array<VenueTalk, 2> talks;

  void hear(std::size_t i, const OfferedVenue& venue, const VenueWord& word) {
    talks[i].hear(disks[i], {venue.terms.id, encode(word)});
    disks[i].committed = disks[i].version;
    const auto saved = disks[i].keys.save();
    ASSERT_LE(saved.size(), LineKeys::kSavedLimit);
    const auto loaded = LineKeys::load(saved.view());
    ASSERT_TRUE(loaded.has_value());
    EXPECT_TRUE(std::ranges::equal(loaded->save().view(), saved.view()));
  }
  WantWord want_of(std::size_t i, Epoch newest, Epoch from = {}, PskId psk = {}) const {
    return {disks[i].keys.change->own->half.clone(), newest, from, psk};
  }
  PskId psk() const {
    return psk_id(agreed_psk(disks[0].keys.change->own->half, disks[1].keys.change->own->half, relays(2).terms.id));
  }
  void both_want() {
    for (std::size_t i = 0; i < 2; ++i) {
      ASSERT_TRUE(talks[i].want(disks[i], relays(2), rng));
      talks[i].learn(disks[i], relays(2).terms.id, Epoch{100 + i});
    }
  }
};

TEST_F(VenueTalks, EveryWordHasOneEncodingAndNoTruncationIsOne) {
  const VenueWord words[] = {WantWord{VenueHalf::random(rng), Epoch{5}, {}, {}},
                             WantWord{VenueHalf::random(rng), Epoch{5}, Epoch{9}, rng.array<8>()},
                             VoidWord{rng.array<8>()},
                             InWord{},
                             InWord{Epoch{7}},
                             LeaveWord{Epoch{UINT64_MAX}}};
  for (const VenueWord& word : words) {
    const auto bytes = encode(word);
    const auto read = read_venue_word(bytes.view());
    ASSERT_TRUE(read.has_value());
    EXPECT_TRUE(std::ranges::equal(encode(*read).view(), bytes.view()));
    for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(read_venue_word(bytes.view().first(n))) << n;
    Bytes longer = to_bytes(bytes.view());
    longer.push_back(0);
    EXPECT_FALSE(read_venue_word(longer));
    for (int type = 0; type < 256; ++type) {
      longer = to_bytes(bytes.view());
      longer[0] = static_cast<std::uint8_t>(type);
      if (const auto other = read_venue_word(longer)) {
        EXPECT_TRUE(std::ranges::equal(encode(*other).view(), longer));
      }
    }
  }
  // Settled and the psk's id belong together.
  EXPECT_FALSE(read_venue_word(encode(WantWord{VenueHalf::random(rng), {}, Epoch{9}, {}}).view()));
}

TEST_F(VenueTalks, BothHalvesGiveBothTheSamePskAndTheEpochThatTheLowerKeySettled) {
  both_want();
  hear(0, relays(2), want_of(1, Epoch{101}));
  const Epoch from = disks[0].keys.change->from;
  EXPECT_EQ(from, Epoch{101 + wire::kVenueEpochsAhead});
  const PskId id = psk();
  hear(1, relays(2), want_of(0, Epoch{100}, from, id));
  ASSERT_NE(disks[1].keys.find(relays(2).terms.id), nullptr);
  EXPECT_FALSE(disks[1].keys.change.has_value()) << "the halves are gone";
  EXPECT_EQ(disks[0].keys.find(relays(2).terms.id), nullptr) << "it does not know yet that the other one has it";
  hear(0, relays(2), InWord{from});
  for (const Durable& disk : disks) {
    const VenueKeys& leg = disk.keys.in(relays(2).terms.id);
    EXPECT_EQ(psk_id(leg.psk.newest), id);
    EXPECT_EQ(leg.from, from);
    EXPECT_EQ(leg.slot, Slot{2});
    EXPECT_EQ(disk.psk_version, disk.version) << "not named before it is on the disk";
    EXPECT_FALSE(disk.keys.change.has_value());
  }
}

TEST_F(VenueTalks, AnEpochThatIsTooLateIsSettledAnewAndAWrongPskIsNoAgreement) {
  both_want();
  hear(0, relays(2), want_of(1, Epoch{101}));
  const Epoch first = disks[0].keys.change->from;
  talks[1].learn(disks[1], relays(2).terms.id, first);
  hear(1, relays(2), want_of(0, Epoch{100}, first, psk()));
  EXPECT_EQ(disks[1].keys.find(relays(2).terms.id), nullptr);
  hear(0, relays(2), want_of(1, first));
  const Epoch second = disks[0].keys.change->from;
  EXPECT_EQ(second.value, first.value + wire::kVenueEpochsAhead);
  hear(1, relays(2), want_of(0, first, second, PskId{1}));
  EXPECT_EQ(disks[1].keys.find(relays(2).terms.id), nullptr);
  hear(1, relays(2), want_of(0, first, Epoch{UINT64_MAX}, psk()));
  EXPECT_EQ(disks[1].keys.find(relays(2).terms.id), nullptr) << "beyond all reach";
  hear(0, relays(2), InWord{first});
  EXPECT_EQ(disks[0].keys.find(relays(2).terms.id), nullptr) << "not what was settled";
  EXPECT_FALSE(disks[0].keys.change.has_value());
}

TEST_F(VenueTalks, NewestFarAheadMovesTheEpochOnlySoFar) {
  both_want();
  hear(0, relays(2), want_of(1, Epoch{UINT64_MAX}));
  EXPECT_LE(disks[0].keys.change->from.value, 100 + wire::kEpochNumberJump + wire::kVenueEpochsAhead);
}

TEST_F(VenueTalks, WithoutPeopleHereNothingComesOfWhatThePeerSays) {
  for (std::size_t i = 0; i < 2; ++i) {
    talks[i].learn(disks[i], relays(1).terms.id, Epoch{50});
    for (int n = 0; n < 20'000; ++n) {
      const auto venue = relays(static_cast<std::uint8_t>(rng.below(4)));
      const Epoch epoch{rng.below(3) == 0 ? UINT64_MAX - rng.below(3) : rng.below(80)};
      const auto kind = rng.below(4);
      VenueWord word = InWord{epoch};
      if (kind == 0) {
        const PskId id = rng.array<8>();
        word = WantWord{VenueHalf::random(rng), Epoch{rng.bits()}, epoch, epoch == Epoch{} ? PskId{} : id};
      }
      if (kind == 1) word = VoidWord{rng.array<8>()};
      if (kind == 2) word = LeaveWord{epoch};
      hear(i, venue, word);
      talks[i].learn(disks[i], venue.terms.id, Epoch{rng.below(80)});
      ASSERT_EQ(disks[i].keys.venues.size(), 1U);
      ASSERT_FALSE(disks[i].keys.venues[0].until.has_value()) << "the last venue is not left";
      ASSERT_TRUE(!disks[i].keys.change || !disks[i].keys.change->own);
      ASSERT_TRUE(talks[i].take_moves().empty()) << "the ledger is of what came to something";
    }
  }
}

TEST_F(VenueTalks, WhatPeopleCannotDoHasASentence) {
  EXPECT_EQ(talks[0].want(disks[0], relays(1), rng).error().code, Errc::conflict);            // in it already
  EXPECT_EQ(talks[0].leave(disks[0], relays(1).terms.id, rng).error().code, Errc::conflict);  // the last one
  EXPECT_EQ(talks[0].leave(disks[0], relays(9).terms.id, rng).error().code, Errc::not_found);
  EXPECT_EQ(talks[0].decline(disks[0]).error().code, Errc::conflict);
  ASSERT_TRUE(talks[0].want(disks[0], relays(2), rng));
  EXPECT_EQ(talks[0].want(disks[0], relays(3), rng).error().code, Errc::conflict);  // one at a time
  hear(1, relays(2), want_of(0, Epoch{5}));
  EXPECT_EQ(talks[1].want(disks[1], relays(3), rng).error().code, Errc::conflict);  // theirs first
  ASSERT_TRUE(talks[0].decline(disks[0]));
  for (std::uint8_t number = 4; disks[0].keys.venues.size() < wire::kLineVenues; ++number) {
    disks[0].keys.venues.push_back({relays(number).terms, Slot{}, {Psk::random(rng), std::nullopt}});
  }
  EXPECT_EQ(talks[0].want(disks[0], relays(3), rng).error().code, Errc::full);
  EXPECT_EQ(talks[0].leave(disks[0], relays(1).terms.id, rng).error().code, Errc::conflict);  // no epoch known
  talks[0].learn(disks[0], relays(1).terms.id, Epoch{50});
  ASSERT_TRUE(talks[0].leave(disks[0], relays(1).terms.id, rng));
  const Epoch until = *disks[0].keys.in(relays(1).terms.id).until;
  EXPECT_GE(until, Epoch{55});
  EXPECT_LE(until, Epoch{98});
  EXPECT_EQ(talks[0].leave(disks[0], relays(1).terms.id, rng).error().code, Errc::conflict);  // leaving already
  talks[0].pass(disks[0], relays(1).terms.id, Epoch{until.value - 1});
  EXPECT_NE(disks[0].keys.find(relays(1).terms.id), nullptr);
  talks[0].pass(disks[0], relays(1).terms.id, until);
  EXPECT_EQ(disks[0].keys.find(relays(1).terms.id), nullptr);
}

TEST_F(VenueTalks, NothingIsSaidBeforeItIsOnTheDisk) {
  Delivery delivery(1);
  delivery.session_started(relays(1).terms.id);
  wire::Writer hello(wire::kCellFramesBytes);
  write_frame(hello, IncFrame{2, 1, false});
  delivery.take(relays(1).terms.id, 1, {}, hello.view());
  const auto words = [&](std::uint64_t round) {
    wire::Writer out(wire::kCellFramesBytes);
    (void)delivery.fill(relays(1).terms.id, Path::first, round, wire::kCellFramesBytes, out);
    wire::Reader in(out.view());
    std::size_t count = 0;
    while (const auto frame = read_frame(in)) {
      const auto* seq = std::get_if<SeqFrame>(&*frame);
      if (seq == nullptr) continue;
      const auto* word = std::get_if<VenueFrame>(&seq->body);
      if (word != nullptr && word->venue == relays(2).terms.id) ++count;
    }
    return count;
  };
  ASSERT_TRUE(talks[0].want(disks[0], relays(2), rng));
  talks[0].say(disks[0], delivery);
  EXPECT_EQ(words(2), 0U);
  disks[0].committed = disks[0].version;
  talks[0].say(disks[0], delivery);
  EXPECT_EQ(words(3), 1U);
}

}  // namespace
}  // namespace sw::line
