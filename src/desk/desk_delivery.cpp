// What delivery reports: protocol 5.3, 6.1.
#include <algorithm>

#include "base/assert.hpp"
#include "desk/desk_parts.hpp"

namespace sw::desk {

Effects Desk::first_cell_left(LineId line, MessageId id, UtcMs now) {
  Effects effects;
  MessageRecord* record = by_wire(line, Direction::out, id);
  if (record == nullptr || record->sent) return effects;
  record->sent = now;
  effects.puts.push_back(put_note(*record, {}));
  return effects;
}

Effects Desk::stored_there(LineId line, MessageId id, UtcMs now) {
  Effects effects;
  const SayDone done{line, id};
  if (MessageRecord* record = by_wire(line, Direction::out, id); record != nullptr && record->durable) {
    // A repeated STORED waits again: the first put may not be durable yet.
    if (!record->stored_there) record->stored_there = now;
    effects.puts.push_back(put_note(*record, {done}));
    return effects;
  }
  if (const auto report = x_reports.find({line, id}); report != x_reports.end()) {
    MessageRecord& record = x_messages.at(report->second);
    for (StageMark& mark : record.marks) mark.reported = mark.reported || report_id(record, mark) == id;
    x_reports.erase(report);
    effects.puts.push_back(put_note(record, {done}));
    return effects;
  }
  effects.steps.push_back(done);
  const auto it = x_lines.find(line);
  if (it != x_lines.end() && it->second.watch_under_way == id) {
    it->second.watch_under_way.reset();
    const bool newer = watch_id(line, wire_time(x_watch.answered), x_watch.initials) != id;
    if (newer) {
      if (auto next = next_watch_message(line, it->second)) effects.steps.push_back(std::move(*next));
    }
  }
  return effects;
}

Effects Desk::done(LineId line, MessageId id) {
  Effects effects;
  MessageRecord* record = by_wire(line, Direction::in, id);
  if (record == nullptr || !record->durable || record->done) return effects;
  record->done = true;
  effects.puts.push_back(put_note(*record, {}));
  return effects;
}

Result<Effects> Desk::receive(LineId line, MessageId id, ByteView bytes, UtcMs now) {
  if (!is_open(line)) return fail(Errc::not_found, "There is no such open line.");
  // Zeros name no message (protocol 6.1), so nobody could report a stage of it.
  if (id == MessageId{}) return fail(Errc::malformed, "A message came without an id.");
  auto message = decode(bytes);
  if (!message) return std::unexpected(std::move(message.error()));
  const MessageHeader& header = message->header;
  switch (header.kind) {
    case Kind::text:
    case Kind::file:
      // What claims to be on the record must be signed, and nothing here can tell.
      if (header.grade == Grade::notice) return fail(Errc::refused, "A notice without a signature came.");
      return keep_incoming(line, id, *message, bytes, now);
    case Kind::drill:
    case Kind::read_back: return keep_incoming(line, id, *message, bytes, now);
    case Kind::stage:
    case Kind::drill_answer: return apply_report(line, id, header, now);
    case Kind::watch: break;
  }
  Effects effects;
  effects.puts.push_back(person_acted(line, header, now));
  effects.puts.back().then.push_back(SayStored{line, id});
  return effects;
}

Effects Desk::keep_incoming(LineId line, MessageId id, const Message& message, ByteView bytes, UtcMs now) {
  Effects effects;
  if (const MessageRecord* known = by_wire(line, Direction::in, id)) {
    // While its put waits, the put itself will say it.
    if (known->durable) effects.steps.push_back(SayStored{line, id});
    return effects;
  }
  MessageRecord record;
  record.handle = free_handle({line, Direction::in, id});
  record.id = id;
  record.line = line;
  record.direction = Direction::in;
  record.header = message.header;
  record.text_bytes = static_cast<std::uint32_t>(message.text.size());
  record.file_name = message.file_name;
  record.order = x_next_order;
  record.kept = now;
  Put put = put_head(insert(std::move(record)), {SayStored{line, id}});
  put.urgency = urgency_of(message.header.precedence);
  put.body = to_bytes(bytes);
  effects.puts.push_back(std::move(put));
  return effects;
}

// Idempotent: a repeated report changes nothing, and is put again because the first put may not be durable yet. One
// about a message that is not ours on this very line changes no message.
Effects Desk::apply_report(LineId line, MessageId id, const MessageHeader& header, UtcMs now) {
  Effects effects;
  const bool answer = header.kind == Kind::drill_answer;
  MessageRecord* record = by_wire(line, Direction::out, header.ref);
  SW_ASSERT(answer || header.stage);
  const Stage stage = answer ? Stage::answered : *header.stage;
  // Only a drill is answered so, and only a read-back is confirmed.
  const bool settles = stage == Stage::confirmed || stage == Stage::wrong;
  const bool fits = record != nullptr && (!answer || record->header.kind == Kind::drill) &&
                    (!settles || record->header.kind == Kind::read_back);
  if (fits && record->durable) {
    const bool known = std::ranges::any_of(record->marks, [&](const StageMark& mark) {
      return mark.stage == stage && mark.initials == header.initials && mark.post == header.post;
    });
    if (!known && record->marks.size() < kStageMarks) {
      record->marks.push_back({stage, header.created, Side::there, header.initials, header.post, true});
    }
    effects.puts.push_back(put_head(*record, {}));
  }
  effects.puts.push_back(person_acted(line, header, now));
  effects.puts.back().then.push_back(SayStored{line, id});
  return effects;
}

// Any authenticated act by a person there shows that somebody is on watch; who has the watch, only the watch says.
Put Desk::person_acted(LineId line, const MessageHeader& header, UtcMs now) {
  FarWatch& far = x_lines.at(line).far;
  // Their clock tells how old a late message is; it never makes one younger than its arrival.
  const UtcMs at = std::min(header.created, now);
  // A word that is said again after their restart makes none older, either.
  const bool newer = !far.answered || *far.answered > now || *far.answered < at;
  if (header.kind == Kind::watch) {
    far.initials = header.initials;
    if (newer && !header.initials.empty()) far.answered = at;
  } else {
    if (newer) far.answered = at;
    if (far.initials.empty() || header.kind == Kind::drill_answer) far.initials = header.initials;
  }
  return {far_watch_key(line), encode_head(line, far), {}, Urgency::state, {}};
}

}  // namespace sw::desk
