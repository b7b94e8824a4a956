// What people say and do with messages, and what the faces show.
#include <algorithm>

#include "station/core.hpp"

namespace sw::station {
namespace {
/// Waiting for delivery in memory; beyond it the sender is told to wait.
constexpr std::size_t kQueuedLimit = 512;
/// A carrier that says nothing of a venue for 3 rounds, at least 3 seconds, hangs.
constexpr std::int64_t kSilentRounds = 3;
constexpr std::int64_t kSilentMs = 3'000;

std::unexpected<Error> no_room() {
  return fail(Errc::full, "the store has no room; export and remove a line, or wait until what is queued has gone");
}

std::unexpected<Error> paused_here() {
  return fail(Errc::refused, "this line is paused here; resume it first (line resume)");
}
}  // namespace

bool Core::is_waiting(const LineEntry& entry, MessageId id) {
  return std::ranges::any_of(entry.queue, [&](const Queued& queued) { return queued.id == id; });
}

Result<MessageId> Core::send(std::string_view name, const desk::Draft& draft, UtcMs now) {
  const auto entry = confirmed(name);
  if (!entry) return std::unexpected(entry.error());
  if ((*entry)->paused) return paused_here();
  if (!has_room(draft.text.size() + desk::kMessageFixedBytes) || (*entry)->queue.size() >= kQueuedLimit) {
    return no_room();
  }
  auto sent = x_desk.send((*entry)->id, draft, now, x_rng);
  if (!sent) return std::unexpected(sent.error());
  if (const auto done = perform(std::move(sent->effects)); !done) return std::unexpected(done.error());
  return sent->id;
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

Result<void> Core::watch(WatchAct act, std::string_view initials, UtcMs now) {
  auto effects = act == WatchAct::take        ? x_desk.take_watch(initials, now)
                 : act == WatchAct::hand_over ? x_desk.hand_over_watch(initials, now)
                                              : x_desk.answer_watch(now);
  if (!effects) return std::unexpected(effects.error());
  return perform(std::move(*effects));
}

Result<std::string> Core::text(const desk::MessageRecord& message) const {
  const auto bytes = x_store.body(message.key());
  if (!bytes) return std::unexpected(bytes.error());
  auto decoded = desk::decode(*bytes);
  if (!decoded) return std::unexpected(decoded.error());
  return std::move(decoded->text);
}

LineView Core::view(const LineEntry& entry, UtcMs now) const {
  LineView out{entry, {}, x_desk.far_watch(entry.id), x_desk.counts(entry.id), std::nullopt, 0};
  const wire::StatusRecord& report = entry.report.last;
  desk::LineSigns signs;
  signs.store_failing = x_store_failing;
  signs.carrier = x_carrier;
  signs.confirmed_here = entry.line.has_value();
  signs.paused_here = entry.paused;
  signs.bearer_failing = entry.report.any && report.bearer == wire::BearerState::failing;
  signs.link_up = entry.report.any && report.link == wire::LinkState::up;
  signs.quiet_rounds = report.quiet_rounds;
  signs.own_epoch = report.round.epoch;
  if (report.peer_epoch.value != 0) signs.peer_epoch = report.peer_epoch;
  signs.watch_attended = !out.far_watch.initials.empty();
  signs.watch_age_ms = out.far_watch.answered_age_ms(now);
  if (entry.line) {
    out.status = entry.line->status();
    const std::int64_t silent_ms = std::int64_t{entry.silent_seconds} * 1'000;
    signs.carrier_silent = silent_ms > std::max(kSilentMs, kSilentRounds * entry.line->keys().round_ms);
    if (!x_carrier || signs.carrier_silent) out.stale_ms = silent_ms;
    signs.paused_there = out.status->paused_there;
    signs.rounds_since_opened = out.status->since_opened;
    signs.continuity = static_cast<desk::Continuity>(out.status->continuity);
  }
  out.state = desk::line_state(signs);
  return out;
}

std::vector<LineView> Core::lines(UtcMs now) const {
  std::vector<LineView> out;
  out.reserve(x_lines.size());
  for (const auto& [name, entry] : x_lines) out.push_back(view(entry, now));
  return out;
}

Result<LineView> Core::line(std::string_view name, UtcMs now) const {
  const auto found = x_lines.find(name);
  if (found == x_lines.end()) return fail(Errc::not_found, "there is no line named " + std::string(name));
  return view(found->second, now);
}

}  // namespace sw::station
