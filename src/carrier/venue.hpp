#pragma once
// One venue of a carrier: its rounds, from the tick to the sealed frames (protocol 2.2, 2.4). What a round is called
// and what its frames are is a matter of the kind of venue.
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "base/rng.hpp"
#include "carrier/actions.hpp"

namespace sw::carrier {

/// When something happens, and what there is for it.
struct Moment {
  Instant now;
  UtcMs clock;   ///< the same instant
  bool station;  ///< is one there?
  Rng& rng;
};

using SlotCells = std::array<wire::Cell, kPaths>;

class Venue {
 public:
  Venue(const Venue&) = delete;
  Venue& operator=(const Venue&) = delete;
  virtual ~Venue() = default;

  [[nodiscard]] const VenueId& id() const { return x_id; }
  [[nodiscard]] Actions::Begun begun(const wire::Endpoint& to) const;
  /// When advance() has something to do.
  [[nodiscard]] Instant next_wake() const { return x_collecting ? seal_at() : tick_at(); }
  /// Does everything that is due. Rounds whose departure has passed are skipped.
  void advance(const Moment& moment, Actions& out);
  void on_bearer(wire::BearerState state) { x_bearer = state; }
  /// Did a handshake change the stamp since this was asked last?
  [[nodiscard]] bool stamp_changed();

  [[nodiscard]] virtual link::Link& link() = 0;
  /// Where the venue's timetable is.
  [[nodiscard]] virtual RoundId round_now() const = 0;
  virtual void arrived(link::Link::Incoming&& incoming, const Moment& moment, Actions& out) = 0;

  // Records of the station.
  void take(const wire::CellRecord& cell);
  /// False: no timetable of this venue can have that floor.
  [[nodiscard]] virtual bool take(const wire::FloorRecord& floor, const Moment& moment, Actions& out) = 0;
  virtual void take(const wire::DropsRecord&) {}
  virtual void take(const wire::KeepRecord&) {}

 protected:
  Venue(const VenueId& id, Departures&& departures, GridIndex first, std::uint8_t slots, std::uint64_t stamp);

  /// The round that departs next begins. Nothing when nobody knows its name: then there is no tick.
  [[nodiscard]] virtual std::optional<RoundId> begin_round(const Moment& moment, Actions& out) = 0;
  [[nodiscard]] virtual wire::StatusRecord status(RoundId round) = 0;
  /// What a status says when the round has no name.
  [[nodiscard]] virtual RoundId unnamed() const = 0;
  [[nodiscard]] virtual link::Link::Outgoing seal(Slot slot, SlotCells& cells, const Moment& moment) = 0;
  [[nodiscard]] virtual wire::Endpoint address() const = 0;
  /// How much later the rounds after this one depart.
  [[nodiscard]] virtual Duration move() { return {}; }

  [[nodiscard]] std::uint8_t slots() const { return static_cast<std::uint8_t>(x_cells.size()); }
  [[nodiscard]] Instant departure() const { return x_departures.departure(x_next) + x_offset; }
  [[nodiscard]] bool collecting() const { return x_collecting; }
  [[nodiscard]] GridIndex next_index() const { return x_next; }
  [[nodiscard]] const std::optional<RoundId>& round() const { return x_round; }
  [[nodiscard]] wire::BearerState bearer() const { return x_bearer; }

 private:
  [[nodiscard]] Instant tick_at() const { return departure() - x_departures.margin(); }
  // Protocol 2.4: "The carrier accepts cells until send time - margin/4".
  [[nodiscard]] Instant seal_at() const { return departure() - Duration{x_departures.margin().ns / 4}; }
  void skip_missed(Instant now);
  void tick(const Moment& moment, Actions& out);
  void seal_round(const Moment& moment, Actions& out);

  VenueId x_id;
  Departures x_departures;
  Duration x_offset{};             ///< of the departures against their timetable
  GridIndex x_next;                ///< the round that departs next
  bool x_collecting = false;       ///< its tick is due or was sent, its frames are not sealed
  std::optional<RoundId> x_round;  ///< its name
  std::vector<std::array<std::optional<wire::Cell>, kPaths>> x_cells;
  wire::BearerState x_bearer = wire::BearerState::good;
  std::uint64_t x_saved_stamp;
};

}  // namespace sw::carrier
