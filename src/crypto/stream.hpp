#pragma once
// AES-256-CTR (NIST SP 800-38A) through libcrypto: the circuit cipher of protocol 8.4.
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace sw::crypto {

using CircuitKey = Secret<struct CircuitKeyRole, 32>;
using StreamIv = ByteArray<16>;

/// XORs the keystream into `data` in place. Errc::unsupported when libcrypto refuses the cipher.
[[nodiscard]] Result<void> aes256_ctr_xor(const CircuitKey& key, const StreamIv& iv, MutableBytes data);

}  // namespace sw::crypto
