#include "carrier/core.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "base/assert.hpp"

namespace sw::carrier {

Core::Core(const crypto::KeyPair& own, UtcMs clock, Instant now, Rng& rng, Rng& dither)
    : x_own(own.clone()),
      x_start_clock(clock),
      x_start(now),
      x_rng(rng),
      x_dither(DitherKey::random(dither)),
      x_gate(own.public_key) {}

// Protocol 2.2: "The carrier reads UTC once, at start; from then on only CLOCK_BOOTTIME counts."
UtcMs Core::clock(Instant now) const {
  return {x_start_clock.value + (now - x_start).ns / milliseconds(1).ns};
}

// ---- the venues

std::vector<Venue*> Core::all() const {
  std::vector<Venue*> out;
  out.reserve(x_direct.size() + x_relays.size());
  for (const auto& venue : x_direct) out.push_back(venue.get());
  for (const auto& venue : x_relays) out.push_back(venue.get());
  return out;
}

Venue* Core::find(const VenueId& venue) const {
  for (Venue* const each : all()) {
    if (each->id() == venue) return each;
  }
  return nullptr;
}

DirectVenue* Core::find_direct(const VenueId& venue) const {
  const auto at = std::ranges::find_if(x_direct, [&](const auto& v) { return v->id() == venue; });
  return at == x_direct.end() ? nullptr : at->get();
}

Actions Core::restore(Instant now, const std::vector<Peer>& peers) {
  Actions out;
  for (const Peer& peer : peers) add(now, peer.record, peer.last_stamp, out);
  return out;
}

Actions Core::set_relays(Instant now, const std::vector<RelayTerms>& relays) {
  Actions out;
  std::erase_if(x_relays, [&](const auto& venue) {
    const bool stays = std::ranges::any_of(relays, [&](const auto& r) { return r.rules.venue == venue->id(); });
    if (!stays) out.ended.push_back(venue->id());
    return !stays;
  });
  for (const RelayTerms& relay : relays) {
    const auto same = [&](const auto& venue) { return venue->id() == relay.rules.venue; };
    if (const auto at = std::ranges::find_if(x_relays, same); at != x_relays.end()) {
      (*at)->set_token(relay.token);
    } else {
      add(now, relay, out);
    }
  }
  return out;
}

void Core::add(Instant now, const wire::PeerRecord& record, std::uint64_t last_stamp, Actions& out) {
  if (x_direct.size() + x_relays.size() >= wire::kVenueLimit || record.peer == x_own.public_key) return;
  SW_ASSERT(wire::valid_round_ms(record.round_ms) && !record.at.empty());
  if (find(record.venue) != nullptr) return;  // a venue of relays has that id
  Departures times = departures(record.venue, record.round_ms);
  const GridIndex first = times.first_after(now + times.margin());
  x_direct.push_back(std::make_unique<DirectVenue>(x_own, record, last_stamp, std::move(times), first));
  out.begun.push_back(x_direct.back()->begun(record.at.front()));
}

void Core::add(Instant now, const RelayTerms& relay, Actions& out) {
  const VenueId& venue = relay.rules.venue;
  if (x_direct.size() + x_relays.size() >= wire::kVenueLimit || find(venue) != nullptr) {
    out.told.push_back("venue " + venue.hex() + ": no room for it beside the venues that are there");
    return;
  }
  Departures times = departures(venue, relay.rules.round_ms);
  const GridIndex first = times.first_after(now + times.margin());
  x_relays.push_back(std::make_unique<RelayVenue>(x_own, relay, std::move(times), first));
  out.begun.push_back(x_relays.back()->begun(relay.at));
}

void Core::remove(const VenueId& venue, Actions& out) {
  if (std::erase_if(x_direct, [&](const auto& v) { return v->id() == venue; }) == 0) return;
  out.ended.push_back(venue);
  out.peers_changed = true;
}

// ---- time and network

Instant Core::next_wake() const {
  Instant least{std::numeric_limits<std::int64_t>::max()};
  for (const Venue* const venue : all()) least = std::min(least, venue->next_wake());
  return least;
}

Actions Core::advance(Instant now) {
  Actions out;
  for (const auto& venue : x_direct) out.peers_changed = advance(*venue, now, out) || out.peers_changed;
  for (const auto& venue : x_relays) out.stamps_changed = advance(*venue, now, out) || out.stamps_changed;
  return out;
}

bool Core::advance(Venue& venue, Instant now, Actions& out) {
  const std::size_t before = out.frames.size();
  venue.advance(moment(now), out);
  // After the frame, so that the disk has the rest of the round for it.
  return out.frames.size() != before && venue.stamp_changed();
}

Actions Core::on_datagram(Instant now, ByteView datagram, const wire::Endpoint& from) {
  Actions out;
  const auto venues = all();
  std::vector<link::Door> doors;
  doors.reserve(venues.size());
  for (Venue* const venue : venues) doors.push_back({&venue->link(), venue->round_now()});
  auto arrival = x_gate.receive(datagram, from, doors, now, x_rng);
  if (arrival.reply) out.cookies.push_back({from, *arrival.reply});
  if (arrival.door && arrival.cells) venues[*arrival.door]->arrived(std::move(*arrival.cells), moment(now), out);
  return out;
}

void Core::on_bearer(const VenueId& venue, wire::BearerState state) {
  if (Venue* const v = find(venue)) v->on_bearer(state);
}

// ---- the station

Actions Core::on_record(Instant now, const wire::DownRecord& record) {
  Actions out;
  std::visit([&](const auto& r) { take(r, now, out); }, record);
  return out;
}

void Core::take(const wire::StationHello& hello, Instant, Actions& out) {
  if (hello.version != wire::kPortVersion) {
    out.close_port = true;
    return;
  }
  x_station = true;
  out.up.emplace_back(wire::CarrierHello{wire::kPortVersion, x_own.public_key});
}

void Core::take(const wire::PeerRecord& peer, Instant now, Actions& out) {
  if (peer.forgets()) return remove(peer.venue, out);
  DirectVenue* const venue = find_direct(peer.venue);
  if (venue != nullptr && venue->record() == peer) return;
  out.peers_changed = true;
  if (venue != nullptr && venue->record().peer == peer.peer && venue->record().round_ms == peer.round_ms) {
    return venue->readdress(peer.at);
  }
  remove(peer.venue, out);
  add(now, peer, 0, out);
}

void Core::take(const wire::FloorRecord& floor, Instant now, Actions& out) {
  Venue* const venue = find(floor.venue);
  if (venue != nullptr && !venue->take(floor, moment(now), out)) out.close_port = true;
}

/// Cells, drops and kept keys.
template <class Record>
void Core::take(const Record& record, Instant, Actions&) {
  if (Venue* const venue = find(record.venue)) venue->take(record);
}

std::vector<VenueId> Core::venues() const {
  std::vector<VenueId> out;
  for (const Venue* const venue : all()) out.push_back(venue->id());
  return out;
}

std::vector<Peer> Core::peers() const {
  std::vector<Peer> out;
  out.reserve(x_direct.size());
  for (const auto& venue : x_direct) out.push_back(venue->peer());
  return out;
}

std::vector<Stamp> Core::stamps() const {
  std::vector<Stamp> out;
  for (const auto& venue : x_relays) {
    if (const std::uint64_t stamp = venue->link().last_stamp(); stamp != 0) out.push_back({venue->id(), stamp});
  }
  return out;
}

}  // namespace sw::carrier
