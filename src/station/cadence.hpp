#pragma once
// When the store ticks, whether there is something to write or not. Twice a round: a fixed 30 ms (T/10 at most) before
// the seal, so that what waits for the disk leaves with this cell, and when the peers' cells of the round have come.
// Where that is, is learned from cells that come idle or busy. Never much more than a second apart. Protocol 2.2;
// ADR 11.
#include <cstdint>

#include "base/time.hpp"

namespace sw::station {

class Cadence {
 public:
  /// Free-running until the first seal: five ticks a round, at 200 ms or as pace() says.
  explicit Cadence(Instant start) : x_next{start.ns} {}
  /// The rounds that will come; no effect after the first seal.
  void pace(std::uint32_t round_ms);

  /// A tick of the carrier: cells were sealed at `at`, and will be again one round later.
  void sealed(Instant at, std::uint32_t round_ms);
  /// The carrier handed up a peer's cell. What comes in the last quarter of a round is left to the tick before the
  /// seal.
  void arrived(Instant at);
  /// When the store is to tick next.
  [[nodiscard]] Instant next() const { return x_next; }
  /// The store ticked at next(); ticks that were missed meanwhile (suspend) are skipped, never made up for.
  void ticked(Instant now);

 private:
  /// The first tick after `from`.
  [[nodiscard]] Instant after(Instant from) const;

  Duration x_free = milliseconds(200);  ///< period before the first seal
  Duration x_round{};                   ///< zero before the first seal
  Instant x_seal{};
  Duration x_arrival{};  ///< from the seal to the latest cell, as learned
  Duration x_latest{};   ///< the same in this round; zero when none came
  Instant x_next;
};

}  // namespace sw::station
