#include "station/shown.hpp"

#include <nlohmann/json.hpp>

namespace sw::station {
namespace {

using nlohmann::json;

template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json text_or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

/// Milliseconds that so many rounds take, and the time in which none passed.
json rounds_age(std::optional<std::uint32_t> rounds, std::uint32_t round_ms, std::int64_t stale_ms) {
  return rounds ? json(std::int64_t{*rounds} * round_ms + stale_ms) : json(nullptr);
}

std::string_view word(line::ContinuityState state) {
  switch (state) {
    case line::ContinuityState::whole: return "whole";
    case line::ContinuityState::broken: return "broken";
    case line::ContinuityState::refused: return "refused";
  }
  return "";
}

std::string_view pairing_word(const LineEntry& entry) {
  if (entry.line) return "confirmed";
  return entry.offer && entry.offer->accepted() ? "accepted" : "offered";
}

std::uint32_t round_ms_of(const LineEntry& entry) {
  return entry.line ? entry.line->keys().round_ms : entry.offer->card().round_ms;
}

}  // namespace

json shown(const line::CheckNumber& check) {
  return line::check_digits(check);
}

json shown(const desk::Watch& watch) {
  const bool attended = watch.attended();
  return {{"initials", text_or_null(watch.initials)},
          {"taken_ms", attended ? json(watch.taken.value) : json(nullptr)},
          {"answered_ms", attended ? json(watch.answered.value) : json(nullptr)}};
}

json shown(const LineView& view, UtcMs now) {
  const LineEntry& entry = view.entry;
  const line::Status none;
  const line::Status& status = view.status ? *view.status : none;
  const std::uint32_t round_ms = round_ms_of(entry);
  const json age = rounds_age(status.since_opened, round_ms, view.stale_ms);
  return {{"name", entry.name},
          {"state", desk::word(view.state.state)},
          {"age_ms", age},
          {"blame", desk::word(view.state.blame)},
          {"detail", view.state.sentence},
          {"machine_age_ms", age},
          {"watch",
           {{"initials", text_or_null(view.far_watch.initials)},
            {"answered_age_ms", or_null(view.far_watch.answered_age_ms(now))}}},
          {"healed_rounds", or_null(status.since_healed)},
          {"heard", status.heard},
          {"strip", status.strip},
          {"round_ms", round_ms},
          {"rounds_opened", status.opened_rounds},
          {"paused_here", entry.paused},
          {"paused_there", status.paused_there},
          {"their_store_full", status.peer_waits},
          {"venue", "direct"},
          {"pairing", pairing_word(entry)},
          {"continuity", word(status.continuity)},
          {"continuity_check", status.continuity_check ? shown(*status.continuity_check) : json(nullptr)},
          {"waiting", view.counts.waiting},
          {"unread", view.counts.unread},
          {"acknowledge_by_ms", view.counts.acknowledge_by ? json(view.counts.acknowledge_by->value) : json(nullptr)}};
}

json shown(const desk::MessageRecord& message, const Core& core) {
  const LineEntry* entry = core.by_id(message.line);
  json stages = json::array();
  for (const auto& mark : desk::stages_of(message)) {
    stages.push_back({{"stage", desk::word(mark.stage)},
                      {"at_ms", mark.at.value},
                      {"by", desk::word(mark.by)},
                      {"initials", mark.initials},
                      {"post", mark.post}});
  }
  const auto acknowledge = desk::acknowledge_by(message);
  return {{"id", message.handle.hex()},
          {"line", entry != nullptr ? entry->name : std::string()},
          {"direction", desk::word(message.direction)},
          {"kind", desk::word(message.header.kind)},
          {"grade", desk::word(message.header.grade)},
          {"precedence", desk::word(message.header.precedence)},
          {"mark", desk::word(message.header.mark)},
          {"created_ms", message.header.created.value},
          {"bytes", message.text_bytes},
          {"acknowledge_by_ms", acknowledge ? json(acknowledge->value) : json(nullptr)},
          {"stages", stages}};
}

}  // namespace sw::station
