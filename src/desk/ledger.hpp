#pragma once
// What happened to a line or to the watch, never that somebody talked. Bounded: the newest kLedgerEntries stay.
#include <set>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "desk/store.hpp"

namespace sw::desk {

inline constexpr std::size_t kLedgerEntries = 1000;

enum class LedgerEvent : std::uint8_t {
  pairing_confirmed = 1,
  continuity_broken = 2,
  continuity_confirmed = 3,
  continuity_refused = 4,
  restored = 5,
  watch_taken = 6,
  watch_handed_over = 7,
  line_paused = 8,
  line_resumed = 9,
  line_renamed = 10,
  venue_proposed = 11,
  venue_agreed = 12,
  venue_declined = 13,
  venue_left = 14,
  exercise_begun = 15,
  exercise_ended = 16,
};

struct LedgerEntry {
  UtcMs at{};
  LineId line;  ///< zeros: the whole station
  LedgerEvent event{};
  std::string initials;  ///< who, where the event has one
  bool operator==(const LedgerEntry&) const = default;
};

/// One sentence: "AB took the watch".
[[nodiscard]] std::string sentence(const LedgerEntry& entry);

/// A ring: entry n lives in record n mod kLedgerEntries, so the newest replaces the oldest in its own row.
class Ledger {
 public:
  struct Written {
    RecordKey key;
    crypto::SecretBytes head;
  };
  [[nodiscard]] Written add(LedgerEntry entry);
  /// Takes in one loaded record's body of fields; Errc::malformed when it is none.
  [[nodiscard]] Result<void> load(ByteView fields);
  /// Those of this line and those of the whole station, oldest first.
  [[nodiscard]] std::vector<LedgerEntry> entries(LineId line) const;
  /// Every line that has an entry, and zeros where the station has one.
  [[nodiscard]] std::set<LineId> lines() const;
  /// Forgets a line's entries; the keys of their records.
  [[nodiscard]] std::vector<RecordKey> remove(LineId line);
  [[nodiscard]] std::size_t size() const { return x_slots.size(); }

 private:
  struct Slot {
    std::uint64_t number{};
    LedgerEntry entry;
  };
  std::vector<Slot> x_slots;  // by number, rising
  std::uint64_t x_next = 0;
};

}  // namespace sw::desk
