#pragma once
// One line: its keys, its session in the direct venue, its delivery. Time, randomness and cells come in; two cells a
// round and events go out. Protocol 4, 5, and 2.3 for the reservation of rounds.
#include <bitset>
#include <string>

#include "line/session/session.hpp"

namespace sw::line {

using Event = std::variant<MessageArrived, StoredThere, HeldThere, FirstFragmentSent, ReceiptDone, ContinuityChanged>;

/// What the faces show of a line. Rounds are our own.
struct Status {
  std::optional<std::uint32_t> since_opened;  ///< nothing: never since the start
  std::uint64_t opened_rounds{};              ///< rounds in which a cell was opened
  std::optional<std::uint32_t> since_healed;
  unsigned heard{};   ///< of our last 16 rounds, how many they say they opened
  std::string strip;  ///< the last 60 rounds, oldest first: '|' a cell was opened, '.' none
  bool live{};
  bool paused_there{};
  bool peer_waits{};
  ContinuityState continuity{};
  std::optional<CheckNumber> continuity_check;
};

class Line {
 public:
  /// `incarnation`: random, not zero, of this process. Errc::unsupported when the cards say ML-KEM and this machine's
  /// libcrypto has none: never something weaker.
  [[nodiscard]] static Result<Line> make(LineKeys keys, std::uint64_t incarnation);

  /// The cells of round `now`. Random ones while the round is not durably reserved, or not above the last one.
  [[nodiscard]] std::array<wire::Cell, kPaths> seal(RoundId now, Rng& rng);
  /// A cell that came, in the sender's numbering.
  void open(Path path, RoundId round, const wire::Cell& cell, Rng& rng);
  /// The carrier says where its timetable is: reserve from there on, before the first tick.
  void expect(RoundId now);

  // --- durable state: store durable_head(), then say which version is on the disk
  [[nodiscard]] std::uint64_t durable_version() const { return x_durable.version; }
  [[nodiscard]] crypto::SecretBytes durable_head() const { return x_durable.keys.save(); }
  void durable_committed(std::uint64_t version);

  [[nodiscard]] Delivery& delivery() { return x_delivery; }
  void set_paused(bool paused) { x_paused = paused; }
  /// Our store has no room: the peer is told to wait.
  void set_wait(bool wait) { x_wait = wait; }
  [[nodiscard]] bool waiting() const { return x_wait; }
  /// Where the peer is now: 1 to 4 addresses that can be sent to, else Errc::usage.
  [[nodiscard]] Result<void> readdress(std::vector<wire::Endpoint> at);
  [[nodiscard]] Result<void> confirm_continuity() { return x_session.confirm_continuity(x_durable); }
  [[nodiscard]] Result<void> refuse_continuity() { return x_session.refuse_continuity(x_durable); }

  [[nodiscard]] std::vector<Event> take_events();
  [[nodiscard]] const LineKeys& keys() const { return x_durable.keys; }
  /// No round above it was ever sealed: the floor for the carrier.
  [[nodiscard]] RoundId reserved() const { return x_durable.keys.reserved; }
  [[nodiscard]] Status status() const;

 private:
  Line(LineKeys keys, std::uint64_t incarnation);
  [[nodiscard]] bool usable(RoundId round) const;
  void reserve(RoundId from);

  Durable x_durable;
  VenueTerms x_terms;
  Session x_session;
  Delivery x_delivery;
  bool x_paused = false;
  bool x_wait = false;

  RoundId x_committed;                                         ///< rounds up to here are durably reserved
  RoundId x_floor;                                             ///< of these, those of the process before
  std::vector<std::pair<std::uint64_t, RoundId>> x_reserving;  ///< version, and what it reserves
  std::optional<RoundId> x_last;
  std::bitset<60> x_strip;
  bool x_opened_now = false;
  std::uint64_t x_opened_rounds = 0;
};

}  // namespace sw::line
