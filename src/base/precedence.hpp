#pragma once
// How urgent a message is: protocol 5.4 and 6.1. The numbers are the wire's; a lower one goes first.
#include <cstddef>
#include <cstdint>

namespace sw {

enum class Precedence : std::uint8_t { flash = 0, immediate = 1, priority = 2, routine = 3 };
inline constexpr std::size_t kPrecedences = 4;
[[nodiscard]] constexpr std::size_t index(Precedence precedence) {
  return static_cast<std::size_t>(precedence);
}

}  // namespace sw
