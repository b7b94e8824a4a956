#pragma once
// When the store ticks: every T/5 (not under 20 ms), one tick a fixed 30 ms (T/10 at most) before the seal, whether
// there is something to write or not. Without a carrier it runs on at the last period. Protocol 2.2.
#include <cstdint>

#include "base/time.hpp"

namespace sw::station {

class Cadence {
 public:
  /// Free-running until the first seal, at 200 ms or as pace() says.
  explicit Cadence(Instant start) : x_next{start.ns} {}
  /// The rounds that will come.
  void pace(std::uint32_t round_ms);

  /// A tick of the carrier: cells were sealed at `at`, and will be again one round later.
  void sealed(Instant at, std::uint32_t round_ms);
  /// When the store is to tick next.
  [[nodiscard]] Instant next() const { return x_next; }
  /// The store ticked at next(); ticks that were missed meanwhile (suspend) are skipped, never made up for.
  void ticked(Instant now);

 private:
  Duration x_period = milliseconds(200);
  Instant x_next;
};

}  // namespace sw::station
