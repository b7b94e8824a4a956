#pragma once
// The set-up onion: how a station gives each relay the keys of one circuit, and the last one its drop id, without any
// relay learning more than its own layer. Protocol 8.2.
//
//   L_i = E_i[32] | [ct_i 1088] | ChaCha20-Poly1305(K_i[0..32], nonce 0, ad = "sw1-setup" | H | i, L_{i+1}) | tag
//   L_{N+1} = drop_id[32]
#include <vector>

#include "crypto/dh.hpp"
#include "crypto/kem.hpp"
#include "crypto/stream.hpp"
#include "mix/descriptor.hpp"

namespace sw::mix {

using DropId = ByteArray<32>;
using Tag = ByteArray<8>;  ///< names an onion in a receipt

/// The two directions of one circuit at one relay.
struct CircuitKeys {
  crypto::CircuitKey forward;
  crypto::CircuitKey backward;
  [[nodiscard]] static CircuitKeys random(Rng& rng);
};

/// Bytes of the onion that relay `hop` (0 = R1) takes.
[[nodiscard]] std::size_t onion_bytes(Suite suite, std::size_t hops, std::size_t hop);

/// An onion as its maker knows it.
struct Onion {
  Bytes bytes;
  std::vector<CircuitKeys> keys;  ///< of each relay from the first one of the onion on
  std::vector<Tag> tags;          ///< likewise
};

/// Wraps `drop` for the relays from `first` (0 = R1; relays wrap cover circuits for those after them) to the last one.
/// Errc::unsupported for suite 2 where libcrypto has no ML-KEM, Errc::forged for a relay key that is none.
[[nodiscard]] Result<Onion> make_onion(const AcceptedDescriptor& epoch, std::size_t first, const DropId& drop,
                                       Rng& rng);

/// A relay's keys of one epoch; they never touch a disk.
struct EpochKeys {
  crypto::KeyPair kx;
  std::optional<crypto::KemPair> kem;  ///< suite 2
  [[nodiscard]] static Result<EpochKeys> generate(Suite suite, Rng& rng);
};

/// One layer taken off.
struct Peeled {
  Bytes inner;  ///< the next relay's onion, or the drop id
  CircuitKeys keys;
  ByteArray<16> shared;  ///< names K: two onions with one K are duplicates (protocol 8.3)
};

/// Errc::forged for anything that is not an onion for this relay, epoch and place: bit 255 of E set, E not reduced, an
/// all-zero shared secret, a wrong tag or length.
[[nodiscard]] Result<Peeled> peel(const AcceptedDescriptor& epoch, std::size_t hop, const EpochKeys& own,
                                  ByteView onion);

[[nodiscard]] Tag tag_of(const DescriptorHash& hash, ByteView onion);

}  // namespace sw::mix
