#pragma once
// R1 makes one epoch at a time: it asks for keys, builds the body, gathers every signature. Protocol 8.7.
#include "mix/relay/epoch_part.hpp"

namespace sw::mix::relay {

struct Making {
  enum class Haste : std::uint8_t { in_turn, emergency };

  Making(const VenueTerms& terms, Epoch number_, const Want& want_, Haste haste_, UtcMs until_)
      : number(number_), want(want_), haste(haste_), until(until_), keys(terms.hops()), signatures(terms.hops()) {}

  /// Each hop once. False: not to be used (a second one, or it is of another epoch's making).
  [[nodiscard]] bool take_keys(const OfferedKeys& offered);
  [[nodiscard]] bool take_signature(const VenueTerms& terms, const HopSignature& signature);
  [[nodiscard]] bool has_all_keys() const;
  [[nodiscard]] bool has_all_signatures() const;
  /// Nothing when what the relays gave is no body: an unusable key, or one twice.
  [[nodiscard]] std::optional<Bytes> build(const VenueTerms& terms);
  [[nodiscard]] std::vector<crypto::Signature> all_signatures() const;

  Epoch number;
  Want want;
  Haste haste;
  UtcMs until;                ///< then it is given up
  std::uint32_t renamed = 0;  ///< times that a relay had signed the number already
  Bytes body;                 ///< once built
  std::vector<std::optional<OfferedKeys>> keys;
  std::vector<std::optional<crypto::Signature>> signatures;
};

}  // namespace sw::mix::relay
