#include "crypto/kem.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>

#include "crypto/access.hpp"

namespace sw::crypto {
namespace {

constexpr const char* kName = "ML-KEM-768";
constexpr unsigned long kFirstWithKem = 0x30500000UL;  // OpenSSL 3.5.0

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCtx {
  void operator()(EVP_PKEY_CTX* ctx) const { EVP_PKEY_CTX_free(ctx); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Ctx = std::unique_ptr<EVP_PKEY_CTX, FreeCtx>;

std::unexpected<Error> absent() {
  return fail(Errc::unsupported, "this machine's libcrypto has no ML-KEM-768 (OpenSSL 3.5 or later has it)");
}

Key import_key(const char* field, int selection, ByteView bytes) {
  const Ctx ctx(EVP_PKEY_CTX_new_from_name(nullptr, kName, nullptr));
  EVP_PKEY* raw = nullptr;
  // OSSL_PARAM has no const form; fromdata only reads.
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_octet_string(field, const_cast<std::uint8_t*>(bytes.data()), bytes.size()),
      OSSL_PARAM_construct_end()};
  if (!ctx || EVP_PKEY_fromdata_init(ctx.get()) != 1 || EVP_PKEY_fromdata(ctx.get(), &raw, selection, params) != 1) {
    return nullptr;
  }
  return Key(raw);
}

}  // namespace

bool kem_available() {
  // An older library is not even asked: the question alone starts it, which costs 2 MB of memory for good.
  static const bool available =
      OpenSSL_version_num() >= kFirstWithKem && Ctx(EVP_PKEY_CTX_new_from_name(nullptr, kName, nullptr)) != nullptr;
  return available;
}

Result<KemPair> kem_generate() {
  if (!kem_available()) return absent();
  const Ctx ctx(EVP_PKEY_CTX_new_from_name(nullptr, kName, nullptr));
  EVP_PKEY* raw = nullptr;
  if (!ctx || EVP_PKEY_keygen_init(ctx.get()) != 1 || EVP_PKEY_generate(ctx.get(), &raw) != 1) return absent();
  const Key key(raw);
  KemPair pair{Access::blank<KemPrivateKey>(), Bytes(kKemPublicBytes)};
  const auto secret = Access::write(pair.secret);
  std::size_t length = 0;
  if (EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret.data(), secret.size(), &length) !=
          1 ||
      length != secret.size() ||
      EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, pair.public_key.data(),
                                      pair.public_key.size(), &length) != 1 ||
      length != pair.public_key.size()) {
    return absent();
  }
  return pair;
}

Result<KemCapsule> kem_encapsulate(ByteView public_key) {
  if (!kem_available()) return absent();
  const Key key = public_key.size() == kKemPublicBytes
                      ? import_key(OSSL_PKEY_PARAM_PUB_KEY, EVP_PKEY_PUBLIC_KEY, public_key)
                      : nullptr;
  const Ctx ctx(key ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr) : nullptr);
  KemCapsule out{Bytes(kKemCipherBytes), Access::blank<KemShared>()};
  std::size_t cipher_length = out.cipher.size();
  std::size_t shared_length = KemShared::kSize;
  if (!ctx || EVP_PKEY_encapsulate_init(ctx.get(), nullptr) != 1 ||
      EVP_PKEY_encapsulate(ctx.get(), out.cipher.data(), &cipher_length, Access::write(out.shared).data(),
                           &shared_length) != 1 ||
      cipher_length != kKemCipherBytes || shared_length != KemShared::kSize) {
    return fail(Errc::malformed, "not an ML-KEM-768 public key");
  }
  return out;
}

Result<KemShared> kem_decapsulate(const KemPrivateKey& own, ByteView cipher) {
  if (!kem_available()) return absent();
  if (cipher.size() != kKemCipherBytes) return fail(Errc::malformed, "not an ML-KEM-768 cipher text");
  const Key key = import_key(OSSL_PKEY_PARAM_PRIV_KEY, EVP_PKEY_KEYPAIR, Access::read(own));
  const Ctx ctx(key ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr) : nullptr);
  KemShared out = Access::blank<KemShared>();
  std::size_t length = KemShared::kSize;
  if (!ctx || EVP_PKEY_decapsulate_init(ctx.get(), nullptr) != 1 ||
      EVP_PKEY_decapsulate(ctx.get(), Access::write(out).data(), &length, cipher.data(), cipher.size()) != 1) {
    return fail(Errc::malformed, "not an ML-KEM-768 cipher text");
  }
  return out;
}

}  // namespace sw::crypto
