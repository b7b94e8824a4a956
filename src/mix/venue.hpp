#pragma once
// A venue file: which relays carry it, in which order, and the constants that every epoch of it keeps. It stands once
// every relay has signed it; nothing in it ever changes. Protocol 8.6.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mix/descriptor.hpp"
#include "mix/relay_card.hpp"

namespace sw::mix {

/// The rows of protocol 8.5; none only with one relay, which adds no cover.
enum class Noise : std::uint8_t { none, small, standard, besieged };
inline constexpr std::array<std::string_view, 4> kNoiseWords{"none", "small", "standard", "besieged"};
[[nodiscard]] std::string_view word_of(Noise noise);
[[nodiscard]] std::optional<Noise> noise_named(std::string_view word);
[[nodiscard]] NoiseTerms terms_of(Noise noise);

struct Venue {
  std::uint32_t round_ms = 1'000;      ///< T
  std::uint32_t epoch_rounds = 1'800;  ///< of an epoch
  std::uint32_t lead_rounds = 60;      ///< before an epoch, when its set-up closes
  std::uint32_t slots = 1;             ///< S, of every station
  Suite suite = Suite::x25519;
  Noise noise = Noise::standard;
  std::uint32_t stations = 200;                              ///< at most so many
  std::vector<RelayCard> relays;                             ///< R1 first
  std::vector<std::optional<crypto::Signature>> signatures;  ///< as many as relays
  bool operator==(const Venue&) const = default;

  [[nodiscard]] std::size_t hops() const { return relays.size(); }
  [[nodiscard]] std::uint32_t circuits() const { return stations * 2 * slots; }
};

/// Every bound of a venue; Errc::usage with a sentence that names the number, Errc::conflict where two relays are one.
[[nodiscard]] Result<void> check_venue(const Venue& venue);

/// The file. The venue must be good.
[[nodiscard]] std::string encode(const Venue& venue);
/// Signatures that are there must be right; some or all may be missing. Errc::malformed, out_of_range, forged, and
/// those of check_venue as out_of_range.
[[nodiscard]] Result<Venue> read_venue(std::string_view text);

[[nodiscard]] VenueId id_of(const Venue& venue);
/// Where the relay with this id stands (0 = R1); nothing when it is not of this venue.
[[nodiscard]] std::optional<std::size_t> place_of(const Venue& venue, const PublicKey& id);

[[nodiscard]] crypto::Signature sign_venue(const Venue& venue, const crypto::SigningKey& relay);
/// Errc::forged when it is not that relay's over this venue.
[[nodiscard]] Result<void> add_signature(Venue& venue, std::size_t place, const crypto::Signature& signature);
/// Has every relay signed?
[[nodiscard]] bool complete(const Venue& venue);

/// What a station holds every descriptor of the venue against.
[[nodiscard]] DescriptorRules rules_of(const Venue& venue);

}  // namespace sw::mix
