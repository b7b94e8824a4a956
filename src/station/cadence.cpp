#include "station/cadence.hpp"

#include <algorithm>

namespace sw::station {
namespace {
constexpr std::int64_t kTicksARound = 5;
constexpr std::int64_t kLeastPeriodNs = 20'000'000;
constexpr std::int64_t kLeadNs = 30'000'000;
}  // namespace

void Cadence::pace(std::uint32_t round_ms) {
  const std::int64_t round = milliseconds(round_ms).ns;
  x_period = {round / std::clamp(round / kLeastPeriodNs, std::int64_t{1}, kTicksARound)};
}

void Cadence::sealed(Instant at, std::uint32_t round_ms) {
  pace(round_ms);
  const std::int64_t round = milliseconds(round_ms).ns;
  const std::int64_t anchor = at.ns + round - std::min(kLeadNs, round / 10);
  // The earliest instant of the new grid that is not before the seal.
  const std::int64_t back = (anchor - at.ns) / x_period.ns;
  x_next = {anchor - back * x_period.ns};
}

void Cadence::ticked(Instant now) {
  x_next = x_next + x_period;
  if (x_next <= now) x_next = now + x_period;
}

}  // namespace sw::station
