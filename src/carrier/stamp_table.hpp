#pragma once
// HOME/carrier.stamps: the highest time that a message 1 to the R1 of each venue said, which must rise for ever
// (protocol 3.2). Its size never tells how many venues there are:
//
//   "SW1STAMP" | 64 x (venue[16] | stamp u64; zeros where empty) | BLAKE2b-256
#include <filesystem>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

namespace sw::carrier {

struct Stamp {
  VenueId venue{};
  std::uint64_t stamp{};  ///< link::Link::last_stamp(), above 0
  bool operator==(const Stamp&) const = default;
};

/// The file's bytes; at most kVenueLimit stamps.
[[nodiscard]] Bytes encode_stamps(const std::vector<Stamp>& stamps);
/// Errc::malformed for anything that encode_stamps() does not write.
[[nodiscard]] Result<std::vector<Stamp>> decode_stamps(ByteView file);

/// No stamps where there is no file; Errc::malformed for a broken one, Errc::io.
[[nodiscard]] Result<std::vector<Stamp>> load_stamps(const std::filesystem::path& home);
/// Replaces the file as a whole, durably. Errc::io.
[[nodiscard]] Result<void> save_stamps(const std::filesystem::path& home, const std::vector<Stamp>& stamps);

}  // namespace sw::carrier
