// A station in venues of relays: which slot a line is on, its drop ids, and what the carrier gave to keep.
// Protocol 2.4, 8.2.
#include <algorithm>

#include "station/core.hpp"

namespace sw::station {
namespace {
/// Of a venue, the newest: four ahead, the one that runs, the one before, and some that an emergency made void.
constexpr std::size_t kEpochsKnown = 12;
constexpr std::size_t kEpochsKept = 6;   ///< four ahead, the one that runs, the one before
constexpr std::uint32_t kDaysAhead = 6;  ///< five epochs of a day each, and a clock that is a little slow
constexpr std::size_t kShortestName = 4;
}  // namespace

void Core::set_venues(const std::vector<KnownVenue>& venues) {
  // A file that cannot be read just now does not take a venue from the lines that are in it.
  for (const KnownVenue& venue : venues) {
    if (known(venue.terms.id) != nullptr) continue;
    x_venues.push_back(venue);
    announce(venue);
  }
}

const KnownVenue* Core::known(const VenueId& venue) const {
  const auto at = std::ranges::find_if(x_venues, [&](const auto& each) { return each.terms.id == venue; });
  return at == x_venues.end() ? nullptr : &*at;
}

/// The carrier's cell port has one floor a venue; its lines share the timetable.
void Core::announce(const KnownVenue& venue) {
  if (!x_carrier) return;
  for (const auto& [key, keys] : x_kept) {
    const auto& [id, epoch, slot] = key;
    if (id != venue.terms.id) continue;
    wire::KeepRecord record{id, slot, epoch, {}};
    std::ranges::copy(keys.view(), record.keys.begin());
    x_down.emplace_back(record);
  }
  RoundId floor{};
  for (const auto& [name, entry] : x_lines) {
    if (entry.line && entry.line->is_in(venue.terms.id)) floor = std::max(floor, entry.line->reserved(venue.terms.id));
  }
  x_down.emplace_back(wire::FloorRecord{venue.terms.id, floor});
}

Result<line::OfferedVenue> Core::offered(std::string_view venue, std::string_view line) const {
  const KnownVenue* found = nullptr;
  for (const KnownVenue& each : x_venues) {
    if (venue.size() < kShortestName || !each.terms.id.hex().starts_with(venue)) continue;
    if (found != nullptr) return fail(Errc::usage, "more than one venue begins so; give more of its id");
    found = &each;
  }
  if (found == nullptr) {
    return fail(Errc::not_found, "this station has no such venue; see: stillwire venue ls, and venue add FILE");
  }
  return on_free_slot(*found, line);
}

Result<line::OfferedVenue> Core::on_free_slot(const KnownVenue& venue, std::string_view line) const {
  for (Slot slot{}; slot.value < venue.slots; ++slot.value) {
    const bool taken = std::ranges::any_of(x_lines, [&](const auto& each) {
      return each.first != line && each.second.claims(venue.terms.id, slot);  // what it has, it may have again
    });
    if (!taken) return line::OfferedVenue{venue.terms, slot};
  }
  return fail(Errc::full, "every slot of this venue has a line; make a venue with more slots");
}

/// The keys of the days and the floor follow what the carrier says here, durably: no more is believed of it than relays
/// can have agreed on.
void Core::on_epoch(const wire::EpochRecord& epoch, UtcMs now) {
  if (known(epoch.venue) == nullptr || epoch.day > day_of(now) + kDaysAhead) return;
  auto& epochs = x_epochs[epoch.venue];
  if (const auto before = epochs.find(epoch.epoch); before != epochs.end() && before->second.day != epoch.day) return;
  if (!epochs.empty() && epoch.epoch.value > epochs.rbegin()->first.value + wire::kEpochNumberJump) return;
  epochs[epoch.epoch] = epoch;
  if (epochs.size() > kEpochsKnown) epochs.erase(epochs.begin());
  for (auto& [name, entry] : x_lines) {
    give_drops(entry, epoch);
    if (entry.line) on_events(entry, now);
  }
}

void Core::give_drops(LineEntry& entry, const wire::EpochRecord& epoch) {
  if (!entry.line) return;
  entry.line->announce(epoch.venue, epoch.epoch, epoch.day);
  if (!entry.line->is_in(epoch.venue) || !x_carrier) return;
  const line::VenueKeys& leg = entry.line->keys().in(epoch.venue);
  // Before the line is there the slot loops without an answer.
  if (epoch.epoch < leg.from) return;
  auto drops = entry.line->drops(epoch.venue, epoch.epoch, epoch.day);
  if (!leg.holds(epoch.epoch)) drops = loop();
  if (drops) x_down.emplace_back(wire::DropsRecord{epoch.venue, leg.slot, epoch.epoch, *drops});
}

/// All that are known, after a change in which venues the line is.
void Core::give_drops(LineEntry& entry) {
  for (const auto& [venue, epochs] : x_epochs) {
    for (const auto& [epoch, record] : epochs) give_drops(entry, record);
  }
}

/// One random drop for both circuits: they meet each other.
std::array<ByteArray<32>, kPaths> Core::loop() {
  const auto own = x_rng.array<32>();
  return {own, own};
}

/// A line that is gone meets nobody any more: its slots loop to themselves.
void Core::free_slots(const LineEntry& entry) {
  if (!entry.line || !x_carrier) return;
  for (const auto& leg : entry.line->keys().venues) {
    for (const auto& [epoch, record] : x_epochs[leg.terms.id]) {
      x_down.emplace_back(wire::DropsRecord{leg.terms.id, leg.slot, epoch, loop()});
    }
  }
}

void Core::on_keep(const wire::KeepRecord& keep) {
  const KnownVenue* const venue = known(keep.venue);
  if (venue == nullptr || keep.slot.value >= venue->slots) return;
  x_kept[{keep.venue, keep.epoch, keep.slot}] = crypto::SecretBytes(to_bytes(keep.keys));
  // The oldest epochs of the venue go.
  std::vector<Epoch> epochs;
  for (const auto& [key, keys] : x_kept) {
    const auto& [id, epoch, slot] = key;
    if (id == keep.venue && (epochs.empty() || epochs.back() != epoch)) epochs.push_back(epoch);
  }
  if (epochs.size() <= kEpochsKept) return;
  std::erase_if(x_kept, [&](const auto& each) {
    return std::get<0>(each.first) == keep.venue && std::get<1>(each.first) == epochs.front();
  });
}

// ---- people change the venues of a line that is up (protocol 4.5)

Result<void> Core::change_venue(std::string_view name, VenueAct act, std::string_view venue, UtcMs now) {
  const auto found = confirmed(name);
  if (!found) return std::unexpected(found.error());
  LineEntry& entry = **found;
  Result<void> done;
  switch (act) {
    case VenueAct::propose:
    case VenueAct::accept: done = want_venue(entry, act, venue); break;
    case VenueAct::decline: done = entry.line->decline_venue(); break;
    case VenueAct::leave: done = leave_venue(entry, venue); break;
  }
  if (!done) return done;
  give_drops(entry);
  on_events(entry, now);
  return {};
}

Result<void> Core::want_venue(LineEntry& entry, VenueAct act, std::string_view venue) {
  std::string wanted(venue);
  if (act == VenueAct::accept) {
    const auto& change = entry.line->keys().change;
    if (!change || !change->theirs) return fail(Errc::conflict, "they ask for no other venue on this line");
    if (known(change->venue) == nullptr) {
      return fail(Errc::not_found, "this station does not have venue " + change->venue.hex() +
                                       "; get its file from them, look at it (venue show) and add it: venue add FILE");
    }
    wanted = change->venue.hex();
  }
  const auto offered_venue = offered(wanted, entry.name);
  if (!offered_venue) return std::unexpected(offered_venue.error());
  return entry.line->want_venue(*offered_venue, x_rng);
}

Result<void> Core::leave_venue(LineEntry& entry, std::string_view venue) {
  const VenueId* found = nullptr;
  for (const auto& leg : entry.line->keys().venues) {
    const bool direct = leg.terms.kind == line::VenueKind::direct;
    const bool named = venue.size() >= kShortestName && !direct && leg.terms.id.hex().starts_with(venue);
    if (!(direct ? venue == "direct" : named)) continue;
    if (found != nullptr) return fail(Errc::usage, "more than one venue begins so; give more of its id");
    found = &leg.terms.id;
  }
  if (found == nullptr) return fail(Errc::not_found, "the line is not in this venue; see: line show");
  return entry.line->leave_venue(VenueId(*found), x_rng);
}

}  // namespace sw::station
