#pragma once
// BLAKE2b, unkeyed (digests of public things) and keyed (the KDF of protocol 1).
#include <initializer_list>

#include "base/bytes.hpp"
#include "crypto/access.hpp"

namespace sw::crypto {

/// BLAKE2b with N bytes of output over the concatenated parts (at most 64 bytes out).
void blake2b(MutableBytes out, std::initializer_list<ByteView> parts);
template <std::size_t N>
[[nodiscard]] ByteArray<N> digest(std::initializer_list<ByteView> parts) {
  ByteArray<N> out;
  blake2b(out, parts);
  return out;
}

/// BLAKE2b keyed with a public value (16 to 64 bytes): names that only mean something beside that value.
void keyed_blake2b(MutableBytes out, ByteView key, std::initializer_list<ByteView> parts);
template <std::size_t N>
[[nodiscard]] ByteArray<N> keyed_digest(ByteView key, std::initializer_list<ByteView> parts) {
  ByteArray<N> out;
  keyed_blake2b(out, key, parts);
  return out;
}

/// Little-endian context field.
template <class Int>
[[nodiscard]] ByteArray<sizeof(Int)> le(Int v) {
  ByteArray<sizeof(Int)> out{};
  for (std::size_t i = 0; i < sizeof(Int); ++i) {
    out[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(v) >> (8 * i));
  }
  return out;
}

namespace detail {
void kdf_raw(MutableBytes out, ByteView key, std::string_view label, std::initializer_list<ByteView> context);
}

/// KDF(k, label, ctx, n) = BLAKE2b(out = n, key = k, in = "sw1/" | label | 0x00 | ctx); n = To::kSize, at most 64.
/// Context fields have fixed lengths, so that no two calls share an input.
template <class To, class From>
[[nodiscard]] To kdf(const From& key, std::string_view label, std::initializer_list<ByteView> context = {});

/// The same with a public result: check strings, ids, drop ids.
template <std::size_t N, class From>
[[nodiscard]] ByteArray<N> kdf_public(const From& key, std::string_view label,
                                      std::initializer_list<ByteView> context = {});

/// Keyed BLAKE2b tag with a public key: what a stranger without it cannot make (protocol 3.2, mac1).
[[nodiscard]] ByteArray<16> tag16(ByteView key, std::string_view label, ByteView message);

/// Constant-time equality of two public tags of one length.
[[nodiscard]] bool equal(ByteView a, ByteView b);

template <class To, class From>
To kdf(const From& key, std::string_view label, std::initializer_list<ByteView> context) {
  To out = Access::blank<To>();
  detail::kdf_raw(Access::write(out), Access::read(key), label, context);
  return out;
}

template <std::size_t N, class From>
ByteArray<N> kdf_public(const From& key, std::string_view label, std::initializer_list<ByteView> context) {
  ByteArray<N> out;
  detail::kdf_raw(out, Access::read(key), label, context);
  return out;
}

}  // namespace sw::crypto
