#include "mix/relay_stations.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "wire/reader.hpp"

namespace sw::mix {
namespace {
constexpr std::size_t kSlotBytes = kPaths * wire::kCellBytes;

/// Who came is seen on the wire, so what the absent get may show in the time that it takes. It is drawn in large
/// pieces, since the generator is slow for small ones.
void fill_absent(const std::vector<bool>& came, MutableBytes batch, Rng& rng) {
  constexpr std::size_t kSlotsAtOnce = 64;
  Bytes drawn;
  for (std::size_t at = 0; at < came.size(); ++at) {
    if (came[at]) continue;
    if (drawn.empty()) {
      drawn.resize(kSlotBytes * std::min(kSlotsAtOnce, came.size() - at));
      rng.fill(drawn);
    }
    const ByteView piece = ByteView(drawn).last(kSlotBytes);
    std::copy(piece.begin(), piece.end(), batch.subspan(at * kSlotBytes).begin());
    drawn.resize(drawn.size() - kSlotBytes);
  }
}

}  // namespace

RelayStations::Held* RelayStations::find(Epoch epoch) {
  const auto at = x_epochs.find(epoch);
  return at == x_epochs.end() ? nullptr : &at->second;
}

const RelayStations::Held* RelayStations::find(Epoch epoch) const {
  const auto at = x_epochs.find(epoch);
  return at == x_epochs.end() ? nullptr : &at->second;
}

std::optional<std::size_t> RelayStations::Held::place(const StationKey& station) const {
  const auto at = places.find(station);
  if (at == places.end()) return std::nullopt;
  return at->second;
}

// ---- registration

Epoch RelayStations::first_epoch_of(const StationKey& station) const {
  for (const auto& [epoch, held] : x_epochs) {
    if (held.place(station)) return epoch;
  }
  return x_frozen ? Epoch{x_frozen->value + 1} : Epoch{0};
}

RelayStations::Enrolment RelayStations::enrol(const StationKey& station, ByteView object) {
  Enrolment out{{Notice::Kind::refused, {}, {}}, std::nullopt};
  wire::Reader in(object);
  const auto token = in.array<wire::kTokenBytes>();
  if (!in.expect_end()) return out;
  const auto serial = x_check(token);
  if (!serial) return out;
  const auto holder = x_serials.find(*serial);
  const auto other = x_keys.find(station);
  const bool new_serial = holder == x_serials.end();
  // A station that shows another of its tokens gives the first one back.
  const bool frees_one = other != x_keys.end() && other->second != *serial;
  if (new_serial && !frees_one && x_serials.size() >= x_terms.limit) return out;
  if (frees_one) x_serials.erase(other->second);
  if (!new_serial && holder->second != station) {
    out.displaced = holder->second;
    x_keys.erase(holder->second);
  }
  x_serials[*serial] = station;
  x_keys[station] = *serial;
  out.notice = {Notice::Kind::registered, first_epoch_of(station), {}};
  return out;
}

// ---- set-up

std::uint32_t RelayStations::freeze(Epoch epoch) {
  Held& held = x_epochs[epoch];
  SW_ASSERT(!x_frozen || epoch > *x_frozen || (epoch == *x_frozen && !held.accepted));
  x_frozen = epoch;
  held = {};
  for (const auto& [key, serial] : x_keys) {
    held.places[key] = static_cast<std::uint32_t>(held.stations.size());
    held.stations.push_back(key);
  }
  held.setups.resize(held.stations.size());
  return static_cast<std::uint32_t>(held.stations.size() * circuits_each());
}

Result<void> RelayStations::publish(AcceptedDescriptor accepted) {
  const Descriptor& d = accepted.descriptor;
  Held* held = find(d.epoch);
  const bool ours = held != nullptr && !held->accepted && d.circuits == held->stations.size() * circuits_each() &&
                    d.slots == x_terms.slots && d.suite == x_terms.suite && d.hops() == x_terms.hops;
  if (!ours) return fail(Errc::refused, "the descriptor is not for the stations of this epoch");
  held->accepted = std::move(accepted);
  return {};
}

Result<Epoch> RelayStations::take_setup(const StationKey& station, ByteView object) {
  wire::Reader in(object);
  const Epoch epoch{in.u64()};
  if (object.size() != setup_bytes(x_terms.suite, x_terms.hops, x_terms.slots)) {
    return fail(Errc::malformed, "not a set-up of this venue");
  }
  Held* held = find(epoch);
  const auto place = held != nullptr ? held->place(station) : std::nullopt;
  if (!place || held->closed || !held->accepted) {
    return fail(Errc::refused, "this station sets nothing up in that epoch");
  }
  held->setups[*place] = to_bytes(in.view(in.remaining()));
  return epoch;
}

Result<void> RelayStations::add_onions(const Held& held, std::size_t station, std::vector<Bytes>& out, Rng& rng) const {
  const ByteView setup = held.setups[station];
  const std::size_t size = onion_bytes(x_terms.suite, x_terms.hops, 0);
  DropId drop{};
  for (std::size_t circuit = 0; circuit < circuits_each(); ++circuit) {
    if (!setup.empty()) {
      out.push_back(to_bytes(setup.subspan(circuit * size, size)));
      continue;
    }
    // "R1 gives an absent station's circuits idle onions": the two of a slot meet each other.
    if (circuit % kPaths == 0) drop = rng.array<32>();
    auto onion = make_onion(*held.accepted, 0, drop, rng);
    if (!onion) return std::unexpected(std::move(onion.error()));
    out.push_back(std::move(onion->bytes));
  }
  return {};
}

Result<std::vector<Bytes>> RelayStations::close(Epoch epoch, Rng& rng) {
  Held* held = find(epoch);
  if (held == nullptr || !held->accepted || held->closed) {
    return fail(Errc::refused, "the set-up of that epoch is not open");
  }
  std::vector<Bytes> out;
  std::vector<Tag> taken(held->stations.size());
  for (std::size_t station = 0; station < taken.size(); ++station) {
    const std::size_t first = out.size();
    if (auto added = add_onions(*held, station, out, rng); !added) return std::unexpected(std::move(added.error()));
    if (!held->setups[station].empty()) taken[station] = tag_of(held->accepted->hash, out[first]);
  }
  held->closed = true;
  held->taken = std::move(taken);
  held->setups.clear();
  return out;
}

Notice RelayStations::carried(Epoch epoch, const StationKey& station) const {
  Notice out{Notice::Kind::carried, epoch, {}};
  const Held* held = find(epoch);
  const auto place = held != nullptr && held->closed ? held->place(station) : std::nullopt;
  if (place) out.tag = held->taken[*place];
  return out;
}

// ---- rounds

std::size_t RelayStations::batch_bytes(const Held& held) const {
  return held.stations.size() * circuits_each() * wire::kCellBytes;
}

Bytes RelayStations::room(const Held& held) {
  Bytes out = std::exchange(x_room, {});
  if (out.size() != batch_bytes(held)) out = Bytes(batch_bytes(held));
  return out;
}

std::optional<std::uint32_t> RelayStations::place(Epoch epoch, const StationKey& station) const {
  const Held* held = find(epoch);
  if (held == nullptr || !held->accepted) return std::nullopt;
  return held->place(station);
}

bool RelayStations::take(std::uint32_t place, RoundId round, Slot slot, const SlotCells& cells) {
  Held* held = find(round.epoch);
  if (held == nullptr || !held->closed || place >= held->stations.size() || slot.value >= x_terms.slots) return false;
  const std::uint32_t next = held->collected ? held->collected->value + 1 : 0;
  if (round.round.value < next || round.round.value - next >= wire::kRoundsOpen) return false;
  Collected& batch = held->open[round.round];
  if (batch.came.empty()) {
    batch.cells = room(*held);
    batch.came.resize(held->stations.size() * x_terms.slots);
  }
  const std::size_t at = std::size_t{place} * x_terms.slots + slot.value;
  if (batch.came[at]) return false;
  batch.came[at] = true;
  auto to = batch.cells.begin() + static_cast<std::ptrdiff_t>(at * kSlotBytes);
  for (const auto& cell : cells) to = std::copy(cell.begin(), cell.end(), to);
  return true;
}

Result<Bytes> RelayStations::collect(RoundId round, Rng& rng) {
  Held* held = find(round.epoch);
  if (held == nullptr || !held->closed || (held->collected && round.round <= *held->collected) ||
      round.round.value >= 2 * held->accepted->descriptor.rounds) {
    return fail(Errc::refused, "that round is not open");
  }
  held->collected = round.round;
  Bytes out;
  if (const auto open = held->open.find(round.round); open != held->open.end()) {
    out = std::move(open->second.cells);
    fill_absent(open->second.came, out, rng);
  } else {
    out = room(*held);
    rng.fill(out);
  }
  held->open.erase(held->open.begin(), held->open.upper_bound(round.round));
  return out;
}

Result<void> RelayStations::returned(RoundId round, ByteView batch) {
  Held* held = find(round.epoch);
  if (held == nullptr || !held->collected || round.round > *held->collected ||
      (held->returned && round.round <= *held->returned)) {
    return fail(Errc::refused, "no batch of that round is awaited");
  }
  if (batch.size() != batch_bytes(*held)) return fail(Errc::malformed, "a returning batch of another count");
  held->returned = round.round;
  return {};
}

std::optional<SlotCells> RelayStations::part(Epoch epoch, std::uint32_t place, Slot slot, ByteView batch) const {
  const Held* held = find(epoch);
  if (held == nullptr || place >= held->stations.size() || slot.value >= x_terms.slots) return std::nullopt;
  if (batch.size() != batch_bytes(*held)) return std::nullopt;
  std::optional<SlotCells> out(std::in_place);
  ByteView rest = batch.subspan((std::size_t{place} * x_terms.slots + slot.value) * kSlotBytes);
  for (auto& cell : *out) {
    std::copy_n(rest.begin(), cell.size(), cell.begin());
    rest = rest.subspan(cell.size());
  }
  return out;
}

void RelayStations::fetch(std::uint32_t place, ByteView batch) const {
  constexpr std::size_t kLine = 64;
  const std::size_t bytes = x_terms.slots * kSlotBytes;
  if (batch.size() / bytes <= place) return;
  const ByteView cells = batch.subspan(place * bytes, bytes);
  for (std::size_t at = 0; at < bytes; at += kLine) __builtin_prefetch(cells.data() + at);
}

void RelayStations::expect(Epoch epoch, std::uint32_t place) const {
  const Held* held = find(epoch);
  if (held != nullptr && !held->open.empty()) fetch(place, held->open.begin()->second.cells);
}

const Bulletin::Object* Bulletin::next(wire::Stream stream, Place& place) const {
  std::uint64_t& behind = place[index(stream)];
  for (auto at = x_objects.upper_bound(behind); at != x_objects.end(); ++at) {
    behind = at->first;
    if (at->second.stream == stream) return &at->second;
  }
  return nullptr;
}

}  // namespace sw::mix
