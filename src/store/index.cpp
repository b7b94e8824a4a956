#include "store/index.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/assert.hpp"

namespace sw::store {

Handle Index::open(const desk::RecordKey& key, std::uint64_t generation, std::uint32_t body_bytes) {
  Handle handle;
  if (x_free.empty()) {
    handle = static_cast<Handle>(x_extents.size());
    x_extents.emplace_back();
  } else {
    handle = x_free.back();
    x_free.pop_back();
  }
  Extent& extent = x_extents[handle];
  extent.key = key;
  extent.generation = generation;
  extent.body_bytes = body_bytes;
  extent.first = kNone;
  const std::uint32_t more = extent.rows() - 1;
  if (more > 0) {
    extent.more = std::make_unique<std::uint32_t[]>(more);
    std::fill_n(extent.more.get(), more, kNone);
  }
  x_used += extent.rows();
  return handle;
}

void Index::place(Handle handle, std::uint32_t row, std::uint32_t slot) {
  Extent& extent = x_extents[handle];
  SW_ASSERT(row < extent.rows() && !live(slot));
  std::uint32_t& place = row == 0 ? extent.first : extent.more[row - 1];
  if (place != kNone) x_owner[place] = kNone;
  place = slot;
  x_owner[slot] = handle;
  x_row[slot] = static_cast<std::uint16_t>(row);
}

void Index::close(Handle handle) {
  Extent& extent = x_extents[handle];
  for (std::uint32_t row = 0; row < extent.rows(); ++row) {
    if (extent.slot(row) != kNone) x_owner[extent.slot(row)] = kNone;
  }
  x_used -= extent.rows();
  extent = Extent{};
  x_free.push_back(handle);
}

Handle Index::current(const desk::RecordKey& key) const {
  const auto found = x_current.find(key);
  return found == x_current.end() ? kNone : found->second;
}

void Index::make_current(Handle handle) {
  const auto [place, added] = x_current.try_emplace(x_extents[handle].key, handle);
  if (added || place->second == handle) return;
  close(place->second);
  place->second = handle;
}

void Index::remove(const desk::RecordKey& key) {
  const auto found = x_current.find(key);
  if (found == x_current.end()) return;
  close(found->second);
  x_current.erase(found);
}

namespace {

std::unexpected<Error> damaged() {
  return fail(Errc::malformed, "the store is damaged; restore a backup");
}

/// The slot of the row that decides for each key: its newest row 0 or tombstone.
std::map<desk::RecordKey, std::uint32_t> deciding(const std::vector<RowMeta>& rows) {
  std::map<desk::RecordKey, std::uint32_t> out;
  for (std::uint32_t slot = 0; slot < rows.size(); ++slot) {
    const RowMeta& row = rows[slot];
    if (row.type == RowType::filler || (row.type == RowType::part && row.index != 0)) continue;
    const auto [place, added] = out.try_emplace(row.key, slot);
    if (!added && rows[place->second].position < row.position) place->second = slot;
  }
  return out;
}

Result<void> check_lap(const std::vector<RowMeta>& rows, std::uint64_t next) {
  if (next < rows.size() || next % 2 != 0) return damaged();
  for (std::uint32_t slot = 0; slot < rows.size(); ++slot) {
    const std::uint64_t position = rows[slot].position;
    if (position % rows.size() != slot || position < next - rows.size()) return damaged();
  }
  return {};
}

}  // namespace

Result<Scan> scan(const std::vector<RowMeta>& rows) {
  Scan out{Index(static_cast<std::uint32_t>(rows.size())), 0, 1};
  for (const RowMeta& row : rows) {
    out.next_position = std::max(out.next_position, row.position + 1);
    out.next_generation = std::max(out.next_generation, row.generation + 1);
  }
  if (auto ok = check_lap(rows, out.next_position); !ok) return std::unexpected(ok.error());
  std::unordered_map<std::uint64_t, Handle> by_generation;
  for (const auto& [key, slot] : deciding(rows)) {
    const RowMeta& row = rows[slot];
    if (row.type == RowType::tombstone) continue;
    const Handle handle = out.index.open(key, row.generation, row.body_bytes);
    out.index.place(handle, 0, slot);
    out.index.make_current(handle);
    if (!by_generation.emplace(row.generation, handle).second) return damaged();
  }
  // Row 0 is written last, so a record that has one has every row, unless somebody tampered with the file.
  for (std::uint32_t slot = 0; slot < rows.size(); ++slot) {
    const RowMeta& row = rows[slot];
    if (row.type != RowType::part || row.index == 0) continue;
    const auto found = by_generation.find(row.generation);
    if (found == by_generation.end()) continue;
    const Extent& extent = out.index.at(found->second);
    if (extent.key != row.key || extent.body_bytes != row.body_bytes) return damaged();
    const std::uint32_t other = extent.slot(row.index);
    if (other == kNone || rows[other].position < row.position) out.index.place(found->second, row.index, slot);
  }
  for (const auto& [key, handle] : out.index.records()) {
    const Extent& extent = out.index.at(handle);
    for (std::uint32_t row = 0; row < extent.rows(); ++row) {
      if (extent.slot(row) == kNone) return damaged();
    }
  }
  return out;
}

}  // namespace sw::store
