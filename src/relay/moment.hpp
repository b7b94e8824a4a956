#pragma once
// From one clock to the other: UTC is asked once, at the start, and an instant says how long ago that was.
#include "base/time.hpp"

namespace sw::relay {

/// One moment in both clocks.
struct Moment {
  UtcMs utc{};
  Instant instant{};
  [[nodiscard]] UtcMs utc_at(Instant now) const { return {utc.value + (now - instant).ns / milliseconds(1).ns}; }
  /// Far ahead for a time that is far ahead.
  [[nodiscard]] Instant instant_at(UtcMs then) const {
    constexpr std::int64_t kFar = INT64_MAX / milliseconds(1).ns / 4;
    const std::int64_t ms = then.value - utc.value;
    return instant + milliseconds(ms > kFar ? kFar : ms);
  }
};

}  // namespace sw::relay
