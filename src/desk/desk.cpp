#include "desk/desk.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/hash.hpp"
#include "desk/text.hpp"
#include "wire/reader.hpp"

namespace sw::desk {
namespace {

constexpr std::int64_t kDrillKeptMs = 7LL * 86'400'000;

Put put_of(const MessageRecord& record, std::vector<Step> then) {
  return {record.key(), encode_head(record), {}, urgency_of(record.header.precedence), std::move(then)};
}

}  // namespace

Urgency urgency_of(Precedence precedence) {
  return static_cast<Urgency>(static_cast<std::uint8_t>(Urgency::flash) + static_cast<std::uint8_t>(precedence));
}

// --- the start

Result<void> Desk::load_state(ByteView head) {
  wire::Reader in(head);
  const std::uint8_t version = in.u8();
  const auto type = static_cast<StateRecord>(in.u8());
  const ByteView fields = in.view(in.remaining());
  if (!in.ok() || version != kStateVersion) {
    return fail(Errc::malformed, "a record of the desk is damaged or from a newer version");
  }
  switch (type) {
    case StateRecord::ledger_entry: return x_ledger.load(fields);
    case StateRecord::watch: {
      auto watch = decode_watch(fields);
      if (!watch) return std::unexpected(watch.error());
      x_watch = std::move(*watch);
      return {};
    }
    case StateRecord::far_watch: {
      auto far = decode_far_watch(fields);
      if (!far) return std::unexpected(far.error());
      x_lines[far->line].far = std::move(far->watch);
      return {};
    }
  }
  return fail(Errc::malformed, "a record of the desk is damaged or from a newer version");
}

Result<void> Desk::load(std::span<const LoadedRecord> records) {
  for (const auto& loaded : records) {
    if (loaded.key.kind == RecordKind::message) {
      auto record = decode_head(MessageId{loaded.key.id}, loaded.head.view());
      if (!record) return std::unexpected(record.error());
      record->durable = true;
      x_next_order = std::max(x_next_order, record->order + 1);
      insert(std::move(*record));
    } else if (loaded.key.kind == RecordKind::ledger) {
      if (const auto done = load_state(loaded.head.view()); !done) return done;
    }
  }
  return {};
}

Opening Desk::open_line(LineId line) {
  Opening out;
  LineDesk& desk = x_lines[line];
  desk.watch_under_way.reset();
  for (const auto& [order, handle] : x_by_order) {
    const MessageRecord& record = x_messages.at(handle);
    if (record.line != line || !record.durable) continue;
    if (record.direction == Direction::out) {
      if (!record.stored_there) out.unsent.push_back({record.key(), record.id, record.header.precedence});
      continue;
    }
    if (!record.done) out.remembered.push_back(record.id);
    for (const auto& mark : record.marks) {
      if (mark.by != Side::here || mark.reported) continue;
      const MessageId id = report_id(record, mark);
      x_reports[{line, id}] = handle;
      out.effects.steps.emplace_back(Submit{line, id, record.header.precedence, report_bytes(record, mark)});
    }
  }
  if (auto watch = next_watch_message(line, desk)) out.effects.steps.emplace_back(std::move(*watch));
  return out;
}

Effects Desk::remove_line(LineId line) {
  Effects out;
  std::vector<MessageId> gone;
  for (const auto& [handle, record] : x_messages) {
    if (record.line == line) gone.push_back(handle);
  }
  for (const auto& handle : gone) {
    out.erases.push_back(x_messages.at(handle).key());
    forget(handle);
  }
  for (auto& key : x_ledger.remove(line)) out.erases.push_back(key);
  out.erases.push_back(far_watch_key(line));
  std::erase_if(x_reports, [&](const auto& each) { return each.first.first == line; });
  x_lines.erase(line);
  return out;
}

// --- records

MessageRecord* Desk::by_wire(LineId line, Direction direction, MessageId id) {
  const auto found = x_wire.find({line, direction, id});
  return found == x_wire.end() ? nullptr : &x_messages.at(found->second);
}

MessageRecord& Desk::insert(MessageRecord record) {
  const MessageId handle = record.handle;
  x_wire[{record.line, record.direction, record.id}] = handle;
  x_by_order[record.order] = handle;
  return x_messages.insert_or_assign(handle, std::move(record)).first->second;
}

void Desk::forget(MessageId handle) {
  const auto found = x_messages.find(handle);
  if (found == x_messages.end()) return;
  const MessageRecord& record = found->second;
  x_wire.erase({record.line, record.direction, record.id});
  x_by_order.erase(record.order);
  std::erase_if(x_reports, [&](const auto& each) { return each.second == handle; });
  x_messages.erase(found);
}

MessageId Desk::free_handle(const WireName& name) const {
  if (!x_messages.contains(name.id)) return name.id;
  const ByteArray<1> direction{static_cast<std::uint8_t>(name.direction)};
  return {crypto::digest<16>({as_bytes("sw1-handle"), name.line.bytes, direction, name.id.bytes})};
}

void Desk::withdraw(RecordKey key) {
  const auto found = x_messages.find(MessageId{key.id});
  if (key.kind == RecordKind::message && found != x_messages.end() && !found->second.durable) forget(found->first);
}

void Desk::durable(RecordKey key, UtcMs) {
  const auto found = x_messages.find(MessageId{key.id});
  if (key.kind == RecordKind::message && found != x_messages.end()) found->second.durable = true;
}

// --- messages from here

Result<Sent> Desk::keep_outgoing(LineId line, const Message& message, UtcMs now, Rng& rng) {
  auto bytes = encode(message);
  if (!bytes) return std::unexpected(bytes.error());
  MessageId id;
  do {
    rng.fill(id.bytes);
  } while (x_messages.contains(id));
  MessageRecord record;
  record.handle = record.id = id;
  record.line = line;
  record.direction = Direction::out;
  record.header = message.header;
  record.text_bytes = static_cast<std::uint32_t>(message.text.size());
  record.order = x_next_order++;
  record.kept = now;
  const MessageRecord& kept = insert(std::move(record));
  Sent out{id, {}};
  const Precedence precedence = message.header.precedence;
  out.effects.puts.push_back(
      {kept.key(), encode_head(kept), *bytes, urgency_of(precedence), {Submit{line, id, precedence, *bytes}}});
  return out;
}

Result<Sent> Desk::send(LineId line, const Draft& draft, UtcMs now, Rng& rng) {
  if (!x_lines.contains(line)) return fail(Errc::not_found, "there is no such line");
  if (draft.grade == Grade::notice) {
    return fail(Errc::refused, "a notice needs a form and signatures, which this version does not have; send a note");
  }
  if (draft.mark == Mark::test) return fail(Errc::usage, "TEST is the mark of drills; for exercises use EXERCISE");
  if (const auto good = check_text(draft.text); !good) return std::unexpected(good.error());
  Message message;
  message.header.kind = Kind::text;
  message.header.grade = draft.grade;
  message.header.precedence = draft.precedence;
  message.header.mark = draft.mark;
  message.header.created = now;
  message.text = draft.text;
  return keep_outgoing(line, message, now, rng);
}

Result<Sent> Desk::drill(LineId line, UtcMs now, Rng& rng) {
  if (!x_lines.contains(line)) return fail(Errc::not_found, "there is no such line");
  for (const auto& [handle, record] : x_messages) {
    if (record.line == line && record.direction == Direction::out && record.header.kind == Kind::drill &&
        !record.stored_there) {
      return fail(Errc::conflict, "the last drill is still on its way");
    }
  }
  Message message;
  message.header.kind = Kind::drill;
  message.header.grade = Grade::service;
  message.header.precedence = Precedence::immediate;
  message.header.mark = Mark::test;
  message.header.created = now;
  return keep_outgoing(line, message, now, rng);
}

// --- housekeeping

Effects Desk::note(LineId line, LedgerEvent event, std::string_view initials, UtcMs now) {
  auto written = x_ledger.add({now, line, event, std::string(initials)});
  Effects out;
  out.puts.push_back({written.key, std::move(written.head), {}, Urgency::state, {}});
  return out;
}

Effects Desk::sweep(UtcMs now) {
  Effects out;
  std::vector<MessageId> gone;
  for (const auto& [handle, record] : x_messages) {
    const bool settled = record.direction == Direction::out ? record.stored_there.has_value() : record.done;
    const bool reported = std::ranges::all_of(
        record.marks, [](const StageMark& mark) { return mark.by == Side::there || mark.reported; });
    if (record.header.kind == Kind::drill && record.has(Stage::answered) && settled && reported &&
        now.value - record.kept.value > kDrillKeptMs) {
      gone.push_back(handle);
    }
  }
  for (const auto& handle : gone) {
    out.erases.push_back(x_messages.at(handle).key());
    forget(handle);
  }
  return out;
}

// --- what the faces show

FarWatch Desk::far_watch(LineId line) const {
  const auto found = x_lines.find(line);
  return found == x_lines.end() ? FarWatch{} : found->second.far;
}

Counts Desk::counts(LineId line) const {
  Counts out;
  for (const auto& [handle, record] : x_messages) {
    if (record.line != line) continue;
    if (record.direction == Direction::out) {
      out.waiting += record.stored_there ? 0U : 1U;
    } else if (record.durable && record.marks.empty()) {
      ++out.unread;
    }
  }
  return out;
}

const MessageRecord* Desk::find(MessageId handle) const {
  const auto found = x_messages.find(handle);
  if (found == x_messages.end()) return nullptr;
  const MessageRecord& record = found->second;
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

// --- shared by the other files

Effects Desk::first_cell_left(LineId line, MessageId id, UtcMs now) {
  Effects out;
  MessageRecord* record = by_wire(line, Direction::out, id);
  if (record == nullptr || record->sent) return out;
  record->sent = now;
  out.puts.push_back(put_of(*record, {}));
  return out;
}

Effects Desk::stored_there(LineId line, MessageId id, UtcMs now) {
  Effects out;
  const Step say_done = SayDone{line, id};
  if (MessageRecord* record = by_wire(line, Direction::out, id); record != nullptr && !record->stored_there) {
    record->stored_there = now;
    out.puts.push_back(put_of(*record, {say_done}));
    return out;
  }
  if (const auto found = x_reports.find({line, id}); found != x_reports.end()) {
    MessageRecord& record = x_messages.at(found->second);
    for (auto& mark : record.marks) {
      if (mark.by == Side::here && report_id(record, mark) == id) mark.reported = true;
    }
    x_reports.erase(found);
    out.puts.push_back(put_of(record, {say_done}));
    return out;
  }
  out.steps.push_back(say_done);
  const auto desk = x_lines.find(line);
  if (desk != x_lines.end() && desk->second.watch_under_way == id) {
    desk->second.watch_under_way.reset();
    desk->second.watch_told = id;
    if (auto next = next_watch_message(line, desk->second)) out.steps.emplace_back(std::move(*next));
  }
  return out;
}

Effects Desk::done(LineId line, MessageId id) {
  Effects out;
  MessageRecord* record = by_wire(line, Direction::in, id);
  if (record == nullptr || record->done) return out;
  record->done = true;
  out.puts.push_back(put_of(*record, {}));
  return out;
}

}  // namespace sw::desk
