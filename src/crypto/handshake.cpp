#include "crypto/handshake.hpp"

#include <sodium.h>

#include "base/assert.hpp"
#include "crypto/access.hpp"
#include "crypto/aead.hpp"

namespace sw::crypto {
namespace {

constexpr std::size_t kHash = 64;

std::string_view protocol_name(Pattern pattern) {
  switch (pattern) {
    case Pattern::KK: return "Noise_KK_25519_ChaChaPoly_SHA512";
    case Pattern::KKpsk0: return "Noise_KKpsk0_25519_ChaChaPoly_SHA512";
    case Pattern::IK: return "Noise_IK_25519_ChaChaPoly_SHA512";
    case Pattern::IKpsk2: return "Noise_IKpsk2_25519_ChaChaPoly_SHA512";
  }
  SW_ASSERT(false);
}

bool is_psk(Pattern pattern) {
  return pattern == Pattern::KKpsk0 || pattern == Pattern::IKpsk2;
}
bool is_kk(Pattern pattern) {
  return pattern == Pattern::KK || pattern == Pattern::KKpsk0;
}

/// HKDF of Noise section 4.3: up to three outputs of 64 bytes.
template <std::size_t Outputs>
void hkdf(ByteView chaining, ByteView material, std::array<ByteArray<kHash>, Outputs>& out) {
  const auto hmac = [](ByteView key, ByteView a, ByteView b, MutableBytes to) {
    crypto_auth_hmacsha512_state state;
    crypto_auth_hmacsha512_init(&state, key.data(), key.size());
    crypto_auth_hmacsha512_update(&state, a.data(), a.size());
    crypto_auth_hmacsha512_update(&state, b.data(), b.size());
    crypto_auth_hmacsha512_final(&state, to.data());
  };
  ByteArray<kHash> temp;
  hmac(chaining, material, {}, temp);
  ByteView previous;
  for (std::size_t i = 0; i < Outputs; ++i) {
    const auto number = static_cast<std::uint8_t>(i + 1);
    hmac(temp, previous, {&number, 1}, out[i]);
    previous = out[i];
  }
  wipe(temp);
}

}  // namespace

std::vector<Handshake::Token> Handshake::tokens(Pattern pattern, int message) {
  using enum Token;
  switch (pattern) {
    case Pattern::KK: return message == 0 ? std::vector{e, es, ss} : std::vector{e, ee, se};
    case Pattern::KKpsk0: return message == 0 ? std::vector{psk, e, es, ss} : std::vector{e, ee, se};
    case Pattern::IK: return message == 0 ? std::vector{e, es, s, ss} : std::vector{e, ee, se};
    case Pattern::IKpsk2: return message == 0 ? std::vector{e, es, s, ss} : std::vector{e, ee, se, psk};
  }
  SW_ASSERT(false);
}

std::size_t Handshake::overhead(Pattern pattern, int message) {
  std::size_t size = kAeadTagBytes;
  for (const Token token : tokens(pattern, message)) {
    if (token == Token::e) size += 32;
    if (token == Token::s) size += 32 + kAeadTagBytes;
  }
  return size;
}

Handshake::Handshake(const HandshakeSetup& setup)
    : x_role(setup.role),
      x_pattern(setup.pattern),
      x_own(setup.own->clone()),
      x_peer(setup.peer),
      x_chaining(Access::blank<ChainingKey>()) {
  SW_ASSERT((setup.psk != nullptr) == is_psk(setup.pattern));
  if (setup.psk != nullptr) x_psk = setup.psk->clone();
  const std::string_view name = protocol_name(setup.pattern);
  if (name.size() <= kHash) {
    std::copy(name.begin(), name.end(), x_hash.begin());
  } else {
    crypto_hash_sha512(x_hash.data(), as_bytes(name).data(), name.size());
  }
  const auto chaining = Access::write(x_chaining);
  std::copy(x_hash.begin(), x_hash.end(), chaining.begin());
  mix_hash(setup.prologue);

  // Pre-messages: the static keys both ends know, the initiator's first.
  const bool initiator = x_role == Role::initiator;
  if (is_kk(setup.pattern)) {
    SW_ASSERT(x_peer.has_value());
    mix_hash(initiator ? x_own.public_key : *x_peer);
    mix_hash(initiator ? *x_peer : x_own.public_key);
  } else {
    SW_ASSERT(initiator == x_peer.has_value());
    mix_hash(initiator ? *x_peer : x_own.public_key);
  }
}

Handshake Handshake::clone() const {
  Handshake out(x_role, x_pattern, x_own.clone(), x_chaining.clone());
  if (x_ephemeral) out.x_ephemeral = x_ephemeral->clone();
  out.x_peer = x_peer;
  out.x_peer_ephemeral = x_peer_ephemeral;
  if (x_psk) out.x_psk = x_psk->clone();
  out.x_hash = x_hash;
  if (x_key) out.x_key = x_key->clone();
  out.x_nonce = x_nonce;
  out.x_message = x_message;
  return out;
}

void Handshake::mix_hash(ByteView data) {
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  crypto_hash_sha512_update(&state, x_hash.data(), x_hash.size());
  crypto_hash_sha512_update(&state, data.data(), data.size());
  crypto_hash_sha512_final(&state, x_hash.data());
}

void Handshake::mix_key(ByteView material) {
  std::array<ByteArray<kHash>, 2> out{};
  hkdf(Access::read(x_chaining), material, out);
  std::copy(out[0].begin(), out[0].end(), Access::write(x_chaining).begin());
  x_key = Access::take<CipherKey>(std::span(out[1]).first<32>());
  x_nonce = 0;
  wipe(out[0]);
  wipe(out[1]);
}

void Handshake::mix_key_and_hash(ByteView material) {
  std::array<ByteArray<kHash>, 3> out{};
  hkdf(Access::read(x_chaining), material, out);
  std::copy(out[0].begin(), out[0].end(), Access::write(x_chaining).begin());
  mix_hash(out[1]);
  x_key = Access::take<CipherKey>(std::span(out[2]).first<32>());
  x_nonce = 0;
  for (auto& part : out) wipe(part);
}

Result<void> Handshake::mix_dh(Token token) {
  const bool initiator = x_role == Role::initiator;
  const bool own_static = token == Token::ss || token == (initiator ? Token::se : Token::es);
  const bool peer_static = token == Token::ss || token == (initiator ? Token::es : Token::se);
  const KeyPair& own = own_static ? x_own : *x_ephemeral;
  const PublicKey& peer = peer_static ? *x_peer : *x_peer_ephemeral;
  const auto shared = dh(own.secret, peer);
  if (!shared) return std::unexpected(shared.error());
  mix_key(Access::read(*shared));
  return {};
}

Bytes Handshake::encrypt_and_hash(ByteView plain) {
  Bytes out;
  if (x_key) {
    out.resize(plain.size() + kAeadTagBytes);
    seal(*x_key, CounterNonce{x_nonce++}, x_hash, plain, out);
  } else {
    out = to_bytes(plain);
  }
  mix_hash(out);
  return out;
}

Result<Bytes> Handshake::decrypt_and_hash(ByteView sealed) {
  Bytes out;
  if (x_key) {
    if (sealed.size() < kAeadTagBytes) return fail(Errc::forged, "handshake message is too short");
    out.resize(sealed.size() - kAeadTagBytes);
    if (!open(*x_key, CounterNonce{x_nonce++}, x_hash, sealed, out)) {
      return fail(Errc::forged, "handshake message is not authentic");
    }
  } else {
    out = to_bytes(sealed);
  }
  mix_hash(sealed);
  return out;
}

Result<Bytes> Handshake::write(ByteView payload, Rng& rng) {
  SW_ASSERT(x_message < 2 && my_turn());
  Bytes out;
  for (const Token token : tokens(x_pattern, x_message)) {
    switch (token) {
      case Token::e:
        x_ephemeral = KeyPair::generate(rng);
        out.insert(out.end(), x_ephemeral->public_key.begin(), x_ephemeral->public_key.end());
        mix_hash(x_ephemeral->public_key);
        if (x_psk) mix_key(x_ephemeral->public_key);  // Noise 9.2: with a psk, e is mixed into the key as well
        break;
      case Token::s: {
        const Bytes sealed = encrypt_and_hash(x_own.public_key);
        out.insert(out.end(), sealed.begin(), sealed.end());
        break;
      }
      case Token::psk: mix_key_and_hash(Access::read(*x_psk)); break;
      case Token::ee:
      case Token::es:
      case Token::se:
      case Token::ss:
        if (const auto mixed = mix_dh(token); !mixed) return std::unexpected(mixed.error());
        break;
    }
  }
  const Bytes sealed = encrypt_and_hash(payload);
  out.insert(out.end(), sealed.begin(), sealed.end());
  ++x_message;
  return out;
}

Result<void> Handshake::read_token(Token token, ByteView& rest) {
  const auto take = [&rest](std::size_t n) -> ByteView {
    if (rest.size() < n) return {};
    const ByteView out = rest.first(n);
    rest = rest.subspan(n);
    return out;
  };
  switch (token) {
    case Token::e: {
      const ByteView bytes = take(32);
      if (bytes.empty()) return fail(Errc::forged, "handshake message is too short");
      x_peer_ephemeral.emplace();
      std::copy(bytes.begin(), bytes.end(), x_peer_ephemeral->begin());
      mix_hash(*x_peer_ephemeral);
      if (x_psk) mix_key(*x_peer_ephemeral);
      return {};
    }
    case Token::s: {
      const auto plain = decrypt_and_hash(take(32 + kAeadTagBytes));
      if (!plain) return std::unexpected(plain.error());
      if (plain->size() != 32) return fail(Errc::forged, "handshake message is too short");
      x_peer.emplace();
      std::copy(plain->begin(), plain->end(), x_peer->begin());
      return {};
    }
    case Token::psk: mix_key_and_hash(Access::read(*x_psk)); return {};
    case Token::ee:
    case Token::es:
    case Token::se:
    case Token::ss: return mix_dh(token);
  }
  SW_ASSERT(false);
}

Result<Bytes> Handshake::read(ByteView message) {
  SW_ASSERT(x_message < 2 && !my_turn());
  ByteView rest = message;
  const int current = x_message;
  x_message = 3;  // dead, unless everything below succeeds
  for (const Token token : tokens(x_pattern, current)) {
    if (const auto done = read_token(token, rest); !done) return std::unexpected(done.error());
  }
  auto payload = decrypt_and_hash(rest);
  if (!payload) return payload;
  x_message = current + 1;
  return payload;
}

Split Handshake::split() {
  SW_ASSERT(finished());
  std::array<ByteArray<kHash>, 2> out{};
  hkdf(Access::read(x_chaining), {}, out);
  Split result{Access::take<TransportKey>(std::span(out[0]).first<32>()),
               Access::take<TransportKey>(std::span(out[1]).first<32>()), x_hash};
  wipe(out[0]);
  wipe(out[1]);
  x_message = 3;
  return result;
}

}  // namespace sw::crypto
