#pragma once
// What a station says to the other of one venue: the words of a VENUE frame. Protocol 4.5. A word tells where its
// sender stands, whole, so that it may be repeated, and the newest one is all that counts.
#include <variant>

#include "line/keys.hpp"

namespace sw::line {

using VenueHalfId = ByteArray<8>;
/// KDF(half, "half-id", venue, 8): names a half without telling it.
[[nodiscard]] VenueHalfId half_id(const VenueHalf& half, const VenueId& venue);
/// psk = KDF(BLAKE2b-256(half_lower | half_higher), "psk-venue", venue, 32); `lower` is of the lower S_line.
[[nodiscard]] Psk agreed_psk(const VenueHalf& lower, const VenueHalf& higher, const VenueId& venue);

/// "We want the line in this venue."
struct WantWord {
  VenueHalf half;
  Epoch newest{};  ///< that the sender knows of the venue; zero: none
  Epoch from{};    ///< of the initiator, when both want it: the first epoch of the line there; else zero
  PskId psk{};     ///< beside `from`: of the psk that both halves give
};
/// "The half that is named is void": declined, or withdrawn.
struct VoidWord {
  VenueHalfId half{};
};
/// "The line is in this venue here, from that epoch on"; zero: since the pairing.
struct InWord {
  Epoch from{};
};
/// "The line is not in it here, from that epoch on"; zero: at no time.
struct LeaveWord {
  Epoch until{};
};
using VenueWord = std::variant<WantWord, VoidWord, InWord, LeaveWord>;

/// 1 to wire::kVenueWordLimit bytes.
[[nodiscard]] crypto::SecretBytes encode(const VenueWord& word);
/// Nothing for what encode() does not write.
[[nodiscard]] std::optional<VenueWord> read_venue_word(ByteView bytes);

}  // namespace sw::line
