// needs: store
// What the store reads from its file: the header, and what each opened row says of itself. A row sealed for one slot
// opens in no other.
#include "crypto/hash.hpp"
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "store/header.hpp"
#include "store/index.hpp"

namespace sw::fuzz {
namespace {

constexpr std::uint32_t kSlots = 64;

store::HeaderBytes sealed_header(ByteView fields) {
  store::HeaderBytes out = store::encode({});
  std::copy_n(fields.begin(), std::min(fields.size(), out.size() - 16), out.begin());
  const auto check = crypto::digest<16>({ByteView(out).first(out.size() - 16)});
  std::ranges::copy(check, out.end() - 16);
  return out;
}

void check_header(ByteView data) {
  (void)store::decode_header(data);
  const auto bytes = sealed_header(data);
  const auto header = store::decode_header(bytes);
  if (!header) return;
  const auto again = store::encode(*header);
  const auto back = store::decode_header(again);
  SW_ASSERT(back && store::encode(*back) == again);  // what follows the fields belongs to newer versions
}

/// Rows that say what the input says, in positions that make one lap.
void check_rows(Input in) {
  std::vector<store::RowMeta> rows;
  for (std::uint32_t slot = 0; slot < kSlots; ++slot) {
    store::PlainRow row;
    const auto bytes = in.array<12>();
    store::RowMeta meta;
    meta.type = static_cast<store::RowType>(bytes[0] % 4);
    meta.key = {static_cast<desk::RecordKind>(bytes[1] % 7), {bytes[2]}};
    meta.generation = bytes[3] == 0xff ? ~std::uint64_t{bytes[4]} : bytes[3];
    meta.index = bytes[5];
    meta.head_bytes = static_cast<std::uint16_t>(bytes[6] | (unsigned{bytes[7]} << 8));
    meta.body_bytes = static_cast<std::uint32_t>(bytes[8]) * 1000 + bytes[9];
    meta.position = slot + (bytes[10] % 2) * std::uint64_t{kSlots};
    row.set_meta(meta);
    const auto read = row.meta();
    if (!read) {
      rows.push_back({.position = meta.position});
      continue;
    }
    SW_ASSERT(read->index < store::rows_for(read->body_bytes) && read->head_bytes <= desk::kHeadBytes);
    rows.push_back(*read);
  }
  for (std::uint32_t slot = 0; slot < kSlots; ++slot) {
    if ((in.u8() & 1U) == 0) rows[slot].position = kSlots + slot;
  }
  const auto scanned = store::scan(rows);
  if (!scanned) return;
  for (const auto& [key, handle] : scanned->index.records()) {
    const store::Extent& extent = scanned->index.at(handle);
    SW_ASSERT(extent.key == key);
    for (std::uint32_t row = 0; row < extent.rows(); ++row) {
      SW_ASSERT(extent.slot(row) < kSlots && scanned->index.owner(extent.slot(row)) == handle);
    }
  }
  SW_ASSERT(scanned->index.used() <= kSlots);
}

void check_seal(Input in) {
  static const store::RowKey key = [] {
    crypto::SeededRng rng(1);
    return store::RowKey::random(rng);
  }();
  crypto::SeededRng rng(2);
  store::PlainRow row;
  const std::uint32_t slot = in.u8();
  const std::uint32_t other = in.u8();
  const std::size_t at = in.u16() % store::kRowSealedBytes;
  const std::uint8_t flip = in.u8();
  const ByteView content = in.take(row.payload().size());
  std::ranges::copy(content, row.payload().begin());
  store::SealedRow sealed;
  store::seal_row(key, slot, row, rng, sealed);
  sealed[at] ^= flip;
  store::PlainRow back;
  const bool opened = store::open_row(key, other, sealed, back);
  SW_ASSERT(opened == (slot == other && flip == 0));
  if (opened) SW_ASSERT(same(back.view(), row.view()));
}

}  // namespace

void run(ByteView data) {
  check_header(data);
  check_rows(Input(data));
  check_seal(Input(data));
}

std::vector<Bytes> seeds() {
  const auto header = store::encode({.rows = 16'384, .cost = {3, 65'536}});
  Bytes rows;
  for (std::uint8_t slot = 0; slot < kSlots; ++slot) {
    // Records of four rows: indexes 1, 2, 3, then 0 (body 14,000 bytes).
    const Bytes row{1,
                    3,
                    static_cast<std::uint8_t>(slot / 4),
                    static_cast<std::uint8_t>(1 + slot / 4),
                    0,
                    static_cast<std::uint8_t>((slot + 1) % 4),
                    10,
                    0,
                    14,
                    0,
                    0,
                    0};
    rows.insert(rows.end(), row.begin(), row.end());
  }
  return {to_bytes(ByteView(header).first(header.size() - 16)), rows, Bytes(kSlots * 13, 0)};
}

}  // namespace sw::fuzz
