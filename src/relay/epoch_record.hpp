#pragma once
// The highest epoch that this relay ever signed, on disk before the signature leaves. It stays when the relay joins
// another venue: a number that was signed never comes back. Protocol 8.7.
//
//   relay.epoch  0600  u64
#include <filesystem>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace sw::relay {

/// 0 when there is none yet. Errc::malformed, refused, io.
[[nodiscard]] Result<Epoch> read_signed_epoch(const std::filesystem::path& folder);
/// Errc::io.
[[nodiscard]] Result<void> record_signed_epoch(const std::filesystem::path& folder, Epoch epoch);

}  // namespace sw::relay
