#pragma once
// Where a secret goes into a hash beside another secret: joined keys, and KDF contexts that are secret themselves.
// A part is a Secret or a ByteView; lengths are fixed by the types, so that no two calls share an input (protocol 1).
#include <algorithm>

#include "crypto/hash.hpp"

namespace sw::crypto {

namespace detail {
template <class Tag, std::size_t N>
[[nodiscard]] ByteView part(const Secret<Tag, N>& secret) {
  return Access::read(secret);
}
[[nodiscard]] inline ByteView part(ByteView bytes) {
  return bytes;
}
}  // namespace detail

/// The parts one after the other; their lengths must sum to To::kSize (at most 64, to serve as a KDF key).
template <class To, class... Secrets>
[[nodiscard]] To join(const Secrets&... parts) {
  static_assert((Secrets::kSize + ...) == To::kSize);
  To out = Access::blank<To>();
  auto to = Access::write(out).begin();
  for (const ByteView each : {detail::part(parts)...}) to = std::copy(each.begin(), each.end(), to);
  return out;
}

/// The two halves of a derived secret, each with a role of its own.
template <class First, class Second, class From>
[[nodiscard]] std::pair<First, Second> halves(const From& whole) {
  static_assert(First::kSize + Second::kSize == From::kSize);
  std::pair<First, Second> out{Access::blank<First>(), Access::blank<Second>()};
  const auto from = Access::read(whole);
  std::copy_n(from.begin(), First::kSize, Access::write(out.first).begin());
  std::copy_n(from.begin() + First::kSize, Second::kSize, Access::write(out.second).begin());
  return out;
}

/// Unkeyed BLAKE2b with To::kSize bytes of output over the concatenated parts.
template <class To, class... Parts>
[[nodiscard]] To hash_to(const Parts&... parts) {
  To out = Access::blank<To>();
  blake2b(Access::write(out), {detail::part(parts)...});
  return out;
}

/// kdf() of hash.hpp whose context holds secrets.
template <class To, class From, class... Parts>
[[nodiscard]] To kdf_mixed(const From& key, std::string_view label, const Parts&... context) {
  To out = Access::blank<To>();
  detail::kdf_raw(Access::write(out), Access::read(key), label, {detail::part(context)...});
  return out;
}

}  // namespace sw::crypto
