#include "carrier/timetable.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "crypto/hash.hpp"
#include "wire/cell_port.hpp"
#include "wire/reader.hpp"

namespace sw::carrier {
namespace {

// Beyond any clock: far above the year 10,000, far below an overflow.
constexpr std::int64_t kClockLimitMs = std::int64_t{1} << 48;
constexpr std::uint64_t kEpochLimit = static_cast<std::uint64_t>(kClockLimitMs) / wire::kEpochMs;

std::int64_t clamp(UtcMs clock) {
  return std::clamp<std::int64_t>(clock.value, 0, kClockLimitMs);
}

}  // namespace

Departures::Departures(const VenueId& venue, std::uint32_t round_ms, UtcMs clock, Instant now, const DitherKey& key)
    : Departures(venue, milliseconds(round_ms), now - milliseconds(clamp(clock) % round_ms),
                 GridIndex{clamp(clock) / round_ms}, key.clone()) {
  SW_ASSERT(round_ms >= wire::kRoundMsLeast && round_ms <= wire::kRoundMsMost);
}

Departures::Departures(const VenueId& venue, Duration round, Instant phase, GridIndex origin, DitherKey&& key)
    : x_venue(venue), x_round(round), x_phase(phase), x_origin(origin), x_key(std::move(key)) {}

Departures Departures::clone() const {
  return {x_venue, x_round, x_phase, x_origin, x_key.clone()};
}

Instant Departures::grid(GridIndex at) const {
  return x_phase + Duration{(at.value - x_origin.value) * x_round.ns};
}

Instant Departures::departure(GridIndex at) const {
  // Protocol 3.6: "uniform dither in [0, max(T/200, 1 ms)), drawn from a generator that nothing else uses".
  const auto range = static_cast<std::uint64_t>(std::max(x_round.ns / 200, milliseconds(1).ns));
  const auto drawn = crypto::kdf_public<8>(x_key, "dither", {x_venue.bytes, crypto::le(at.value)});
  return grid(at) + Duration{static_cast<std::int64_t>(wire::Reader(drawn).u64() % range)};
}

GridIndex Departures::first_after(Instant now) const {
  const std::int64_t since = (now - x_phase).ns;
  const std::int64_t passed = since >= 0 ? since / x_round.ns : -((-since + x_round.ns - 1) / x_round.ns);
  const GridIndex at{x_origin.value + passed};
  return departure(at) > now ? at : next(at);
}

Duration Departures::margin() const {
  return {std::max(x_round.ns / 10, milliseconds(10).ns)};
}

Numbering::Numbering(std::uint32_t round_ms) : x_rounds(wire::kEpochMs / round_ms) {}

RoundId Numbering::at(GridIndex index) const {
  const std::int64_t number = std::max<std::int64_t>(index.value + x_shift, 0);
  return {Epoch{static_cast<std::uint64_t>(number / x_rounds)}, Round{static_cast<std::uint32_t>(number % x_rounds)}};
}

bool Numbering::raise(RoundId floor, GridIndex index) {
  if (floor.epoch.value > kEpochLimit || floor.round.value >= static_cast<std::uint64_t>(x_rounds)) return false;
  const std::int64_t least = static_cast<std::int64_t>(floor.epoch.value) * x_rounds + floor.round.value + 1;
  x_shift = std::max(x_shift, least - index.value);
  return true;
}

}  // namespace sw::carrier
