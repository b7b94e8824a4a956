#pragma once
// Who has the watch, here and at the far end of each line. Machine alive is another fact, with another age.
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "desk/store.hpp"

namespace sw::desk {

/// The watch of this station; empty initials mean unattended.
struct Watch {
  std::string initials;
  UtcMs taken{};
  UtcMs answered{};  ///< a person took it, was handed it, or answered
  [[nodiscard]] bool attended() const { return !initials.empty(); }
};

/// The watch at the far end of one line, as its people last said; never inferred from the machine.
struct FarWatch {
  std::string initials;           ///< empty: unattended, or nobody ever said
  std::optional<UtcMs> answered;  ///< the last act of a person there, by our clock and never later than it came
  /// Milliseconds since then; nothing when never, or when our clock was set back past it.
  [[nodiscard]] std::optional<std::int64_t> answered_age_ms(UtcMs now) const;
};

/// While it is on, every message that is made here is marked EXERCISE.
struct Exercise {
  bool on = false;
  std::string initials;  ///< who began or ended it
  UtcMs since{};
  bool operator==(const Exercise&) const = default;
};

[[nodiscard]] RecordKey exercise_key();
[[nodiscard]] crypto::SecretBytes encode_head(const Exercise& exercise);
[[nodiscard]] Result<Exercise> decode_exercise(ByteView fields);
[[nodiscard]] RecordKey watch_key();
[[nodiscard]] RecordKey far_watch_key(LineId line);
[[nodiscard]] crypto::SecretBytes encode_head(const Watch& watch);
[[nodiscard]] crypto::SecretBytes encode_head(LineId line, const FarWatch& watch);
[[nodiscard]] Result<Watch> decode_watch(ByteView fields);
struct LoadedFarWatch {
  LineId line;
  FarWatch watch;
};
[[nodiscard]] Result<LoadedFarWatch> decode_far_watch(ByteView fields);

/// The first two bytes of a RecordKind::ledger head: a version and what the rest is.
enum class StateRecord : std::uint8_t { ledger_entry = 1, watch = 2, far_watch = 3, exercise = 4 };
inline constexpr std::uint8_t kStateVersion = 1;

}  // namespace sw::desk
