#pragma once
// Generators behind sw::Rng.
#include "base/rng.hpp"

namespace sw::crypto {

/// Starts libsodium; every program calls it once, first. False when the machine has no randomness.
[[nodiscard]] bool start();

/// The system's generator (getrandom through libsodium).
class SystemRng final : public Rng {
 public:
  void fill(MutableBytes out) override;
};

/// A reproducible stream (ChaCha20 of the seed) for simulations; never used for keys of a real line.
class SeededRng final : public Rng {
 public:
  explicit SeededRng(std::uint64_t seed);
  void fill(MutableBytes out) override;

 private:
  ByteArray<32> x_key{};
  std::uint64_t x_block = 0;
  ByteArray<64> x_buffer{};
  std::size_t x_used = 64;
};

}  // namespace sw::crypto
