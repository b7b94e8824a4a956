#pragma once
// A line in one of its venues: the session there, and which rounds may be sealed. Protocol 2.3, 4.2.
// Always: no (path, round) is sealed that was not durably reserved, or that this process or one before it may have.
#include <bitset>
#include <string>

#include "line/session/session.hpp"

namespace sw::line {

/// What the faces show of a line in one venue. Rounds are our own.
struct LegStatus {
  VenueTerms venue;
  Slot slot{};
  std::optional<Epoch> from;                  ///< the line is not there before it (protocol 4.5)
  std::optional<Epoch> until;                 ///< and not from it on
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

class Leg {
 public:
  explicit Leg(const VenueKeys& keys)
      : x_slot(keys.slot), x_session(keys.terms), x_committed(keys.reserved), x_floor(keys.reserved) {}

  [[nodiscard]] const VenueTerms& terms() const { return x_session.venue().terms; }
  [[nodiscard]] Session& session() { return x_session; }
  [[nodiscard]] const Session& session() const { return x_session; }

  /// The cells of round `now`. Random ones while the round is not durably reserved, or not above the last one.
  [[nodiscard]] std::array<wire::Cell, kPaths> seal(RoundId now, std::uint8_t flags, Durable& durable,
                                                    Delivery& delivery, Rng& rng);
  /// A round of the venue that has no name: nothing is sealed in it, and the ages go on.
  void pass_round();
  /// A cell that came, in the sender's numbering.
  void open(Path path, RoundId round, const wire::Cell& cell, Durable& durable, Delivery& delivery, Rng& rng);
  /// The carrier says where its timetable is: reserve from there on, before the first tick.
  void expect(RoundId now, Durable& durable);
  /// More of `durable` is on the disk.
  void committed(const Durable& durable);
  [[nodiscard]] LegStatus status(const LineKeys& keys) const;

 private:
  [[nodiscard]] bool usable(RoundId round, const LineKeys& keys) const;
  void reserve(RoundId from, Durable& durable);
  void shift_strip();

  Slot x_slot;
  Session x_session;
  RoundId x_committed;                                         ///< rounds up to here are durably reserved
  RoundId x_floor;                                             ///< of these, those of the process before
  std::vector<std::pair<std::uint64_t, RoundId>> x_reserving;  ///< version, and what it reserves
  std::optional<RoundId> x_last;
  Epoch x_epoch{};  ///< that runs
  std::bitset<60> x_strip;
  bool x_opened_now = false;
  std::uint64_t x_opened_rounds = 0;
};

}  // namespace sw::line
