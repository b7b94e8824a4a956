#pragma once
// What a carrier knows of R1's time in one venue (protocol 8.8): from the rounds that R1's frames name, whether its own
// clock is right at all; from the phases that R1 says, how its grid has to move.
#include <optional>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace sw::carrier {

class RelayClock {
 public:
  /// A clock that is further off against R1's is refused.
  static constexpr std::int64_t kToleranceMs = 30'000;

  explicit RelayClock(std::uint32_t round_ms) : x_round_ms(round_ms) {}

  /// Another link, of another process of R1 maybe: what was known of its time holds until a frame names a round.
  void renew() { x_fresh = false; }
  /// A frame of R1's brought the returns of that round, of an epoch that began at `t0`; `own`: this carrier's clock.
  void heard(RoundId round, UtcMs t0, UtcMs own);
  /// R1's word of a frame of ours.
  void phase(std::int32_t microseconds);

  /// R1's time when this carrier's clock says `own`, so that a frame which leaves then has the name of the round in
  /// which it arrives; nothing while it is not known, or too far from `own`.
  [[nodiscard]] std::optional<UtcMs> at(UtcMs own) const;
  /// By how much this carrier's clock is ahead of R1's, when that is more than it may be.
  [[nodiscard]] std::optional<std::int64_t> refused() const { return x_refused; }
  /// How much later the grid is to be from the next round on: within half a round.
  [[nodiscard]] Duration take_move();

 private:
  std::uint32_t x_round_ms;
  std::int64_t x_shift_us = 0;  ///< own clock minus the time that gives our frames their names
  std::int64_t x_move_us = 0;
  int x_unheard = 0;  ///< answers that are of frames from before the last move
  bool x_known = false;
  bool x_fresh = false;  ///< a frame on this link named a round
  std::optional<std::int64_t> x_refused;
  RoundId x_newest{};
};

}  // namespace sw::carrier
