#include "line/venue.hpp"

#include <algorithm>
#include <limits>

#include "crypto/hash.hpp"
#include "wire/sizes.hpp"

namespace sw::line {
namespace {
constexpr std::uint8_t kVersion = 1;
constexpr std::uint32_t kDayMs = 86'400'000;
constexpr std::size_t kAnnounced = 16;
}  // namespace

VenueTerms direct_venue(const PublicKey& one, const PublicKey& other, std::uint32_t round_ms) {
  const auto cell = static_cast<std::uint16_t>(wire::kCellBytes);
  const VenueId id{crypto::digest<16>({as_bytes("sw1-direct-venue"), std::min(one, other), std::max(one, other),
                                       crypto::le(round_ms), crypto::le(cell)})};
  return {id, round_ms, wire::kEpochMs / round_ms};
}

ByteArray<32> epoch_hash(const VenueTerms& venue, Epoch epoch) {
  const auto cell = static_cast<std::uint16_t>(wire::kCellBytes);
  return crypto::digest<32>({as_bytes(venue.kind == VenueKind::direct ? "sw1-direct" : "sw1-relays"),
                             crypto::le(kVersion), venue.id.bytes, crypto::le(epoch.value), crypto::le(venue.round_ms),
                             crypto::le(venue.rounds), crypto::le(cell)});
}

void Calendar::announce(Epoch epoch, std::uint32_t day) {
  if (x_kind != VenueKind::relays) return;
  std::erase_if(x_announced, [&](const Announced& each) { return each.epoch == epoch; });
  x_announced.push_back({epoch, day});
  std::ranges::sort(x_announced, {}, &Announced::epoch);
  if (x_announced.size() > kAnnounced) x_announced.pop_front();
}

std::optional<std::uint32_t> Calendar::day(Epoch epoch) const {
  if (x_kind == VenueKind::direct) {
    static_assert(kDayMs % wire::kEpochMs == 0);
    const std::uint64_t day = epoch.value / (kDayMs / wire::kEpochMs);
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(day, std::numeric_limits<std::uint32_t>::max()));
  }
  const auto at = std::ranges::find(x_announced, epoch, &Announced::epoch);
  if (at == x_announced.end()) return std::nullopt;
  return at->day;
}

}  // namespace sw::line
