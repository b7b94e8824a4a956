#pragma once
// The keys between two ratchet steps: both directions' chains and the root of the next step. Protocol 4.2, 4.3.
#include "crypto/handshake.hpp"
#include "line/session/chain.hpp"

namespace sw::line {

using RootKey = crypto::Secret<struct RootKeyRole, 32>;        ///< RK
using RatchetKey = crypto::Secret<struct RatchetKeyRole, 32>;  ///< RS

/// Where each direction's chains begin, in its sender's numbering.
struct Starts {
  RoundId initiator{};
  RoundId responder{};
};

struct Generation {
  SendChains send;
  ReceiveChains receive;
  RatchetKey ratchet;

  [[nodiscard]] static Generation make(const VenueTerms& terms, crypto::Role own, const RootKey& root,
                                       const Starts& starts);
};

/// RK = KDF(split1 | split2, "root", handshake_hash).
[[nodiscard]] RootKey root_of(const crypto::Split& split);

}  // namespace sw::line
