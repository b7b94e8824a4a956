// Drafts and their release by two persons.
#include <algorithm>

#include "base/assert.hpp"
#include "desk/desk_parts.hpp"
#include "desk/text.hpp"

namespace sw::desk {
namespace {

std::unexpected<Error> no_draft() {
  return fail(Errc::not_found, "There is no draft with this id.");
}

/// The record of this version, with its text; what it replaces goes when it is there.
Put put_draft(const DraftRecord& draft, const std::string& text, std::optional<RecordKey> replaced) {
  Put put{draft.key(), encode_head(draft), to_bytes(as_bytes(text)), Urgency::routine, {}};
  if (replaced) put.then.push_back(Drop{*replaced});
  return put;
}

void set_terms(DraftRecord& record, const Draft& draft, Mark mark) {
  record.grade = draft.grade;
  record.precedence = draft.precedence;
  record.mark = mark;
  record.text_bytes = static_cast<std::uint32_t>(draft.text.size());
}

}  // namespace

Result<Sent> Desk::keep_draft(LineId line, const Draft& draft, UtcMs now, Rng& rng) {
  if (auto checked = check_initials(draft.initials); !checked) return std::unexpected(std::move(checked.error()));
  if (!draft.file_name.empty()) return fail(Errc::usage, "A file is sent, not drafted.");
  if (!is_open(line)) return fail(Errc::not_found, "There is no such open line.");
  if (const auto message = compose(line, draft, now); !message) return std::unexpected(message.error());
  if (x_drafts.size() >= kDraftLimit)
    return fail(Errc::full, "There are as many drafts as there can be: discard some.");
  const MessageId id = draft.id ? *draft.id : free_id(line, rng);
  if (taken(line, id) || x_drafts.contains(id)) {
    return fail(Errc::conflict, "There is a draft or a message with this id already.");
  }
  DraftRecord record;
  record.id = id;
  record.line = line;
  set_terms(record, draft, marked(draft.mark));
  record.answers = draft.answers.value_or(MessageId{});
  record.drafter = draft.initials;
  record.created = record.changed = wire_time(now);
  Sent kept{id, {}};
  kept.effects.puts.push_back(put_draft(record, draft.text, std::nullopt));
  x_drafts.emplace(id, std::move(record));
  return kept;
}

/// A draft as these initials see it: for anybody but its drafter it is not there until it is offered.
Result<const DraftRecord*> Desk::draft_for(MessageId id, std::string_view initials) const {
  if (auto checked = check_initials(initials); !checked) return std::unexpected(std::move(checked.error()));
  const DraftRecord* draft = find_draft(id);
  if (draft == nullptr || (!draft->offered && !same_person(draft->drafter, initials))) return no_draft();
  return draft;
}

Result<const DraftRecord*> Desk::own_draft(MessageId id, std::string_view initials) const {
  auto draft = draft_for(id, initials);
  if (draft && !same_person((*draft)->drafter, initials)) {
    return fail(Errc::refused,
                "This draft is " + (*draft)->drafter + "'s: only its drafter changes, offers or discards it.");
  }
  return draft;
}

Result<Effects> Desk::change_draft(MessageId id, const Draft& draft, UtcMs now) {
  const auto own = own_draft(id, draft.initials);
  if (!own) return std::unexpected(own.error());
  if (const auto message = compose((*own)->line, draft, now); !message) return std::unexpected(message.error());
  DraftRecord& record = x_drafts.at(id);
  const RecordKey replaced = record.key();
  ++record.version;
  set_terms(record, draft, marked(draft.mark));
  record.changed = wire_time(now);
  // Whoever read it before has not read this.
  record.offered.reset();
  Effects effects;
  effects.puts.push_back(put_draft(record, draft.text, replaced));
  return effects;
}

Result<Effects> Desk::offer_draft(MessageId id, std::string_view initials, UtcMs now) {
  const auto own = own_draft(id, initials);
  if (!own) return std::unexpected(own.error());
  Effects effects;
  if ((*own)->offered) return effects;
  DraftRecord& record = x_drafts.at(id);
  record.offered = wire_time(now);
  effects.puts.push_back({record.key(), encode_head(record), {}, Urgency::state, {}});
  return effects;
}

Result<Effects> Desk::discard_draft(MessageId id, std::string_view initials) {
  const auto own = own_draft(id, initials);
  if (!own) return std::unexpected(own.error());
  Effects effects;
  // Also the version before: after a change of just now it may still be there.
  DraftRecord record = **own;
  x_drafts.erase(id);
  effects.erases.push_back(record.key());
  if (--record.version != 0) effects.erases.push_back(record.key());
  return effects;
}

Result<Sent> Desk::release_draft(MessageId id, const std::string& text, std::string_view initials,
                                 std::optional<std::uint32_t> version, UtcMs now) {
  if (auto checked = check_initials(initials); !checked) return std::unexpected(std::move(checked.error()));
  if (const MessageRecord* message = find(id); message != nullptr && !message->from.released_by.empty()) {
    if (same_person(message->from.released_by, initials)) return Sent{id, {}};
    return fail(Errc::conflict, message->from.released_by + " has released this draft already: it was sent once.");
  }
  const auto found = draft_for(id, initials);
  if (!found) return std::unexpected(found.error());
  const DraftRecord& record = **found;
  if (version && *version != record.version) {
    return fail(Errc::conflict, "The draft was changed since you read it: read it again.");
  }
  if (needs_second_person(record.grade, record.precedence) && same_person(record.drafter, initials)) {
    return fail(Errc::refused,
                "FLASH and notes need a second person: offer the draft, and let somebody else release it.");
  }
  Draft draft{text, record.grade, record.precedence, record.mark};
  if (record.answers != MessageId{}) draft.answers = record.answers;
  draft.initials = initials;
  const auto message = compose(record.line, draft, now);
  if (!message) return std::unexpected(message.error());
  auto sent = keep_outgoing(record.line, id, *message, now, {record.created, record.drafter, draft.initials});
  if (!sent) return sent;
  sent->effects.puts.front().then.push_back(Drop{record.key()});
  if (draft.answers) mark_alone(*draft.answers, Stage::answered, initials, now, sent->effects);
  return sent;
}

const DraftRecord* Desk::find_draft(MessageId id) const {
  const auto it = x_drafts.find(id);
  // Until its message is durable it stays, in case that never is.
  return it == x_drafts.end() || x_messages.contains(id) ? nullptr : &it->second;
}

std::vector<const DraftRecord*> Desk::drafts() const {
  std::vector<const DraftRecord*> out;
  for (const auto& [id, draft] : x_drafts) {
    if (find_draft(id) != nullptr) out.push_back(&draft);
  }
  std::ranges::sort(out, {}, [](const DraftRecord* draft) { return std::pair(draft->created, draft->id); });
  return out;
}

Result<void> Desk::load_draft(const LoadedRecord& record) {
  auto draft = decode_draft(record.key, record.head.view());
  if (!draft) return std::unexpected(std::move(draft.error()));
  const auto [it, fresh] = x_drafts.try_emplace(draft->id, *draft);
  if (fresh) return {};
  // A change was cut short: the newer one is whole.
  const bool newer = it->second.version < draft->version;
  x_strays.push_back(newer ? it->second.key() : draft->key());
  if (newer) it->second = std::move(*draft);
  return {};
}

/// A release was cut short: its message is durable, and was sent or will be.
void Desk::drop_released() {
  std::erase_if(x_drafts, [this](const auto& entry) {
    const bool released = by_wire(entry.second.line, Direction::out, entry.first) != nullptr;
    if (released) x_strays.push_back(entry.second.key());
    return released;
  });
}

/// The drafts, translations, sheet and notes of a line.
void Desk::erase_papers(LineId line, Effects& effects) {
  const auto of_line = [&](const auto& entry) {
    if (entry.second.line != line) return false;
    effects.erases.push_back(entry.second.key());
    return true;
  };
  std::erase_if(x_drafts, of_line);
  std::erase_if(x_translations, of_line);
  std::erase_if(x_papers, of_line);
}

}  // namespace sw::desk
