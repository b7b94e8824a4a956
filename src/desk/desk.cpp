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
  if (record.header.kind == Kind::read_back) {
    x_read_backs[{record.line, record.direction, record.header.ref}].emplace(record.order, handle);
  }
  const auto [it, fresh] = x_messages.emplace(handle, std::move(record));
  SW_ASSERT(fresh);
  return it->second;
}

void Desk::forget(MessageId handle) {
  const MessageRecord& record = x_messages.at(handle);
  for (const StageMark& mark : record.marks) x_reports.erase({record.line, report_id(record, mark)});
  if (const auto meant = x_read_backs.find({record.line, record.direction, record.header.ref});
      record.header.kind == Kind::read_back && meant != x_read_backs.end()) {
    meant->second.erase({record.order, handle});
    if (meant->second.empty()) x_read_backs.erase(meant);
  }
  x_wire.erase({record.line, record.direction, record.id});
  x_by_order.erase(record.order);
  x_messages.erase(handle);
}

// A peer chooses the ids of what it sends: it must not reach another line's record, nor one of the other direction.
MessageId Desk::free_handle(const WireName& name) const {
  MessageId handle = name.id;
  while (x_messages.contains(handle) || x_drafts.contains(handle)) {
    const ByteArray<1> direction{static_cast<std::uint8_t>(name.direction)};
    handle = {crypto::digest<16>({as_bytes("sw1-handle"), name.line.bytes, direction, handle.bytes})};
  }
  return handle;
}

bool Desk::taken(LineId line, MessageId id) const {
  return id == MessageId{} || x_wire.contains({line, Direction::out, id}) || x_messages.contains(id);
}

MessageId Desk::free_id(LineId line, Rng& rng) const {
  MessageId id;
  do {
    id = {rng.array<16>()};
  } while (taken(line, id) || x_drafts.contains(id));
  return id;
}

Result<Sent> Desk::keep_outgoing(LineId line, MessageId id, const Message& message, UtcMs now, Provenance from) {
  if (!is_open(line)) return fail(Errc::not_found, "There is no such open line.");
  if (taken(line, id)) return fail(Errc::conflict, "There is a message with this id already.");
  auto bytes = encode(message);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  MessageRecord record;
  record.id = id;
  record.handle = id;
  record.line = line;
  record.direction = Direction::out;
  record.header = message.header;
  record.text_bytes = static_cast<std::uint32_t>(message.text.size());
  record.file_name = message.file_name;
  record.from = std::move(from);
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

/// What may be answered: a message that people there wrote, on this line.
Result<const MessageRecord*> Desk::answered_by(LineId line, MessageId handle) const {
  const MessageRecord* meant = find(handle);
  if (meant == nullptr || meant->line != line)
    return fail(Errc::not_found, "The line has no message to answer with this id.");
  const Kind kind = meant->header.kind;
  if (meant->direction == Direction::out || (kind != Kind::text && kind != Kind::file)) {
    return fail(Errc::refused, "An answer is to a text or a file that was received.");
  }
  return meant;
}

Mark Desk::marked(Mark asked) const {
  return x_exercise.on ? Mark::exercise : asked;
}

/// The message that a draft says.
Result<Message> Desk::compose(LineId line, const Draft& draft, UtcMs now) const {
  if (draft.grade == Grade::notice) {
    return fail(Errc::refused,
                "A notice needs a form and signatures, which this version does not have: send a note instead.");
  }
  if (draft.mark == Mark::test) return fail(Errc::usage, "TEST marks drills only: use EXERCISE, or send a drill.");
  Message message;
  if (draft.file_name.empty()) {
    if (auto checked = check_text(draft.text); !checked) return std::unexpected(std::move(checked.error()));
  } else {
    message.header.kind = Kind::file;
    if (auto checked = check_file_name(draft.file_name); !checked) return std::unexpected(std::move(checked.error()));
    if (draft.precedence != Precedence::routine) return fail(Errc::usage, "A file goes as ROUTINE.");
    if (draft.text.empty()) return fail(Errc::usage, "The file is empty: there is nothing to send.");
    if (draft.text.size() > wire::kFileLimit) {
      return fail(Errc::out_of_range, "The file is too large: at most " + std::to_string(wire::kFileLimit) + " bytes.");
    }
  }
  if (draft.answers) {
    const auto meant = answered_by(line, *draft.answers);
    if (!meant) return std::unexpected(meant.error());
    if (auto checked = check_initials(draft.initials); !checked) return std::unexpected(std::move(checked.error()));
    message.header.ref = (*meant)->id;
  }
  message.header.grade = draft.grade;
  message.header.precedence = draft.precedence;
  message.header.mark = marked(draft.mark);
  message.header.created = wire_time(now);
  message.text = draft.text;
  message.file_name = draft.file_name;
  return message;
}

Result<Sent> Desk::send(LineId line, const Draft& draft, UtcMs now, Rng& rng) {
  const auto message = compose(line, draft, now);
  if (!message) return std::unexpected(message.error());
  if (draft.id && x_drafts.contains(*draft.id)) return fail(Errc::conflict, "There is a draft with this id already.");
  auto sent = keep_outgoing(line, draft.id ? *draft.id : free_id(line, rng), *message, now);
  if (sent && draft.answers) mark_alone(*draft.answers, Stage::answered, draft.initials, now, sent->effects);
  return sent;
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
  return keep_outgoing(line, free_id(line, rng), message, now);
}

void Desk::withdraw(RecordKey key) {
  if (key.kind == RecordKind::message) {
    const auto it = x_messages.find(MessageId{key.id});
    if (it != x_messages.end() && !it->second.durable) forget(it->first);
    return;
  }
  const auto has_key = [&](const auto& entry) { return entry.second.key() == key; };
  if (key.kind == RecordKind::draft) std::erase_if(x_drafts, has_key);
  if (key.kind == RecordKind::paper) std::erase_if(x_papers, has_key);
  if (key.kind == RecordKind::translation) std::erase_if(x_translations, has_key);
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
  if (it->second.direction == Direction::out) x_drafts.erase(it->first);
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
