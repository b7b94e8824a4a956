#pragma once
// R1's stations as its socket meets them: a link for each, what their frames brought, one frame to each a round. Pure:
// no socket, no clock. Protocol 8.8.
//
// Always: a stranger gets message 2 or a cookie, one for one, and nothing else; one frame leaves a round and slot for
// every station with a link, at one instant of the round, whatever came back; nothing here is told to anybody else.
#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "link/gate.hpp"
#include "mix/relay/core.hpp"
#include "mix/relay_stations.hpp"
#include "relay/address_table.hpp"
#include "relay/moment.hpp"

namespace sw::relay {

class StationsGate {
 public:
  struct Terms {
    const crypto::KeyPair& link;  ///< R1's link key; must outlive the gate, as the venue's terms
    const mix::relay::VenueTerms& venue;
    mix::RelayStations::TokenCheck check;
    Moment start;  ///< of this process
  };
  StationsGate(Terms terms, Rng& rng);

  struct Datagram {
    wire::Endpoint to;
    Bytes bytes;
  };
  /// One datagram of any length; what has to be sent at once, if anything.
  [[nodiscard]] std::optional<Datagram> on_datagram(Instant now, ByteView datagram, const wire::Endpoint& from);
  /// Hints for a batch of datagrams, since all links together fit in no cache: from there comes one that was received
  /// already. First expect() all of them, then approach() each a few datagrams ahead of its turn.
  void expect(const wire::Endpoint& from) const { x_addresses.fetch(from); }
  void approach(const wire::Endpoint& from) const;
  /// For Core::on_circuits, when it changed; call it after each datagram, before anything else of the core, and after
  /// each departure.
  [[nodiscard]] std::optional<std::uint32_t> circuits(Instant now);

  // What the core has for the stations, in the order of its actions.
  void on_published(const mix::relay::Actions::Published& published);
  void on_halted(Epoch epoch);
  void on_making(Epoch epoch);
  void on_receipt(const mix::relay::Actions::Receipt& receipt);
  /// For Core::on_onions. Errors: those of RelayStations::close.
  [[nodiscard]] Result<Bytes> close_setup(Epoch epoch);
  /// For Core::on_cells. Errc::refused when the round is not open.
  [[nodiscard]] Result<Bytes> close_round(Instant now, RoundId at);
  /// Errors: those of RelayStations::returned; then nothing of it goes to anybody.
  [[nodiscard]] Result<void> on_returned(mix::relay::Actions::Returned returned);
  /// Core::fault: all frames from now on say it.
  void on_fault(std::uint8_t relay) { x_fault = relay; }

  /// When depart() or circuits() has something to do.
  [[nodiscard]] Instant next_wake() const {
    return x_told == 0 && registered() > 0 ? std::min(x_next, x_counts_from) : x_next;
  }
  /// Gives the frames of this round to `send`, if it is time; a round that was slept through is skipped.
  using Send = std::function<void(const wire::Endpoint& to, const link::Frame& frame)>;
  void depart(Instant now, const Send& send);

  [[nodiscard]] std::size_t links() const { return x_doors.size(); }
  [[nodiscard]] std::size_t registered() const { return x_stations.registered(); }

 private:
  struct Door {
    explicit Door(link::Link&& made) : link(std::move(made)) {}
    std::uint32_t life = 0;    ///< of the lane that `told` is of
    std::uint32_t waited = 0;  ///< rounds without being registered
    bool registered = false;
    std::optional<wire::Endpoint> at;  ///< in x_addresses
    mix::Bulletin::Place told{};
    Epoch epoch{};                       ///< of `place`
    std::optional<std::uint32_t> place;  ///< RelayStations::place
    link::Link link;
  };
  using Doors = std::map<mix::StationKey, Door>;

  [[nodiscard]] Duration rounds(std::uint32_t count) const {
    return milliseconds(std::int64_t{count} * x_terms.venue.round_ms);
  }
  [[nodiscard]] RoundId now_round() const { return x_closed.value_or(RoundId{}); }
  [[nodiscard]] bool open(Doors::iterator door, const link::Frame& frame, const wire::Endpoint& from, Instant now);
  void search(const link::Frame& frame, const wire::Endpoint& from, Instant now);
  [[nodiscard]] std::optional<Datagram> call(const link::Frame& frame, const wire::Endpoint& from, Instant now);
  [[nodiscard]] Doors::iterator admit(const mix::StationKey& caller, Instant now);
  void remove(Doors::iterator door);
  void place(Doors::iterator door, const wire::Endpoint& at);
  void take(Doors::iterator door, const link::Link::Incoming& in, Instant now);
  void enrol(Doors::iterator door, ByteView object, Instant now);
  /// What is not over and was not told on its lane yet, as the lane drains.
  void tell(Door& door, const mix::StationKey& key);
  void end(Epoch epoch);
  void forget_halted(UtcMs now);
  void send(Doors::iterator door, const std::optional<mix::relay::Actions::Returned>& back, Instant now,
            const Send& out);
  void send_all(const std::optional<mix::relay::Actions::Returned>& back, Instant now, const Send& out);
  [[nodiscard]] std::optional<std::uint32_t> place_of(Doors::iterator door, Epoch epoch);
  static void fetch(Doors::iterator door);
  /// The first departure after `after`.
  void plan(Instant after);

  Terms x_terms;
  Rng& x_rng;
  link::Gate x_gate;
  mix::RelayStations x_stations;
  mix::Bulletin x_bulletin;
  Doors x_doors;
  std::vector<Doors::iterator> x_order;  ///< all of them: in the batch's order, and behind them who came since
  std::size_t x_callers = 0;             ///< doors that are not registered
  AddressTable<Doors::iterator> x_addresses;
  std::int64_t x_second = -1;
  std::size_t x_tries = 0;  ///< links tried in this second for frames from unknown addresses

  std::map<Epoch, UtcMs> x_t0;                       ///< published and not over
  std::map<Epoch, std::size_t> x_receipts;           ///< of them, how many came
  std::map<Epoch, UtcMs> x_halted;                   ///< their t0, while stations are told
  std::optional<Epoch> x_making;                     ///< frozen, not published
  std::optional<RoundId> x_closed;                   ///< the newest round
  std::deque<mix::relay::Actions::Returned> x_back;  ///< came back, not sent yet
  std::uint8_t x_fault = 0;
  std::uint32_t x_told = 0;  ///< circuits
  Instant x_counts_from;     ///< stations that lost R1 are counted again before this
  UtcMs x_origin;            ///< of the rounds that run; before the first, in step with them
  Instant x_next{};
  Instant x_last{};
};

}  // namespace sw::relay
