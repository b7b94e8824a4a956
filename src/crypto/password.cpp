#include "crypto/password.hpp"

#include <sodium.h>

#include "crypto/access.hpp"

namespace sw::crypto {

Result<PassphraseKey> derive_passphrase_key(ByteView passphrase, const ByteArray<kSaltBytes>& salt, PasswordCost cost) {
  static_assert(kSaltBytes == crypto_pwhash_argon2id_SALTBYTES);
  constexpr std::uint32_t kMostKib = 4U * 1024 * 1024;
  if (cost.passes < 1 || cost.passes > 64 || cost.memory_kib < 8 || cost.memory_kib > kMostKib) {
    return fail(Errc::out_of_range, "the passphrase cost in the file is out of range");
  }
  PassphraseKey out = Access::blank<PassphraseKey>();
  const auto bytes = Access::write(out);
  if (crypto_pwhash_argon2id(bytes.data(), bytes.size(), reinterpret_cast<const char*>(passphrase.data()),
                             passphrase.size(), salt.data(), cost.passes, std::size_t{cost.memory_kib} * 1024,
                             crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
    return fail(Errc::io, "not enough memory to check the passphrase");
  }
  return out;
}

}  // namespace sw::crypto
