// Drafts, translations and read-backs: what people prepare beside the messages.
#include <algorithm>
#include <iterator>

#include "base/assert.hpp"
#include "desk/text.hpp"
#include "station/core.hpp"

namespace sw::station {
namespace {

std::unexpected<Error> no_draft() {
  return fail(Errc::not_found, "there is no draft with this id");
}

/// What one search reads at most: the station's loop must answer every round meanwhile.
constexpr std::size_t kSearchMessages = 500;
constexpr std::size_t kSearchBytes = 1024 * 1024;

}  // namespace

Result<MessageId> Core::keep_draft(std::string_view name, const desk::Draft& draft, UtcMs now) {
  const auto entry = confirmed(name);
  if (!entry) return std::unexpected(entry.error());
  const auto* before = draft.id ? x_desk.find_draft(*draft.id) : nullptr;
  if (before != nullptr) {
    const bool same = before->line == (*entry)->id && before->grade == draft.grade &&
                      before->precedence == draft.precedence && before->mark == x_desk.marked(draft.mark) &&
                      before->answers == draft.answers.value_or(MessageId{}) && before->drafter == draft.initials;
    const auto text = draft_text(*before);
    if (!text) return std::unexpected(text.error());
    if (same && *text == draft.text) return before->id;
  }
  if (!has_room(draft.text.size())) return no_room();
  auto kept = x_desk.keep_draft((*entry)->id, draft, now, x_rng);
  if (!kept) return std::unexpected(kept.error());
  ++x_draft_changes;
  if (const auto done = perform(std::move(kept->effects)); !done) return std::unexpected(done.error());
  return kept->id;
}

Result<void> Core::change_draft(MessageId id, const DraftChange& change, UtcMs now) {
  const auto* before = x_desk.find_draft(id);
  if (before == nullptr) return no_draft();
  desk::Draft draft{{},
                    change.grade.value_or(before->grade),
                    change.precedence.value_or(before->precedence),
                    change.mark.value_or(before->mark)};
  draft.initials = change.initials;
  if (before->answers != MessageId{}) draft.answers = before->answers;
  auto text = change.text ? Result<std::string>(*change.text) : draft_text(*before);
  if (!text) return std::unexpected(text.error());
  draft.text = std::move(*text);
  if (!has_room(draft.text.size())) return no_room();
  return act_on_drafts(x_desk.change_draft(id, draft, now));
}

Result<void> Core::act_on_drafts(Result<desk::Effects> effects) {
  if (!effects) return std::unexpected(effects.error());
  ++x_draft_changes;
  return perform(std::move(*effects));
}

Result<void> Core::offer_draft(MessageId id, std::string_view initials, UtcMs now) {
  return act_on_drafts(x_desk.offer_draft(id, initials, now));
}

Result<void> Core::discard_draft(MessageId id, std::string_view initials) {
  return act_on_drafts(x_desk.discard_draft(id, initials));
}

Result<MessageId> Core::release_draft(MessageId id, std::string_view initials, std::optional<std::uint32_t> version,
                                      UtcMs now) {
  std::string text;
  if (const auto* draft = x_desk.find_draft(id)) {
    const LineEntry* entry = by_id(draft->line);
    SW_ASSERT(entry != nullptr);
    if (entry->paused) return paused_here();
    if (!can_send(*entry, draft->text_bytes)) return no_room();
    auto kept = draft_text(*draft);
    if (!kept) return std::unexpected(kept.error());
    text = std::move(*kept);
  }
  auto sent = x_desk.release_draft(id, text, initials, version, now);
  if (!sent) return std::unexpected(sent.error());
  ++x_draft_changes;
  if (const auto done = perform(std::move(sent->effects)); !done) return std::unexpected(done.error());
  return sent->id;
}

Result<std::string> Core::draft_text(const desk::DraftRecord& draft) const {
  const auto bytes = x_store.body(draft.key());
  if (!bytes) return std::unexpected(bytes.error());
  return std::string(as_text(*bytes));
}

Result<void> Core::translate(MessageId handle, std::string_view language, const std::string& text,
                             std::string_view initials, UtcMs now) {
  const auto* before = x_desk.translation(handle);
  if (before != nullptr && before->language == language && before->translator.initials == initials) {
    const auto kept = translation_text(*before);
    if (!kept) return std::unexpected(kept.error());
    if (*kept == text) return {};  // again, because its answer was lost
  }
  if (!has_room(text.size())) return no_room();
  auto effects = x_desk.translate(handle, language, text, initials, now);
  if (!effects) return std::unexpected(effects.error());
  changed(handle);
  return perform(std::move(*effects));
}

Result<void> Core::sign_translation(MessageId handle, desk::Desk::Sign sign, std::string_view initials,
                                    std::optional<std::uint32_t> version, UtcMs now) {
  auto effects = x_desk.sign_translation(handle, sign, initials, version, now);
  if (!effects) return std::unexpected(effects.error());
  changed(handle);
  return perform(std::move(*effects));
}

Result<std::string> Core::translation_text(const desk::Translation& translation) const {
  const auto bytes = x_store.body(translation.key());
  if (!bytes) return std::unexpected(bytes.error());
  return std::string(as_text(*bytes));
}

Result<MessageId> Core::read_back(MessageId handle, const std::string& text, std::string_view initials,
                                  std::optional<MessageId> id, UtcMs now) {
  if (const auto* before = id ? x_desk.find(*id) : nullptr) {
    const auto* meant = x_desk.meant_by(*before);
    const bool same = before->header.kind == desk::Kind::read_back && before->direction == desk::Direction::out &&
                      meant != nullptr && meant->handle == handle && before->header.initials == initials;
    const auto kept = content(*before);
    if (!kept) return std::unexpected(kept.error());
    if (same && *kept == text) return before->handle;
    return fail(Errc::conflict, "another message was sent under this id; nothing was sent now");
  }
  if (const auto* meant = x_desk.find(handle)) {
    const LineEntry* entry = by_id(meant->line);
    SW_ASSERT(entry != nullptr);
    if (entry->paused) return paused_here();
    if (!can_send(*entry, text.size())) return no_room();
  }
  auto sent = x_desk.read_back(handle, text, initials, id, now, x_rng);
  if (!sent) return std::unexpected(sent.error());
  if (const auto done = perform(std::move(sent->effects)); !done) return std::unexpected(done.error());
  return sent->id;
}

Result<Core::Found> Core::search(std::optional<LineId> line, std::string_view text, std::optional<MessageId> before,
                                 const Reads& reads) const {
  if (text.empty() || text.size() > desk::kSearchLimit) {
    return fail(Errc::usage, "search for something: 1 to " + std::to_string(desk::kSearchLimit) + " bytes of text");
  }
  auto all = x_desk.messages(line);
  std::erase_if(all, [&](const auto* message) { return !reads(*message); });
  auto at = all.rbegin();
  if (before) {
    at =
        std::ranges::find_if(all.rbegin(), all.rend(), [&](const auto* message) { return message->handle == *before; });
    if (at == all.rend()) return fail(Errc::not_found, "there is no message with this id to go on from");
    ++at;
  }
  const desk::Needle needle(text);
  Found out;
  std::size_t read = 0;
  for (std::size_t n = 0; at != all.rend(); ++at, ++n) {
    const desk::MessageRecord& message = **at;
    const desk::Translation* translation = x_desk.translation(message.handle);
    const bool file = message.header.kind == desk::Kind::file;
    const std::size_t size = (file ? 0 : message.text_bytes) + (translation != nullptr ? translation->text_bytes : 0);
    // The first is read whatever its size, so that every search goes on.
    if (n > 0 && (n >= kSearchMessages || read + size > kSearchBytes)) {
      out.more = (*std::prev(at))->handle;
      break;
    }
    read += size;
    bool found = file && needle.in(message.file_name);
    if (!file && message.text_bytes != 0) {
      const auto kept = content(message);
      if (!kept) return std::unexpected(kept.error());
      found = needle.in(*kept);
    }
    if (!found && translation != nullptr) {
      const auto kept = translation_text(*translation);
      if (!kept) return std::unexpected(kept.error());
      found = needle.in(*kept);
    }
    if (found) out.messages.push_back(&message);
  }
  return out;
}

Result<void> Core::settle_read_back(MessageId handle, bool good, std::string_view initials, UtcMs now) {
  auto effects = x_desk.settle_read_back(handle, good, initials, now);
  if (!effects) return std::unexpected(effects.error());
  return perform(std::move(*effects));
}

Result<void> Core::set_sheet(std::string_view name, const std::vector<desk::SheetEntry>& sheet,
                             std::string_view initials, UtcMs now) {
  const auto entry = confirmed(name);
  if (!entry) return std::unexpected(entry.error());
  if (!has_room(desk::kSheetEntries * desk::kSheetTextLimit)) return no_room();
  auto effects = x_desk.set_sheet((*entry)->id, sheet, initials, now);
  if (!effects) return std::unexpected(effects.error());
  return perform(std::move(*effects));
}

Result<void> Core::add_line_note(std::string_view name, const std::string& text, std::string_view initials, UtcMs now) {
  const auto entry = confirmed(name);
  if (!entry) return std::unexpected(entry.error());
  if (!has_room(text.size())) return no_room();
  auto effects = x_desk.add_line_note((*entry)->id, text, initials, now);
  if (!effects) return std::unexpected(effects.error());
  return perform(std::move(*effects));
}

Result<std::vector<desk::SheetEntry>> Core::sheet(LineId line) const {
  const auto sheets = x_desk.papers(line, desk::PaperKind::sheet);
  if (sheets.empty()) return std::vector<desk::SheetEntry>();
  const auto body = x_store.body(sheets.back()->key());
  if (!body) return std::unexpected(body.error());
  return desk::decode_sheet(*body);
}

Result<std::string> Core::note_text(const desk::LinePaper& note) const {
  const auto bytes = x_store.body(note.key());
  if (!bytes) return std::unexpected(bytes.error());
  return std::string(as_text(*bytes));
}

}  // namespace sw::station
