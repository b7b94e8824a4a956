#pragma once
// HOME/venues: the venue files that a station knows, one file ID.venue each, complete ones only. Protocol 8.6.
#include <string>
#include <string_view>
#include <vector>

#include "mix/venue.hpp"
#include "station/home.hpp"

namespace sw::station {

/// Beside ID.venue, the invitation that the carrier registers with.
inline constexpr std::string_view kTokenSuffix = ".token";

/// May this station rely on the venue? Every relay has signed it, its control lane carries it, this machine has what
/// its suite needs. Errc::refused, unsupported.
[[nodiscard]] Result<void> check_usable(const mix::Venue& venue);

enum class Added : std::uint8_t { now, before };
/// Keeps a usable venue. Errc::full above 64 of them, conflict when another command is at it, io.
[[nodiscard]] Result<Added> add_venue(const Home& home, const mix::Venue& venue);

struct KeptVenue {
  std::string file;          ///< its name in the folder
  Result<mix::Venue> venue;  ///< or what is wrong with it
};
/// All files of the folder, by name, each verified anew; empty without a folder. Errc::io.
[[nodiscard]] Result<std::vector<KeptVenue>> kept_venues(const Home& home);

}  // namespace sw::station
