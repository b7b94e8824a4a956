#pragma once
// From a plan to the bytes of a row.
#include "store/ring.hpp"

namespace sw::store {

/// Are these the same row of the same record, whatever their positions?
[[nodiscard]] bool same_row(const RowMeta& a, const RowMeta& b);

/// Turns the row that was read from `write.source` into the row to be written. Errc::malformed when a row that must be
/// kept is not the one the index says.
[[nodiscard]] Result<void> compose(const Write& write, PlainRow& row);

}  // namespace sw::store
