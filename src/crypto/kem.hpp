#pragma once
// ML-KEM-768 (FIPS 203) through libcrypto, where the installed one has it (3.5 or later); found out at run time.
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace sw::crypto {

inline constexpr std::size_t kKemPublicBytes = 1184;
inline constexpr std::size_t kKemCipherBytes = 1088;

using KemPrivateKey = Secret<struct KemPrivateKeyRole, 2400>;
using KemShared = Secret<struct KemSharedRole, 32>;

struct KemPair {
  KemPrivateKey secret;
  Bytes public_key;  ///< 1184 bytes
};
struct KemCapsule {
  Bytes cipher;  ///< 1088 bytes
  KemShared shared;
};

/// Does this machine's libcrypto have ML-KEM-768? Asked once, then remembered.
[[nodiscard]] bool kem_available();
/// The three operations; Errc::unsupported without ML-KEM, Errc::malformed for a key or cipher text that is none.
[[nodiscard]] Result<KemPair> kem_generate();
[[nodiscard]] Result<KemCapsule> kem_encapsulate(ByteView public_key);
[[nodiscard]] Result<KemShared> kem_decapsulate(const KemPrivateKey& key, ByteView cipher);

}  // namespace sw::crypto
