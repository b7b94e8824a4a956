#include "link/replay_window.hpp"

#include <algorithm>

namespace sw::link {
namespace {

std::uint64_t reversed(std::uint64_t bits) {
  constexpr std::array<std::uint64_t, 3> kLower{0x5555555555555555, 0x3333333333333333, 0x0f0f0f0f0f0f0f0f};
  for (unsigned i = 0; i < kLower.size(); ++i) {
    bits = (bits >> (1U << i) & kLower[i]) | (bits & kLower[i]) << (1U << i);
  }
  return __builtin_bswap64(bits);
}

}  // namespace

bool ReplayWindow::fresh(std::uint64_t counter) const {
  if (counter == 0) return false;
  if (counter > x_newest) return true;
  return x_newest - counter < wire::kLinkReplayWindow && !bit(counter);
}

void ReplayWindow::note(std::uint64_t counter) {
  if (counter > x_newest) {
    const std::uint64_t words = std::min<std::uint64_t>(counter / 64 - x_newest / 64, kWords);
    for (std::uint64_t i = 0; i < words; ++i) x_bits[(counter / 64 - i) % kWords] = 0;
    x_newest = counter;
  }
  x_bits[counter / 64 % kWords] |= std::uint64_t{1} << (counter % 64);
}

std::uint64_t ReplayWindow::before_newest() const {
  // The 64 counters before the newest one, the oldest in bit 0; then the other way round.
  const std::uint64_t shift = x_newest % 64;
  std::uint64_t out = shift == 0 ? 0 : x_bits[x_newest / 64 % kWords] << (64 - shift);
  if (x_newest >= 64) out |= x_bits[(x_newest / 64 - 1) % kWords] >> shift;
  return reversed(out);
}

}  // namespace sw::link
