#include "desk/desk.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/hash.hpp"
#include "desk/desk_parts.hpp"
#include "desk/text.hpp"

namespace sw::desk {
namespace {
constexpr std::int64_t kDrillsKeptMs = std::int64_t{7} * 86'400'000;
}  // namespace

Put put_head(const MessageRecord& record, std::vector<Step> then) {
  return {record.key(), encode_head(record), {}, Urgency::state, std::move(then)};
}

Put put_note(const MessageRecord& record, std::vector<Step> then) {
  return {record.key(), encode_head(record), {}, Urgency::priority, std::move(then)};
}

Urgency urgency_of(Precedence precedence) {
  switch (precedence) {
    case Precedence::flash: return Urgency::flash;
    case Precedence::immediate: return Urgency::immediate;
    case Precedence::priority: return Urgency::priority;
    case Precedence::routine: break;
  }
  return Urgency::routine;
}

bool Desk::is_open(LineId line) const {
  const auto it = x_lines.find(line);
  return it != x_lines.end() && it->second.open;
}

MessageRecord* Desk::by_wire(LineId line, Direction direction, MessageId id) {
  const auto name = x_wire.find({line, direction, id});
  return name == x_wire.end() ? nullptr : &x_messages.at(name->second);
}

MessageRecord& Desk::insert(MessageRecord record) {
  const MessageId handle = record.handle;
  x_wire.emplace(WireName{record.line, record.direction, record.id}, handle);
  x_by_order.emplace(record.order, handle);
  x_next_order = std::max(x_next_order, record.order + 1);
  const auto [it, fresh] = x_messages.emplace(handle, std::move(record));
  SW_ASSERT(fresh);
  return it->second;
}

void Desk::forget(MessageId handle) {
  const MessageRecord& record = x_messages.at(handle);
  for (const StageMark& mark : record.marks) x_reports.erase({record.line, report_id(record, mark)});
  x_wire.erase({record.line, record.direction, record.id});
  x_by_order.erase(record.order);
  x_messages.erase(handle);
}

// A peer chooses the ids of what it sends: it must not reach another line's record, nor one of the other direction.
MessageId Desk::free_handle(const WireName& name) const {
  MessageId handle = name.id;
  while (x_messages.contains(handle)) {
    const ByteArray<1> direction{static_cast<std::uint8_t>(name.direction)};
    handle = {crypto::digest<16>({as_bytes("sw1-handle"), name.line.bytes, direction, handle.bytes})};
  }
  return handle;
}

Result<Sent> Desk::keep_outgoing(LineId line, const Message& message, UtcMs now, Rng& rng) {
  if (!is_open(line)) return fail(Errc::not_found, "There is no such open line.");
  auto bytes = encode(message);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  MessageRecord record;
  do {
    record.id = {rng.array<16>()};
  } while (by_wire(line, Direction::out, record.id) != nullptr || x_messages.contains(record.id));
  record.handle = record.id;
  record.line = line;
  record.direction = Direction::out;
  record.header = message.header;
  record.text_bytes = static_cast<std::uint32_t>(message.text.size());
  record.order = x_next_order;
  record.kept = now;
  const MessageRecord& kept = insert(std::move(record));
  Put put = put_head(kept, {});
  put.urgency = urgency_of(message.header.precedence);
  put.then.push_back(Submit{line, kept.id, message.header.precedence, *bytes});
  put.body = std::move(*bytes);
  Sent sent{kept.id, {}};
  sent.effects.puts.push_back(std::move(put));
  return sent;
}

Result<Sent> Desk::send(LineId line, const Draft& draft, UtcMs now, Rng& rng) {
  if (draft.grade == Grade::notice) {
    return fail(Errc::refused,
                "A notice needs a form and signatures, which this version does not have: send a note instead.");
  }
  if (draft.mark == Mark::test) return fail(Errc::usage, "TEST marks drills only: use EXERCISE, or send a drill.");
  if (auto checked = check_text(draft.text); !checked) return std::unexpected(std::move(checked.error()));
  Message message;
  message.header.grade = draft.grade;
  message.header.precedence = draft.precedence;
  message.header.mark = draft.mark;
  message.header.created = wire_time(now);
  message.text = draft.text;
  return keep_outgoing(line, message, now, rng);
}

Result<Sent> Desk::drill(LineId line, UtcMs now, Rng& rng) {
  const bool under_way = std::ranges::any_of(x_messages, [&](const auto& entry) {
    const MessageRecord& r = entry.second;
    return r.line == line && r.direction == Direction::out && r.header.kind == Kind::drill && !r.stored_there;
  });
  if (under_way) return fail(Errc::conflict, "The last drill has not reached the other side yet: wait for it.");
  Message message;
  message.header.kind = Kind::drill;
  message.header.precedence = Precedence::immediate;
  message.header.mark = Mark::test;
  message.header.created = wire_time(now);
  return keep_outgoing(line, message, now, rng);
}

void Desk::withdraw(RecordKey key) {
  if (key.kind == RecordKind::message) {
    const auto it = x_messages.find(MessageId{key.id});
    if (it != x_messages.end() && !it->second.durable) forget(it->first);
    return;
  }
  if (key == watch_key()) {
    x_watch_kept = false;
    for (auto& [line, desk] : x_lines) desk.watch_under_way.reset();
  }
}

void Desk::durable(RecordKey key, UtcMs now) {
  if (key.kind != RecordKind::message) return;
  const auto it = x_messages.find(MessageId{key.id});
  if (it == x_messages.end() || it->second.durable) return;
  it->second.durable = true;
  it->second.kept = now;
}

Effects Desk::note(LineId line, LedgerEvent event, std::string_view initials, UtcMs now) {
  SW_ASSERT(initials.size() <= wire::kInitialsLimit);
  auto written = x_ledger.add({now, line, event, std::string(initials)});
  Effects effects;
  effects.puts.push_back({written.key, std::move(written.head), {}, Urgency::state, {}});
  return effects;
}

Effects Desk::sweep(UtcMs now) {
  std::vector<MessageId> old;
  for (const auto& [handle, r] : x_messages) {
    if (r.header.kind != Kind::drill || !r.durable || !r.has(Stage::answered)) continue;
    const bool finished = r.direction == Direction::out
                              ? r.stored_there.has_value()
                              : r.done && std::ranges::all_of(r.marks, [](const StageMark& m) { return m.reported; });
    if (finished && r.kept.value + kDrillsKeptMs < now.value) old.push_back(handle);
  }
  Effects effects;
  for (const MessageId& handle : old) {
    effects.erases.push_back(x_messages.at(handle).key());
    forget(handle);
  }
  return effects;
}

FarWatch Desk::far_watch(LineId line) const {
  const auto it = x_lines.find(line);
  return it == x_lines.end() ? FarWatch{} : it->second.far;
}

Counts Desk::counts(LineId line) const {
  Counts counts;
  for (const auto& [handle, r] : x_messages) {
    if (r.line != line) continue;
    if (r.direction == Direction::out && !r.stored_there) ++counts.waiting;
    if (r.direction == Direction::out || !r.durable || !r.marks.empty()) continue;
    ++counts.unread;
    const auto by = acknowledge_by(r);
    if (by && (!counts.acknowledge_by || *by < *counts.acknowledge_by)) counts.acknowledge_by = by;
  }
  return counts;
}

const MessageRecord* Desk::find(MessageId handle) const {
  const auto it = x_messages.find(handle);
  if (it == x_messages.end()) return nullptr;
  const MessageRecord& record = it->second;
  return record.direction == Direction::in && !record.durable ? nullptr : &record;
}

std::vector<const MessageRecord*> Desk::messages(std::optional<LineId> line) const {
  std::vector<const MessageRecord*> out;
  for (const auto& [order, handle] : x_by_order) {
    const MessageRecord* record = find(handle);
    if (record != nullptr && (!line || record->line == *line)) out.push_back(record);
  }
  return out;
}

}  // namespace sw::desk
