// The station's end of the cell port: ticks become cells, cells become messages. Protocol 2.3, 2.4.
#include <algorithm>

#include "base/assert.hpp"
#include "station/core.hpp"

namespace sw::station {
namespace {

/// What the strip shows; older than that is older than every state.
constexpr std::int64_t kRoundsAged = 60;

/// Rounds that passed without a word of the carrier: it was away, or hung.
void age(LineEntry& entry, std::uint32_t silent_seconds) {
  for (const line::VenueKeys& leg : entry.line->keys().venues) {
    // The first of these seconds may have been a moment.
    const std::int64_t missed = (std::int64_t{silent_seconds} - 1) * 1'000 / leg.terms.round_ms - 1;
    for (std::int64_t n = std::min(missed, kRoundsAged); n > 0; --n) entry.line->pass_round(leg.terms.id);
  }
}

}  // namespace

void Core::carrier_connected() {
  x_carrier = true;
  x_down.clear();
  x_down.emplace_back(wire::StationHello{});
  for (const auto& [name, entry] : x_lines) announce(entry);
  for (const KnownVenue& venue : x_venues) announce(venue);
}

void Core::carrier_gone() {
  x_carrier = false;
  x_down.clear();
  x_reports.clear();
}

void Core::announce(const LineEntry& entry) {
  if (!x_carrier) return;
  if (const auto venue = entry.line_venue()) {
    const auto& keys = entry.line->keys();
    x_down.emplace_back(wire::PeerRecord{*venue, Slot{}, keys.round_ms, keys.peer_carrier, keys.at});
    x_down.emplace_back(wire::FloorRecord{*venue, entry.line->reserved(*venue)});
  }
  if (const auto venue = entry.offer_venue()) {
    const line::Card& peer = *entry.offer->peer_card();
    x_down.emplace_back(wire::PeerRecord{*venue, Slot{}, peer.round_ms, peer.carrier_key, peer.at});
    x_down.emplace_back(wire::FloorRecord{*venue, RoundId{}});
  }
}

Result<void> Core::on_record(const wire::UpRecord& record, UtcMs now) {
  if (const auto* hello = std::get_if<wire::CarrierHello>(&record)) {
    if (hello->carrier != x_identity.carrier) {
      return fail(Errc::refused, "the carrier on this home's socket has another key than the one that the cards name");
    }
  } else if (const auto* tick = std::get_if<wire::TickRecord>(&record)) {
    on_tick(*tick, now);
  } else if (const auto* cell = std::get_if<wire::CellRecord>(&record)) {
    on_cell(*cell, now);
  } else if (const auto* status = std::get_if<wire::StatusRecord>(&record)) {
    on_status(*status, now);
  } else if (const auto* epoch = std::get_if<wire::EpochRecord>(&record)) {
    on_epoch(*epoch, now);
  } else if (const auto* keep = std::get_if<wire::KeepRecord>(&record)) {
    on_keep(*keep);
  }
  return {};
}

void Core::on_status(const wire::StatusRecord& status, UtcMs now) {
  bool ours = known(status.venue) != nullptr;
  // Rounds pass without a name, too, and a line's age goes on.
  const auto before = x_reports.find(status.venue);
  const bool unnamed = before != x_reports.end() && !before->second.ticked;
  for (auto& [name, entry] : x_lines) {
    const bool in = entry.line && entry.line->is_in(status.venue);
    if (!in && entry.offer_venue() != status.venue) continue;
    ours = true;
    const std::uint32_t silent = std::exchange(entry.silent_seconds, 0);
    if (!in) continue;
    age(entry, silent);
    if (unnamed) entry.line->pass_round(status.venue);
    entry.line->expect(status.venue, status.round);
    on_events(entry, now);
  }
  if (ours) x_reports[status.venue] = {status};
}

LineEntry* Core::on_slot(const VenueId& venue, Slot slot) {
  for (auto& [name, entry] : x_lines) {
    if (entry.is_on(venue, slot)) return &entry;
  }
  return nullptr;
}

void Core::on_tick(const wire::TickRecord& tick, UtcMs now) {
  const KnownVenue* const relays = known(tick.venue);
  const bool direct = std::ranges::any_of(x_lines, [&](const auto& each) {
    return each.second.line_venue() == tick.venue || each.second.offer_venue() == tick.venue;
  });
  if (relays == nullptr && !direct) return;
  if (const auto report = x_reports.find(tick.venue); report != x_reports.end()) report->second.ticked = true;
  const std::uint8_t slots = direct ? std::uint8_t{1} : relays->slots;
  for (Slot slot{}; slot.value < slots; ++slot.value) {
    std::array<wire::Cell, kPaths> cells{};
    if (LineEntry* const entry = on_slot(tick.venue, slot)) {
      feed(*entry);
      cells = entry->line->seal(tick.venue, tick.round, x_rng);
      on_events(*entry, now);
    } else {
      // No line, or not confirmed yet: nothing but random goes out (protocol 2.4, 4.1).
      for (auto& cell : cells) x_rng.fill(cell);
    }
    for (const Path path : {Path::first, Path::second}) {
      x_down.emplace_back(wire::CellRecord{tick.venue, slot, path, tick.round, cells[index(path)]});
    }
  }
}

void Core::on_cell(const wire::CellRecord& cell, UtcMs now) {
  LineEntry* const entry = on_slot(cell.venue, cell.slot);
  if (entry == nullptr) return;
  entry->line->open(cell.venue, cell.path, cell.round, cell.cell, x_rng);
  on_events(*entry, now);
}

void Core::on_events(LineEntry& entry, UtcMs now) {
  for (auto& event : entry.line->take_events()) {
    std::visit(
        [&](auto& what) {
          using What = std::decay_t<decltype(what)>;
          desk::Effects effects;
          if constexpr (std::is_same_v<What, line::MessageArrived>) {
            on_arrived(entry, what, now);
          } else if constexpr (std::is_same_v<What, line::StoredThere>) {
            effects = x_desk.stored_there(entry.id, what.id, now);
          } else if constexpr (std::is_same_v<What, line::FirstFragmentSent>) {
            effects = x_desk.first_cell_left(entry.id, what.id, now);
          } else if constexpr (std::is_same_v<What, line::ReceiptDone>) {
            effects = x_desk.done(entry.id, what.id);
          } else if constexpr (std::is_same_v<What, line::HeldThere>) {
            if (!is_waiting(entry, what.id)) entry.line->delivery().cancel(what.id);
          } else if constexpr (std::is_same_v<What, line::ContinuityChanged>) {
            on_continuity(entry, what, now);
          } else {
            static_assert(std::is_same_v<What, line::VenueMoved>);
            on_moved(entry, what, now);
          }
          // Head updates of existing records have room; a failing disk shows in the state, and the record is put again.
          if (!perform(std::move(effects))) x_store_failing = true;
        },
        event);
  }
  save_if_moved(entry);
}

void Core::on_arrived(LineEntry& entry, const line::MessageArrived& message, UtcMs now) {
  auto effects = x_desk.receive(entry.id, message.id, message.bytes, now);
  if (!effects) return;  // not a message of protocol 6.1: never said to be stored
  // Reports change records that exist; only a new message needs room.
  const bool fits = std::ranges::all_of(
      effects->puts, [this](const desk::Put& put) { return put.body.empty() || has_room(put.body.size()); });
  if (!fits) {
    for (const auto& put : effects->puts) x_desk.withdraw(put.key);
  }
  if (!fits || !perform(std::move(*effects))) {
    entry.line->delivery().refused_here(message.id);
    entry.line->set_wait(true);
  }
}

void Core::on_continuity(LineEntry& entry, const line::ContinuityChanged& change, UtcMs now) {
  using enum desk::LedgerEvent;
  const auto event = change.to == line::ContinuityState::broken    ? continuity_broken
                     : change.to == line::ContinuityState::refused ? continuity_refused
                                                                   : continuity_confirmed;
  if (!perform(x_desk.note(entry.id, event, x_desk.watch().initials, now))) x_store_failing = true;
}

void Core::on_moved(LineEntry& entry, const line::VenueMoved& moved, UtcMs now) {
  using enum desk::LedgerEvent;
  using What = line::VenueMoved::What;
  if (moved.what == What::left) {
    if (moved.venue.kind == line::VenueKind::direct && x_carrier) {
      x_down.emplace_back(wire::PeerRecord::forget(moved.venue.id));
    }
    return;
  }
  give_drops(entry);
  const auto event = moved.what == What::proposed   ? venue_proposed
                     : moved.what == What::agreed   ? venue_agreed
                     : moved.what == What::declined ? venue_declined
                                                    : venue_left;
  if (!perform(x_desk.note(entry.id, event, x_desk.watch().initials, now))) x_store_failing = true;
}

std::optional<Core::Pace> Core::pace() const {
  std::optional<Pace> out;
  for (const auto& [name, entry] : x_lines) {
    if (!entry.line) continue;
    for (const auto& leg : entry.line->keys().venues) {
      if (!out || leg.terms.round_ms < out->round_ms) out = Pace{leg.terms.id, leg.terms.round_ms};
    }
  }
  return out;
}

void Core::housekeep(UtcMs now) {
  std::vector<std::string> expired;  // cancelling may take the line out of the map
  for (const auto& [name, entry] : x_lines) {
    if (entry.offer && entry.offer->expired(now)) expired.push_back(name);
  }
  for (const auto& name : expired) (void)pair_cancel(name);
  for (auto& [name, entry] : x_lines) {
    ++entry.silent_seconds;
    if (entry.line && entry.line->waiting() && has_room(wire::kMessageLimit)) {
      entry.line->set_wait(false);
      entry.line->delivery().offer_again();
      on_events(entry, now);
    }
    if (entry.line) feed(entry);
  }
  if (!perform(x_desk.sweep(now))) x_store_failing = true;
}

}  // namespace sw::station
