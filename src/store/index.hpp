#pragma once
// Where every committed row lies. It changes only when a commit is durable, so it always agrees with the disk.
// Compact on purpose: about 0.7 MB for the full 16,384 rows; no head and no body is kept here.
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "store/row.hpp"

namespace sw::store {

/// Names an extent; reused after close().
using Handle = std::uint32_t;
inline constexpr std::uint32_t kNone = 0xffffffff;

/// The rows of one record of one generation; a record being written has some of them only.
struct Extent {
  std::uint64_t generation{};
  std::unique_ptr<std::uint32_t[]> more;  ///< slots of rows 1.., none for a record of one row
  std::uint32_t first = kNone;            ///< slot of row 0
  std::uint32_t body_bytes{};
  desk::RecordKey key{};
  [[nodiscard]] std::uint32_t rows() const { return rows_for(body_bytes); }
  [[nodiscard]] std::uint32_t slot(std::uint32_t row) const { return row == 0 ? first : more[row - 1]; }
};

class Index {
 public:
  explicit Index(std::uint32_t rows) : x_owner(rows, kNone), x_row(rows, 0) {}

  /// Reserves the rows of a record; none is placed yet.
  [[nodiscard]] Handle open(const desk::RecordKey& key, std::uint64_t generation, std::uint32_t body_bytes);
  /// Row `row` now lies in `slot`; the slot it had is dead.
  void place(Handle handle, std::uint32_t row, std::uint32_t slot);
  /// The record is gone: its slots are dead and its room is free.
  void close(Handle handle);

  [[nodiscard]] const Extent& at(Handle handle) const { return x_extents[handle]; }
  /// The complete record under this key, or kNone.
  [[nodiscard]] Handle current(const desk::RecordKey& key) const;
  /// Makes `handle` the record under its key and closes the one before it.
  void make_current(Handle handle);
  /// Closes the record under this key, if any.
  void remove(const desk::RecordKey& key);
  [[nodiscard]] const std::map<desk::RecordKey, Handle>& records() const { return x_current; }

  [[nodiscard]] bool live(std::uint32_t slot) const { return x_owner[slot] != kNone; }
  [[nodiscard]] Handle owner(std::uint32_t slot) const { return x_owner[slot]; }
  [[nodiscard]] std::uint32_t row(std::uint32_t slot) const { return x_row[slot]; }
  /// Rows reserved by open(), placed or not.
  [[nodiscard]] std::uint32_t used() const { return x_used; }
  [[nodiscard]] std::uint32_t slots() const { return static_cast<std::uint32_t>(x_owner.size()); }

 private:
  std::vector<Handle> x_owner;
  std::vector<std::uint16_t> x_row;
  std::deque<Extent> x_extents;
  std::vector<Handle> x_free;
  std::map<desk::RecordKey, Handle> x_current;
  std::uint32_t x_used = 0;
};

/// The index of a scanned ring, with where it goes on.
struct Scan {
  Index index;
  std::uint64_t next_position{};
  std::uint64_t next_generation{};
};
/// `rows[s]` is what slot s says. Half-written records and erased ones are left out. Errc::malformed when a row is
/// missing or is an older one put back: positions must be one unbroken lap.
[[nodiscard]] Result<Scan> scan(const std::vector<RowMeta>& rows);

}  // namespace sw::store
