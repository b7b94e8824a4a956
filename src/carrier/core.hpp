#pragma once
// All that a carrier decides (protocol 2, 3): the frames of a round for each venue, with the station's cells in them
// when they came in time and random bytes in their place otherwise. The shell only waits, copies and sends.
//
//   departure - margin      tick and status go up
//   departure - margin/4    the frames are sealed with what came until now and handed to the sending thread
//   departure               grid + dither: they leave
//
// Nothing that leaves for the wire, and no instant of it, depends on what the station says or whether there is one.
#include <memory>
#include <vector>

#include "carrier/direct_venue.hpp"
#include "carrier/relay_venue.hpp"
#include "carrier/stamp_table.hpp"

namespace sw::carrier {

class Core {
 public:
  /// `clock` and `now` are one moment: UTC is not asked again. `dither` gives the key of the sending times and is used
  /// for nothing else; `rng` lives as long as the core.
  Core(const crypto::KeyPair& own, UtcMs clock, Instant now, Rng& rng, Rng& dither);

  /// Puts the peers of the last run back on the wire; once, before anything else.
  [[nodiscard]] Actions restore(Instant now, const std::vector<Peer>& peers);
  /// The venues of relays that this carrier is in from now on: those that are new begin, those that are missing end. Of
  /// one that goes on only the token may change. At most kVenueLimit venues of both kinds: what is beyond is told.
  [[nodiscard]] Actions set_relays(Instant now, const std::vector<RelayTerms>& relays);

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
  /// For the peer table: the direct venues.
  [[nodiscard]] std::vector<Peer> peers() const;
  /// Of the venues of relays.
  [[nodiscard]] std::vector<Stamp> stamps() const;

 private:
  [[nodiscard]] UtcMs clock(Instant now) const;
  [[nodiscard]] Moment moment(Instant now) { return {now, clock(now), x_station, x_rng}; }
  /// True when a handshake changed the venue's stamp.
  [[nodiscard]] bool advance(Venue& venue, Instant now, Actions& out);
  [[nodiscard]] std::vector<Venue*> all() const;
  [[nodiscard]] Venue* find(const VenueId& venue) const;
  [[nodiscard]] DirectVenue* find_direct(const VenueId& venue) const;
  void add(Instant now, const wire::PeerRecord& record, std::uint64_t last_stamp, Actions& out);
  void add(Instant now, const RelayTerms& relay, Actions& out);
  void remove(const VenueId& venue, Actions& out);
  [[nodiscard]] Departures departures(const VenueId& venue, std::uint32_t round_ms) const {
    return {venue, round_ms, x_start_clock, x_start, x_dither};
  }

  void take(const wire::StationHello& hello, Instant now, Actions& out);
  void take(const wire::PeerRecord& peer, Instant now, Actions& out);
  void take(const wire::FloorRecord& floor, Instant now, Actions& out);
  template <class Record>
  void take(const Record& record, Instant now, Actions& out);

  crypto::KeyPair x_own;
  UtcMs x_start_clock;
  Instant x_start;
  Rng& x_rng;
  DitherKey x_dither;
  link::Gate x_gate;
  std::vector<std::unique_ptr<DirectVenue>> x_direct;
  std::vector<std::unique_ptr<RelayVenue>> x_relays;
  bool x_station = false;
};

}  // namespace sw::carrier
