#include "store/ring.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace sw::store {
namespace {
/// Deletions yield to what somebody waits for.
constexpr desk::Urgency kEraseUrgency = desk::Urgency::priority;
}  // namespace

Ring::Ring(Scan&& scanned)
    : x_index(std::move(scanned.index)),
      x_next(scanned.next_position),
      x_tail(scanned.next_position - x_index.slots()),
      x_generation(scanned.next_generation) {
  SW_ASSERT(rows() >= kRowsLeast && rows() <= kRowsMost && rows() % kRowsPerTick == 0);
}

// --- what waits -------------------------------------------------------------------------------------------------

const Ring::Waiting* Ring::waiting(const desk::RecordKey& key) const {
  const auto rank = x_ranks.find(key);
  return rank == x_ranks.end() ? nullptr : &x_queue.at(rank->second);
}

Ring::Waiting* Ring::waiting(const desk::RecordKey& key) {
  const auto rank = x_ranks.find(key);
  return rank == x_ranks.end() ? nullptr : &x_queue.at(rank->second);
}

Ring::Waiting& Ring::enqueue(const desk::RecordKey& key, desk::Urgency urgency) {
  const Rank rank{urgency, x_order++};
  x_ranks.emplace(key, rank);
  Waiting& op = x_queue[rank];
  op.key = key;
  return op;
}

void Ring::hurry(const desk::RecordKey& key, desk::Urgency urgency) {
  Rank& rank = x_ranks.at(key);
  if (rank.first <= urgency) return;
  auto node = x_queue.extract(rank);
  rank.first = urgency;
  node.key() = rank;
  x_queue.insert(std::move(node));
}

void Ring::dequeue(const desk::RecordKey& key) {
  const auto rank = x_ranks.find(key);
  x_queue.erase(rank->second);
  x_ranks.erase(rank);
}

desk::Ticket Ring::promise(Waiting& op) {
  op.tickets.push_back(desk::Ticket{++x_ticket});
  return op.tickets.back();
}

void Ring::start_creation(Waiting& op, ByteView body) {
  op.intent = Intent::create;
  op.handle = x_index.open(op.key, x_generation++, static_cast<std::uint32_t>(body.size()));
  op.written = 0;
  op.body = crypto::SecretBytes(to_bytes(body));
}

void Ring::close_abandoned(Waiting& op) {
  for (const Handle handle : op.abandoned) x_index.close(handle);
  op.abandoned.clear();
}

Result<desk::Ticket> Ring::put(const desk::RecordKey& key, crypto::SecretBytes head, ByteView body,
                               desk::Urgency urgency) {
  if (head.size() > desk::kHeadBytes || body.size() > kBodyLimit) {
    return fail(Errc::out_of_range, "the record is too large for the store");
  }
  Waiting* op = waiting(key);
  const bool exists = op != nullptr ? op->intent != Intent::erase : x_index.current(key) != kNone;
  if (exists && !body.empty()) return fail(Errc::conflict, "the record has its body already");
  if (!exists && !has_room(body.size())) return fail(Errc::full, "the store is full; erase or export old messages");
  if (op == nullptr) {
    op = &enqueue(key, urgency);
    op->intent = Intent::update;
  } else {
    hurry(key, urgency);
    ++op->revision;
  }
  if (!exists) start_creation(*op, body);
  op->head = std::move(head);
  return promise(*op);
}

desk::Ticket Ring::erase(const desk::RecordKey& key) {
  Waiting* op = waiting(key);
  if (op == nullptr) {
    op = &enqueue(key, kEraseUrgency);
  } else if (op->intent != Intent::erase) {
    hurry(key, kEraseUrgency);
    ++op->revision;
    // Its rows stay until the tombstone is durable: its row 0 may be on its way to the disk.
    if (op->intent == Intent::create) op->abandoned.push_back(op->handle);
    op->head.clear();
    op->body.clear();
  }
  op->intent = Intent::erase;
  op->handle = kNone;
  return promise(*op);
}

bool Ring::has_room(std::size_t body_bytes) const {
  return body_bytes <= kBodyLimit && used() + rows_for(body_bytes) <= capacity();
}

std::optional<ByteView> Ring::waiting_body(const desk::RecordKey& key) const {
  const Waiting* op = waiting(key);
  if (op == nullptr || op->intent != Intent::create) return std::nullopt;
  return op->body.view();
}

std::optional<ByteView> Ring::waiting_head(const desk::RecordKey& key) const {
  const Waiting* op = waiting(key);
  if (op == nullptr || op->intent == Intent::erase) return std::nullopt;
  return op->head.view();
}

std::optional<Located> Ring::locate(const desk::RecordKey& key) const {
  const Waiting* op = waiting(key);
  const Handle handle = x_index.current(key);
  if (handle == kNone || (op != nullptr && op->intent == Intent::erase)) return std::nullopt;
  const Extent& extent = x_index.at(handle);
  Located out{extent.generation, extent.body_bytes, {}};
  for (std::uint32_t row = 0; row < extent.rows(); ++row) out.slots.push_back(extent.slot(row));
  return out;
}

std::vector<desk::RecordKey> Ring::keys() const {
  std::vector<desk::RecordKey> out;
  for (const auto& [key, handle] : x_index.records()) {
    if (waiting(key) == nullptr) out.push_back(key);
  }
  for (const auto& [rank, op] : x_queue) {
    if (op.intent != Intent::erase) out.push_back(op.key);
  }
  std::sort(out.begin(), out.end());
  return out;
}

// --- what a tick writes -----------------------------------------------------------------------------------------

void Ring::advance_tail() {
  while (x_tail < x_next && !x_index.live(slot_of(x_tail))) ++x_tail;
}

std::uint64_t Ring::gap() {
  advance_tail();
  return x_tail + rows() - x_next;
}

std::size_t Ring::rows_left(const Waiting& op) const {
  return op.intent == Intent::create ? x_index.at(op.handle).rows() - op.written : 1;
}

Write Ring::fresh(const Waiting& op, std::size_t step) const {
  Write out;
  out.meta.key = op.key;
  out.revision = op.revision;
  out.tickets = op.tickets.size();
  if (op.intent == Intent::erase) {
    out.kind = Write::Kind::tombstone;
    out.meta.type = RowType::tombstone;
    return out;
  }
  out.handle = op.intent == Intent::create ? op.handle : x_index.current(op.key);
  const Extent& extent = x_index.at(out.handle);
  out.meta.type = RowType::part;
  out.meta.generation = extent.generation;
  out.meta.body_bytes = extent.body_bytes;
  if (op.intent == Intent::update) {
    out.kind = Write::Kind::head;
    out.source = extent.first;
    out.meta.head_bytes = static_cast<std::uint16_t>(op.head.size());
    out.payload.append(op.head.view());
    return out;
  }
  // Rows 1, 2, ... and row 0 last: whoever finds a row 0 on the disk finds the whole record.
  out.kind = Write::Kind::part;
  const auto ordinal = static_cast<std::uint32_t>(op.written + 1 + step);
  out.meta.index = ordinal == extent.rows() ? 0 : ordinal;
  if (out.meta.index == 0) {
    out.meta.head_bytes = static_cast<std::uint16_t>(op.head.size());
    out.payload.append(op.head.view());
    out.payload.append(Bytes(desk::kHeadBytes - op.head.size()));
  }
  out.payload.append(piece(op.body.view(), out.meta.index));
  return out;
}

std::vector<Write> Ring::fresh_rows(std::size_t most) const {
  std::vector<Write> out;
  for (const auto& [rank, op] : x_queue) {
    const std::size_t left = rows_left(op);
    for (std::size_t step = 0; step < left && out.size() < most; ++step) out.push_back(fresh(op, step));
    if (out.size() == most) break;
  }
  return out;
}

Write Ring::relocation(std::uint64_t& from) const {
  Write out;
  while (from < x_next && !x_index.live(slot_of(from))) ++from;
  if (from == x_next) return out;
  out.kind = Write::Kind::move;
  out.source = slot_of(from++);
  out.handle = x_index.owner(out.source);
  const Extent& extent = x_index.at(out.handle);
  out.meta.type = RowType::part;
  out.meta.key = extent.key;
  out.meta.generation = extent.generation;
  out.meta.body_bytes = extent.body_bytes;
  out.meta.index = x_index.row(out.source);
  return out;
}

Plan Ring::plan() {
  SW_ASSERT(!x_out);
  x_out = true;
  const std::uint64_t free_ahead = gap();
  SW_ASSERT(free_ahead >= kRowsPerTick);
  const bool must_clean = free_ahead < 2 * std::uint64_t{capacity()} + 2;
  std::vector<Write> rows = fresh_rows(must_clean ? 1 : kRowsPerTick);
  Plan out;
  std::size_t n = 0;
  // Moved rows come first: a moved row must never be newer than an update or a tombstone of the same record.
  std::uint64_t from = x_tail;
  while (n + rows.size() < kRowsPerTick) out.writes[n++] = relocation(from);
  for (Write& row : rows) out.writes[n++] = std::move(row);
  for (std::size_t i = 0; i < kRowsPerTick; ++i) {
    Write& write = out.writes[i];
    write.meta.position = x_next + i;
    if (write.kind != Write::Kind::move && write.kind != Write::Kind::head) write.source = slot_of(x_tail + i);
  }
  return out;
}

void Ring::failed() {
  SW_ASSERT(x_out);
  x_out = false;
}

std::vector<desk::Ticket> Ring::committed(const Plan& plan) {
  SW_ASSERT(x_out);
  x_out = false;
  std::vector<desk::Ticket> durable;
  for (const Write& write : plan.writes) apply(write, durable);
  x_next += kRowsPerTick;
  return durable;
}

void Ring::apply(const Write& write, std::vector<desk::Ticket>& durable) {
  const std::uint32_t slot = slot_of(write.meta.position);
  switch (write.kind) {
    case Write::Kind::filler: return;
    case Write::Kind::move: x_index.place(write.handle, write.meta.index, slot); return;
    case Write::Kind::tombstone: x_index.remove(write.meta.key); break;
    case Write::Kind::head: x_index.place(write.handle, 0, slot); break;
    case Write::Kind::part:
      x_index.place(write.handle, write.meta.index, slot);
      if (write.meta.index != 0) {
        Waiting& op = *waiting(write.meta.key);
        if (op.intent == Intent::create && op.handle == write.handle) ++op.written;
        return;
      }
      x_index.make_current(write.handle);
      break;
  }
  settle(write, durable);
}

void Ring::settle(const Write& write, std::vector<desk::Ticket>& durable) {
  Waiting& op = *waiting(write.meta.key);
  const bool same = op.revision == write.revision;
  const auto end = same ? op.tickets.end() : op.tickets.begin() + static_cast<std::ptrdiff_t>(write.tickets);
  durable.insert(durable.end(), op.tickets.begin(), end);
  op.tickets.erase(op.tickets.begin(), end);
  // An overtaken creation whose row 0 still reached the disk is the current record now, closed by what comes next.
  if (write.kind == Write::Kind::part) std::erase(op.abandoned, write.handle);
  if (same || write.kind == Write::Kind::tombstone) close_abandoned(op);
  if (same) {
    dequeue(write.meta.key);
  } else if (op.intent == Intent::create && op.handle == write.handle) {
    // The head changed while row 0 was on its way: what is left to do is an update.
    op.intent = Intent::update;
    op.handle = kNone;
    op.body.clear();
  }
}

}  // namespace sw::store
