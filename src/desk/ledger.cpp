#include "desk/ledger.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "desk/message.hpp"
#include "desk/watch.hpp"
#include "wire/reader.hpp"
#include "wire/sizes.hpp"

namespace sw::desk {
namespace {

RecordKey slot_key(std::uint64_t number) {
  RecordKey key{RecordKind::ledger, {}};
  const std::string_view name = "ledger";
  std::ranges::copy(name, key.id.begin());
  const std::uint64_t slot = number % kLedgerEntries;
  key.id[14] = static_cast<std::uint8_t>(slot & 0xff);
  key.id[15] = static_cast<std::uint8_t>(slot >> 8);
  return key;
}

constexpr std::uint8_t kLastEvent = 16;

}  // namespace

std::string sentence(const LedgerEntry& entry) {
  const std::string& who = entry.initials;
  switch (entry.event) {
    case LedgerEvent::pairing_confirmed: return "the pairing was confirmed here";
    case LedgerEvent::continuity_broken: return "continuity was found broken";
    case LedgerEvent::continuity_confirmed: return "continuity was confirmed here";
    case LedgerEvent::continuity_refused: return "continuity was refused here";
    case LedgerEvent::restored: return "the station was restored from a backup";
    case LedgerEvent::watch_taken: return who + " took the watch";
    case LedgerEvent::watch_handed_over: return "the watch was handed over to " + who;
    case LedgerEvent::line_paused: return "the line was paused here";
    case LedgerEvent::line_resumed: return "the line was resumed here";
    case LedgerEvent::line_renamed: return "the line was renamed here";
    case LedgerEvent::venue_proposed: return "another venue was proposed here";
    case LedgerEvent::venue_agreed: return "both sides agreed on another venue";
    case LedgerEvent::venue_declined: return "a proposed venue was declined";
    case LedgerEvent::venue_left: return "the line is to leave a venue";
    case LedgerEvent::exercise_begun: return who + " began an exercise";
    case LedgerEvent::exercise_ended: return who + " ended the exercise";
  }
  SW_ASSERT(false);
  return {};
}

Ledger::Written Ledger::add(LedgerEntry entry) {
  crypto::SecretWriter out;
  out.u8(kStateVersion).u8(static_cast<std::uint8_t>(StateRecord::ledger_entry)).u64(x_next);
  out.u64(static_cast<std::uint64_t>(entry.at.value))
      .bytes(entry.line.bytes)
      .u8(static_cast<std::uint8_t>(entry.event));
  out.u8(static_cast<std::uint8_t>(entry.initials.size())).bytes(as_bytes(entry.initials));
  // The record holds one entry: the one that had this slot goes.
  std::erase_if(x_slots, [&](const Slot& slot) { return slot.number + kLedgerEntries <= x_next; });
  x_slots.push_back({x_next, std::move(entry)});
  return {slot_key(x_next++), out.take()};
}

Result<void> Ledger::load(ByteView fields) {
  wire::Reader in(fields);
  Slot slot;
  slot.number = in.u64();
  slot.entry.at = read_time(in);
  slot.entry.line = in.id<LineId>();
  const std::uint8_t event = in.u8();
  slot.entry.initials = as_text(in.view(in.u8()));
  if (!in.expect_end() || event == 0 || event > kLastEvent || slot.entry.initials.size() > wire::kInitialsLimit) {
    return fail(Errc::malformed, "A ledger record is of another version or damaged.");
  }
  slot.entry.event = static_cast<LedgerEvent>(event);
  x_next = std::max(x_next, slot.number + 1);
  const auto at = std::ranges::lower_bound(x_slots, slot.number, {}, &Slot::number);
  x_slots.insert(at, std::move(slot));
  return {};
}

std::vector<LedgerEntry> Ledger::entries(LineId line) const {
  std::vector<LedgerEntry> out;
  for (const Slot& slot : x_slots) {
    if (slot.entry.line == line || slot.entry.line == LineId{}) out.push_back(slot.entry);
  }
  return out;
}

std::set<LineId> Ledger::lines() const {
  std::set<LineId> out;
  for (const Slot& slot : x_slots) out.insert(slot.entry.line);
  return out;
}

std::vector<RecordKey> Ledger::remove(LineId line) {
  std::vector<RecordKey> out;
  for (const Slot& slot : x_slots) {
    if (slot.entry.line == line) out.push_back(slot_key(slot.number));
  }
  std::erase_if(x_slots, [&](const Slot& slot) { return slot.entry.line == line; });
  return out;
}

}  // namespace sw::desk
