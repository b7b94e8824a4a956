#include "store/compose.hpp"

#include <algorithm>

namespace sw::store {

bool same_row(const RowMeta& a, const RowMeta& b) {
  return a.type == b.type && a.key == b.key && a.generation == b.generation && a.index == b.index;
}

Result<void> compose(const Write& write, PlainRow& row) {
  RowMeta meta = write.meta;
  if (write.kind == Write::Kind::move || write.kind == Write::Kind::head) {
    const auto old = row.meta();
    if (!old || !same_row(*old, meta)) return fail(Errc::malformed, "the store is damaged; restore a backup");
    if (write.kind == Write::Kind::move) meta.head_bytes = old->head_bytes;
  } else {
    std::fill(row.bytes().begin(), row.bytes().end(), std::uint8_t{0});
  }
  row.set_meta(meta);
  const ByteView fresh = write.payload.view();
  std::copy(fresh.begin(), fresh.end(), row.payload().begin());
  if (write.kind == Write::Kind::head) {
    const MutableBytes rest = row.payload().first(desk::kHeadBytes).subspan(fresh.size());
    std::fill(rest.begin(), rest.end(), std::uint8_t{0});
  }
  return {};
}

}  // namespace sw::store
