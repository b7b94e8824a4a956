#include "station/cadence.hpp"

#include <algorithm>

namespace sw::station {
namespace {
constexpr std::int64_t kFreeTicksARound = 5;
constexpr Duration kFreeLeast = milliseconds(20);
constexpr Duration kFreeMost = milliseconds(200);
constexpr std::int64_t kMost = milliseconds(1000).ns;  ///< between two ticks
constexpr std::int64_t kLead = milliseconds(30).ns;
constexpr std::int64_t kFirst = milliseconds(50).ns;  ///< for the network, before a cell came
constexpr std::int64_t kGrace = milliseconds(20).ns;  ///< for what differs from round to round
/// Coarse, so that the work on a cell does not show in the next tick.
constexpr std::int64_t kStep = milliseconds(10).ns;

/// What comes later is left to the tick before the seal. R1's returns come at 0.5 to 0.7 of a round (ADR 15).
std::int64_t latest(Duration round) {
  return round.ns / 4 * 3;
}
}  // namespace

void Cadence::pace(std::uint32_t round_ms) {
  x_free = std::clamp(Duration{milliseconds(round_ms).ns / kFreeTicksARound}, kFreeLeast, kFreeMost);
}

void Cadence::sealed(Instant at, std::uint32_t round_ms) {
  const Duration round = milliseconds(round_ms);
  if (round != x_round) x_arrival = {round.ns / 10 + kFirst};
  // Up at once, down slowly: of several peers the latest counts.
  if (x_latest.ns > 0) x_arrival = std::max(x_latest, Duration{x_arrival.ns - (x_arrival.ns - x_latest.ns) / 16});
  x_round = round;
  x_seal = at;
  x_latest = {};
  x_next = after(at);
}

void Cadence::arrived(Instant at) {
  const Duration since = at - x_seal;
  if (since.ns <= latest(x_round)) x_latest = std::max(x_latest, since);
}

void Cadence::ticked(Instant now) {
  x_next = after(now);
}

Instant Cadence::after(Instant from) const {
  if (x_round.ns == 0) {
    const Instant next = x_next + x_free;
    return next > from ? next : from + x_free;
  }
  const std::int64_t lead = x_round.ns - std::min(kLead, x_round.ns / 10);
  const std::int64_t second = std::min((x_arrival.ns + kGrace + kStep - 1) / kStep * kStep, latest(x_round));
  const std::int64_t phase = (from - x_seal).ns % x_round.ns;
  const std::int64_t aim = phase < second ? second : phase < lead ? lead : x_round.ns + second;
  return from + Duration{(aim - phase) / ((aim - phase + kMost - 1) / kMost)};
}

}  // namespace sw::station
