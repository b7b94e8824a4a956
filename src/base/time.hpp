#pragma once
// Two clocks, never mixed: UTC, which people read and may set; and the instant, which only rises.
#include <compare>
#include <cstdint>

namespace sw {

/// Milliseconds since 1970-01-01T00:00:00Z.
struct UtcMs {
  std::int64_t value{};
  auto operator<=>(const UtcMs&) const = default;
};

/// Nanoseconds of CLOCK_BOOTTIME (it counts through suspend); in simulations, of virtual time.
struct Instant {
  std::int64_t ns{};
  auto operator<=>(const Instant&) const = default;
};

/// Nanoseconds between two instants.
struct Duration {
  std::int64_t ns{};
  auto operator<=>(const Duration&) const = default;
};

[[nodiscard]] constexpr Duration milliseconds(std::int64_t n) {
  return {n * 1'000'000};
}
[[nodiscard]] constexpr Duration microseconds(std::int64_t n) {
  return {n * 1'000};
}
[[nodiscard]] constexpr Instant operator+(Instant a, Duration d) {
  return {a.ns + d.ns};
}
[[nodiscard]] constexpr Instant operator-(Instant a, Duration d) {
  return {a.ns - d.ns};
}
[[nodiscard]] constexpr Duration operator-(Instant a, Instant b) {
  return {a.ns - b.ns};
}

/// Days since 1970-01-01, UTC.
[[nodiscard]] constexpr std::uint32_t day_of(UtcMs t) {
  return t.value < 0 ? 0U : static_cast<std::uint32_t>(t.value / 86'400'000);
}

}  // namespace sw
