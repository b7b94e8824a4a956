#include "base/rng.hpp"

#include <cstring>

#include "base/assert.hpp"

namespace sw {

std::uint64_t Rng::bits() {
  const auto bytes = array<8>();
  std::uint64_t v = 0;
  std::memcpy(&v, bytes.data(), sizeof v);
  return v;
}

std::uint64_t Rng::below(std::uint64_t bound) {
  SW_ASSERT(bound > 0);
  // Reject the short last block, so that every remainder is equally likely.
  const std::uint64_t limit = (0 - bound) % bound;
  std::uint64_t v = bits();
  while (v < limit) v = bits();
  return v % bound;
}

}  // namespace sw
