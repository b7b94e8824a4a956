#include "link/cookie.hpp"

#include "base/assert.hpp"
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"

namespace sw::link {
namespace {

using ReplyKey = crypto::Secret<struct CookieReplyRole, 32>;

/// KDF'(p, "cookie"): a key for everybody who knows the responder, so that a stranger cannot make replies.
ReplyKey reply_key(const PublicKey& responder) {
  const auto bytes = crypto::digest<32>({as_bytes("sw1-cookie"), responder});
  return crypto::SecretReader(bytes).secret<ReplyKey>();
}

template <std::size_t N>
ByteArray<N> field(ByteView frame, std::size_t at) {
  ByteArray<N> out;
  const ByteView from = frame.subspan(at, N);
  std::copy(from.begin(), from.end(), out.begin());
  return out;
}

}  // namespace

void CookieJar::refresh(Instant now, Rng& rng) {
  constexpr Duration kLife = milliseconds(std::int64_t{wire::kCookieSeconds} * 1000);
  if (x_secret && now - x_made < kLife) return;
  x_previous.reset();
  if (x_secret && now - x_made < Duration{2 * kLife.ns}) x_previous = std::move(x_secret);
  x_secret = Secret::random(rng);
  x_made = now;
}

Cookie CookieJar::bake(const Secret& secret, const wire::Endpoint& to) {
  return crypto::kdf_public<16>(secret, "cookie", {to.ip, crypto::le(to.port)});
}

CookieReply CookieJar::reply(const PublicKey& own, const Mac& mac1, const wire::Endpoint& to, Rng& rng) const {
  SW_ASSERT(x_secret.has_value());
  CookieReply out;
  const auto nonce = rng.array<crypto::kXNonceBytes>();
  std::copy(nonce.begin(), nonce.end(), out.begin());
  crypto::seal(reply_key(own), nonce, mac1, bake(*x_secret, to), MutableBytes(out).subspan(nonce.size()));
  return out;
}

bool CookieJar::admits(ByteView frame, const wire::Endpoint& from) const {
  const ByteView noise = frame.first(wire::kLinkMessage1Bytes);
  const auto mac1 = field<16>(frame, noise.size());
  const auto mac2 = field<16>(frame, noise.size() + mac1.size());
  const auto made_with = [&](const std::optional<Secret>& secret) {
    return secret && crypto::equal(mac2, mac2_of(bake(*secret, from), noise, mac1));
  };
  return made_with(x_secret) || made_with(x_previous);
}

std::optional<Cookie> open_cookie(ByteView reply, const PublicKey& responder, const Mac& mac1) {
  if (reply.size() != wire::kCookieReplyBytes) return std::nullopt;
  const auto nonce = field<crypto::kXNonceBytes>(reply, 0);
  Cookie out;
  if (!crypto::open(reply_key(responder), nonce, mac1, reply.subspan(nonce.size()), out)) return std::nullopt;
  return out;
}

}  // namespace sw::link
