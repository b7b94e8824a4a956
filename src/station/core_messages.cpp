// What people say and do with messages.
#include <algorithm>

#include "station/core.hpp"

namespace sw::station {
namespace {
/// Waiting for delivery in memory; beyond it the sender is told to wait.
constexpr std::size_t kQueuedLimit = 512;
}  // namespace

std::unexpected<Error> Core::no_room() {
  return fail(Errc::full, "the store has no room; export and remove a line, or wait until what is queued has gone");
}

std::unexpected<Error> Core::paused_here() {
  return fail(Errc::refused, "this line is paused here; resume it first (line resume)");
}

bool Core::can_send(const LineEntry& entry, std::size_t text_bytes) const {
  return has_room(text_bytes + desk::kMessageFixedBytes) && entry.queue.size() < kQueuedLimit;
}

bool Core::is_waiting(const LineEntry& entry, MessageId id) {
  return std::ranges::any_of(entry.queue, [&](const Queued& queued) { return queued.id == id; });
}

Result<MessageId> Core::send(std::string_view name, const desk::Draft& draft, UtcMs now) {
  const auto entry = confirmed(name);
  if (!entry) return std::unexpected(entry.error());
  if (const auto* before = draft.id ? x_desk.find(*draft.id) : nullptr)
    return sent_before(*before, **entry, draft, now);
  if ((*entry)->paused) return paused_here();
  if (!can_send(**entry, draft.text.size())) return no_room();
  auto sent = x_desk.send((*entry)->id, draft, now, x_rng);
  if (!sent) return std::unexpected(sent.error());
  if (const auto done = perform(std::move(sent->effects)); !done) return std::unexpected(done.error());
  return sent->id;
}

/// A send that is repeated, because its answer was lost, is the message that it was; another one under its id is none.
Result<MessageId> Core::sent_before(const desk::MessageRecord& before, const LineEntry& entry, const desk::Draft& draft,
                                    UtcMs now) {
  const desk::Kind kind = draft.file_name.empty() ? desk::Kind::text : desk::Kind::file;
  const auto* meant = x_desk.meant_by(before);
  const bool same_head = before.direction == desk::Direction::out && before.line == entry.id &&
                         before.header.kind == kind && before.header.grade == draft.grade &&
                         before.header.precedence == draft.precedence &&
                         before.header.mark == x_desk.marked(draft.mark) && before.text_bytes == draft.text.size() &&
                         before.file_name == draft.file_name &&
                         (meant != nullptr ? std::optional(meant->handle) : std::nullopt) == draft.answers;
  if (same_head) {
    const auto kept = content(before);
    if (!kept) return std::unexpected(kept.error());
    if (*kept == draft.text) {
      // A power cut may have come between the answer and its mark.
      if (meant != nullptr) (void)stage(meant->handle, desk::Stage::answered, draft.initials, {}, now);
      return before.handle;
    }
  }
  return fail(Errc::conflict, "another message was sent under this id; nothing was sent now");
}

Result<MessageId> Core::drill(std::string_view name, UtcMs now) {
  const auto entry = confirmed(name);
  if (!entry) return std::unexpected(entry.error());
  if ((*entry)->paused) return paused_here();
  if (!has_room(desk::kMessageFixedBytes)) return no_room();
  auto sent = x_desk.drill((*entry)->id, now, x_rng);
  if (!sent) return std::unexpected(sent.error());
  if (const auto done = perform(std::move(sent->effects)); !done) return std::unexpected(done.error());
  return sent->id;
}

Result<void> Core::stage(MessageId handle, desk::Stage stage, std::string_view initials, std::string_view post,
                         UtcMs now) {
  auto effects = x_desk.stage(handle, stage, initials, post, now);
  if (!effects) return std::unexpected(effects.error());
  return perform(std::move(*effects));
}

Result<void> Core::set_exercise(bool on, std::string_view initials, UtcMs now) {
  auto effects = x_desk.set_exercise(on, initials, now);
  if (!effects) return std::unexpected(effects.error());
  return perform(std::move(*effects));
}

Result<void> Core::watch(WatchAct act, std::string_view initials, UtcMs now) {
  auto effects = act == WatchAct::take        ? x_desk.take_watch(initials, now)
                 : act == WatchAct::hand_over ? x_desk.hand_over_watch(initials, now)
                                              : x_desk.answer_watch(now);
  if (!effects) return std::unexpected(effects.error());
  return perform(std::move(*effects));
}

Result<std::string> Core::content(const desk::MessageRecord& message) const {
  const auto bytes = x_store.body(message.key());
  if (!bytes) return std::unexpected(bytes.error());
  auto decoded = desk::decode(*bytes);
  if (!decoded) return std::unexpected(decoded.error());
  return std::move(decoded->text);
}

}  // namespace sw::station
