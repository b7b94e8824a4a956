#include "crypto/aead.hpp"

#include <sodium.h>

#include "base/assert.hpp"

namespace sw::crypto::detail {
namespace {
ByteArray<12> expand(CounterNonce nonce) {
  ByteArray<12> out{};
  for (std::size_t i = 0; i < 8; ++i) out[4 + i] = static_cast<std::uint8_t>(nonce.counter >> (8 * i));
  return out;
}
}  // namespace

void seal_raw(ByteView key, CounterNonce nonce, ByteView ad, ByteView plain, MutableBytes out) {
  SW_ASSERT(out.size() == plain.size() + kAeadTagBytes);
  const auto n = expand(nonce);
  crypto_aead_chacha20poly1305_ietf_encrypt(out.data(), nullptr, plain.data(), plain.size(), ad.data(), ad.size(),
                                            nullptr, n.data(), key.data());
}

bool open_raw(ByteView key, CounterNonce nonce, ByteView ad, ByteView sealed, MutableBytes out) {
  if (sealed.size() < kAeadTagBytes) return false;
  SW_ASSERT(out.size() + kAeadTagBytes == sealed.size());
  const auto n = expand(nonce);
  return crypto_aead_chacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, sealed.data(), sealed.size(),
                                                   ad.data(), ad.size(), n.data(), key.data()) == 0;
}

void xseal_raw(ByteView key, const XNonce& nonce, ByteView ad, ByteView plain, MutableBytes out) {
  SW_ASSERT(out.size() == plain.size() + kAeadTagBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data(), nullptr, plain.data(), plain.size(), ad.data(), ad.size(),
                                             nullptr, nonce.data(), key.data());
}

bool xopen_raw(ByteView key, const XNonce& nonce, ByteView ad, ByteView sealed, MutableBytes out) {
  if (sealed.size() < kAeadTagBytes) return false;
  SW_ASSERT(out.size() + kAeadTagBytes == sealed.size());
  return crypto_aead_xchacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, sealed.data(), sealed.size(),
                                                    ad.data(), ad.size(), nonce.data(), key.data()) == 0;
}

}  // namespace sw::crypto::detail
