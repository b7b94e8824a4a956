#include "carrier/venue.hpp"

#include <utility>

namespace sw::carrier {

Venue::Venue(const VenueId& id, Departures&& departures, GridIndex first, std::uint8_t slots, std::uint64_t stamp)
    : x_id(id), x_departures(std::move(departures)), x_next(first), x_cells(slots), x_saved_stamp(stamp) {}

Actions::Begun Venue::begun(const wire::Endpoint& to) const {
  return {x_id, x_departures.clone(), x_next, to, slots()};
}

bool Venue::stamp_changed() {
  const std::uint64_t before = std::exchange(x_saved_stamp, link().last_stamp());
  return x_saved_stamp != before;
}

void Venue::advance(const Moment& moment, Actions& out) {
  skip_missed(moment.now);
  if (!x_collecting && tick_at() <= moment.now) tick(moment, out);
  if (x_collecting && seal_at() <= moment.now) seal_round(moment, out);
}

// Protocol 2.2: "Rounds missed (suspend, restart) are skipped, never sent in a burst."
void Venue::skip_missed(Instant now) {
  if (now < departure()) return;
  x_next = x_departures.first_after(now + Duration{-x_offset.ns});
  x_collecting = false;
}

void Venue::tick(const Moment& moment, Actions& out) {
  x_collecting = true;
  for (auto& cells : x_cells) cells = {};
  x_round = begin_round(moment, out);
  if (!moment.station) return;
  out.up.emplace_back(status(x_round.value_or(unnamed())));
  // A tick that is too late to be answered would only make the station seal a cell in vain.
  if (x_round && moment.now < seal_at()) out.up.emplace_back(wire::TickRecord{x_id, *x_round});
}

void Venue::take(const wire::CellRecord& cell) {
  if (!x_collecting || x_round != cell.round || cell.slot.value >= x_cells.size()) return;
  x_cells[cell.slot.value][index(cell.path)] = cell.cell;
}

void Venue::seal_round(const Moment& moment, Actions& out) {
  for (Slot slot{}; slot.value < slots(); ++slot.value) {
    // Both are drawn whether they are needed or not: the work of a round is the same with a station and without.
    SlotCells cells;
    for (std::size_t path = 0; path < kPaths; ++path) {
      moment.rng.fill(cells[path]);
      if (const auto& given = x_cells[slot.value][path]; given && x_round) cells[path] = *given;
    }
    const auto outgoing = seal(slot, cells, moment);
    out.frames.push_back({x_id, x_next, departure(), outgoing.to.value_or(address()), outgoing.frame, slot});
  }
  x_collecting = false;
  x_next = next(x_next);
  if (const Duration by = move(); by.ns != 0) {
    x_offset.ns += by.ns;
    out.shifted.push_back({x_id, x_offset});
  }
}

}  // namespace sw::carrier
