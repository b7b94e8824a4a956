#pragma once
// Ed25519 (RFC 8032).
#include "base/ids.hpp"
#include "crypto/secret.hpp"

namespace sw::crypto {

using SigningKey = Secret<struct SigningKeyRole, 64>;
using Signature = ByteArray<64>;

struct SigningPair {
  SigningKey secret;
  PublicKey public_key{};
  [[nodiscard]] static SigningPair generate(Rng& rng);
  /// Of a kept secret.
  [[nodiscard]] static SigningPair from(SigningKey&& secret);
};

[[nodiscard]] Signature sign(const SigningKey& key, ByteView message);
[[nodiscard]] bool verify(const PublicKey& key, ByteView message, const Signature& signature);

}  // namespace sw::crypto
