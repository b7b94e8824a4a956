#pragma once
// One ratchet step: offer, accept, new root. With or without ML-KEM-768, as both cards say, never less. Protocol 4.3.
#include "crypto/dh.hpp"
#include "crypto/kem.hpp"
#include "line/session/generation.hpp"

namespace sw::line {

/// The initiator's half of a step, while it waits for the accept.
class RatchetOffer {
 public:
  [[nodiscard]] static Result<RatchetOffer> make(RoundId start, bool ml_kem, Rng& rng);
  [[nodiscard]] const Bytes& bytes() const { return x_bytes; }

  struct Done {
    RootKey root;
    Starts starts;
  };
  /// Errc::malformed for an accept that does not fit.
  [[nodiscard]] Result<Done> finish(ByteView accept, const RatchetKey& ratchet) const;

 private:
  RatchetOffer(RoundId start, crypto::KeyPair&& ephemeral) : x_start(start), x_ephemeral(std::move(ephemeral)) {}
  RoundId x_start;
  crypto::KeyPair x_ephemeral;
  std::optional<crypto::KemPair> x_kem;
  Bytes x_bytes;
};

/// The responder's whole part: reads an offer and answers it.
struct Acceptance {
  Bytes bytes;
  RootKey root;
  Starts starts;
};
[[nodiscard]] Result<Acceptance> accept_offer(ByteView offer, RoundId start, bool ml_kem, const RatchetKey& ratchet,
                                              Rng& rng);

}  // namespace sw::line
