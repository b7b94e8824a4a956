#pragma once
// ChaCha20-Poly1305 (IETF, 12-byte nonce) and XChaCha20-Poly1305 (24-byte nonce). The tag (16) follows the cipher text.
#include "base/bytes.hpp"
#include "crypto/access.hpp"

namespace sw::crypto {

inline constexpr std::size_t kAeadTagBytes = 16;
inline constexpr std::size_t kXNonceBytes = 24;

/// 12-byte nonce: four zero bytes, then the counter little-endian (as Noise and RFC 7539 users do).
struct CounterNonce {
  std::uint64_t counter{};
};
using XNonce = ByteArray<kXNonceBytes>;

namespace detail {
void seal_raw(ByteView key, CounterNonce nonce, ByteView ad, ByteView plain, MutableBytes out);
bool open_raw(ByteView key, CounterNonce nonce, ByteView ad, ByteView sealed, MutableBytes out);
void xseal_raw(ByteView key, const XNonce& nonce, ByteView ad, ByteView plain, MutableBytes out);
bool xopen_raw(ByteView key, const XNonce& nonce, ByteView ad, ByteView sealed, MutableBytes out);
}  // namespace detail

/// out has plain.size() + 16 bytes; in place is allowed when both start at the same byte.
template <class Tag>
void seal(const Secret<Tag, 32>& key, CounterNonce nonce, ByteView ad, ByteView plain, MutableBytes out);
/// out has sealed.size() - 16 bytes. False, and out zeroed, when the tag is wrong or the input too short.
template <class Tag>
[[nodiscard]] bool open(const Secret<Tag, 32>& key, CounterNonce nonce, ByteView ad, ByteView sealed, MutableBytes out);

template <class Tag>
void seal(const Secret<Tag, 32>& key, const XNonce& nonce, ByteView ad, ByteView plain, MutableBytes out);
template <class Tag>
[[nodiscard]] bool open(const Secret<Tag, 32>& key, const XNonce& nonce, ByteView ad, ByteView sealed,
                        MutableBytes out);

template <class Tag>
void seal(const Secret<Tag, 32>& key, CounterNonce nonce, ByteView ad, ByteView plain, MutableBytes out) {
  detail::seal_raw(Access::read(key), nonce, ad, plain, out);
}
template <class Tag>
bool open(const Secret<Tag, 32>& key, CounterNonce nonce, ByteView ad, ByteView sealed, MutableBytes out) {
  return detail::open_raw(Access::read(key), nonce, ad, sealed, out);
}
template <class Tag>
void seal(const Secret<Tag, 32>& key, const XNonce& nonce, ByteView ad, ByteView plain, MutableBytes out) {
  detail::xseal_raw(Access::read(key), nonce, ad, plain, out);
}
template <class Tag>
bool open(const Secret<Tag, 32>& key, const XNonce& nonce, ByteView ad, ByteView sealed, MutableBytes out) {
  return detail::xopen_raw(Access::read(key), nonce, ad, sealed, out);
}

}  // namespace sw::crypto
