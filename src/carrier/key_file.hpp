#pragma once
// HOME/carrier.key (32 bytes, mode 0600) and HOME/carrier.pub (its public half, hexadecimal, one line).
#include <filesystem>

#include "crypto/dh.hpp"

namespace sw::carrier {

/// The carrier's static key; made on first use. Never made anew where carrier.pub says there was one (Errc::not_found):
/// every line was paired with that key. Errc::malformed for a key file that is none, Errc::refused when others can
/// read it, Errc::io.
[[nodiscard]] Result<crypto::KeyPair> load_or_create_key(const std::filesystem::path& home, Rng& rng);

}  // namespace sw::carrier
