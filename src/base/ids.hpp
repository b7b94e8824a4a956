#pragma once
// Names of things as types, so that a round is never taken for an epoch.
#include <compare>
#include <cstdint>
#include <functional>

#include "base/bytes.hpp"

namespace sw {

struct Epoch {
  std::uint64_t value{};
  auto operator<=>(const Epoch&) const = default;
};

struct Round {
  std::uint32_t value{};
  auto operator<=>(const Round&) const = default;
};

/// A place in a venue's timetable: protocol 2.
struct RoundId {
  Epoch epoch{};
  Round round{};
  auto operator<=>(const RoundId&) const = default;
};

/// One of the two circuits of a slot; the two cells of a round.
enum class Path : std::uint8_t { first = 0, second = 1 };
inline constexpr std::size_t kPaths = 2;
[[nodiscard]] constexpr std::size_t index(Path path) {
  return static_cast<std::size_t>(path);
}

template <class Tag>
struct Id16 {
  ByteArray<16> bytes{};
  auto operator<=>(const Id16&) const = default;
  [[nodiscard]] std::string hex() const { return to_hex(bytes); }
};

using VenueId = Id16<struct VenueTag>;
using LineId = Id16<struct LineTag>;
using MessageId = Id16<struct MessageTag>;

/// Position of the station's circuits in a venue; always 0 in the direct venue.
struct Slot {
  std::uint8_t value{};
  auto operator<=>(const Slot&) const = default;
};

/// X25519 or Ed25519 public key.
using PublicKey = ByteArray<32>;

struct IdHash {
  template <class Tag>
  std::size_t operator()(const Id16<Tag>& id) const noexcept {
    std::size_t h = 0;
    for (std::size_t i = 0; i < sizeof h; ++i) h = (h << 8) | id.bytes[i];
    return h;
  }
};

}  // namespace sw
