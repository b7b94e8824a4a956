// What people do here: stages and the watch.
#include <algorithm>

#include "base/assert.hpp"
#include "desk/desk_parts.hpp"

namespace sw::desk {
namespace {

Result<void> check_stage(const MessageRecord* record, Stage stage, std::string_view initials, std::string_view post) {
  if (record == nullptr) return fail(Errc::not_found, "There is no message with this id.");
  if (!reported_stage_of(static_cast<std::uint8_t>(stage)) || stage == Stage::confirmed || stage == Stage::wrong) {
    return fail(Errc::usage,
                "No person sets this stage: use read, translated, passed, seen, answered, declined or not-now.");
  }
  if (auto checked = check_initials(initials); !checked) return checked;
  if (auto checked = check_post(post); !checked) return checked;
  if (stage == Stage::passed && post.empty()) {
    return fail(Errc::usage, "Say to which post the message was passed, such as Adviser.");
  }
  if (record->direction == Direction::out) {
    return fail(Errc::refused, "This message was sent from here: its stages are set where it is received.");
  }
  return {};
}

bool has_mark(const MessageRecord& record, Stage stage, std::string_view initials, std::string_view post) {
  return std::ranges::any_of(record.marks, [&](const StageMark& mark) {
    return mark.stage == stage && mark.initials == initials && mark.post == post;
  });
}

std::unexpected<Error> unattended() {
  return fail(Errc::conflict, "Nobody has the watch here: take it first, with your initials.");
}

}  // namespace

Submit Desk::set_mark(MessageRecord& record, Stage stage, std::string_view initials, std::string_view post, UtcMs now) {
  SW_ASSERT(record.marks.size() < kStageMarks);
  record.marks.push_back({stage, now, Side::here, std::string(initials), std::string(post), false});
  const StageMark& mark = record.marks.back();
  const MessageId id = report_id(record, mark);
  x_reports[{record.line, id}] = record.handle;
  return {record.line, id, record.header.precedence, report_bytes(record, mark)};
}

Result<Effects> Desk::stage(MessageId handle, Stage stage, std::string_view initials, std::string_view post,
                            UtcMs now) {
  if (auto checked = check_stage(find(handle), stage, initials, post); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  MessageRecord& record = x_messages.at(handle);
  Effects effects;
  if (has_mark(record, stage, initials, post)) return effects;
  // A drill always keeps room for its answer.
  const bool unanswered = record.header.kind == Kind::drill && !record.has(Stage::answered) && stage != Stage::answered;
  if (record.marks.size() + (unanswered ? 2 : 1) > kStageMarks) {
    return fail(Errc::conflict, "This message has as many stages as one can have.");
  }
  std::vector<Step> then;
  then.push_back(set_mark(record, stage, initials, post, now));
  if (unanswered && stage == Stage::read) then.push_back(set_mark(record, Stage::answered, initials, {}, now));
  effects.puts.push_back(put_head(record, std::move(then)));
  return effects;
}

/// A mark that comes with what somebody did, where there is room for it and the message does not have it yet. It is
/// kept after that, not before: `answered` must not outlast a power cut that the answer did not.
void Desk::mark_alone(MessageId handle, Stage stage, std::string_view initials, UtcMs now, Effects& effects) {
  MessageRecord& record = x_messages.at(handle);
  if (has_mark(record, stage, initials, {}) || record.marks.size() >= kStageMarks) return;
  Submit report = set_mark(record, stage, initials, {}, now);
  Put put = put_head(record, {});
  if (!effects.puts.empty()) put.urgency = effects.puts.front().urgency;
  put.then.push_back(std::move(report));
  effects.puts.push_back(std::move(put));
}

void Desk::set_watch(std::string_view initials, UtcMs taken, UtcMs now, Effects& effects) {
  x_watch = {std::string(initials), taken, now};
  x_watch_kept = true;
  Put put{watch_key(), encode_head(x_watch), {}, Urgency::state, {}};
  for (auto& [line, desk] : x_lines) {
    if (!desk.open) continue;
    if (auto message = next_watch_message(line, desk)) put.then.push_back(std::move(*message));
  }
  effects.puts.push_back(std::move(put));
}

std::optional<Submit> Desk::next_watch_message(LineId line, LineDesk& desk) {
  if (!x_watch.attended() || desk.watch_under_way) return std::nullopt;
  Message message;
  message.header.kind = Kind::watch;
  message.header.precedence = Precedence::immediate;
  message.header.created = wire_time(x_watch.answered);
  message.header.initials = x_watch.initials;
  auto bytes = encode(message);
  SW_ASSERT(bytes.has_value());
  const MessageId id = watch_id(line, message.header.created, x_watch.initials);
  desk.watch_under_way = id;
  return Submit{line, id, message.header.precedence, std::move(*bytes)};
}

Result<Effects> Desk::set_exercise(bool on, std::string_view initials, UtcMs now) {
  if (auto checked = check_initials(initials); !checked) return std::unexpected(std::move(checked.error()));
  if (x_exercise.on == on) return Effects{};
  Effects effects = note({}, on ? LedgerEvent::exercise_begun : LedgerEvent::exercise_ended, initials, now);
  x_exercise = {on, std::string(initials), wire_time(now)};
  effects.puts.push_back({exercise_key(), encode_head(x_exercise), {}, Urgency::state, {}});
  return effects;
}

Result<Effects> Desk::take_watch(std::string_view initials, UtcMs now) {
  if (auto checked = check_initials(initials); !checked) return std::unexpected(std::move(checked.error()));
  Effects effects = note({}, LedgerEvent::watch_taken, initials, now);
  set_watch(initials, now, now, effects);
  return effects;
}

Result<Effects> Desk::hand_over_watch(std::string_view initials, UtcMs now) {
  if (auto checked = check_initials(initials); !checked) return std::unexpected(std::move(checked.error()));
  if (!x_watch.attended()) return unattended();
  Effects effects = note({}, LedgerEvent::watch_handed_over, initials, now);
  set_watch(initials, now, now, effects);
  return effects;
}

Result<Effects> Desk::answer_watch(UtcMs now) {
  if (!x_watch.attended()) return unattended();
  Effects effects;
  for (const auto& [order, handle] : x_by_order) {
    MessageRecord& record = x_messages.at(handle);
    const bool waits = record.direction == Direction::in && record.durable && record.header.kind == Kind::drill &&
                       !record.has(Stage::answered) && is_open(record.line);
    if (!waits) continue;
    Submit answer = set_mark(record, Stage::answered, x_watch.initials, {}, now);
    effects.puts.push_back(put_head(record, {}));
    effects.puts.back().then.push_back(std::move(answer));
  }
  set_watch(std::string(x_watch.initials), x_watch.taken, now, effects);
  return effects;
}

}  // namespace sw::desk
