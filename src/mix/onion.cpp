#include "mix/onion.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "crypto/mix.hpp"
#include "wire/writer.hpp"

namespace sw::mix {
namespace {

using SetupSecret = crypto::Secret<struct SetupSecretRole, 64>;  // K
using SealKey = crypto::Secret<struct SetupSealRole, 32>;        // K[0..32]
using CircuitSeed = crypto::Secret<struct CircuitSeedRole, 32>;  // K[32..64]
using BothShared = crypto::Secret<struct BothSharedRole, 64>;
using BothDirections = crypto::Secret<struct BothDirectionsRole, 64>;

constexpr std::size_t kLayerBytes = 32 + crypto::kAeadTagBytes;

std::size_t layer_bytes(Suite suite) {
  return kLayerBytes + (suite == Suite::x25519_mlkem768 ? crypto::kKemCipherBytes : 0);
}

/// What one layer's secrets are made of; `kem` only in suite 2.
struct Agreed {
  crypto::SharedSecret dh;
  std::optional<crypto::KemShared> kem;
};

struct Layer {
  SealKey seal;
  CircuitKeys keys;
  ByteArray<16> shared;
};

// K = KDF(ss, "setup", H | i | E_i | P_i | [ct_i | BLAKE2b-256(ek_i)], 64): bound to the exact bytes of E, so that a
// second encoding of one point gives other keys.
Layer layer_of(const AcceptedDescriptor& epoch, std::size_t hop, const Agreed& agreed, const PublicKey& e,
               ByteView cipher) {
  const RelayKeys& relay = epoch.descriptor.relays[hop];
  const auto place = crypto::le(static_cast<std::uint8_t>(hop + 1));
  const auto k = [&] {
    if (!agreed.kem) return crypto::kdf<SetupSecret>(agreed.dh, "setup", {epoch.hash, place, e, relay.kx});
    const auto both = crypto::join<BothShared>(agreed.dh, *agreed.kem);
    const auto ek = crypto::digest<32>({relay.kem});
    return crypto::kdf<SetupSecret>(both, "setup", {epoch.hash, place, e, relay.kx, cipher, ek});
  }();
  auto [seal, seed] = crypto::halves<SealKey, CircuitSeed>(k);
  const auto circ = crypto::kdf<BothDirections>(seed, "circ", {place});
  auto [forward, backward] = crypto::halves<crypto::CircuitKey, crypto::CircuitKey>(circ);
  return {std::move(seal), {std::move(forward), std::move(backward)}, crypto::kdf_public<16>(seed, "setup-name")};
}

Bytes additional(const DescriptorHash& hash, std::size_t hop) {
  wire::Writer out;
  out.bytes(as_bytes("sw1-setup")).bytes(hash).u8(static_cast<std::uint8_t>(hop + 1));
  return out.take();
}

}  // namespace

CircuitKeys CircuitKeys::random(Rng& rng) {
  return {crypto::CircuitKey::random(rng), crypto::CircuitKey::random(rng)};
}

std::size_t onion_bytes(Suite suite, std::size_t hops, std::size_t hop) {
  SW_ASSERT(hop <= hops);
  return std::tuple_size_v<DropId> + layer_bytes(suite) * (hops - hop);
}

Tag tag_of(const DescriptorHash& hash, ByteView onion) {
  return crypto::keyed_digest<8>(hash, {onion});
}

Result<Onion> make_onion(const AcceptedDescriptor& epoch, std::size_t first, const DropId& drop, Rng& rng) {
  const Descriptor& d = epoch.descriptor;
  SW_ASSERT(first <= d.hops());
  Onion out;
  out.bytes = to_bytes(drop);
  for (std::size_t hop = d.hops(); hop-- > first;) {
    const auto own = crypto::KeyPair::generate(rng);
    auto shared = crypto::dh(own.secret, d.relays[hop].kx);
    if (!shared) return std::unexpected(std::move(shared.error()));
    Agreed agreed{std::move(*shared), std::nullopt};
    Bytes cipher;
    if (d.suite == Suite::x25519_mlkem768) {
      auto capsule = crypto::kem_encapsulate(d.relays[hop].kem);
      if (!capsule) return std::unexpected(std::move(capsule.error()));
      cipher = std::move(capsule->cipher);
      agreed.kem = std::move(capsule->shared);
    }
    Layer layer = layer_of(epoch, hop, agreed, own.public_key, cipher);
    Bytes sealed(out.bytes.size() + crypto::kAeadTagBytes);
    crypto::seal(layer.seal, crypto::CounterNonce{0}, additional(epoch.hash, hop), out.bytes, sealed);
    wire::Writer whole;
    whole.bytes(own.public_key).bytes(cipher).bytes(sealed);
    out.bytes = whole.take();
    out.keys.push_back(std::move(layer.keys));
    out.tags.push_back(tag_of(epoch.hash, out.bytes));
  }
  std::ranges::reverse(out.keys);
  std::ranges::reverse(out.tags);
  return out;
}

Result<EpochKeys> EpochKeys::generate(Suite suite, Rng& rng) {
  EpochKeys out{crypto::KeyPair::generate(rng), std::nullopt};
  if (suite == Suite::x25519_mlkem768) {
    auto kem = crypto::kem_generate();
    if (!kem) return std::unexpected(std::move(kem.error()));
    out.kem = std::move(*kem);
  }
  return out;
}

Result<Peeled> peel(const AcceptedDescriptor& epoch, std::size_t hop, const EpochKeys& own, ByteView onion) {
  const Descriptor& d = epoch.descriptor;
  SW_ASSERT(hop < d.hops() && own.kx.public_key == d.relays[hop].kx);
  const auto refused = [] { return fail(Errc::forged, "not a set-up onion of this epoch"); };
  if (onion.size() != onion_bytes(d.suite, d.hops(), hop)) return refused();
  PublicKey e{};
  std::copy_n(onion.begin(), e.size(), e.begin());
  if (!crypto::canonical_public_key(e)) return refused();
  auto shared = crypto::dh(own.kx.secret, e);
  if (!shared) return refused();
  Agreed agreed{std::move(*shared), std::nullopt};
  ByteView cipher;
  ByteView sealed = onion.subspan(e.size());
  if (d.suite == Suite::x25519_mlkem768) {
    SW_ASSERT(own.kem.has_value());
    cipher = sealed.first(crypto::kKemCipherBytes);
    sealed = sealed.subspan(crypto::kKemCipherBytes);
    auto kem = crypto::kem_decapsulate(own.kem->secret, cipher);
    if (!kem) return refused();
    agreed.kem = std::move(*kem);
  }
  Layer layer = layer_of(epoch, hop, agreed, e, cipher);
  Bytes inner(sealed.size() - crypto::kAeadTagBytes);
  if (!crypto::open(layer.seal, crypto::CounterNonce{0}, additional(epoch.hash, hop), sealed, inner)) return refused();
  return Peeled{std::move(inner), std::move(layer.keys), layer.shared};
}

}  // namespace sw::mix
