#include "line/pairing/offer.hpp"

#include <algorithm>
#include <iterator>

#include "crypto/mix.hpp"
#include "wire/cell_port.hpp"

namespace sw::line {
namespace {

constexpr std::uint8_t kSavedVersion = 1;
constexpr std::uint32_t kCardDays = 7;
constexpr std::int64_t kCardMs = std::int64_t{kCardDays} * 86'400'000;

using PairingSecret = crypto::Secret<struct PairingSecretRole, 32>;
using LineRoot = crypto::Secret<struct LineRootRole, 32>;
using FirstPsk = crypto::Secret<struct FirstPskRole, 32>;

std::unexpected<Error> expired_offer() {
  return fail(Errc::refused, "this pairing is older than 7 days and void; cancel it and offer again");
}

bool too_old(const Card& card, UtcMs now) {
  return day_of(now) > std::uint64_t{card.made_day} + kCardDays;
}

/// PS and LR live only inside this call.
LineRoot line_root(const Card& lower, const Card& higher) {
  const auto pairing = crypto::hash_to<PairingSecret>(lower.half, higher.half);
  return crypto::kdf<LineRoot>(pairing, "line", {lower.line_key, higher.line_key});
}

LineKeys derive(crypto::KeyPair&& own, const Card& card, const std::vector<OfferedVenue>& venues, const Card& peer) {
  const bool ordered = card.line_key < peer.line_key;
  const LineRoot root = line_root(ordered ? card : peer, ordered ? peer : card);
  const auto first_psk = crypto::kdf<FirstPsk>(root, "psk0");
  const std::uint32_t day = std::max(card.made_day, peer.made_day);
  LineKeys keys{.own = std::move(own),
                .peer = peer.line_key,
                .peer_carrier = peer.carrier_key,
                .at = peer.at,
                .round_ms = card.round_ms,
                .caps = static_cast<std::uint8_t>(card.caps & peer.caps),
                .check = check_number(card, peer),
                .kid = DayKeys<Kid>(crypto::kdf<Kid>(root, "drop0"), day),
                .khs = DayKeys<Khs>(crypto::kdf<Khs>(root, "hs0"), day),
                .venues = {}};
  const auto enter = [&](const VenueTerms& terms, Slot slot) {
    keys.venues.push_back({terms, slot, {crypto::kdf<Psk>(first_psk, "psk-venue", {terms.id.bytes}), std::nullopt}});
  };
  if (!card.at.empty()) enter(direct_venue(card.line_key, peer.line_key, card.round_ms), Slot{});
  for (const OfferedVenue& venue : venues) enter(venue.terms, venue.slot);
  return keys;
}

}  // namespace

Result<Offer> Offer::make(const OfferTerms& terms, Rng& rng, UtcMs now) {
  if (!wire::valid_round_ms(terms.round_ms)) {
    return fail(Errc::usage, "the round length must divide 1,800,000 ms and be 50 to 600,000 ms");
  }
  const std::size_t ways = terms.at.size() + terms.venues.size();
  if (ways < 1 || ways > wire::kCardAddresses) {
    return fail(Errc::usage, "a card carries 1 to 4 addresses of this station's carrier, or venues of relays");
  }
  if (!std::ranges::all_of(terms.at, &wire::Endpoint::is_usable)) {
    return fail(Errc::usage, "give the address at which the other side reaches this carrier, not 0.0.0.0 or [::]");
  }
  auto own = crypto::KeyPair::generate(rng);
  std::vector<OfferedVenue> venues = terms.venues;
  const auto id_of = [](const OfferedVenue& venue) { return venue.terms.id; };
  std::ranges::sort(venues, {}, id_of);
  if (std::ranges::adjacent_find(venues, {}, id_of) != venues.end()) {
    return fail(Errc::usage, "a venue is named twice");
  }
  Card card{own.public_key,
            CardHalf::random(rng),
            terms.carrier,
            day_of(now),
            terms.round_ms,
            static_cast<std::uint16_t>(wire::kCellBytes),
            terms.caps,
            terms.at,
            {}};
  std::ranges::transform(venues, std::back_inserter(card.venues), id_of);
  return Offer(std::move(own), std::move(card), std::move(venues), now);
}

bool Offer::expired(UtcMs now) const {
  return now.value - x_made.value > kCardMs || (x_peer && too_old(*x_peer, now));
}

Result<void> Offer::check_card(const Card& peer, UtcMs now, std::span<const PublicKey> used) const {
  if (peer.line_key == x_card.line_key || peer.carrier_key == x_card.carrier_key) {
    return fail(Errc::refused, "this card was made by this station; accept the card of the other side");
  }
  if (std::ranges::find(used, peer.line_key) != used.end()) {
    return fail(Errc::refused, "this card was used for another line; ask the other side for a new one");
  }
  if (peer.round_ms != x_card.round_ms) {
    return fail(Errc::refused, "the cards have different rounds: " + std::to_string(x_card.round_ms) + " ms here, " +
                                   std::to_string(peer.round_ms) + " ms there; one side offers again");
  }
  if (peer.venues != x_card.venues || peer.at.empty() != x_card.at.empty()) {
    return fail(Errc::refused,
                "the cards name different venues; both sides offer with the same ones, and an address on "
                "both cards or on none");
  }
  if (too_old(peer, now)) {
    return fail(Errc::refused, "the card is older than 7 days; ask for a new one, or check this machine's clock");
  }
  if (peer.made_day > std::uint64_t{day_of(now)} + 1) {
    return fail(Errc::refused, "the card was made more than a day in the future; check the clocks of both machines");
  }
  return {};
}

Result<void> Offer::accept(std::string_view card_text, UtcMs now, std::span<const PublicKey> used) {
  if (expired(now)) return expired_offer();
  auto peer = card_from_text(card_text);
  if (!peer) return std::unexpected(peer.error());
  if (x_peer) {
    if (crypto::equal(encode(*x_peer).view(), encode(*peer).view())) return {};
    return fail(Errc::conflict, "another card was accepted already; cancel the pairing and offer again");
  }
  if (auto fine = check_card(*peer, now, used); !fine) return fine;
  x_peer = std::move(*peer);
  return {};
}

std::optional<PublicKey> Offer::peer() const {
  return x_peer ? std::optional(x_peer->line_key) : std::nullopt;
}

Result<CheckNumber> Offer::check() const {
  if (!x_peer) return fail(Errc::conflict, "the other side's card was not accepted yet");
  return check_number(x_card, *x_peer);
}

Result<LineKeys> Offer::confirm(UtcMs now) && {
  if (expired(now)) return expired_offer();
  if (!x_peer) return fail(Errc::conflict, "the other side's card was not accepted yet");
  LineKeys keys = derive(std::move(x_own), x_card, x_venues, *x_peer);
  const CardHalf over = std::move(x_card.half);
  x_peer.reset();
  return keys;
}

crypto::SecretBytes Offer::save() const {
  crypto::SecretWriter out;
  const auto put = [&out](const Card& card) {
    const auto bytes = encode(card);
    out.u8(static_cast<std::uint8_t>(bytes.size())).bytes(bytes.view());
  };
  static_assert(wire::kCardLimit < 256);
  out.u8(kSavedVersion).secret(x_own.secret).u64(static_cast<std::uint64_t>(x_made.value));
  put(x_card);
  for (const OfferedVenue& venue : x_venues) save_terms(venue.terms, venue.slot, out);
  if (x_peer) put(*x_peer);
  return out.take();
}

Result<Offer> Offer::load(ByteView saved) {
  crypto::SecretReader in(saved);
  if (in.u8() != kSavedVersion) return fail(Errc::unsupported, "the offer was stored by another version");
  auto own = crypto::KeyPair::from(in.secret<crypto::PrivateKey>());
  const UtcMs made{static_cast<std::int64_t>(in.u64())};
  auto card = decode_card(in.view(in.u8()));
  if (made.value < 0 || !card || card->line_key != own.public_key)
    return fail(Errc::malformed, "the stored offer does not parse");
  std::vector<OfferedVenue> venues;
  for (const VenueId& id : card->venues) {
    const auto [terms, slot] = load_terms(in);
    if (terms.id != id || !in_range(terms, slot)) return fail(Errc::malformed, "the stored offer does not parse");
    venues.push_back({terms, slot});
  }
  Offer offer(std::move(own), std::move(*card), std::move(venues), made);
  if (in.expect_end()) return offer;
  auto peer = decode_card(in.view(in.u8()));
  if (!peer || !in.expect_end()) return fail(Errc::malformed, "the stored offer does not parse");
  offer.x_peer = std::move(*peer);
  return offer;
}

}  // namespace sw::line
