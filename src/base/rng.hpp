#pragma once
// The only way randomness enters a core. crypto/rng.hpp has the system's generator and the seeded one of the tests.
#include <cstdint>

#include "base/bytes.hpp"

namespace sw {

class Rng {
 public:
  Rng() = default;
  Rng(const Rng&) = delete;
  Rng& operator=(const Rng&) = delete;
  virtual ~Rng() = default;

  /// Fills `out` with unpredictable bytes.
  virtual void fill(MutableBytes out) = 0;

  /// 64 uniform bits.
  [[nodiscard]] std::uint64_t bits();
  /// Uniform in [0, bound), without bias; bound > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);

  template <std::size_t N>
  [[nodiscard]] ByteArray<N> array() {
    ByteArray<N> out;
    fill(out);
    return out;
  }
};

}  // namespace sw
