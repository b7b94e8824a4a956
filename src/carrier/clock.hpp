#pragma once
// The carrier's two clocks. UTC is read once, at the start (protocol 2.2).
#include <ctime>

#include "base/time.hpp"

namespace sw::carrier {

[[nodiscard]] inline Instant instant_now() {
  timespec t{};
  (void)::clock_gettime(CLOCK_BOOTTIME, &t);
  return {t.tv_sec * 1'000'000'000 + t.tv_nsec};
}

[[nodiscard]] inline UtcMs clock_now() {
  timespec t{};
  (void)::clock_gettime(CLOCK_REALTIME, &t);
  return {t.tv_sec * 1'000 + t.tv_nsec / 1'000'000};
}

}  // namespace sw::carrier
