#include "store/row.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace sw::store {
namespace {

constexpr std::string_view kAd = "sw1-row";

ByteArray<kAd.size() + 4> ad_of(std::uint32_t slot) {
  ByteArray<kAd.size() + 4> out{};
  std::copy(kAd.begin(), kAd.end(), out.begin());
  const auto number = crypto::le(slot);
  std::copy(number.begin(), number.end(), out.begin() + kAd.size());
  return out;
}

}  // namespace

void PlainRow::set_meta(const RowMeta& meta) {
  wire::Writer w(kRowMetaBytes);
  w.u8(static_cast<std::uint8_t>(meta.type)).u8(static_cast<std::uint8_t>(meta.key.kind)).bytes(meta.key.id);
  w.u64(meta.generation).u32(meta.index).u64(meta.position).u16(meta.head_bytes).u32(meta.body_bytes);
  w.pad_to(kRowMetaBytes);
  std::copy(w.view().begin(), w.view().end(), x_bytes.begin());
}

Result<RowMeta> PlainRow::meta() const {
  wire::Reader r(ByteView(x_bytes).first(kRowMetaBytes));
  RowMeta out;
  const std::uint8_t type = r.u8();
  const std::uint8_t kind = r.u8();
  out.type = static_cast<RowType>(type);
  out.key.kind = static_cast<desk::RecordKind>(kind);
  out.key.id = r.array<16>();
  out.generation = r.u64();
  out.index = r.u32();
  out.position = r.u64();
  out.head_bytes = r.u16();
  out.body_bytes = r.u32();
  if (type > static_cast<std::uint8_t>(RowType::tombstone) || out.head_bytes > desk::kHeadBytes ||
      out.body_bytes > kBodyLimit || out.index >= rows_for(out.body_bytes)) {
    return fail(Errc::malformed, "the store is damaged; restore a backup");
  }
  return out;
}

void seal_row(const RowKey& key, std::uint32_t slot, const PlainRow& plain, Rng& rng, SealedRow& out) {
  const auto nonce = rng.array<crypto::kXNonceBytes>();
  std::copy(nonce.begin(), nonce.end(), out.begin());
  crypto::seal(key, nonce, ad_of(slot), plain.view(), MutableBytes(out).subspan(crypto::kXNonceBytes));
}

bool open_row(const RowKey& key, std::uint32_t slot, const SealedRow& sealed, PlainRow& out) {
  crypto::XNonce nonce{};
  std::copy_n(sealed.begin(), nonce.size(), nonce.begin());
  return crypto::open(key, nonce, ad_of(slot), ByteView(sealed).subspan(crypto::kXNonceBytes), out.bytes());
}

std::uint32_t rows_for(std::size_t body_bytes) {
  if (body_bytes <= kFirstPieceBytes) return 1;
  return static_cast<std::uint32_t>(1 + (body_bytes - kFirstPieceBytes + kRowPayloadBytes - 1) / kRowPayloadBytes);
}

ByteView piece(ByteView body, std::uint32_t index) {
  const std::size_t from = index == 0 ? 0 : kFirstPieceBytes + (index - std::size_t{1}) * kRowPayloadBytes;
  if (from >= body.size()) return {};
  return body.subspan(from, std::min(body.size() - from, index == 0 ? kFirstPieceBytes : kRowPayloadBytes));
}

}  // namespace sw::store
