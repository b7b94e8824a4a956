#include "relay/stations_gate.hpp"

#include <algorithm>
#include <utility>

#include "wire/sizes.hpp"

namespace sw::relay {

using mix::relay::Actions;

namespace {

/// "R1's returns leave at one fixed instant of the round": 0.6 T.
constexpr std::int64_t kReturnTenths = 6;
/// Of a stream, in a station's lane: one on its way, and the one that follows it at once.
constexpr std::size_t kQueued = 2;

mix::RelayStations::Terms terms_of(const mix::relay::VenueTerms& venue) {
  const std::uint32_t each = static_cast<std::uint32_t>(kPaths) * venue.slots;
  return {venue.circuit_limit / each, venue.slots, venue.suite, venue.hops()};
}

/// After R1's start all stations call at once.
std::uint32_t share_of(const mix::relay::VenueTerms& venue) {
  return std::clamp(terms_of(venue).limit / wire::kStationsAShare, 1U, wire::kSharesMost);
}

}  // namespace

StationsGate::StationsGate(Terms terms, Rng& rng)
    : x_terms(std::move(terms)),
      x_rng(rng),
      x_gate(x_terms.link.public_key, share_of(x_terms.venue)),
      x_stations(terms_of(x_terms.venue), x_terms.check),
      x_addresses(rng),
      x_counts_from(x_terms.start.instant + rounds(wire::kCountLeast)),
      x_origin{x_terms.start.utc.value / x_terms.venue.round_ms * x_terms.venue.round_ms},
      x_last(x_terms.start.instant) {
  plan(x_last);
}

void StationsGate::fetch(Doors::iterator door) {
  constexpr std::size_t kLine = 64;
  const auto* const end = reinterpret_cast<const char*>(&door->second.link);
  for (const auto* at = reinterpret_cast<const char*>(&door->first); at < end; at += kLine) __builtin_prefetch(at, 1);
  door->second.link.fetch();
}

// ---- what arrives

std::optional<StationsGate::Datagram> StationsGate::on_datagram(Instant now, ByteView datagram,
                                                                const wire::Endpoint& from) {
  link::Frame frame;
  if (datagram.size() != frame.size()) return std::nullopt;
  std::ranges::copy(datagram, frame.begin());
  const auto* const owner = x_addresses.find(from);
  if (owner != nullptr && open(*owner, frame, from, now)) return std::nullopt;
  if (link::is_message1(frame, x_terms.link.public_key)) return call(frame, from, now);
  search(frame, from, now);
  return std::nullopt;
}

void StationsGate::approach(const wire::Endpoint& from) const {
  if (const auto* const owner = x_addresses.find(from)) fetch(*owner);
}

bool StationsGate::open(Doors::iterator door, const link::Frame& frame, const wire::Endpoint& from, Instant now) {
  if (door->second.place) x_stations.expect(door->second.epoch, *door->second.place);
  const auto in = door->second.link.open(frame, from, now_round(), x_rng);
  if (!in) return false;
  if (door->second.link.owns(from)) place(door, from);
  take(door, *in, now);
  return true;
}

/// A station whose address changed, or whose first frame this is. It costs work for every link, so there is a bound:
/// who is not found begins a handshake anew, and that finds it.
void StationsGate::search(const link::Frame& frame, const wire::Endpoint& from, Instant now) {
  const std::int64_t second = now.ns / 1'000'000'000;
  if (second != x_second) {
    x_second = second;
    x_tries = 0;
  }
  for (auto door = x_doors.begin(); door != x_doors.end(); ++door) {
    if (x_tries++ >= wire::kGateTries) return;
    if (open(door, frame, from, now)) return;
  }
}

std::optional<StationsGate::Datagram> StationsGate::call(const link::Frame& frame, const wire::Endpoint& from,
                                                         Instant now) {
  const auto admission = x_gate.admit(frame, from, x_addresses.find(from) != nullptr, now, x_rng);
  if (admission.reply) return Datagram{from, to_bytes(*admission.reply)};
  if (!admission.process) return std::nullopt;
  const auto noise = ByteView(frame).first(wire::kLinkMessage1Bytes);
  const auto caller = link::caller_of(x_terms.link, x_terms.venue.venue, noise);
  if (!caller) return std::nullopt;
  auto door = x_doors.find(*caller);
  const bool known = door != x_doors.end();
  if (!known) door = admit(*caller, now);
  const bool greeted = door->second.link.greet(frame, from, now_round(), x_rng);
  if (!greeted && !known) {
    remove(door);
  } else if (greeted && !door->second.at && x_addresses.find(from) == nullptr) {
    place(door, from);
  }
  return std::nullopt;
}

StationsGate::Doors::iterator StationsGate::admit(const mix::StationKey& caller, Instant now) {
  if (x_callers >= wire::kCallers) {
    auto oldest = x_doors.end();
    for (auto door = x_doors.begin(); door != x_doors.end(); ++door) {
      if (door->second.registered) continue;
      if (oldest == x_doors.end() || door->second.waited > oldest->second.waited) oldest = door;
    }
    remove(oldest);
  }
  const auto& venue = x_terms.venue;
  link::LinkTerms terms{venue.venue, caller, crypto::Role::responder, mix::frame_rounds(venue.rounds, venue.slots),
                        {},          0,      wire::kCallerStreams};
  terms.frames = venue.slots;
  terms.clock = x_terms.start.utc_at(now);
  terms.retry = wire::kCallRounds;
  ++x_callers;
  const auto door = x_doors.emplace(caller, link::Link(x_terms.link, std::move(terms))).first;
  x_order.push_back(door);
  return door;
}

void StationsGate::remove(Doors::iterator door) {
  if (door->second.at) x_addresses.erase(*door->second.at);
  if (!door->second.registered) --x_callers;
  // From the end: whoever goes is most often a newcomer.
  const auto place = std::ranges::find(x_order.rbegin(), x_order.rend(), door);
  if (place != x_order.rend()) x_order.erase(std::prev(place.base()));
  x_doors.erase(door);
}

void StationsGate::place(Doors::iterator door, const wire::Endpoint& at) {
  if (door->second.at == at) return;
  if (door->second.at) x_addresses.erase(*door->second.at);
  if (const auto* const other = x_addresses.find(at)) (*other)->second.at.reset();
  x_addresses.set(at, door);
  door->second.at = at;
}

void StationsGate::take(Doors::iterator door, const link::Link::Incoming& in, Instant now) {
  Door& at = door->second;
  if (at.life != at.link.lane_life()) {
    at.life = at.link.lane_life();
    at.told = {};
  }
  const auto where = mix::slot_round(in.round.round, x_terms.venue.slots);
  const RoundId round{in.round.epoch, where.round};
  if (const auto t0 = x_t0.find(round.epoch); t0 != x_t0.end()) {
    const UtcMs start{t0->second.value + std::int64_t{round.round.value} * x_terms.venue.round_ms};
    at.link.say_phase(mix::phase_of(now - x_terms.start.instant_at(start)));
  }
  if (const auto place = place_of(door, round.epoch)) (void)x_stations.take(*place, round, where.slot, in.cells);
  if (!in.object) return;
  if (in.object->stream == link::Stream::enrol) enrol(door, in.object->bytes, now);
  if (in.object->stream == link::Stream::setup) (void)x_stations.take_setup(door->first, in.object->bytes);
}

void StationsGate::enrol(Doors::iterator door, ByteView object, Instant now) {
  const auto enrolment = x_stations.enrol(door->first, object);
  Door& at = door->second;
  if (enrolment.displaced) {
    if (const auto other = x_doors.find(*enrolment.displaced); other != x_doors.end()) {
      if (std::exchange(other->second.registered, false)) ++x_callers;
      other->second.waited = 0;
      other->second.link.take_streams(wire::kCallerStreams);
      other->second.link.send(link::Stream::notice, mix::encode({mix::Notice::Kind::refused, {}, {}}));
    }
  }
  at.link.send(link::Stream::notice, mix::encode(enrolment.notice));
  if (enrolment.notice.kind != mix::Notice::Kind::registered || at.registered) return;
  at.registered = true;
  --x_callers;
  if (x_told == 0) {
    const Instant latest = x_terms.start.instant + rounds(wire::kCountRounds);
    x_counts_from = std::max(x_counts_from, std::min(now + rounds(wire::kCountQuiet), latest));
  }
  const auto& venue = x_terms.venue;
  at.link.take_streams(wire::relay_streams(mix::setup_bytes(venue.suite, venue.hops(), venue.slots)));
  at.told = {};
}

std::optional<std::uint32_t> StationsGate::circuits(Instant now) {
  const auto circuits = static_cast<std::uint32_t>(x_stations.registered() * kPaths * x_terms.venue.slots);
  if (now < x_counts_from || circuits == x_told) return std::nullopt;
  x_told = circuits;
  return circuits;
}

// ---- what the core has for them

void StationsGate::tell(Door& door, const mix::StationKey& key) {
  if (!door.registered || door.life == 0) return;
  for (const auto stream : {link::Stream::descriptor, link::Stream::notice, link::Stream::receipt}) {
    while (!x_bulletin.over(stream, door.told) && door.link.queued(stream) < kQueued) {
      const auto* const object = x_bulletin.next(stream, door.told);
      if (object == nullptr) break;
      const bool carried = object->bytes.empty();
      door.link.send(stream, carried ? mix::encode(x_stations.carried(object->epoch, key)) : object->bytes);
    }
  }
}

void StationsGate::on_published(const Actions::Published& published) {
  auto descriptor = mix::decode_descriptor(published.body);
  if (!descriptor) return;
  const UtcMs t0 = descriptor->t0;
  // Only of a making that was counted here; any other one is late at its t0, and halted.
  if (!x_stations.publish({std::move(*descriptor), mix::hash_of(published.body)})) return;
  if (x_making == published.epoch) x_making.reset();
  x_t0[published.epoch] = t0;
  x_bulletin.descriptor(published.epoch, mix::descriptor_object(published.body, published.signatures));
}

void StationsGate::on_halted(Epoch epoch) {
  const auto receipts = x_receipts.find(epoch);
  const bool carried = receipts != x_receipts.end() && receipts->second >= x_terms.venue.hops();
  const bool began = x_closed && x_closed->epoch >= epoch;
  if (carried && !began) x_halted[epoch] = x_t0.at(epoch);
  end(epoch);
  // Who was not told `carried` does not enter it; the lane is for the emergency epoch that comes next.
  if (x_halted.contains(epoch)) x_bulletin.halted(epoch, mix::encode({mix::Notice::Kind::halted, epoch, {}}));
  if (!x_t0.empty()) return;
  for (auto& [key, door] : x_doors) {
    door.link.withdraw(link::Stream::descriptor);
    door.link.withdraw(link::Stream::receipt);
  }
}

void StationsGate::on_making(Epoch epoch) {
  if (x_making) x_stations.end(*x_making);
  x_making = epoch;
  (void)x_stations.freeze(epoch);
  // The batch of the epoch has the order of the keys: cells that lie behind each other leave behind each other.
  x_order.clear();
  for (auto door = x_doors.begin(); door != x_doors.end(); ++door) x_order.push_back(door);
}

void StationsGate::on_receipt(const Actions::Receipt& receipt) {
  if (!x_t0.contains(receipt.epoch)) return;
  x_bulletin.receipt(receipt.epoch, receipt.bytes);
  if (++x_receipts[receipt.epoch] == x_terms.venue.hops()) x_bulletin.carried(receipt.epoch);
}

Result<Bytes> StationsGate::close_setup(Epoch epoch) {
  const auto onions = x_stations.close(epoch, x_rng);
  if (!onions) return std::unexpected(onions.error());
  Bytes out;
  for (const Bytes& onion : *onions) out.insert(out.end(), onion.begin(), onion.end());
  return out;
}

Result<Bytes> StationsGate::close_round(Instant now, RoundId at) {
  auto out = x_stations.collect(at, x_rng);
  if (!out) return out;
  x_closed = at;
  if (const auto t0 = x_t0.find(at.epoch); t0 != x_t0.end() && t0->second != x_origin) {
    x_origin = t0->second;
    plan(std::max(now, x_last + milliseconds(x_terms.venue.round_ms / 2)));
  }
  // "Keys of e are kept five rounds into e+1 for returns"
  while (at.round.value >= wire::kKeptRounds && !x_t0.empty() && x_t0.begin()->first < at.epoch) {
    end(x_t0.begin()->first);
  }
  return out;
}

Result<void> StationsGate::on_returned(Actions::Returned returned) {
  if (auto taken = x_stations.returned(returned.at, returned.cells); !taken) return taken;
  // A round that comes back a little late goes out with the next departure; a chain that is late for good loses rounds.
  if (x_back.size() == wire::kRoundsOpen) x_back.pop_front();
  x_back.push_back(std::move(returned));
  return {};
}

void StationsGate::end(Epoch epoch) {
  x_stations.end(epoch);
  x_bulletin.end(epoch);
  x_t0.erase(epoch);
  x_receipts.erase(epoch);
}

/// "said only before it begins"
void StationsGate::forget_halted(UtcMs now) {
  std::erase_if(x_halted, [&](const auto& each) {
    if (each.second > now) return false;
    x_bulletin.end(each.first);
    return true;
  });
}

// ---- one frame to each, a round

void StationsGate::plan(Instant after) {
  const std::int64_t round = milliseconds(x_terms.venue.round_ms).ns;
  const Instant first = x_terms.start.instant_at(x_origin) + Duration{round / 10 * kReturnTenths};
  const std::int64_t since = (after - first).ns;
  const std::int64_t passed = since < 0 ? -((-since - 1) / round) : since / round + 1;
  x_next = first + Duration{passed * round};
}

void StationsGate::depart(Instant now, const Send& out) {
  if (now < x_next) return;
  x_last = x_next;
  plan(std::max(now, x_next));
  std::optional<Actions::Returned> back;
  if (!x_back.empty()) {
    back = std::move(x_back.front());
    x_back.pop_front();
  }
  forget_halted(x_terms.start.utc_at(now));
  send_all(back, now, out);
  if (back) x_stations.give(back->at.epoch, std::move(back->cells));
}

void StationsGate::send_all(const std::optional<Actions::Returned>& back, Instant now, const Send& out) {
  // Frames ahead: so long it takes until what was fetched is there.
  constexpr std::size_t kAhead = 4;
  constexpr std::size_t kCellsAhead = 2;
  std::vector<Doors::iterator> gone;
  for (std::size_t i = 0; i < x_order.size(); ++i) {
    if (i + kAhead < x_order.size()) fetch(x_order[i + kAhead]);
    if (back && i + kCellsAhead < x_order.size()) {
      if (const auto place = place_of(x_order[i + kCellsAhead], back->at.epoch)) x_stations.fetch(*place, back->cells);
    }
    send(x_order[i], back, now, out);
    Door& door = x_order[i]->second;
    if (!door.registered && ++door.waited > wire::kCallerRounds) gone.push_back(x_order[i]);
  }
  for (auto door = gone.rbegin(); door != gone.rend(); ++door) remove(*door);
}

std::optional<std::uint32_t> StationsGate::place_of(Doors::iterator door, Epoch epoch) {
  Door& at = door->second;
  if (at.place && at.epoch == epoch) return at.place;
  const auto place = x_stations.place(epoch, door->first);
  if (place) {
    at.place = place;
    at.epoch = epoch;
  }
  return place;
}

void StationsGate::send(Doors::iterator at, const std::optional<Actions::Returned>& back, Instant now,
                        const Send& out) {
  Door& door = at->second;
  tell(door, at->first);
  const auto place = back ? place_of(at, back->at.epoch) : std::nullopt;
  const std::uint8_t slots = x_terms.venue.slots;
  door.link.say_fault(x_fault);
  for (std::uint8_t slot = 0; slot < slots; ++slot) {
    std::optional<mix::SlotCells> cells;
    RoundId name{};
    if (back) {
      name = {back->at.epoch, mix::frame_round(back->at.round, {slot}, slots)};
      if (place) cells = x_stations.part(back->at.epoch, *place, {slot}, back->cells);
    }
    if (!cells) cells = {x_rng.array<wire::kCellBytes>(), x_rng.array<wire::kCellBytes>()};
    const auto frame = door.link.prepare(name, x_terms.start.utc_at(now), (*cells)[0], (*cells)[1], x_rng);
    // Who said nothing for an epoch is gone: its address may be somebody else's by now.
    const bool gone = door.life != 0 && door.link.quiet_rounds() > x_terms.venue.rounds;
    if (frame.to && !gone) out(*frame.to, frame.frame);
  }
}

}  // namespace sw::relay
