#pragma once
// What is done to a station's home while no station runs: make it, restore it, erase it.
#include <filesystem>
#include <string_view>

#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace sw::station {

/// Makes HOME/station.db with the station's own record. Refuses (Errc::conflict) where a store exists; the
/// carrier's public key must already be in HOME/carrier.pub. `party` is 1 to 64 bytes of printable text.
[[nodiscard]] Result<void> create_station(const std::filesystem::path& home, std::string_view party,
                                          const crypto::SecretBytes& passphrase);
/// Puts a backup back as HOME/station.db; refuses where a store exists or a station runs. Every line will show
/// *continuity broken* until people on both sides compared the check groups (protocol 4.4).
[[nodiscard]] Result<void> restore_station(const std::filesystem::path& home, const std::filesystem::path& backup);
/// Crypto-erase without a running station; nothing in the store can be read again.
[[nodiscard]] Result<void> panic_station(const std::filesystem::path& home);

}  // namespace sw::station
