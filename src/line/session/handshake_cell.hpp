#pragma once
// A handshake cell: to a relay as random as any other cell. Protocol 4.2.
#include <optional>

#include "crypto/handshake.hpp"
#include "line/keys.hpp"
#include "wire/cell.hpp"

namespace sw::line {

enum class HandshakeType : std::uint8_t {
  message1 = 1,
  message2 = 2,
  please_initiate = 3,
  held_message1 = 4,
  held_message2 = 5,
};

struct HandshakeCell {
  HandshakeType type{};
  PskId psk{};      ///< zeros where the type names none
  RoundId start{};  ///< where the sender's chains start
  Bytes noise;      ///< at most 435 bytes; empty for please_initiate
};

/// `sender` is the role of whoever seals; the outer nonce is fresh each time.
[[nodiscard]] wire::Cell seal_handshake(const Khs& day_key, crypto::Role sender, const HandshakeCell& content,
                                        Rng& rng);
/// Nothing for every cell that is not exactly one of these.
[[nodiscard]] std::optional<HandshakeCell> open_handshake(const Khs& day_key, crypto::Role sender,
                                                          const wire::Cell& cell);

}  // namespace sw::line
