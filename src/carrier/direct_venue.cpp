#include "carrier/direct_venue.hpp"

#include <utility>

namespace sw::carrier {
namespace {

link::LinkTerms terms_of(const crypto::KeyPair& own, const wire::PeerRecord& record, std::uint64_t last_stamp) {
  return {record.venue, record.peer, link::direct_role(own.public_key, record.peer), wire::kEpochMs / record.round_ms,
          record.at,    last_stamp};
}

}  // namespace

DirectVenue::DirectVenue(const crypto::KeyPair& own, const wire::PeerRecord& record, std::uint64_t last_stamp,
                         Departures&& departures, GridIndex first)
    : Venue(record.venue, std::move(departures), first, 1, last_stamp),
      x_record(record),
      x_numbering(record.round_ms),
      x_link(own, terms_of(own, record, last_stamp)) {}

void DirectVenue::readdress(const std::vector<wire::Endpoint>& at) {
  x_record.at = at;
  x_link.readdress(at);
}

void DirectVenue::arrived(link::Link::Incoming&& incoming, const Moment& moment, Actions& out) {
  if (!moment.station) return;
  for (const Path path : {Path::first, Path::second}) {
    out.up.emplace_back(wire::CellRecord{id(), Slot{}, path, incoming.round, incoming.cells[index(path)]});
  }
}

bool DirectVenue::take(const wire::FloorRecord& floor, const Moment& moment, Actions& out) {
  // The round that was ticked keeps its number; the next ones are above the floor.
  const GridIndex from = collecting() ? next(next_index()) : next_index();
  if (!x_numbering.raise(floor.floor, from)) return false;
  // So that the station has its first rounds on the disk when the first tick comes.
  if (moment.station) out.up.emplace_back(status(x_numbering.at(from)));
  return true;
}

wire::StatusRecord DirectVenue::status(RoundId round) {
  const auto state = x_link.up() ? wire::LinkState::up : wire::LinkState::none;
  return {id(), round, bearer(), state, x_link.quiet_rounds(), x_link.peer_epoch(), wire::Fault::none};
}

link::Link::Outgoing DirectVenue::seal(Slot, SlotCells& cells, const Moment& moment) {
  return x_link.prepare(round().value_or(round_now()), moment.clock, cells[0], cells[1], moment.rng);
}

}  // namespace sw::carrier
