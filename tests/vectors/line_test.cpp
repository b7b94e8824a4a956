// needs: line
// Pairing, keys and the session's derivations against line.json, which an independent script made from the protocol.
#include <gtest/gtest.h>

#include "crypto/aead.hpp"
#include "crypto/mix.hpp"
#include "line/pairing/offer.hpp"
#include "line/venue_word.hpp"
#include "vectors/vector_file.hpp"

namespace sw::line {
namespace {

using crypto::Access;
using crypto::kdf;
using crypto::le;
using vectors::array;
using vectors::bytes;
using vectors::hex;
using vectors::secret;
using Key = crypto::Secret<struct VectorKeyRole, 32>;
using Joined = crypto::Secret<struct VectorJoinedRole, 64>;

const nlohmann::json& file() {
  static const nlohmann::json json = vectors::load("line.json");
  return json;
}
const nlohmann::json& pairing() {
  return file().at("pairing");
}
const nlohmann::json& session() {
  return file().at("session");
}

/// Gives the station of the vectors its keys: S_line, then the half.
class ScriptedRng final : public Rng {
 public:
  explicit ScriptedRng(Bytes bytes) : x_bytes(std::move(bytes)) {}
  void fill(MutableBytes out) override {
    ASSERT_LE(out.size(), x_bytes.size());
    std::copy_n(x_bytes.begin(), out.size(), out.begin());
    x_bytes.erase(x_bytes.begin(), x_bytes.begin() + static_cast<std::ptrdiff_t>(out.size()));
  }

 private:
  Bytes x_bytes;
};

UtcMs day_start(const nlohmann::json& day) {
  return {day.get<std::int64_t>() * 86'400'000};
}

Offer make_offer(const nlohmann::json& party) {
  OfferTerms terms{array<32>(party.at("L_carrier")), {}, {}, pairing().at("round_ms"), party.at("caps")};
  for (const auto& at : party.at("at")) terms.at.push_back({array<16>(at.at("ip")), at.at("port")});
  ScriptedRng rng(from_hex(party.at("secret").get<std::string>() + party.at("half").get<std::string>()));
  auto offer = Offer::make(terms, rng, day_start(party.at("made_day")));
  EXPECT_TRUE(offer.has_value());
  return std::move(*offer);
}

LineKeys confirmed(std::size_t own) {
  const auto& parties = pairing().at("parties");
  const UtcMs now = day_start(pairing().at("first_day"));
  Offer offer = make_offer(parties.at(own));
  EXPECT_TRUE(offer.accept(parties.at(1 - own).at("text").get<std::string>(), now, {}).has_value());
  EXPECT_EQ(offer.check().value(), pairing().at("check").get<CheckNumber>());
  auto keys = std::move(offer).confirm(now);
  EXPECT_TRUE(keys.has_value());
  return std::move(*keys);
}

TEST(LineVectors, Cards) {
  for (const auto& party : pairing().at("parties")) {
    const Offer offer = make_offer(party);
    EXPECT_EQ(hex(encode(offer.card()).view()), party.at("card"));
    EXPECT_EQ(nlohmann::json(as_text(to_text(offer.card()).view())), party.at("text"));
    const auto card = decode_card(bytes(party.at("card")));
    ASSERT_TRUE(card.has_value()) << card.error().what;
    EXPECT_EQ(hex(card->line_key), party.at("S_line"));
    EXPECT_EQ(hex(card->carrier_key), party.at("L_carrier"));
    EXPECT_EQ(hex(card->half), party.at("half"));
    EXPECT_EQ(card->at.size(), party.at("at").size());
  }
}

TEST(LineVectors, RootOfTheLine) {
  const auto& parties = pairing().at("parties");
  const auto ps =
      crypto::hash_to<Key>(secret<CardHalf>(parties[0].at("half")), secret<CardHalf>(parties[1].at("half")));
  EXPECT_EQ(hex(ps), pairing().at("PS"));
  const auto lr = kdf<Key>(ps, "line", {bytes(parties[0].at("S_line")), bytes(parties[1].at("S_line"))});
  EXPECT_EQ(hex(lr), pairing().at("LR"));
  EXPECT_EQ(hex(kdf<Key>(lr, "psk0")), pairing().at("psk_0"));
}

TEST(LineVectors, VenueChange) {
  const auto& change = file().at("venue_change");
  const VenueId venue{array<16>(change.at("venue"))};
  const auto lower = secret<VenueHalf>(change.at("halves")[0]);
  const auto psk = agreed_psk(lower, secret<VenueHalf>(change.at("halves")[1]), venue);
  EXPECT_EQ(hex(psk), change.at("psk"));
  EXPECT_EQ(hex(psk_id(psk)), change.at("psk_id"));
  EXPECT_EQ(hex(half_id(lower, venue)), change.at("half_id"));
  for (const auto& [name, word] : change.at("words").items()) {
    const auto read = read_venue_word(bytes(word));
    ASSERT_TRUE(read.has_value()) << name;
    EXPECT_EQ(hex(encode(*read).view()), word) << name;
  }
  const auto settled = read_venue_word(bytes(change.at("words").at("settled")));
  const auto& want = std::get<WantWord>(*settled);
  EXPECT_EQ(hex(want.half), change.at("halves")[0]);
  EXPECT_EQ(want.newest, Epoch{1234});
  EXPECT_EQ(want.from, Epoch{1240});
  EXPECT_EQ(hex(want.psk), change.at("psk_id"));
  EXPECT_EQ(std::get<LeaveWord>(*read_venue_word(bytes(change.at("words").at("leave")))).until, Epoch{1277});
}

TEST(LineVectors, ConfirmedKeysOfBothRoles) {
  for (const std::size_t own : {0U, 1U}) {
    const LineKeys keys = confirmed(own);
    EXPECT_EQ(keys.role(), own == 0 ? crypto::Role::initiator : crypto::Role::responder);
    EXPECT_EQ(keys.caps, pairing().at("caps"));
    EXPECT_EQ(hex(keys.venues.front().psk.newest), pairing().at("psk_venue"));
    EXPECT_EQ(hex(psk_id(keys.venues.front().psk.newest)), pairing().at("psk_id"));
    EXPECT_EQ(keys.kid.day(), pairing().at("first_day"));
    EXPECT_EQ(hex(keys.venue().id.bytes), pairing().at("venue"));
    EXPECT_EQ(keys.venue().rounds, pairing().at("rounds"));
    const std::uint32_t first = pairing().at("first_day");
    for (const auto& [day, key] : pairing().at("days").at("Kid").items()) {
      EXPECT_EQ(hex(keys.kid.derive(first + static_cast<std::uint32_t>(std::stoul(day))).value()), key);
    }
    for (const auto& [day, key] : pairing().at("days").at("Khs").items()) {
      EXPECT_EQ(hex(keys.khs.derive(first + static_cast<std::uint32_t>(std::stoul(day))).value()), key);
    }
    for (const auto& [epoch, hash] : pairing().at("H").items()) {
      EXPECT_EQ(hex(epoch_hash(keys.venue(), Epoch{std::stoull(epoch)})), hash);
    }
  }
}

std::pair<Bytes, Bytes> handshake(const LineKeys& initiator, const LineKeys& responder) {
  const Bytes prologue = bytes(session().at("prologue"));
  crypto::Handshake one({crypto::Pattern::KKpsk0, initiator.role(), prologue, &initiator.own, initiator.peer,
                         &initiator.venues.front().psk.newest});
  crypto::Handshake two({crypto::Pattern::KKpsk0, responder.role(), prologue, &responder.own, responder.peer,
                         &responder.venues.front().psk.newest});
  ScriptedRng e_i(bytes(session().at("e_initiator")));
  ScriptedRng e_r(bytes(session().at("e_responder")));
  const Bytes message_1 = one.write({}, e_i).value();
  EXPECT_TRUE(two.read(message_1).has_value());
  const Bytes message_2 = two.write({}, e_r).value();
  EXPECT_TRUE(one.read(message_2).has_value());
  for (crypto::Handshake* end : {&one, &two}) {
    const crypto::Split split = end->split();
    EXPECT_EQ(hex(split.initiator_to_responder), session().at("split_1"));
    EXPECT_EQ(hex(split.responder_to_initiator), session().at("split_2"));
    EXPECT_EQ(hex(split.hash), session().at("handshake_hash"));
  }
  return {message_1, message_2};
}

TEST(LineVectors, Handshake) {
  const LineKeys lower = confirmed(0);
  Bytes prologue = to_bytes(as_bytes("sw1"));
  const auto venue = lower.venue().id.bytes;
  prologue.insert(prologue.end(), venue.begin(), venue.end());
  prologue.push_back(lower.caps);
  EXPECT_EQ(hex(prologue), session().at("prologue"));
  const auto [message_1, message_2] = handshake(lower, confirmed(1));
  EXPECT_EQ(hex(message_1), session().at("message_1"));
  EXPECT_EQ(hex(message_2), session().at("message_2"));
}

ByteArray<12> start(const nlohmann::json& where) {
  ByteArray<12> out{};
  const auto epoch = le(where.at(0).get<std::uint64_t>());
  const auto round = le(where.at(1).get<std::uint32_t>());
  std::copy(epoch.begin(), epoch.end(), out.begin());
  std::copy(round.begin(), round.end(), out.begin() + 8);
  return out;
}

TEST(LineVectors, RootOfTheSession) {
  const auto split = crypto::join<Joined>(secret<Key>(session().at("split_1")), secret<Key>(session().at("split_2")));
  const Bytes hash = bytes(session().at("handshake_hash"));
  const auto root = kdf<Key>(split, "root", {hash});
  EXPECT_EQ(hex(root), session().at("RK"));
  EXPECT_EQ(hex(kdf<Key>(root, "dir-i", {start(session().at("start_i"))})), session().at("CK_i"));
  EXPECT_EQ(hex(kdf<Key>(root, "dir-r", {start(session().at("start_r"))})), session().at("CK_r"));
  EXPECT_EQ(hex(kdf<Key>(root, "ratchet")), session().at("RS"));
  EXPECT_EQ(check_groups(crypto::kdf_public<30>(root, "sas", {hash})), session().at("sas").get<CheckNumber>());
}

TEST(LineVectors, Chains) {
  const VenueTerms venue = confirmed(0).venue();
  for (const char* name : {"i", "r"}) {
    Key direction = secret<Key>(session().at(std::string("CK_") + name));
    for (const auto& epoch : session().at("chains").at(name)) {
      EXPECT_EQ(hex(direction), epoch.at("CK"));
      const auto hash = epoch_hash(venue, Epoch{epoch.at("epoch")});
      for (std::uint8_t path = 0; path < kPaths; ++path) {
        Key ck = kdf<Key>(direction, "path", {hash, le(path)});
        for (const auto& round : epoch.at("paths").at(path)) {
          EXPECT_EQ(hex(ck), round.at("ck"));
          EXPECT_EQ(hex(kdf<Key>(ck, "key")), round.at("mk"));
          ck = kdf<Key>(ck, "next");
        }
      }
      direction = kdf<Key>(direction, "epoch");
    }
  }
}

TEST(LineVectors, Cell) {
  const auto& row = session().at("cell");
  const Bytes plain = bytes(row.at("plain"));
  ASSERT_EQ(plain.size(), wire::kCellPlainBytes);
  Bytes sealed(wire::kCellBytes);
  crypto::seal(secret<Key>(row.at("mk")), crypto::CounterNonce{0}, {}, plain, sealed);
  EXPECT_EQ(hex(sealed), row.at("sealed"));
}

TEST(LineVectors, HandshakeCells) {
  const LineKeys keys = confirmed(0);
  const Khs khs = keys.khs.derive(session().at("Khs_day")).value();
  EXPECT_EQ(*Calendar(VenueKind::direct).day(Epoch{session().at("start_i").at(0)}), session().at("Khs_day"));
  for (const auto& row : session().at("handshake_cells")) {
    const auto dir = kdf<Key>(khs, "dir", {le(row.at("role").get<std::uint8_t>())});
    EXPECT_EQ(hex(dir), row.at("dir_key"));
    const Bytes cell = bytes(row.at("cell"));
    ASSERT_EQ(cell.size(), wire::kCellBytes);
    EXPECT_EQ(hex(ByteView(cell).first(24)), row.at("nonce"));
    Bytes plain(wire::kHandshakeCellPlainBytes);
    ASSERT_TRUE(crypto::open(dir, array<24>(row.at("nonce")), {}, ByteView(cell).subspan(24), plain));
    const Bytes noise = bytes(row.at("noise"));
    Bytes expected{row.at("type").get<std::uint8_t>()};
    const auto add = [&expected](ByteView more) { expected.insert(expected.end(), more.begin(), more.end()); };
    add(bytes(row.at("psk_id")));
    add(start(row.at("where")));
    add(le(static_cast<std::uint16_t>(noise.size())));
    add(noise);
    expected.resize(wire::kHandshakeCellPlainBytes);
    EXPECT_EQ(plain, expected);
  }
  EXPECT_EQ(hex(kdf<Key>(khs, "psk-lost", {keys.venue().id.bytes})), session().at("psk_lost"));
  EXPECT_EQ(hex(kdf<Key>(secret<Key>(session().at("RS")), "psk-venue", {keys.venue().id.bytes})),
            session().at("psk_after_continuity"));
}

TEST(LineVectors, RatchetSteps) {
  for (const auto& row : session().at("ratchet")) {
    SCOPED_TRACE(row.at("name").get<std::string>());
    const Bytes offer = bytes(row.at("offer"));
    const Bytes accept = bytes(row.at("accept"));
    PublicKey their{};
    std::copy_n(accept.begin() + 12, 32, their.begin());
    const auto shared = crypto::dh(secret<crypto::PrivateKey>(row.at("eA_secret")), their);
    ASSERT_TRUE(shared.has_value());
    EXPECT_EQ(hex(*shared), row.at("dh"));
    const auto both = crypto::digest<32>({offer, accept});
    const auto root =
        crypto::kdf_mixed<Key>(secret<Key>(session().at("RS")), "step", *shared, secret<Key>(row.at("kem_ss")), both);
    EXPECT_EQ(hex(root), row.at("RK"));
    EXPECT_EQ(hex(kdf<Key>(root, "dir-i", {start(row.at("start_i"))})), row.at("CK_i"));
    EXPECT_EQ(hex(kdf<Key>(root, "dir-r", {start(row.at("start_r"))})), row.at("CK_r"));
    EXPECT_EQ(hex(kdf<Key>(root, "ratchet")), row.at("RS"));
    EXPECT_EQ(hex(crypto::kdf_mixed<Psk>(secret<Psk>(pairing().at("psk_venue")), "psk-next", root)),
              row.at("psk_next"));
  }
}

}  // namespace
}  // namespace sw::line
