#include "carrier/core.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "base/assert.hpp"

namespace sw::carrier {

Instant Core::Venue::tick_at() const {
  return departures.departure(next) - departures.margin();
}

// Protocol 2.4: "The carrier accepts cells until send time - margin/4".
Instant Core::Venue::seal_at() const {
  return departures.departure(next) - Duration{departures.margin().ns / 4};
}

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

Core::Venue* Core::find(const VenueId& venue) {
  const auto at = std::ranges::find_if(x_venues, [&](const auto& v) { return v->record.venue == venue; });
  return at == x_venues.end() ? nullptr : at->get();
}

Actions Core::restore(Instant now, const std::vector<Peer>& peers) {
  Actions out;
  for (const Peer& peer : peers) add(now, peer.record, peer.last_stamp, out);
  return out;
}

Instant Core::next_wake() const {
  Instant least{std::numeric_limits<std::int64_t>::max()};
  for (const auto& venue : x_venues) least = std::min(least, venue->collecting ? venue->seal_at() : venue->tick_at());
  return least;
}

Actions Core::advance(Instant now) {
  Actions out;
  for (const auto& venue : x_venues) advance(*venue, now, out);
  return out;
}

void Core::advance(Venue& venue, Instant now, Actions& out) {
  skip_missed(venue, now);
  if (!venue.collecting && venue.tick_at() <= now) begin_round(venue, now, out);
  if (venue.collecting && venue.seal_at() <= now) seal_round(venue, now, out);
}

// Protocol 2.2: "Rounds missed (suspend, restart) are skipped, never sent in a burst."
void Core::skip_missed(Venue& venue, Instant now) {
  if (now < venue.departures.departure(venue.next)) return;
  venue.next = venue.departures.first_after(now);
  venue.collecting = false;
  venue.cells = {};
}

void Core::begin_round(Venue& venue, Instant now, Actions& out) {
  venue.round = venue.numbering.at(venue.next);
  venue.collecting = true;
  venue.cells = {};
  if (!x_station) return;
  out.up.emplace_back(status(venue, venue.round));
  // A tick that is too late to be answered would only make the station seal a cell in vain.
  if (now < venue.seal_at()) out.up.emplace_back(wire::TickRecord{venue.record.venue, venue.round});
}

wire::StatusRecord Core::status(const Venue& venue, RoundId round) {
  const auto& link = venue.link;
  return {venue.record.venue,  round,
          venue.bearer,        link.up() ? wire::LinkState::up : wire::LinkState::none,
          link.quiet_rounds(), link.peer_epoch()};
}

void Core::seal_round(Venue& venue, Instant now, Actions& out) {
  // Both are drawn whether they are needed or not: the work of a round is the same with a station and without.
  std::array<wire::Cell, kPaths> cells;
  for (std::size_t path = 0; path < kPaths; ++path) {
    x_rng.fill(cells[path]);
    if (venue.cells[path]) cells[path] = *venue.cells[path];
  }
  venue.cells = {};
  auto outgoing = venue.link.prepare(venue.round, clock(now), cells[0], cells[1], x_rng);
  const wire::Endpoint to = outgoing.to.value_or(venue.record.at.front());
  out.frames.push_back({venue.record.venue, venue.next, venue.departures.departure(venue.next), to, outgoing.frame});
  venue.collecting = false;
  venue.next = next(venue.next);
  // After the frame, so that the disk has the rest of the round for it.
  if (venue.link.last_stamp() != venue.saved_stamp) {
    venue.saved_stamp = venue.link.last_stamp();
    out.peers_changed = true;
  }
}

void Core::add(Instant now, const wire::PeerRecord& record, std::uint64_t last_stamp, Actions& out) {
  if (x_venues.size() >= wire::kVenueLimit || record.peer == x_own.public_key) return;
  SW_ASSERT(wire::valid_round_ms(record.round_ms) && !record.at.empty() && find(record.venue) == nullptr);
  Departures departures(record.venue, record.round_ms, x_start_clock, x_start, x_dither);
  const GridIndex first = departures.first_after(now + departures.margin());
  out.begun.push_back({record.venue, departures.clone(), first, record.at.front()});
  link::LinkTerms terms{record.venue, record.peer, wire::kEpochMs / record.round_ms, record.at, last_stamp};
  x_venues.push_back(std::make_unique<Venue>(Venue{.record = record,
                                                   .departures = std::move(departures),
                                                   .numbering = Numbering(record.round_ms),
                                                   .link = link::Link(x_own, std::move(terms)),
                                                   .next = first,
                                                   .round = {},
                                                   .collecting = false,
                                                   .cells = {},
                                                   .bearer = wire::BearerState::good,
                                                   .saved_stamp = last_stamp}));
}

void Core::remove(const VenueId& venue, Actions& out) {
  if (std::erase_if(x_venues, [&](const auto& v) { return v->record.venue == venue; }) == 0) return;
  out.ended.push_back(venue);
  out.peers_changed = true;
}

Actions Core::on_datagram(Instant now, ByteView datagram, const wire::Endpoint& from) {
  Actions out;
  std::vector<link::Door> doors;
  doors.reserve(x_venues.size());
  for (const auto& venue : x_venues) doors.push_back({&venue->link, venue->numbering.at(venue->next)});
  const auto arrival = x_gate.receive(datagram, from, doors, now, x_rng);
  if (arrival.reply) out.cookies.push_back({from, *arrival.reply});
  if (!arrival.door || !arrival.cells || !x_station) return out;
  const VenueId venue = x_venues[*arrival.door]->record.venue;
  for (const Path path : {Path::first, Path::second}) {
    out.up.emplace_back(wire::CellRecord{venue, Slot{}, path, arrival.cells->round, arrival.cells->cells[index(path)]});
  }
  return out;
}

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
  Venue* const venue = find(peer.venue);
  if (venue != nullptr && venue->record == peer) return;
  out.peers_changed = true;
  if (venue != nullptr && venue->record.peer == peer.peer && venue->record.round_ms == peer.round_ms) {
    venue->record.at = peer.at;
    venue->link.readdress(peer.at);
    return;
  }
  remove(peer.venue, out);
  add(now, peer, 0, out);
}

void Core::take(const wire::FloorRecord& floor, Instant, Actions& out) {
  Venue* const venue = find(floor.venue);
  if (venue == nullptr) return;
  // The round that was ticked keeps its number; the next ones are above the floor.
  const GridIndex from = venue->collecting ? next(venue->next) : venue->next;
  if (!venue->numbering.raise(floor.floor, from)) {
    out.close_port = true;
    return;
  }
  // So that the station has its first rounds on the disk when the first tick comes.
  if (x_station) out.up.emplace_back(status(*venue, venue->numbering.at(from)));
}

void Core::take(const wire::CellRecord& cell, Instant, Actions&) {
  Venue* const venue = find(cell.venue);
  if (venue == nullptr || !venue->collecting || venue->round != cell.round) return;
  venue->cells[index(cell.path)] = cell.cell;
}

void Core::on_bearer(const VenueId& venue, wire::BearerState state) {
  if (Venue* const v = find(venue)) v->bearer = state;
}

std::vector<VenueId> Core::venues() const {
  std::vector<VenueId> out;
  out.reserve(x_venues.size());
  for (const auto& venue : x_venues) out.push_back(venue->record.venue);
  return out;
}

std::vector<Peer> Core::peers() const {
  std::vector<Peer> out;
  out.reserve(x_venues.size());
  for (const auto& venue : x_venues) out.push_back({venue->record, venue->link.last_stamp()});
  return out;
}

}  // namespace sw::carrier
