#pragma once
// One line's pairing before confirm (protocol 4.1): our card is out, theirs may have come. Nothing of it is sent on the
// wire. The halves live only here: confirm consumes the offer, and dropping the offer is the cancel that voids the
// card.
#include <optional>
#include <span>

#include "base/time.hpp"
#include "line/keys.hpp"

namespace sw::line {

struct OfferTerms {
  PublicKey carrier{};               ///< own L_carrier
  std::vector<wire::Endpoint> at;    ///< where the own carrier can be reached; none: no direct venue
  std::vector<OfferedVenue> venues;  ///< with `at` 1 to 4
  std::uint32_t round_ms = 1000;
  std::uint8_t caps{};  ///< kCapMlKem where this machine has it
};

class Offer {
 public:
  /// A fresh S_line and half. Errc::usage for addresses or a round length that no card can carry.
  [[nodiscard]] static Result<Offer> make(const OfferTerms& terms, Rng& rng, UtcMs now);

  [[nodiscard]] const Card& card() const { return x_card; }
  [[nodiscard]] const std::vector<OfferedVenue>& venues() const { return x_venues; }
  [[nodiscard]] UtcMs made() const { return x_made; }
  [[nodiscard]] bool accepted() const { return x_peer.has_value(); }
  /// 7 days after either card was made the pairing is void; the owner drops the offer then.
  [[nodiscard]] bool expired(UtcMs now) const;

  /// Takes the other side's card. `used` has the peer's S_line of every line of this station, and of its other offers.
  /// Every refusal of protocol 4.1 has its own sentence; each leaves the offer as it was. The same card again is fine.
  [[nodiscard]] Result<void> accept(std::string_view card_text, UtcMs now, std::span<const PublicKey> used);
  /// The accepted card; null before.
  [[nodiscard]] const Card* peer_card() const { return x_peer ? &*x_peer : nullptr; }
  /// The accepted card's S_line, for the `used` of other offers.
  [[nodiscard]] std::optional<PublicKey> peer() const;
  /// What both cards have; nothing before one was accepted.
  [[nodiscard]] std::uint8_t caps() const { return x_peer ? x_card.caps & x_peer->caps : 0; }
  /// Errc::conflict before a card was accepted.
  [[nodiscard]] Result<CheckNumber> check() const;
  /// The people compared the check number. On success the offer's secrets are wiped and it is over; on an error
  /// (Errc::conflict without a card, Errc::refused when expired) it is as it was.
  [[nodiscard]] Result<LineKeys> confirm(UtcMs now) &&;

  [[nodiscard]] crypto::SecretBytes save() const;
  [[nodiscard]] static Result<Offer> load(ByteView saved);

 private:
  Offer(crypto::KeyPair&& own, Card&& card, std::vector<OfferedVenue> venues, UtcMs made)
      : x_own(std::move(own)), x_card(std::move(card)), x_venues(std::move(venues)), x_made(made) {}
  [[nodiscard]] Result<void> check_card(const Card& peer, UtcMs now, std::span<const PublicKey> used) const;

  crypto::KeyPair x_own;
  Card x_card;
  std::vector<OfferedVenue> x_venues;  ///< in the order of the card's
  UtcMs x_made;
  std::optional<Card> x_peer;
};

}  // namespace sw::line
