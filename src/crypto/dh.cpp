#include "crypto/dh.hpp"

#include <sodium.h>

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

}  // namespace sw::crypto
