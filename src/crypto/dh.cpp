#include "crypto/dh.hpp"

#include <sodium.h>

#include <algorithm>

#include "crypto/access.hpp"

namespace sw::crypto {

KeyPair KeyPair::from(PrivateKey&& secret) {
  KeyPair pair{std::move(secret), {}};
  crypto_scalarmult_base(pair.public_key.data(), Access::read(pair.secret).data());
  return pair;
}

KeyPair KeyPair::generate(Rng& rng) {
  return from(PrivateKey::random(rng));
}

Result<SharedSecret> dh(const PrivateKey& own, const PublicKey& other) {
  SharedSecret out = Access::blank<SharedSecret>();
  if (crypto_scalarmult(Access::write(out).data(), Access::read(own).data(), other.data()) != 0) {
    return fail(Errc::forged, "the other key is not a usable X25519 key");
  }
  return out;
}

bool canonical_public_key(const PublicKey& key) {
  // p = 2^255 - 19: everything from ed ff .. ff 7f up is a second name of a smaller number.
  const bool top = std::all_of(key.begin() + 1, key.end() - 1, [](std::uint8_t b) { return b == 0xff; });
  return key.back() < 0x7f || (key.back() == 0x7f && (!top || key.front() < 0xed));
}

bool usable_public_key(const PublicKey& key) {
  if (!canonical_public_key(key)) return false;
  constexpr PublicKey kAnyScalar{8};
  PublicKey product{};
  return crypto_scalarmult(product.data(), kAnyScalar.data(), key.data()) == 0;
}

}  // namespace sw::crypto
