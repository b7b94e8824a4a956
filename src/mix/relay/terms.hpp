#pragma once
// What a relay holds every message of its neighbours against: the constants of the venue file. Protocol 8.6, 8.7.
#include "mix/receipt.hpp"

namespace sw::mix::relay {

struct VenueTerms {
  VenueId venue{};
  std::vector<PublicKey> relays;  ///< ids, in the chain's order; 1 to 3
  std::uint32_t round_ms{};
  std::uint32_t rounds{};  ///< of an epoch
  std::uint16_t lead_rounds{};
  std::uint8_t slots{};
  Suite suite{};
  NoiseTerms noise;
  std::uint32_t circuit_limit{};  ///< of all stations together

  [[nodiscard]] std::size_t hops() const { return relays.size(); }
  [[nodiscard]] std::int64_t span_ms() const { return std::int64_t{round_ms} * rounds; }
  /// Circuits that come to relay `hop` when the stations have `circuits`.
  [[nodiscard]] std::size_t taken(std::size_t hop, std::size_t circuits) const {
    return circuits + hop * noise.circuits;
  }
  [[nodiscard]] DescriptorRules rules() const;
};

/// The form that all receipts of an epoch have: tags while those of all relays fit 60 % of what the control lane
/// carries down in an epoch, else sets.
[[nodiscard]] ReceiptForm receipt_form(const VenueTerms& terms, std::size_t circuits);

}  // namespace sw::mix::relay
