#pragma once
// The one door to the bytes of a secret. Only files of crypto/ and of tests include this; tools/layers enforces it.
#include "crypto/secret.hpp"

namespace sw::crypto {

struct Access {
  template <class Tag, std::size_t N>
  [[nodiscard]] static std::span<const std::uint8_t, N> read(const Secret<Tag, N>& secret) {
    return secret.reveal(Passkey{});
  }
  template <class Tag, std::size_t N>
  [[nodiscard]] static std::span<std::uint8_t, N> write(Secret<Tag, N>& secret) {
    return secret.reveal_mutable(Passkey{});
  }
  template <class SecretType>
  [[nodiscard]] static SecretType blank() {
    return SecretType(Passkey{});
  }
  /// Takes the bytes over into a secret and wipes the source.
  template <class SecretType>
  [[nodiscard]] static SecretType take(std::span<std::uint8_t, SecretType::kSize> bytes) {
    SecretType out(Passkey{});
    auto to = out.reveal_mutable(Passkey{});
    std::copy(bytes.begin(), bytes.end(), to.begin());
    wipe(bytes);
    return out;
  }
};

}  // namespace sw::crypto
