#pragma once
// A venue as the two stations of a line know it: its constants, the hash that binds an epoch's keys to it, and the day
// in which an epoch begins. Protocol 2.1, 4.1.
#include <cstdint>
#include <deque>
#include <optional>

#include "base/ids.hpp"

namespace sw::line {

enum class VenueKind : std::uint8_t { direct = 0, relays = 1 };

struct VenueTerms {
  VenueId id{};
  std::uint32_t round_ms{};
  std::uint32_t rounds{};  ///< an epoch
  VenueKind kind = VenueKind::direct;
  auto operator<=>(const VenueTerms&) const = default;

  /// Rounds that an epoch may come to: relays may run one in overtime (protocol 8.7).
  [[nodiscard]] std::uint32_t most_rounds() const { return kind == VenueKind::relays ? 2 * rounds : rounds; }
};
/// A venue of relays that a line shall be in, and our slot there.
struct OfferedVenue {
  VenueTerms terms;
  Slot slot{};
};
[[nodiscard]] VenueTerms direct_venue(const PublicKey& one, const PublicKey& other, std::uint32_t round_ms);
/// H = BLAKE2b-256("sw1-direct" | ver | venue | epoch | round_ms | rounds | cell); "sw1-relays" in a relay venue, whose
/// id names its relays' keys.
[[nodiscard]] ByteArray<32> epoch_hash(const VenueTerms& venue, Epoch epoch);

/// The day (since 1970, UTC) in which an epoch begins. In the direct venue it follows from the number; relays number by
/// counting, so there the carrier announces it out of the descriptor.
class Calendar {
 public:
  explicit Calendar(VenueKind kind) : x_kind(kind) {}

  /// Relay venues: `epoch` begins on `day`. The newest 16 are kept.
  void announce(Epoch epoch, std::uint32_t day);
  /// Saturates; nothing for an epoch of relays that was not announced.
  [[nodiscard]] std::optional<std::uint32_t> day(Epoch epoch) const;

 private:
  struct Announced {
    Epoch epoch;
    std::uint32_t day;
  };
  VenueKind x_kind;
  std::deque<Announced> x_announced;
};

struct Venue {
  VenueTerms terms;
  Calendar calendar{terms.kind};
};

}  // namespace sw::line
