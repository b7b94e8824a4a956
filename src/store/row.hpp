#pragma once
// One row of the ring: what it says, and how it is sealed. Every row has the same size and fills one database page;
// without the key a filler, a tombstone and a message look alike. Layout: README.md, "Row".
#include "base/result.hpp"
#include "crypto/aead.hpp"
#include "desk/store.hpp"
#include "wire/sizes.hpp"

namespace sw::store {

inline constexpr std::size_t kRowSealedBytes = 4032;
inline constexpr std::size_t kRowPlainBytes = kRowSealedBytes - crypto::kXNonceBytes - crypto::kAeadTagBytes;
inline constexpr std::size_t kRowMetaBytes = 48;
inline constexpr std::size_t kRowPayloadBytes = kRowPlainBytes - kRowMetaBytes;
inline constexpr std::size_t kFirstPieceBytes = kRowPayloadBytes - desk::kHeadBytes;
inline constexpr std::size_t kBodyLimit = 2 * wire::kMessageLimit;
static_assert(kRowPayloadBytes == 3944 && kFirstPieceBytes == 2536);

using RowKey = crypto::Secret<struct RowKeyRole, 32>;

enum class RowType : std::uint8_t { filler = 0, part = 1, tombstone = 2 };

/// What a row says about itself. `position` counts every row ever written; its slot is position mod rows.
struct RowMeta {
  RowType type{};
  desk::RecordKey key{};
  std::uint64_t generation{};  ///< tells a record from an earlier one under the same key
  std::uint32_t index{};       ///< 0 carries the head and the first piece of the body
  std::uint64_t position{};
  std::uint16_t head_bytes{};
  std::uint32_t body_bytes{};  ///< of the whole record
};

/// The plain text of one row; it wipes itself.
class PlainRow {
 public:
  PlainRow() = default;
  PlainRow(const PlainRow&) = delete;
  PlainRow& operator=(const PlainRow&) = delete;
  ~PlainRow() { crypto::wipe(x_bytes); }

  [[nodiscard]] MutableBytes bytes() { return x_bytes; }
  [[nodiscard]] ByteView view() const { return x_bytes; }
  [[nodiscard]] MutableBytes payload() { return MutableBytes(x_bytes).subspan(kRowMetaBytes); }
  [[nodiscard]] ByteView payload() const { return ByteView(x_bytes).subspan(kRowMetaBytes); }

  void set_meta(const RowMeta& meta);
  /// Errc::malformed for a row that no version of this code wrote.
  [[nodiscard]] Result<RowMeta> meta() const;

 private:
  ByteArray<kRowPlainBytes> x_bytes{};
};

using SealedRow = ByteArray<kRowSealedBytes>;

void seal_row(const RowKey& key, std::uint32_t slot, const PlainRow& plain, Rng& rng, SealedRow& out);
/// False when the row was not sealed with this key for this slot.
[[nodiscard]] bool open_row(const RowKey& key, std::uint32_t slot, const SealedRow& sealed, PlainRow& out);

/// Rows that a record with a body of this size takes; at least 1.
[[nodiscard]] std::uint32_t rows_for(std::size_t body_bytes);
/// The bytes of the body that row `index` carries.
[[nodiscard]] ByteView piece(ByteView body, std::uint32_t index);

}  // namespace sw::store
