#pragma once
// A carrier process in virtual time: the real core, and what its shell and its sending thread do with it
// (carrier/shell.cpp, carrier/sender.cpp).
#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "carrier/core.hpp"
#include "crypto/rng.hpp"

namespace sw::test {

inline constexpr Instant kNever{std::numeric_limits<std::int64_t>::max()};

struct Packet {
  wire::Endpoint from;
  wire::Endpoint to;
  Bytes bytes;
};

class CarrierProcess {
 public:
  /// `seed` also gives the dither, from a generator of its own.
  CarrierProcess(crypto::KeyPair&& own, const wire::Endpoint& here, std::uint64_t seed)
      : x_own(std::move(own)), x_here(here), x_rng(2 * seed), x_dither(2 * seed + 1), x_spare(~seed) {}

  [[nodiscard]] const PublicKey& key() const { return x_own.public_key; }
  [[nodiscard]] bool running() const { return x_core != nullptr; }
  [[nodiscard]] const wire::Endpoint& here() const { return x_here; }

  void start(UtcMs clock, Instant now) {
    x_core = std::make_unique<carrier::Core>(x_own, clock, now, x_rng, x_dither);
    const auto peers = x_file.empty() ? std::vector<carrier::Peer>{} : carrier::decode_peers(x_file).value();
    perform(x_core->restore(now, peers));
    for (auto& relay : relays) {
      const auto stamp = std::ranges::find(x_stamps, relay.rules.venue, &carrier::Stamp::venue);
      if (stamp != x_stamps.end()) relay.last_stamp = stamp->stamp;
    }
    perform(x_core->set_relays(now, relays));
  }
  /// SIGKILL: only the peer table is left.
  void kill() {
    x_core.reset();
    x_places.clear();
    hangs_until = Instant{};
  }

  [[nodiscard]] Instant next() const {
    if (!x_core) return kNever;
    Instant least = std::max(x_core->next_wake(), hangs_until);
    for (const Place& place : x_places) least = std::min(least, place.departure());
    return least;
  }
  /// Everything that is due: the sending thread's departures first, then the main thread's timer.
  void run(Instant now) {
    for (Place& place : x_places) serve(place, now);
    if (hangs_until > now || x_core->next_wake() > now) return;
    const auto bearer = refused ? wire::BearerState::failing : wire::BearerState::good;
    for (const VenueId& venue : x_core->venues()) x_core->on_bearer(venue, bearer);
    perform(x_core->advance(now));
  }
  void on_datagram(Instant now, const Packet& packet) { perform(x_core->on_datagram(now, packet.bytes, packet.from)); }
  void on_record(Instant now, const wire::DownRecord& record) { perform(x_core->on_record(now, record)); }
  void on_station_gone() { x_core->on_station_gone(); }

  std::vector<carrier::RelayTerms> relays;  ///< HOME/venues

  // What came of it, taken by the host.
  std::vector<Packet> sent;
  std::vector<wire::UpRecord> up;
  std::vector<std::string> told;
  bool closed_port = false;

  Instant hangs_until{};  ///< the main thread does nothing before; the sending thread goes on
  bool refused = false;   ///< the network takes nothing from this machine

 private:
  struct Place {
    VenueId venue;
    carrier::Departures departures;
    carrier::GridIndex next;
    struct Lane {
      wire::Endpoint last_to;
      std::optional<carrier::Actions::Prepared> box;
    };
    std::vector<Lane> lanes;
    Duration offset{};
    Duration wanted{};
    [[nodiscard]] Instant departure() const { return departures.departure(next) + offset; }
  };

  void perform(carrier::Actions&& actions) {
    for (const VenueId& venue : actions.ended)
      std::erase_if(x_places, [&](const Place& p) { return p.venue == venue; });
    for (auto& begun : actions.begun) {
      std::vector<Place::Lane> lanes(begun.frames, {begun.to, std::nullopt});
      x_places.push_back({begun.venue, std::move(begun.departures), begun.first, std::move(lanes)});
    }
    for (auto& frame : actions.frames) {
      for (Place& place : x_places) {
        if (place.venue == frame.venue) place.lanes.at(frame.slot.value).box = frame;
      }
    }
    for (const auto& shifted : actions.shifted) {
      for (Place& place : x_places) {
        if (place.venue == shifted.venue) place.wanted = shifted.offset;
      }
    }
    for (auto& sentence : actions.told) told.push_back(std::move(sentence));
    for (const auto& cookie : actions.cookies) send(cookie.to, to_bytes(cookie.reply));
    for (auto& record : actions.up) up.push_back(std::move(record));
    if (actions.peers_changed) x_file = carrier::encode_peers(x_core->peers());
    if (actions.stamps_changed) x_stamps = carrier::decode_stamps(carrier::encode_stamps(x_core->stamps())).value();
    if (actions.close_port) {
      closed_port = true;
      x_core->on_station_gone();
    }
  }

  void serve(Place& place, Instant now) {
    const Instant departure = place.departure();
    if (departure > now) return;
    if ((now - departure).ns > place.departures.round().ns / 2) {
      place.next = place.departures.first_after(now + Duration{-place.offset.ns});
      return;
    }
    for (auto& lane : place.lanes) {
      if (lane.box && lane.box->at == place.next) {
        lane.last_to = lane.box->to;
        send(lane.last_to, to_bytes(lane.box->frame));
      } else {
        send(lane.last_to, to_bytes(x_spare.array<wire::kFrameBytes>()));
      }
      lane.box.reset();
    }
    place.next = carrier::next(place.next);
    place.offset = place.wanted;
  }
  void send(const wire::Endpoint& to, Bytes bytes) {
    if (!refused) sent.push_back({x_here, to, std::move(bytes)});
  }

  crypto::KeyPair x_own;
  wire::Endpoint x_here;
  crypto::SeededRng x_rng;
  crypto::SeededRng x_dither;
  crypto::SeededRng x_spare;
  std::unique_ptr<carrier::Core> x_core;
  std::vector<Place> x_places;
  Bytes x_file;                          ///< HOME/carrier.peers
  std::vector<carrier::Stamp> x_stamps;  ///< HOME/carrier.stamps
};

}  // namespace sw::test
