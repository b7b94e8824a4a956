#pragma once
// The two clocks of whoever has bearers, a carrier or a relay. UTC is read once, at the start; from then on only
// CLOCK_BOOTTIME counts (protocol 2.2).
#include <ctime>

#include "base/time.hpp"

namespace sw::bearer {

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

}  // namespace sw::bearer
