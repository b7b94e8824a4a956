#pragma once
// What a station and R1 say to each other in the control lane, one object each (protocol 8.8). The receipt is in
// receipt.hpp. Whole or not at all.
//
//   descriptor  body | N signatures        set-up  epoch u64 | 2S onions
//   register    token[32]                  notice  kind u8 | epoch u64 | tag[8]
#include <span>

#include "mix/onion.hpp"
#include "wire/sizes.hpp"

namespace sw::mix {

using Token = ByteArray<wire::kTokenBytes>;

[[nodiscard]] Bytes descriptor_object(ByteView body, std::span<const crypto::Signature> signatures);
struct SignedBody {
  ByteView body;  ///< inside the object
  std::vector<crypto::Signature> signatures;
};
/// Errc::malformed for an object that is too short for that many signatures.
[[nodiscard]] Result<SignedBody> read_descriptor_object(ByteView object, std::size_t hops);

/// Bytes of a station's set-up of one epoch.
[[nodiscard]] std::size_t setup_bytes(Suite suite, std::size_t hops, std::uint8_t slots);

struct Notice {
  enum class Kind : std::uint8_t {
    registered = 1,  ///< from this epoch on
    refused = 2,     ///< the token, or there is no room
    halted = 3,      ///< this epoch is not carried
    carried = 4,     ///< this epoch begins at its t0; the tag is that of the first onion that R1 took from you
  };
  Kind kind{};
  Epoch epoch{};
  Tag tag{};  ///< of `carried`; zero: R1 had no set-up of yours. Zero in the others.
  bool operator==(const Notice&) const = default;
};
[[nodiscard]] Bytes encode(const Notice& notice);
/// Errc::malformed.
[[nodiscard]] Result<Notice> read_notice(ByteView object);

/// The number in a frame's round field: with S > 1 the S frames of a round say which slot they are.
[[nodiscard]] constexpr Round frame_round(Round round, Slot slot, std::uint8_t slots) {
  return {round.value * slots + slot.value};
}
struct SlotRound {
  Round round{};
  Slot slot{};
};
[[nodiscard]] constexpr SlotRound slot_round(Round frame, std::uint8_t slots) {
  return {{frame.value / slots}, {static_cast<std::uint8_t>(frame.value % slots)}};
}
/// No frame of an epoch says this or more: overtime is over before.
[[nodiscard]] constexpr std::uint32_t frame_rounds(std::uint32_t rounds, std::uint8_t slots) {
  return 2 * rounds * slots;
}

}  // namespace sw::mix
