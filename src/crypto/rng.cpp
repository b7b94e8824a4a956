#include "crypto/rng.hpp"

#include <sodium.h>

#include <cstring>

namespace sw::crypto {

bool start() {
  return sodium_init() >= 0;
}

void SystemRng::fill(MutableBytes out) {
  randombytes_buf(out.data(), out.size());
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
