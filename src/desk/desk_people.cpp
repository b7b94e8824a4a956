// What people do at this desk, and what comes from people at the other: stages, the watch, drills. Protocol 6.1.
#include <algorithm>

#include "desk/desk.hpp"

namespace sw::desk {
namespace {

bool same_mark(const StageMark& a, Stage stage, Side by, std::string_view initials, std::string_view post) {
  return a.stage == stage && a.by == by && a.initials == initials && a.post == post;
}

}  // namespace

Result<Effects> Desk::receive(LineId line, MessageId id, ByteView bytes, UtcMs now) {
  if (!x_lines.contains(line)) return fail(Errc::not_found, "there is no such line");
  if (const MessageRecord* known = by_wire(line, Direction::in, id)) {
    Effects out;
    if (known->durable) out.steps.emplace_back(SayStored{line, id});
    return out;
  }
  const auto message = decode(bytes);
  if (!message) return std::unexpected(message.error());
  switch (message->header.kind) {
    case Kind::text:
    case Kind::drill: return keep_incoming(line, id, *message, bytes, now);
    case Kind::stage:
    case Kind::drill_answer: return apply_report(line, id, message->header, now);
    case Kind::watch: {
      LineDesk& desk = x_lines.at(line);
      desk.far.initials = message->header.initials;
      desk.far.answered = now;
      Effects out;
      out.puts.push_back(put_far_watch(line, desk.far));
      out.puts.back().then.emplace_back(SayStored{line, id});
      return out;
    }
  }
  return fail(Errc::malformed, "a message of an unknown kind");
}

Effects Desk::keep_incoming(LineId line, MessageId id, const Message& message, ByteView bytes, UtcMs now) {
  MessageRecord record;
  record.id = id;
  record.line = line;
  record.direction = Direction::in;
  record.handle = free_handle({line, Direction::in, id});
  record.header = message.header;
  record.text_bytes = static_cast<std::uint32_t>(message.text.size());
  record.order = x_next_order++;
  record.kept = now;
  const MessageRecord& kept = insert(std::move(record));
  Effects out;
  out.puts.push_back(
      {kept.key(), encode_head(kept), to_bytes(bytes), urgency_of(message.header.precedence), {SayStored{line, id}}});
  return out;
}

Effects Desk::apply_report(LineId line, MessageId id, const MessageHeader& header, UtcMs now) {
  Effects out;
  MessageRecord* record = by_wire(line, Direction::out, header.ref);
  const Stage stage = header.kind == Kind::drill_answer ? Stage::answered : header.stage.value_or(Stage::read);
  const bool known = record != nullptr && std::ranges::any_of(record->marks, [&](const StageMark& mark) {
                       return same_mark(mark, stage, Side::there, header.initials, header.post);
                     });
  if (record == nullptr || known || record->marks.size() >= kStageMarks) {
    // Of a message that is gone, or said before: there is nothing to keep, and the peer may forget it.
    out.steps.emplace_back(SayStored{line, id});
    return out;
  }
  record->marks.push_back({stage, header.created, Side::there, header.initials, header.post, false});
  out.puts.push_back(
      {record->key(), encode_head(*record), {}, urgency_of(record->header.precedence), {SayStored{line, id}}});
  person_acted(line, header, now, out);
  return out;
}

void Desk::person_acted(LineId line, const MessageHeader&, UtcMs now, Effects& effects) {
  LineDesk& desk = x_lines.at(line);
  desk.far.answered = now;
  effects.puts.push_back(put_far_watch(line, desk.far));
}

Put Desk::put_far_watch(LineId line, const FarWatch& far) const {
  return {far_watch_key(line), encode_head(line, far), {}, Urgency::state, {}};
}

void Desk::add_mark(MessageRecord& record, StageMark mark, Effects& effects) {
  record.marks.push_back(std::move(mark));
  const StageMark& added = record.marks.back();
  const MessageId id = report_id(record, added);
  x_reports[{record.line, id}] = record.handle;
  effects.puts.push_back({record.key(),
                          encode_head(record),
                          {},
                          urgency_of(record.header.precedence),
                          {Submit{record.line, id, record.header.precedence, report_bytes(record, added)}}});
}

Result<Effects> Desk::stage(MessageId handle, Stage stage, std::string_view initials, std::string_view post,
                            UtcMs now) {
  const auto found = x_messages.find(handle);
  if (found == x_messages.end() || !found->second.durable) {
    return fail(Errc::not_found, "there is no message with this id");
  }
  MessageRecord& record = found->second;
  if (record.direction == Direction::out) {
    return fail(Errc::refused, "stages are set by the side that received the message; this one was sent from here");
  }
  if (const auto good = check_initials(initials); !good) return std::unexpected(good.error());
  if (const auto good = check_post(post); !good) return std::unexpected(good.error());
  if (stage == Stage::answered || !reported_stage_of(static_cast<std::uint8_t>(stage))) {
    return fail(Errc::usage, "people set: read, translated, passed, seen, declined, not-now");
  }
  if (record.header.kind == Kind::drill) stage = Stage::answered;
  Effects out;
  for (const auto& mark : record.marks) {
    if (same_mark(mark, stage, Side::here, initials, post)) return out;
  }
  if (record.marks.size() >= kStageMarks) return fail(Errc::conflict, "this message has as many stages as it can hold");
  add_mark(record, {stage, now, Side::here, std::string(initials), std::string(post), false}, out);
  return out;
}

// --- the watch

std::optional<Submit> Desk::next_watch_message(LineId line, LineDesk& desk) {
  if (desk.watch_under_way || (x_watch.initials.empty() && x_watch.answered == UtcMs{})) return std::nullopt;
  const MessageId id = watch_id(line, x_watch.answered, x_watch.initials);
  if (desk.watch_told == id) return std::nullopt;
  Message message;
  message.header.kind = Kind::watch;
  message.header.created = x_watch.answered;
  message.header.initials = x_watch.initials;
  auto bytes = encode(message);
  if (!bytes) return std::nullopt;
  desk.watch_under_way = id;
  return Submit{line, id, Precedence::routine, std::move(*bytes)};
}

void Desk::set_watch(std::string initials, UtcMs taken, UtcMs now, Effects& effects) {
  x_watch = {std::move(initials), taken, now};
  Put put{watch_key(), encode_head(x_watch), {}, Urgency::state, {}};
  for (auto& [line, desk] : x_lines) {
    if (auto message = next_watch_message(line, desk)) put.then.emplace_back(std::move(*message));
  }
  effects.puts.push_back(std::move(put));
}

Result<Effects> Desk::take_watch(std::string_view initials, UtcMs now) {
  if (const auto good = check_initials(initials); !good) return std::unexpected(good.error());
  Effects out = note({}, LedgerEvent::watch_taken, initials, now);
  set_watch(std::string(initials), now, now, out);
  return out;
}

Result<Effects> Desk::hand_over_watch(std::string_view initials, UtcMs now) {
  if (const auto good = check_initials(initials); !good) return std::unexpected(good.error());
  if (!x_watch.attended()) return fail(Errc::conflict, "nobody has the watch; take it: watch take --initials AB");
  Effects out = note({}, LedgerEvent::watch_handed_over, initials, now);
  set_watch(std::string(initials), now, now, out);
  return out;
}

Result<Effects> Desk::answer_watch(UtcMs now) {
  if (!x_watch.attended()) return fail(Errc::conflict, "nobody has the watch; take it: watch take --initials AB");
  Effects out;
  for (auto& [handle, record] : x_messages) {
    if (record.direction == Direction::in && record.durable && record.header.kind == Kind::drill &&
        !record.has(Stage::answered) && record.marks.size() < kStageMarks) {
      add_mark(record, {Stage::answered, now, Side::here, x_watch.initials, "", false}, out);
    }
  }
  set_watch(x_watch.initials, x_watch.taken, now, out);
  return out;
}

}  // namespace sw::desk
