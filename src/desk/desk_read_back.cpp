// Read-backs: the receiver says a message again, the sender confirms it or says that it is wrong. Protocol 6.1.
#include "desk/desk_parts.hpp"
#include "desk/text.hpp"

namespace sw::desk {

Result<Sent> Desk::read_back(MessageId handle, const std::string& text, std::string_view initials,
                             std::optional<MessageId> id, UtcMs now, Rng& rng) {
  const MessageRecord* record = find(handle);
  if (record == nullptr) return fail(Errc::not_found, "There is no message with this id.");
  if (record->direction == Direction::out || record->header.kind != Kind::text) {
    return fail(Errc::refused, "Only a text that was received is read back.");
  }
  if (auto checked = check_initials(initials); !checked) return std::unexpected(std::move(checked.error()));
  if (auto checked = check_text(text); !checked) return std::unexpected(std::move(checked.error()));
  Message message;
  message.header.kind = Kind::read_back;
  message.header.grade = Grade::service;
  message.header.precedence = record->header.precedence;
  const Mark of_original = record->header.mark == Mark::exercise ? Mark::exercise : Mark::none;
  message.header.mark = marked(of_original);
  message.header.created = wire_time(now);
  message.header.ref = record->id;
  message.header.initials = initials;
  message.text = text;
  const LineId line = record->line;
  if (id && x_drafts.contains(*id)) return fail(Errc::conflict, "There is a draft with this id already.");
  auto sent = keep_outgoing(line, id ? *id : free_id(line, rng), message, now);
  // Whoever reads it back has read it.
  if (sent && x_messages.at(handle).marks.empty()) mark_alone(handle, Stage::read, initials, now, sent->effects);
  return sent;
}

Result<Effects> Desk::settle_read_back(MessageId handle, bool good, std::string_view initials, UtcMs now) {
  const MessageRecord* original = find(handle);
  if (original == nullptr) return fail(Errc::not_found, "There is no message with this id.");
  if (original->direction == Direction::in) {
    return fail(Errc::refused, "This message was received: its sender confirms what is read back.");
  }
  if (auto checked = check_initials(initials); !checked) return std::unexpected(std::move(checked.error()));
  const MessageRecord* newest = newest_read_back(*original);
  if (newest == nullptr) return fail(Errc::conflict, "Nothing was read back yet.");
  Effects effects;
  if (newest->has(good ? Stage::confirmed : Stage::wrong)) return effects;
  if (newest->has(good ? Stage::wrong : Stage::confirmed)) {
    return fail(Errc::conflict, "This was settled otherwise already: wait for another read-back.");
  }
  if (newest->marks.size() >= kStageMarks) {
    return fail(Errc::conflict, "This message has as many stages as one can have.");
  }
  mark_alone(newest->handle, good ? Stage::confirmed : Stage::wrong, initials, now, effects);
  return effects;
}

const MessageRecord* Desk::newest_read_back(const MessageRecord& record) const {
  const Direction other = record.direction == Direction::in ? Direction::out : Direction::in;
  const auto all = x_read_backs.find({record.line, other, record.id});
  if (all == x_read_backs.end()) return nullptr;
  for (auto it = all->second.rbegin(); it != all->second.rend(); ++it) {
    if (const MessageRecord* found = find(it->second)) return found;
  }
  return nullptr;
}

const MessageRecord* Desk::meant_by(const MessageRecord& record) const {
  if (record.header.ref == MessageId{}) return nullptr;
  const Direction other = record.direction == Direction::in ? Direction::out : Direction::in;
  const auto name = x_wire.find({record.line, other, record.header.ref});
  return name == x_wire.end() ? nullptr : find(name->second);
}

ReadBack Desk::read_back_of(const MessageRecord& record) const {
  if (record.header.kind != Kind::text) return ReadBack::none;
  if (const MessageRecord* newest = newest_read_back(record)) {
    for (auto mark = newest->marks.rbegin(); mark != newest->marks.rend(); ++mark) {
      if (mark->stage == Stage::confirmed) return ReadBack::confirmed;
      if (mark->stage == Stage::wrong) return ReadBack::wrong;
    }
    return ReadBack::given;
  }
  const bool asked = record.header.precedence <= Precedence::immediate;
  return asked ? ReadBack::asked : ReadBack::none;
}

}  // namespace sw::desk
