#pragma once
// Which of the last 1,024 frame counters came: protocol 3.1. Counters start at 1.
#include <array>
#include <cstdint>

#include "wire/sizes.hpp"

namespace sw::link {

class ReplayWindow {
 public:
  /// True for a counter that did not come yet and is not below the window.
  [[nodiscard]] bool fresh(std::uint64_t counter) const;
  /// Notes a fresh counter.
  void note(std::uint64_t counter);
  /// The highest counter noted; 0 when there is none.
  [[nodiscard]] std::uint64_t newest() const { return x_newest; }
  /// Bit k: counter newest - 1 - k came (the `sack` of protocol 3.5).
  [[nodiscard]] std::uint64_t before_newest() const;

 private:
  static constexpr std::size_t kWords = wire::kLinkReplayWindow / 64 + 1;  // the newest word is partly ahead
  [[nodiscard]] bool bit(std::uint64_t counter) const {
    return (x_bits[counter / 64 % kWords] >> (counter % 64) & 1U) != 0;
  }
  std::uint64_t x_newest = 0;
  std::array<std::uint64_t, kWords> x_bits{};
};

}  // namespace sw::link
