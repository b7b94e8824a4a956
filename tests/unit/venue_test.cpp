// needs: mix
// Relay cards and venue files: one form, whole or not at all; what is refused says what to change. Protocol 8.6.
#include "mix/venue.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "crypto/kem.hpp"
#include "mix/invitation.hpp"
#include "mix/venue_lane.hpp"
#include "mix/venue_words.hpp"
#include "support/venue_text.hpp"
#include "wire/sizes.hpp"

namespace sw::mix {
namespace {

using test::make_relays;
using test::make_venue;
using test::RelayOfTest;
using test::sign_all;

class VenueTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(crypto::start()); }
  crypto::SeededRng x_rng{0x7e4e};
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST_F(VenueTest, ACardComesBackAsItWas) {
  const auto relays = make_relays(1, x_rng);
  const std::string text = encode(relays[0].card, relays[0].id.secret);
  const auto card = read_relay_card(text);
  ASSERT_TRUE(card) << card.error().what;
  EXPECT_EQ(*card, relays[0].card);
  EXPECT_TRUE(text.starts_with("stillwire relay 1\noperator Institute 1\njurisdiction Land 1\nid "));
}

TEST_F(VenueTest, EveryChangeOfACardIsRefused) {
  const auto relays = make_relays(1, x_rng);
  const std::string text = encode(relays[0].card, relays[0].id.secret);
  for (std::size_t at = 0; at < text.size(); ++at) {
    EXPECT_FALSE(read_relay_card(text.substr(0, at))) << at;
    for (int bit = 0; bit < 8; ++bit) {
      std::string other = text;
      other[at] = static_cast<char>(static_cast<unsigned char>(other[at]) ^ (1U << bit));
      EXPECT_FALSE(read_relay_card(other)) << at << " " << bit;
    }
  }
  EXPECT_FALSE(read_relay_card(text + "\n"));
  EXPECT_FALSE(read_relay_card(text + "more 1\n"));
  EXPECT_EQ(read_relay_card(text + std::string(20'000, 'x')).error().code, Errc::out_of_range);
  EXPECT_EQ(read_relay_card(replaced(text, "Land 1", "Land 2")).error().code, Errc::forged);
}

TEST_F(VenueTest, ACardNeedsGoodTermsAndSaysWhich) {
  const RelayCard good = make_relays(1, x_rng)[0].card;
  const auto sentence = [&](const std::function<void(RelayCard&)>& how) {
    RelayCard card = good;
    how(card);
    const auto checked = check_card(card);
    return checked ? std::string() : checked.error().what;
  };
  EXPECT_EQ(sentence([](RelayCard&) {}), "");
  EXPECT_EQ(sentence([](RelayCard& c) { c.host = ""; }), "the operator: A name needs at least one character.");
  EXPECT_EQ(sentence([](RelayCard& c) { c.host = "a\nat 1.2.3.4:5"; }),
            "the operator: A name has no control, bidi or invisible characters.");
  EXPECT_EQ(sentence([](RelayCard& c) { c.jurisdiction = std::string(65, 'x'); }),
            "the jurisdiction: A name has at most 64 bytes.");
  EXPECT_EQ(sentence([](RelayCard& c) { c.at = *wire::parse_endpoint("0.0.0.0:7150"); }),
            "a relay needs the address at which others reach it");
  EXPECT_EQ(sentence([](RelayCard& c) { c.link = {}; }), "the link key of a relay is no key");
}

TEST_F(VenueTest, AVenueComesBackAsItWasWithAnySignatures) {
  for (std::size_t hops = 1; hops <= 3; ++hops) {
    const auto relays = make_relays(hops, x_rng);
    for (unsigned who = 0; who < 1U << hops; ++who) {
      Venue venue = make_venue(relays);
      for (std::size_t i = 0; i < hops; ++i) {
        if ((who >> i & 1U) == 0) continue;
        ASSERT_TRUE(add_signature(venue, i, sign_venue(venue, relays[i].id.secret)));
      }
      const auto read = read_venue(encode(venue));
      ASSERT_TRUE(read) << read.error().what;
      EXPECT_EQ(*read, venue);
      EXPECT_EQ(complete(*read), who + 1 == 1U << hops);
      EXPECT_EQ(id_of(*read), id_of(make_venue(relays)));
    }
  }
}

TEST_F(VenueTest, EveryChangeOfASignedVenueIsRefused) {
  const auto relays = make_relays(3, x_rng);
  Venue venue = make_venue(relays);
  const std::string unsigned_text = encode(venue);
  sign_all(venue, relays);
  const std::string text = encode(venue);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto part = read_venue(text.substr(0, at));
    EXPECT_TRUE(!part || encode(*part) == text.substr(0, at)) << at;
    EXPECT_FALSE(part && complete(*part) && part->hops() == 3) << at;
    for (int bit = 0; bit < 8; ++bit) {
      std::string other = text;
      other[at] = static_cast<char>(static_cast<unsigned char>(other[at]) ^ (1U << bit));
      EXPECT_FALSE(read_venue(other)) << at << " " << bit;
      if (at >= unsigned_text.size()) continue;
      // Nobody has signed yet: another venue, in its one form, or none.
      const std::string draft = other.substr(0, unsigned_text.size());
      const auto read = read_venue(draft);
      if (!read) continue;
      EXPECT_EQ(encode(*read), draft);
      EXPECT_NE(id_of(*read), id_of(venue));
    }
  }
}

TEST_F(VenueTest, WrongLinesAreNamed) {
  const auto relays = make_relays(2, x_rng);
  Venue venue = make_venue(relays);
  sign_all(venue, relays);
  const std::string text = encode(venue);
  const std::string signatures = text.substr(text.find("signature 1"));
  const std::string second = text.substr(text.find("signature 2"));
  const std::string body = text.substr(0, text.find("signature 1"));
  const std::vector<std::pair<std::string, std::string>> table{
      {"", "line 1 of the venue file must be \"stillwire ...\" and end with a line feed"},
      {replaced(text, "venue 1", "venue 2"), "line 1 of the venue file must be \"stillwire venue 1\""},
      {replaced(text, "epoch-rounds", "epoch-round"),
       "line 3 of the venue file must be \"epoch-rounds ...\" and end with a line feed"},
      {replaced(text, "slots 1", "slots 01"), "line 6 of the venue file must have a whole number for slots"},
      {replaced(text, "slots 1", "slots 4294967297"), "line 6 of the venue file must have a whole number for slots"},
      {replaced(text, "cell 512", "cell 1024"), "line 5 of the venue file must be \"cell 512\""},
      {replaced(text, "suite 1", "suite 3"), "line 7 of the venue file must be suite 1 or suite 2"},
      {replaced(text, "noise standard", "noise loud"),
       "line 8 of the venue file must be noise small, standard, besieged or none"},
      {replaced(text, "relay 2", "relay 3"), "line 16 of the venue file must be \"relay 2\""},
      {replaced(text, "operator Institute 1", "operator  Institute 1"),
       "line 11 of the venue file has no good text for operator"},
      {replaced(text, "at 192.0.2.1:7150", "at 192.0.2.1:0"),
       "line 15 of the venue file must have a numeric address and a port, as 192.0.2.1:7144, in its one form"},
      {replaced(text, "at 192.0.2.1:7150", "at 0.0.0.0:7150"),
       "line 15 of the venue file has an address that nothing can be sent to"},
      {text + "stations 7\n", "line 24 of the venue file does not belong there"},
      {body + second + signatures,
       "line 23 of the venue file must be the signature of a relay of this venue, each once and in the chain's order"},
      {body + replaced(second, "signature 2", "signature 3"),
       "line 22 of the venue file must be the signature of a relay of this venue, each once and in the chain's order"},
      {replaced(text, "signature 1 ", "signature 1 A"),
       "line 22 of the venue file must have 64 bytes in base64url for signature"},
      {replaced(text, "stations 200", "stations 201"),
       "signature 1 is not that relay's over this venue file: the file was changed after it was signed"},
      {replaced(body, "stations 200", "stations 1"), "the venue file: stations must be from 2 to 1000000 here"},
  };
  for (const auto& [wrong, sentence] : table) {
    const auto read = read_venue(wrong);
    ASSERT_FALSE(read) << sentence;
    EXPECT_EQ(read.error().what, sentence);
  }
}

TEST_F(VenueTest, EveryNumberHasItsBoundsAndIsNamed) {
  const auto relays = make_relays(3, x_rng);
  const auto sentence = [&](const std::function<void(Venue&)>& how) {
    Venue venue = make_venue(relays);
    how(venue);
    const auto checked = check_venue(venue);
    return checked ? std::string() : checked.error().what;
  };
  const std::vector<std::pair<std::function<void(Venue&)>, std::string>> table{
      {[](Venue&) {}, ""},
      {[](Venue& v) { v.round_ms = 49; }, "round-ms must be from 50 to 600000 here"},
      {[](Venue& v) { v.round_ms = 600'001; }, "round-ms must be from 50 to 600000 here"},
      {[](Venue& v) { v.epoch_rounds = 39; }, "epoch-rounds must be from 40 to 86400 here"},
      {[](Venue& v) { v.epoch_rounds = 86'401; }, "epoch-rounds must be from 40 to 86400 here"},
      {[](Venue& v) { v.lead_rounds = wire::kVenueLeadRoundsLeast - 1; },
       "lead-rounds must be from " + std::to_string(wire::kVenueLeadRoundsLeast) + " to 1800 here"},
      {[](Venue& v) { v.lead_rounds = 1'801; },
       "lead-rounds must be from " + std::to_string(wire::kVenueLeadRoundsLeast) + " to 1800 here"},
      {[](Venue& v) { v.slots = 0; }, "slots must be from 1 to 16 here"},
      {[](Venue& v) { v.slots = 17; }, "slots must be from 1 to 16 here"},
      {[](Venue& v) { v.stations = 1; }, "stations must be from 2 to 1000000 here"},
      {[](Venue& v) { v.slots = 16, v.stations = 62'501; }, "stations must be from 2 to 62500 here"},
      // (circuits + 1,676) onions of 2,304 bytes in four bytes' worth.
      {[](Venue& v) { v.suite = Suite::x25519_mlkem768, v.stations = 931'230; },
       "stations must be at most 931229 here: relays hand each other a set-up in one message"},
      {[](Venue& v) { v.suite = Suite::x25519_mlkem768, v.stations = 931'229; }, ""},
      {[](Venue& v) { v.noise = Noise::none; },
       "noise none is for a venue with a single relay: choose small, standard or besieged"},
      {[](Venue& v) { v.relays.resize(1); }, "a single relay adds no cover circuits: its venue has noise none"},
      {[](Venue& v) { v.relays.clear(); }, "a venue has one to three relays"},
      {[](Venue& v) { v.relays.push_back(v.relays[0]); }, "a venue has one to three relays"},
      {[](Venue& v) { v.relays[2].id = v.relays[0].id; },
       "relays 1 and 3 have one id: each relay of a venue must be a host of its own"},
      {[](Venue& v) { v.relays[1].link = v.relays[0].link; },
       "relays 1 and 2 have one link key: each relay of a venue must be a host of its own"},
      {[](Venue& v) { v.relays[2].at = v.relays[1].at; },
       "relays 2 and 3 have one address: each relay of a venue must be a host of its own"},
  };
  for (const auto& [how, expected] : table) EXPECT_EQ(sentence(how), expected);
}

TEST_F(VenueTest, OnlyTheRelaysOwnSignatureIsTaken) {
  const auto relays = make_relays(2, x_rng);
  Venue venue = make_venue(relays);
  const auto first = sign_venue(venue, relays[0].id.secret);
  EXPECT_EQ(add_signature(venue, 1, first).error().code, Errc::forged);
  EXPECT_FALSE(venue.signatures[1]);
  EXPECT_TRUE(add_signature(venue, 0, first));
  EXPECT_FALSE(complete(venue));
  Venue other = venue;
  other.stations = 100;
  EXPECT_FALSE(add_signature(other, 0, first));
  EXPECT_EQ(place_of(venue, relays[1].card.id), std::optional<std::size_t>(1));
  EXPECT_FALSE(place_of(venue, make_relays(1, x_rng)[0].card.id));
}

TEST_F(VenueTest, ItsDescriptorsAreHeldAgainstIt) {
  for (const Suite suite : {Suite::x25519, Suite::x25519_mlkem768}) {
    const auto relays = make_relays(3, x_rng);
    Venue venue = make_venue(relays);
    venue.suite = suite;
    Descriptor d{id_of(venue), {5}, {1'790'000'000'000}, 1'000, 1'800, 60, 512, 1, suite, 8, terms_of(venue.noise), {}};
    for (const RelayOfTest& relay : relays) {
      const Bytes kem(suite == Suite::x25519 ? 0 : crypto::kKemPublicBytes, 7);
      d.relays.push_back({relay.card.id, crypto::KeyPair::generate(x_rng).public_key, kem});
    }
    const auto verdict = [&] {
      const Bytes body = encode(d);
      EXPECT_EQ(body.size(), descriptor_bytes(suite, 3));
      std::vector<crypto::Signature> signatures;
      for (const RelayOfTest& relay : relays) signatures.push_back(sign_descriptor(relay.id.secret, body));
      return accept_descriptor(body, signatures, rules_of(venue)).has_value();
    };
    EXPECT_TRUE(verdict());
    d.noise = terms_of(Noise::small);
    EXPECT_FALSE(verdict());
    d.noise = terms_of(Noise::besieged);
    EXPECT_TRUE(verdict());
    d.round_ms = 500;
    EXPECT_FALSE(verdict());
  }
}

/// The number that a refusal offers for a key; 0 where it offers none.
std::uint32_t offered(const std::string& sentence, const std::string& key) {
  const std::size_t from = sentence.find(": ");
  const std::size_t at = sentence.find(key + " ", from == std::string::npos ? 0 : from);
  return at == std::string::npos ? 0 : static_cast<std::uint32_t>(std::stoul(sentence.substr(at + key.size() + 1)));
}

TEST_F(VenueTest, WhatTheControlLaneCannotCarrySaysWhatWould) {
  const auto relays = make_relays(3, x_rng);
  const Venue usual = make_venue(relays);
  EXPECT_TRUE(check_lane(usual));
  EXPECT_EQ(receipt_form(usual), ReceiptForm::tags);
  std::size_t offers = 0;
  for (const Noise noise : {Noise::small, Noise::standard, Noise::besieged}) {
    for (const std::uint32_t rounds : {40U, 300U, 1'800U, 20'000U}) {
      for (const std::uint32_t stations : {2U, 200U, 5'000U, 60'000U}) {
        for (const std::uint32_t slots : {1U, 4U, 16U}) {
          for (const Suite suite : {Suite::x25519, Suite::x25519_mlkem768}) {
            Venue venue = usual;
            venue.noise = noise;
            venue.epoch_rounds = rounds;
            venue.lead_rounds = 20;
            venue.stations = stations;
            venue.slots = slots;
            venue.suite = suite;
            // 1,920,000 onions of 2,304 bytes are more than one message between relays.
            const bool hands_over = suite == Suite::x25519 || stations * slots < 960'000;
            ASSERT_EQ(check_venue(venue).has_value(), hands_over);
            if (!hands_over) continue;
            const auto good = check_lane(venue);
            EXPECT_EQ(good.has_value(), lane_load(venue).fits());
            if (good) continue;
            EXPECT_EQ(good.error().code, Errc::refused);
            const std::string& said = good.error().what;
            const auto works = [&](const std::string& key, std::uint32_t Venue::* number) {
              const std::uint32_t value = offered(said, key);
              if (value == 0) return;
              ++offers;
              Venue changed = venue;
              changed.*number = value;
              EXPECT_TRUE(check_venue(changed) && check_lane(changed)) << said;
            };
            works("epoch-rounds", &Venue::epoch_rounds);
            works("stations", &Venue::stations);
            works("slots", &Venue::slots);
            for (const Noise less : {Noise::small, Noise::standard}) {
              if (said.find("noise " + std::string(word_of(less)) + " would do") == std::string::npos) continue;
              Venue changed = venue;
              changed.noise = less;
              EXPECT_TRUE(less < noise && check_lane(changed)) << said;
              ++offers;
            }
          }
        }
      }
    }
  }
  EXPECT_GT(offers, 50U);
}

TEST_F(VenueTest, NoObjectOfTheLaneIsAboveItsLimit) {
  // A million rounds carry everything, but a receipt is one object.
  Venue venue = make_venue(make_relays(1, x_rng));
  venue.round_ms = 50;
  venue.epoch_rounds = 1'000'000;
  venue.stations = 8'000;
  EXPECT_EQ(receipt_form(venue), ReceiptForm::tags);
  EXPECT_TRUE(check_lane(venue));
  venue.stations = 10'000;
  EXPECT_EQ(receipt_form(venue), ReceiptForm::set);
  EXPECT_TRUE(check_lane(venue));
  venue.stations = 40'000;
  ASSERT_FALSE(check_lane(venue));
  const std::string said = check_lane(venue).error().what;
  EXPECT_TRUE(said.starts_with("the last relay's receipt has 220113 bytes, and the control lane takes 131072 at once"))
      << said;
  EXPECT_EQ(offered(said, "epoch-rounds"), 0U);
  venue.stations = 2;
  venue.slots = 16;
  venue.suite = Suite::x25519_mlkem768;
  EXPECT_TRUE(check_lane(venue));
  venue = make_venue(make_relays(3, x_rng));
  venue.epoch_rounds = 80'000;
  venue.stations = 2;
  venue.slots = 16;
  venue.suite = Suite::x25519_mlkem768;
  EXPECT_TRUE(check_lane(venue));  // the largest set-up that there is
  venue.suite = Suite::x25519;
  venue.slots = 1;
  venue.noise = Noise::besieged;
  EXPECT_TRUE(check_lane(venue));
}

TEST_F(VenueTest, TheLaneIsReckonedInFrames) {
  const auto relays = make_relays(2, x_rng);
  Venue venue = make_venue(relays);
  venue.noise = Noise::small;
  venue.stations = 100;
  // Four of 69 + 2 x 64 bytes with 2 signatures of 64; tags of 200 and of 764 onions, 113 bytes around each list.
  const auto frames = [](std::size_t bytes) { return (bytes + 109) / 110; };
  EXPECT_EQ(lane_load(venue).down, 4 * frames(69 + 2 * 64 + 2 * 64) + frames(113 + 8 * 200) + frames(113 + 8 * 764));
  EXPECT_EQ(lane_load(venue).up, 4 * frames(8 + 2 * (32 + 48 * 2)));
  EXPECT_EQ(lane_load(venue).room, 1'710U);
  venue.epoch_rounds = 110;  // 60 % of 12,100 bytes are 7,260: too little for 7,938 of tags
  venue.lead_rounds = 20;
  EXPECT_EQ(receipt_form(venue), ReceiptForm::set);
  venue.epoch_rounds = 121;
  EXPECT_EQ(receipt_form(venue), ReceiptForm::tags);
}

TEST_F(VenueTest, ThePlainWordsSayWhatCounts) {
  const auto all = [](const Venue& venue) {
    std::string out;
    for (const std::string& row : describe(venue)) out += row + "\n";
    return out;
  };
  const auto relays = make_relays(3, x_rng);
  Venue venue = make_venue(relays);
  std::string said = all(venue);
  for (const char* part :
       {"Institute 1 (Land 1), 192.0.2.1:7150, NOT SIGNED YET", "2 cells of 512 bytes every 1 s", "every 30 min",
        "as long as at least one of them is honest", "of two stations everybody", "suite 1", "1676 cover circuits"}) {
    EXPECT_NE(said.find(part), std::string::npos) << part << "\n" << said;
  }
  EXPECT_EQ(said.find("CAUTION"), std::string::npos);
  sign_all(venue, relays);
  EXPECT_EQ(all(venue).find("NOT SIGNED"), std::string::npos);
  venue.relays[2].jurisdiction = venue.relays[0].jurisdiction;
  venue.relays[1].host = venue.relays[0].host;
  said = all(venue);
  EXPECT_NE(said.find("CAUTION: relays 1 and 3 are under one jurisdiction"), std::string::npos);
  EXPECT_NE(said.find("CAUTION: relays 1 and 2 have one operator"), std::string::npos);
  const std::string alone = all(make_venue(make_relays(1, x_rng)));
  EXPECT_NE(alone.find("NOT from the operator of its one relay: it sees who is paired with whom"), std::string::npos);
  EXPECT_EQ(alone.find("honest"), std::string::npos);
}

TEST_F(VenueTest, AnInvitationIsOneRelaysForOneVenue) {
  const InviteSecret secret = InviteSecret::random(x_rng);
  const InviteSecret other = InviteSecret::random(x_rng);
  const VenueId venue{x_rng.array<16>()};
  for (const std::uint32_t serial : {0U, 1U, 77U, 0xFFFFFFFFU}) {
    const InviteToken token = make_invitation(secret, venue, serial);
    EXPECT_EQ(check_invitation(secret, venue, token), std::optional(serial));
    EXPECT_FALSE(check_invitation(other, venue, token));
    EXPECT_FALSE(check_invitation(secret, VenueId{x_rng.array<16>()}, token));
    for (std::size_t bit = 0; bit < 256; ++bit) {
      InviteToken changed = token;
      changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
      EXPECT_FALSE(check_invitation(secret, venue, changed)) << bit;
    }
    const std::string text = to_text(token);
    EXPECT_EQ(invitation_from_text(text).value(), token);
    for (std::size_t at = 0; at < text.size(); ++at) EXPECT_FALSE(invitation_from_text(text.substr(0, at)));
    EXPECT_FALSE(invitation_from_text(text + "A"));
    EXPECT_FALSE(invitation_from_text(text + "\n"));
  }
}

}  // namespace
}  // namespace sw::mix
