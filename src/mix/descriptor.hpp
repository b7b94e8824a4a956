#pragma once
// The descriptor of one epoch of a venue: what every relay signed before anybody relied on it. Protocol 8.1.
// A relay signs one body per (venue, epoch); a station takes a descriptor whole or not at all.
#include <optional>
#include <span>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/sign.hpp"

namespace sw::mix {

/// How set-up onions are wrapped; fixed by the venue, never mixed.
enum class Suite : std::uint8_t { x25519 = 1, x25519_mlkem768 = 2 };

struct RelayKeys {
  PublicKey id{};  ///< Ed25519, lives as long as the relay
  PublicKey kx{};  ///< X25519, of this epoch only
  Bytes kem;       ///< suite 2: the ML-KEM-768 encapsulation key of this epoch; suite 1: empty
  bool operator==(const RelayKeys&) const = default;
};

/// How many cover circuits each relay but the last adds, and how their number of pairs varies (protocol 8.5).
struct NoiseTerms {
  std::uint32_t circuits{};     ///< D; a multiple of 4
  std::uint32_t sigma_milli{};  ///< scale of the discrete Gaussian, thousandths
  bool operator==(const NoiseTerms&) const = default;
};

struct Descriptor {
  VenueId venue{};
  Epoch epoch{};
  UtcMs t0{};                   ///< when round 0 departs
  std::uint32_t round_ms{};     ///< T
  std::uint32_t rounds{};       ///< of the epoch
  std::uint16_t lead_rounds{};  ///< before t0, when set-up closes
  std::uint16_t cell_bytes{};
  std::uint8_t slots{};  ///< S, of every station
  Suite suite{};
  std::uint32_t circuits{};  ///< of the stations, all together
  NoiseTerms noise;
  std::vector<RelayKeys> relays;  ///< R1 first
  bool operator==(const Descriptor&) const = default;

  [[nodiscard]] std::size_t hops() const { return relays.size(); }
};

using DescriptorHash = ByteArray<32>;

/// Bytes of a body.
[[nodiscard]] std::size_t descriptor_bytes(Suite suite, std::size_t hops);
/// The body that the relays sign. The fields must be in range.
[[nodiscard]] Bytes encode(const Descriptor& descriptor);
/// Errc::malformed for bytes that are no body, Errc::out_of_range for a field beyond its bounds.
[[nodiscard]] Result<Descriptor> decode_descriptor(ByteView body);
/// H, which every key of the epoch is bound to.
[[nodiscard]] DescriptorHash hash_of(ByteView body);

[[nodiscard]] crypto::Signature sign_descriptor(const crypto::SigningKey& relay, ByteView body);

/// What a station holds a descriptor against: the venue file's constants, and what it accepted before.
struct DescriptorRules {
  VenueId venue{};
  std::vector<PublicKey> relays;  ///< pinned ids, in the chain's order
  std::uint32_t round_ms{};
  std::uint32_t rounds{};
  std::uint16_t cell_bytes{};
  std::uint8_t slots{};
  Suite suite{};
  NoiseTerms floor;               ///< the station's own; D and sigma at or above it
  std::optional<Epoch> newest{};  ///< accepted so far
};

struct AcceptedDescriptor {
  Descriptor descriptor;
  DescriptorHash hash{};
};

/// Errors: malformed, out_of_range; forged (a signature, an unknown relay); refused (an epoch not above the newest, too
/// little noise, constants that are not the venue's).
[[nodiscard]] Result<AcceptedDescriptor> accept_descriptor(ByteView body, std::span<const crypto::Signature> signatures,
                                                           const DescriptorRules& rules);

}  // namespace sw::mix
