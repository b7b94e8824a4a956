#include "line/leg.hpp"

#include <algorithm>

namespace sw::line {
namespace {

/// `count` rounds after `round`. Where relays decide when an epoch ends nothing of the next one is reserved ahead: a
/// station that is restarted in overtime would be silent until there.
RoundId after(RoundId round, std::uint32_t count, const VenueTerms& venue) {
  const std::uint64_t sum = std::uint64_t{round.round.value} + count;
  if (venue.kind == VenueKind::relays) {
    const std::uint64_t last = venue.most_rounds() - 1;
    return {round.epoch, Round{static_cast<std::uint32_t>(std::min(sum, last))}};
  }
  return {Epoch{round.epoch.value + sum / venue.rounds}, Round{static_cast<std::uint32_t>(sum % venue.rounds)}};
}

}  // namespace

/// A round beyond the day keys' reach is a wrong clock's: were it reserved, the floor would keep the line there for
/// ever (protocol 2.3).
bool Leg::usable(RoundId round, const LineKeys& keys) const {
  const auto day = x_session.venue().calendar.day(round.epoch);
  return keys.in(terms().id).holds(round.epoch) && round.round.value < terms().most_rounds() && day &&
         keys.khs.reaches(*day);
}

void Leg::reserve(RoundId from, Durable& durable) {
  // A new block before the last one is used up, so that its commit has time (protocol 2.3).
  RoundId& reserved = durable.keys.in(terms().id).reserved;
  if (after(from, wire::kReservedRounds / 2, terms()) <= reserved) return;
  reserved = after(from, wire::kReservedRounds, terms());
  x_reserving.emplace_back(durable.touch(), reserved);
}

void Leg::expect(RoundId now, Durable& durable) {
  x_epoch = now.epoch;
  if (x_last || !usable(now, durable.keys)) return;
  // The carrier goes on above the floor that was loaded; a disk that is slow now must not push it further.
  reserve(std::max(now, x_floor), durable);
}

void Leg::committed(const Durable& durable) {
  for (const auto& [needed, upto] : x_reserving) {
    if (durable.reached(needed)) x_committed = std::max(x_committed, upto);
  }
  std::erase_if(x_reserving, [&](const auto& each) { return durable.reached(each.first); });
}

std::array<wire::Cell, kPaths> Leg::seal(RoundId now, std::uint8_t flags, Durable& durable, Delivery& delivery,
                                         Rng& rng) {
  x_epoch = now.epoch;
  shift_strip();
  // What the process before reserved it may have sealed.
  const bool rising = now > x_last.value_or(x_floor) && usable(now, durable.keys);
  if (rising) reserve(now, durable);
  if (!rising || now > x_committed) {
    x_session.pass_round();
    std::array<wire::Cell, kPaths> cells{};
    for (auto& cell : cells) rng.fill(cell);
    return cells;
  }
  x_last = now;
  return x_session.seal(now, flags, durable, delivery, rng);
}

void Leg::shift_strip() {
  x_strip <<= 1;
  x_strip[0] = std::exchange(x_opened_now, false);
}

void Leg::pass_round() {
  shift_strip();
  x_session.pass_round();
}

void Leg::open(Path path, RoundId round, const wire::Cell& cell, Durable& durable, Delivery& delivery, Rng& rng) {
  x_session.open(path, round, cell, durable, delivery, rng);
  if (x_session.since_opened() == 0U && !std::exchange(x_opened_now, true)) ++x_opened_rounds;
}

LegStatus Leg::status(const LineKeys& keys) const {
  LegStatus out;
  out.venue = terms();
  out.slot = x_slot;
  const VenueKeys& here = keys.in(terms().id);
  if (x_epoch != Epoch{} && x_epoch < here.from) out.from = here.from;
  out.until = here.until;
  out.since_opened = x_session.since_opened();
  out.opened_rounds = x_opened_rounds;
  for (std::size_t i = x_strip.size(); i-- > 0;) out.strip.push_back(x_strip[i] ? '|' : '.');
  out.continuity = x_session.continuity(keys);
  out.continuity_check = x_session.held_check();
  if (const Channel* live = x_session.live_channel()) {
    out.live = true;
    if (live->healed_ever()) out.since_healed = live->since_healed();
    out.heard = live->heard_there();
    out.paused_there = (live->peer_flags() & kFlagPaused) != 0;
    out.peer_waits = (live->peer_flags() & kFlagWait) != 0;
  }
  return out;
}

}  // namespace sw::line
