#pragma once
// When frames leave and what their rounds are called (protocol 2.2, 3.6). The grid and its dither are a pure function
// of what was known at start, so the sending thread and the core agree for ever without talking.
#include <cstdint>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "crypto/secret.hpp"

namespace sw::carrier {

/// Key of the dither of every venue of this run; drawn once at start and used for nothing else.
using DitherKey = crypto::Secret<struct DitherKeyRole, 32>;

/// Position on a venue's grid: rounds since 1970 as the clock of the start told them. It names an instant, not a round.
struct GridIndex {
  std::int64_t value{};
  auto operator<=>(const GridIndex&) const = default;
};
[[nodiscard]] constexpr GridIndex next(GridIndex at) {
  return {at.value + 1};
}

/// The departures of one venue: grid + dither, dither uniform in [0, max(T/200, 1 ms)). Immutable.
class Departures {
 public:
  /// `clock` and `now` are one moment, the carrier's start. round_ms is within its bounds (protocol 2.2).
  Departures(const VenueId& venue, std::uint32_t round_ms, UtcMs clock, Instant now, const DitherKey& key);
  [[nodiscard]] Departures clone() const;

  [[nodiscard]] Instant departure(GridIndex at) const;
  /// The first round that departs later than `now`.
  [[nodiscard]] GridIndex first_after(Instant now) const;
  [[nodiscard]] Duration round() const { return x_round; }
  /// The tick's lead over the departure: max(T/10, 10 ms).
  [[nodiscard]] Duration margin() const;

 private:
  Departures(const VenueId& venue, Duration round, Instant phase, GridIndex origin, DitherKey&& key);
  [[nodiscard]] Instant grid(GridIndex at) const;

  VenueId x_venue;
  Duration x_round;
  Instant x_phase;  ///< grid instant of x_origin
  GridIndex x_origin;
  DitherKey x_key;
};

/// The numbering of one venue: a counter that starts at the clock and only rises.
class Numbering {
 public:
  explicit Numbering(std::uint32_t round_ms);

  [[nodiscard]] RoundId at(GridIndex index) const;
  /// Makes the round at `index` at least floor + 1; those after it follow. False, and nothing changed, for a floor
  /// that no timetable of this round length can have. A floor of (0, 0) means "nothing sealed yet".
  [[nodiscard]] bool raise(RoundId floor, GridIndex index);

 private:
  std::int64_t x_rounds;  ///< an epoch
  std::int64_t x_shift = 0;
};

}  // namespace sw::carrier
