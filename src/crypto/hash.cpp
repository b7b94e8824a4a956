#include "crypto/hash.hpp"

#include <sodium.h>

#include "base/assert.hpp"

namespace sw::crypto {
namespace {
constexpr std::string_view kDomain = "sw1/";
constexpr std::uint8_t kSeparator = 0;
// The longest KDF input: a label and the card, handshake or onion contexts of the protocol.
constexpr std::size_t kInputLimit = 1280;
}  // namespace

void blake2b(MutableBytes out, std::initializer_list<ByteView> parts) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, out.size());
  for (const ByteView part : parts) crypto_generichash_update(&state, part.data(), part.size());
  crypto_generichash_final(&state, out.data(), out.size());
}

void keyed_blake2b(MutableBytes out, ByteView key, std::initializer_list<ByteView> parts) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, key.data(), key.size(), out.size());
  for (const ByteView part : parts) crypto_generichash_update(&state, part.data(), part.size());
  crypto_generichash_final(&state, out.data(), out.size());
}

namespace detail {
void kdf_raw(MutableBytes out, ByteView key, std::string_view label, std::initializer_list<ByteView> context) {
  ByteArray<kInputLimit> input;
  std::size_t used = 0;
  const auto add = [&](ByteView part) {
    SW_ASSERT(used + part.size() <= input.size());
    std::copy(part.begin(), part.end(), input.begin() + static_cast<std::ptrdiff_t>(used));
    used += part.size();
  };
  add(as_bytes(kDomain));
  add(as_bytes(label));
  add({&kSeparator, 1});
  for (const ByteView part : context) add(part);
  crypto_generichash(out.data(), out.size(), input.data(), used, key.data(), key.size());
  wipe(MutableBytes(input).first(used));  // a context may itself be secret (mix.hpp)
}
}  // namespace detail

ByteArray<16> tag16(ByteView key, std::string_view label, ByteView message) {
  ByteArray<16> out;
  crypto_generichash_state state;
  crypto_generichash_init(&state, key.data(), key.size(), out.size());
  crypto_generichash_update(&state, as_bytes(kDomain).data(), kDomain.size());
  crypto_generichash_update(&state, as_bytes(label).data(), label.size());
  crypto_generichash_update(&state, &kSeparator, 1);
  crypto_generichash_update(&state, message.data(), message.size());
  crypto_generichash_final(&state, out.data(), out.size());
  return out;
}

bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace sw::crypto
