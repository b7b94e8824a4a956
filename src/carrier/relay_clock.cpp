#include "carrier/relay_clock.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "mix/passage.hpp"

namespace sw::carrier {
namespace {

// "and then waits three answers before it believes another."
constexpr int kAnswersPassed = 3;
/// A round's returns are here within two rounds of its start, as far as R1's clock can be told from them.
constexpr std::int64_t kReturnRounds = 2;

}  // namespace

void RelayClock::heard(RoundId round, UtcMs t0, UtcMs own) {
  if (round <= x_newest) return;
  x_newest = round;
  const std::int64_t least = t0.value + std::int64_t{round.round.value} * x_round_ms;
  const std::int64_t most = least + kReturnRounds * x_round_ms;
  // What the phases have put right since does not count: a clock may drift from R1's for months.
  const std::int64_t named = own.value - x_shift_us / 1000;
  const std::int64_t off = named < least ? named - least : std::max<std::int64_t>(named - most, 0);
  x_refused.reset();
  if (std::abs(off) > kToleranceMs) {
    x_refused = off;
    return;
  }
  // A frame that was held back must not move a name; at the beginning somebody has to be believed.
  if (!x_fresh) x_shift_us += off * 1000;
  x_known = true;
  x_fresh = true;
}

void RelayClock::phase(std::int32_t microseconds) {
  if (microseconds == 0) return;
  if (x_unheard > 0) {
    --x_unheard;
    return;
  }
  const std::int64_t round_us = std::int64_t{x_round_ms} * 1000;
  // It is of a frame that somebody held back.
  if (std::abs(std::int64_t{microseconds}) > kToleranceMs * 1000 + 2 * round_us) return;
  const std::int64_t by = mix::correction(microseconds, x_round_ms).ns / 1000;
  if (by == 0) return;
  x_shift_us += by;
  // Whole rounds are a matter of the name alone.
  const std::int64_t moved = (x_move_us + by) % round_us;
  x_move_us = (moved + round_us + round_us / 2) % round_us - round_us / 2;
  x_unheard = kAnswersPassed;
}

std::optional<UtcMs> RelayClock::at(UtcMs own) const {
  if (!x_known || x_refused) return std::nullopt;
  return UtcMs{own.value - x_shift_us / 1000};
}

Duration RelayClock::take_move() {
  return microseconds(std::exchange(x_move_us, 0));
}

}  // namespace sw::carrier
