#include "link/replay_window.hpp"

#include <algorithm>

namespace sw::link {

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
  std::uint64_t out = 0;
  for (std::uint64_t k = 0; k < 64 && k + 1 < x_newest; ++k) {
    if (bit(x_newest - 1 - k)) out |= std::uint64_t{1} << k;
  }
  return out;
}

}  // namespace sw::link
