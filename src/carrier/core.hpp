#pragma once
// All that a carrier decides (protocol 2, 3): one frame a round for each venue, with the station's cells in it when
// they came in time and random bytes in their place otherwise. The shell only waits, copies and sends.
//
//   departure - margin      tick and status go up
//   departure - margin/4    the frame is sealed with what came until now and handed to the sending thread
//   departure               grid + dither: the frame leaves
//
// Nothing that leaves for the wire, and no instant of it, depends on what the station says or whether there is one.
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "base/rng.hpp"
#include "carrier/peer_table.hpp"
#include "carrier/timetable.hpp"
#include "link/gate.hpp"
#include "wire/cell_port.hpp"

namespace sw::carrier {

/// What the shell has to do, in this order: ended, begun, frames, cookies, up, the table, the port.
struct Actions {
  struct Begun {
    VenueId venue;
    Departures departures;
    GridIndex first;
    wire::Endpoint to;
  };
  struct Prepared {
    VenueId venue;
    GridIndex at;
    Instant departure;
    wire::Endpoint to;
    link::Frame frame;
  };
  struct Cookie {
    wire::Endpoint to;
    link::CookieReply reply;
  };
  std::vector<VenueId> ended;
  std::vector<Begun> begun;
  std::vector<Prepared> frames;
  std::vector<Cookie> cookies;     ///< at once
  std::vector<wire::UpRecord> up;  ///< to the station, if one is there
  bool peers_changed = false;      ///< save peers()
  bool close_port = false;         ///< the station broke the cell port's rules
};

class Core {
 public:
  /// `clock` and `now` are one moment: UTC is not asked again. `dither` gives the key of the sending times and is used
  /// for nothing else; `rng` lives as long as the core.
  Core(const crypto::KeyPair& own, UtcMs clock, Instant now, Rng& rng, Rng& dither);

  /// Puts the peers of the last run back on the wire; once, before anything else.
  [[nodiscard]] Actions restore(Instant now, const std::vector<Peer>& peers);

  /// When advance() has something to do; far away when there is no venue.
  [[nodiscard]] Instant next_wake() const;
  /// Does everything that is due. Rounds whose departure has passed are skipped.
  [[nodiscard]] Actions advance(Instant now);

  [[nodiscard]] Actions on_datagram(Instant now, ByteView datagram, const wire::Endpoint& from);
  /// A record of the station that is connected; its hello starts the flow upward.
  [[nodiscard]] Actions on_record(Instant now, const wire::DownRecord& record);
  void on_station_gone() { x_station = false; }
  /// Did the network refuse the venue's last frame?
  void on_bearer(const VenueId& venue, wire::BearerState state);

  [[nodiscard]] std::vector<VenueId> venues() const;
  /// For the peer table.
  [[nodiscard]] std::vector<Peer> peers() const;

 private:
  struct Venue {
    wire::PeerRecord record;
    Departures departures;
    Numbering numbering;
    link::Link link;
    GridIndex next;           ///< the round that departs next
    RoundId round;            ///< its number
    bool collecting = false;  ///< its tick is due or was sent, its frame is not sealed
    std::array<std::optional<wire::Cell>, kPaths> cells;
    wire::BearerState bearer = wire::BearerState::good;
    std::uint64_t saved_stamp = 0;

    [[nodiscard]] Instant tick_at() const;
    [[nodiscard]] Instant seal_at() const;
  };

  [[nodiscard]] UtcMs clock(Instant now) const;
  [[nodiscard]] Venue* find(const VenueId& venue);
  void advance(Venue& venue, Instant now, Actions& out);
  void skip_missed(Venue& venue, Instant now);
  void begin_round(Venue& venue, Instant now, Actions& out);
  [[nodiscard]] static wire::StatusRecord status(const Venue& venue, RoundId round);
  void seal_round(Venue& venue, Instant now, Actions& out);
  void add(Instant now, const wire::PeerRecord& record, std::uint64_t last_stamp, Actions& out);
  void remove(const VenueId& venue, Actions& out);

  void take(const wire::StationHello& hello, Instant now, Actions& out);
  void take(const wire::PeerRecord& peer, Instant now, Actions& out);
  void take(const wire::FloorRecord& floor, Instant now, Actions& out);
  void take(const wire::CellRecord& cell, Instant now, Actions& out);

  crypto::KeyPair x_own;
  UtcMs x_start_clock;
  Instant x_start;
  Rng& x_rng;
  DitherKey x_dither;
  link::Gate x_gate;
  std::vector<std::unique_ptr<Venue>> x_venues;
  bool x_station = false;
};

}  // namespace sw::carrier
