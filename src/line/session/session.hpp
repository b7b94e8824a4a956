#pragma once
// One session of one line in one venue: who is live, pending or held, and what each of the two cells of a round is.
// Protocol 4.2 to 4.4. Always exactly two cells a round; toward the wire every failure looks like a random cell.
#include <vector>

#include "line/delivery/delivery.hpp"
#include "line/session/greeting.hpp"

namespace sw::line {

enum class ContinuityState : std::uint8_t { whole, broken, refused };

/// Continuity broke, was confirmed by people on both sides (or proved whole again), or was refused.
struct ContinuityChanged {
  ContinuityState to{};
};

class Session {
 public:
  explicit Session(const VenueTerms& terms) : x_venue{terms} {}

  /// Relay venues: the epoch begins on that day.
  void announce(Epoch epoch, std::uint32_t day) { x_venue.calendar.announce(epoch, day); }
  [[nodiscard]] const Venue& venue() const { return x_venue; }
  /// The two cells of round `now`, which is above every round given before; only when reservation allows sealing.
  [[nodiscard]] std::array<wire::Cell, kPaths> seal(RoundId now, std::uint8_t flags, Durable& durable,
                                                    Delivery& delivery, Rng& rng);
  /// A round in which nothing may be sealed still counts.
  void pass_round();
  /// One cell that came; silent whatever it is.
  void open(Path path, RoundId round, const wire::Cell& cell, Durable& durable, Delivery& delivery, Rng& rng);

  /// People compared the groups (protocol 4.4). Errc::conflict when nothing is held, or the line is open without it.
  [[nodiscard]] Result<void> confirm_continuity(Durable& durable);
  /// Beside a live session only the held one ends; else the line is refused, and every venue's session is to stop().
  [[nodiscard]] Result<void> refuse_continuity(Durable& durable);
  /// The line was refused: nothing is said or heard here any more.
  void stop(Delivery& delivery);

  [[nodiscard]] bool live() const { return x_live.has_value(); }
  [[nodiscard]] ContinuityState continuity(const LineKeys& keys) const;
  /// The groups to compare, while a session is held.
  [[nodiscard]] std::optional<CheckNumber> held_check() const;
  /// Rounds since a cell of a live session was opened; nothing when none ever was.
  [[nodiscard]] std::optional<std::uint32_t> since_opened() const;
  [[nodiscard]] const Channel* live_channel() const { return x_live ? &*x_live : nullptr; }
  [[nodiscard]] std::vector<ContinuityChanged> take_changes() { return std::exchange(x_changes, {}); }

 private:
  struct Waiting {
    Met met;
    std::uint32_t age = 0;
  };
  struct Held {
    Channel channel;
    std::optional<std::uint64_t> confirmed;  ///< the version in which our confirmation is durable
  };

  void count_round(Delivery& delivery);
  [[nodiscard]] std::optional<HandshakeCell> greeting(RoundId now, const Durable& durable, Rng& rng);
  [[nodiscard]] bool wants_attempt() const;
  [[nodiscard]] wire::Cell seal_live(Path path, RoundId now, std::uint8_t flags, const Durable& durable,
                                     Delivery& delivery, Rng& rng);
  [[nodiscard]] wire::Cell seal_held(Path path, RoundId now, std::uint8_t flags, const Durable& durable, Rng& rng);

  [[nodiscard]] bool open_live(Path path, RoundId round, const wire::Cell& cell, Durable& durable, Delivery& delivery,
                               Rng& rng);
  [[nodiscard]] bool open_waiting(Path path, RoundId round, const wire::Cell& cell, Durable& durable,
                                  Delivery& delivery, Rng& rng);
  [[nodiscard]] bool open_held(Path path, RoundId round, const wire::Cell& cell, Durable& durable, Delivery& delivery);
  void open_greeting(RoundId round, const wire::Cell& cell, Durable& durable, Delivery& delivery, Rng& rng);
  void take_plain(RoundId round, const CellPlain& plain, Durable& durable, Delivery& delivery, Rng& rng);
  void met(Met&& met, Durable& durable, Delivery& delivery);
  void make_live(Channel&& channel, Delivery& delivery);
  void end_live(Delivery& delivery);
  void hold(Channel&& channel, Delivery& delivery);
  void settle_held(Durable& durable, Delivery& delivery);
  void break_continuity();

  Venue x_venue;
  std::uint64_t x_count = 0;  ///< our rounds since the start
  std::optional<RoundId> x_now;
  std::optional<Channel> x_live;
  std::optional<Waiting> x_waiting;  ///< responder: until its first opened cell
  std::optional<Held> x_held;
  bool x_was_confirmed = false;  ///< the live session came out of a held one: say so for its whole life
  std::optional<std::uint32_t> x_since_opened;

  std::optional<Attempt> x_attempt;  ///< initiator
  bool x_asked = false;              ///< the responder said please-initiate
  bool x_lost = false;               ///< the next attempt is of type 4
  Answerer x_answerer;               ///< responder
  std::optional<HandshakeCell> x_owed;
  std::uint32_t x_since_asking = UINT32_MAX;

  bool x_broken = false;
  std::vector<ContinuityChanged> x_changes;
};

}  // namespace sw::line
