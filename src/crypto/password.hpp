#pragma once
// Argon2id (RFC 9106): a passphrase becomes the key that wraps the store's master key.
#include <string_view>

#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace sw::crypto {

using PassphraseKey = Secret<struct PassphraseKeyRole, 32>;

/// Cost of one guess; kept in the store's header beside the salt.
struct PasswordCost {
  std::uint32_t passes = 3;
  std::uint32_t memory_kib = 64 * 1024;
};
inline constexpr std::size_t kSaltBytes = 16;

/// Errc::out_of_range for a cost below 8 KiB or above 4 GiB, Errc::io when the memory cannot be had.
[[nodiscard]] Result<PassphraseKey> derive_passphrase_key(ByteView passphrase, const ByteArray<kSaltBytes>& salt,
                                                          PasswordCost cost);

}  // namespace sw::crypto
