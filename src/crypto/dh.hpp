#pragma once
// X25519 (RFC 7748).
#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace sw::crypto {

using PrivateKey = Secret<struct PrivateKeyRole, 32>;
using SharedSecret = Secret<struct SharedSecretRole, 32>;

struct KeyPair {
  PrivateKey secret;
  PublicKey public_key{};

  [[nodiscard]] static KeyPair generate(Rng& rng);
  [[nodiscard]] static KeyPair from(PrivateKey&& secret);
  [[nodiscard]] KeyPair clone() const { return {secret.clone(), public_key}; }
};

/// The shared secret; Errc::forged when the other key is a low-order point (an all-zero result).
[[nodiscard]] Result<SharedSecret> dh(const PrivateKey& own, const PublicKey& other);

/// Is this the one canonical encoding of a field element: bit 255 clear and below p?
[[nodiscard]] bool canonical_public_key(const PublicKey& key);

/// Is this the canonical encoding of a key that is not a low-order point? For keys that come in from outside.
[[nodiscard]] bool usable_public_key(const PublicKey& key);

}  // namespace sw::crypto
