#pragma once
// The store's header: the only part that is not sealed. It wraps the master key under the passphrase. Two equal copies
// lie at the ends of pages 2 and 3 of the file, each inside one disk sector; SQLite never writes those pages again.
#include <optional>

#include "base/result.hpp"
#include "base/rng.hpp"
#include "crypto/password.hpp"
#include "store/row.hpp"

namespace sw::store {

inline constexpr std::size_t kHeaderBytes = 256;
inline constexpr std::size_t kPageBytes = 4096;
inline constexpr std::array<std::uint64_t, 2> kHeaderOffsets = {2 * kPageBytes - kHeaderBytes,
                                                                3 * kPageBytes - kHeaderBytes};
inline constexpr std::uint16_t kFormatVersion = 1;
inline constexpr std::uint32_t kApplicationId = 0x53573153;  // "SW1S", in SQLite's own header

using MasterKey = crypto::Secret<struct MasterKeyRole, 32>;
using HeaderBytes = ByteArray<kHeaderBytes>;

enum class HeaderState : std::uint8_t {
  in_use = 0,
  copy = 1,    ///< a backup: the station must break continuity before it speaks
  erased = 2,  ///< after panic; there is no key any more
};

struct Header {
  std::uint16_t version = kFormatVersion;
  HeaderState state{};
  std::uint32_t rows{};
  crypto::PasswordCost cost{};
  ByteArray<16> file_id{};
  ByteArray<crypto::kSaltBytes> salt{};
  crypto::XNonce nonce{};
  ByteArray<32 + crypto::kAeadTagBytes> wrapped{};
};

[[nodiscard]] HeaderBytes encode(const Header& header);
/// The header in these bytes; nothing when they are not one. The version may be newer than kFormatVersion.
[[nodiscard]] std::optional<Header> decode_header(ByteView bytes);

/// Puts the master key under a passphrase, with a fresh salt and nonce.
[[nodiscard]] Result<void> wrap(Header& header, const MasterKey& master, ByteView passphrase, Rng& rng);
/// Errc::forged for a wrong passphrase.
[[nodiscard]] Result<MasterKey> unwrap(const Header& header, ByteView passphrase);
[[nodiscard]] RowKey row_key(const MasterKey& master, const Header& header);

}  // namespace sw::store
