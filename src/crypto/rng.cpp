#include "crypto/rng.hpp"

#include <sodium.h>

#include <cstring>

#include "crypto/secret.hpp"

namespace sw::crypto {

bool start() {
  return sodium_init() >= 0;
}

// The system's generator gives 0.4 GB a second; batches of cover and of the absent want more, so for anything large it
// gives the key of a stream.
void SystemRng::fill(MutableBytes out) {
  constexpr std::size_t kLarge = 4096;
  constexpr ByteArray<crypto_stream_chacha20_NONCEBYTES> nonce{};
  if (out.empty()) return;
  if (out.size() < kLarge) return randombytes_buf(out.data(), out.size());
  ByteArray<crypto_stream_chacha20_KEYBYTES> key;
  randombytes_buf(key.data(), key.size());
  crypto_stream_chacha20(out.data(), out.size(), nonce.data(), key.data());
  wipe(key);
}

SeededRng::SeededRng(std::uint64_t seed) {
  std::memcpy(x_key.data(), &seed, sizeof seed);
}

void SeededRng::fill(MutableBytes out) {
  constexpr ByteArray<crypto_stream_chacha20_NONCEBYTES> nonce{};
  for (auto& byte : out) {
    if (x_used == x_buffer.size()) {
      x_buffer.fill(0);
      crypto_stream_chacha20_xor_ic(x_buffer.data(), x_buffer.data(), x_buffer.size(), nonce.data(), x_block++,
                                    x_key.data());
      x_used = 0;
    }
    byte = x_buffer[x_used++];
  }
}

}  // namespace sw::crypto
