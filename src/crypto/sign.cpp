#include "crypto/sign.hpp"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "crypto/access.hpp"

namespace sw::crypto {

SigningPair SigningPair::generate(Rng& rng) {
  auto seed = rng.array<crypto_sign_SEEDBYTES>();
  SigningPair pair{Access::blank<SigningKey>(), {}};
  crypto_sign_seed_keypair(pair.public_key.data(), Access::write(pair.secret).data(), seed.data());
  wipe(seed);
  return pair;
}

SigningPair SigningPair::from(SigningKey&& secret) {
  SigningPair pair{std::move(secret), {}};
  // Both halves anew from the seed: to sign with halves that do not belong together gives the secret away.
  ByteArray<crypto_sign_SEEDBYTES> seed;
  std::copy_n(Access::read(pair.secret).begin(), seed.size(), seed.begin());
  crypto_sign_seed_keypair(pair.public_key.data(), Access::write(pair.secret).data(), seed.data());
  wipe(seed);
  return pair;
}

Signature sign(const SigningKey& key, ByteView message) {
  Signature out;
  crypto_sign_detached(out.data(), nullptr, message.data(), message.size(), Access::read(key).data());
  return out;
}

bool verify(const PublicKey& key, ByteView message, const Signature& signature) {
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0;
}

}  // namespace sw::crypto
