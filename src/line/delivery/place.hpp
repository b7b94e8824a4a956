#pragma once
// Where the next frame leaves, and where one that was lost should rather not leave again.
#include <cstdint>
#include <optional>

#include "base/ids.hpp"

namespace sw::line {

/// A lost frame stays off this venue until its round `until`, as long as there is another venue.
struct Avoid {
  VenueId venue;
  std::uint64_t until{};
};

struct SendPlace {
  VenueId venue;
  std::uint64_t round{};
  bool others{};  // another venue is alive

  [[nodiscard]] bool suits(const std::optional<Avoid>& avoid) const {
    return !others || !avoid || avoid->venue != venue || round >= avoid->until;
  }
};

}  // namespace sw::line
