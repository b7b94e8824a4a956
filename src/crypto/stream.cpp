#include "crypto/stream.hpp"

#include <openssl/evp.h>

#include <limits>
#include <memory>

#include "base/assert.hpp"
#include "crypto/access.hpp"

namespace sw::crypto {

Result<void> aes256_ctr_xor(const CircuitKey& key, const StreamIv& iv, MutableBytes data) {
  SW_ASSERT(data.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> ctx(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int written = 0;
  if (!ctx || EVP_EncryptInit_ex(ctx.get(), EVP_aes_256_ctr(), nullptr, Access::read(key).data(), iv.data()) != 1 ||
      EVP_EncryptUpdate(ctx.get(), data.data(), &written, data.data(), static_cast<int>(data.size())) != 1) {
    return fail(Errc::unsupported, "libcrypto has no AES-256-CTR");
  }
  return {};
}

}  // namespace sw::crypto
