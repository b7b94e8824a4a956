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

std::string venue_word(const line::VenueTerms& venue) {
  return venue.kind == line::VenueKind::direct ? "direct" : venue.id.hex();
}

json epoch_or_null(const std::optional<Epoch>& epoch) {
  return epoch ? json(epoch->value) : json(nullptr);
}

std::string line_name(LineId line, const Core& core) {
  const LineEntry* entry = core.by_id(line);
  return entry != nullptr ? entry->name : std::string();
}

json read_back_or_null(desk::ReadBack state) {
  switch (state) {
    case desk::ReadBack::none: break;
    case desk::ReadBack::asked: return "asked";
    case desk::ReadBack::given: return "given";
    case desk::ReadBack::confirmed: return "confirmed";
    case desk::ReadBack::wrong: return "wrong";
  }
  return nullptr;
}

json time_or_null(const desk::Signed& by) {
  return by.initials.empty() ? json(nullptr) : json(by.at.value);
}

/// What is proposed, and by whom.
json change_of(const LineEntry& entry) {
  if (!entry.line || !entry.line->keys().change) return nullptr;
  const line::VenueChange& change = *entry.line->keys().change;
  const std::string_view state = change.agreed() ? "agreed" : change.own ? "proposed" : "asked";
  const json from = change.from == Epoch{} ? json(nullptr) : json(change.from.value);
  return {{"venue", change.venue.hex()}, {"state", state}, {"from_epoch", from}};
}

/// A line's venues, each with its own state and signs of life.
json venues_of(const line::Status& status, const LineView& view) {
  json out = json::array();
  for (std::size_t i = 0; i < status.legs.size(); ++i) {
    const line::LegStatus& leg = status.legs[i];
    const LegView& shown = view.legs[i];
    out.push_back({{"venue", venue_word(leg.venue)},
                   {"state", desk::word(shown.state.state)},
                   {"blame", desk::word(shown.state.blame)},
                   {"operator", text_or_null(shown.relay_operator)},
                   {"detail", shown.state.sentence},
                   {"round_ms", leg.venue.round_ms},
                   {"age_ms", rounds_age(leg.since_opened, leg.venue.round_ms, view.stale_ms)},
                   {"healed_rounds", or_null(leg.since_healed)},
                   {"heard", leg.heard},
                   {"strip", leg.strip},
                   {"from_epoch", epoch_or_null(leg.from)},
                   {"leaving_epoch", epoch_or_null(leg.until)}});
  }
  return out;
}

}  // namespace

json shown(const line::CheckNumber& check) {
  return line::check_digits(check);
}

json shown_watch(const desk::Desk& desk) {
  const desk::Watch& watch = desk.watch();
  const desk::Exercise& exercise = desk.exercise();
  const bool attended = watch.attended();
  return {{"initials", text_or_null(watch.initials)},
          {"taken_ms", attended ? json(watch.taken.value) : json(nullptr)},
          {"answered_ms", attended ? json(watch.answered.value) : json(nullptr)},
          {"exercise",
           exercise.on ? json{{"initials", exercise.initials}, {"since_ms", exercise.since.value}} : json(nullptr)}};
}

json shown(const LineView& view, UtcMs now) {
  const LineEntry& entry = view.entry;
  const line::Status none;
  const line::Status& status = view.status ? *view.status : none;
  const std::uint32_t round_ms = view.status ? status.venue.round_ms : entry.offer ? entry.offer->card().round_ms : 0;
  const json age = rounds_age(status.since_opened, round_ms, view.stale_ms);
  return {{"name", entry.name},
          {"state", desk::word(view.state.state)},
          {"age_ms", age},
          {"blame", desk::word(view.state.blame)},
          {"operator", text_or_null(view.relay_operator)},
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
          {"venue", view.status ? venue_word(status.venue) : ""},
          {"venues", venues_of(status, view)},
          {"change", change_of(entry)},
          {"pairing", pairing_word(entry)},
          {"continuity", word(status.continuity)},
          {"continuity_check", status.continuity_check ? shown(*status.continuity_check) : json(nullptr)},
          {"waiting", view.counts.waiting},
          {"unread", view.counts.unread},
          {"acknowledge_by_ms", view.counts.acknowledge_by ? json(view.counts.acknowledge_by->value) : json(nullptr)}};
}

json shown(const desk::DraftRecord& draft, const Core& core) {
  return {{"id", draft.id.hex()},
          {"line", line_name(draft.line, core)},
          {"grade", desk::word(draft.grade)},
          {"precedence", desk::word(draft.precedence)},
          {"exercise", draft.mark == desk::Mark::exercise},
          {"ref", draft.answers == MessageId{} ? json(nullptr) : json(draft.answers.hex())},
          {"drafter", draft.drafter},
          {"created_ms", draft.created.value},
          {"changed_ms", draft.changed.value},
          {"offered", draft.offered.has_value()},
          {"needs_second", desk::needs_second_person(draft.grade, draft.precedence)},
          {"version", draft.version}};
}

json shown(const desk::Translation& translation) {
  return {{"language", translation.language},
          {"translator", translation.translator.initials},
          {"translated_ms", translation.translator.at.value},
          {"reviewer", text_or_null(translation.reviewer.initials)},
          {"reviewed_ms", time_or_null(translation.reviewer)},
          {"certifier", text_or_null(translation.certifier.initials)},
          {"certified_ms", time_or_null(translation.certifier)},
          {"version", translation.version}};
}

json shown(const desk::MessageRecord& message, const Core& core) {
  json stages = json::array();
  for (const auto& mark : desk::stages_of(message)) {
    stages.push_back({{"stage", desk::word(mark.stage)},
                      {"at_ms", mark.at.value},
                      {"by", desk::word(mark.by)},
                      {"initials", mark.initials},
                      {"post", mark.post}});
  }
  const auto acknowledge = desk::acknowledge_by(message);
  const auto* meant = core.desk().meant_by(message);
  return {{"id", message.handle.hex()},
          {"line", line_name(message.line, core)},
          {"direction", desk::word(message.direction)},
          {"kind", desk::word(message.header.kind)},
          {"grade", desk::word(message.header.grade)},
          {"precedence", desk::word(message.header.precedence)},
          {"mark", desk::word(message.header.mark)},
          {"created_ms", message.header.created.value},
          {"bytes", message.text_bytes},
          {"ref", meant != nullptr ? json(meant->handle.hex()) : json(nullptr)},
          {"file", message.file_name.empty() ? json(nullptr) : json{{"name", message.file_name}}},
          {"read_back", read_back_or_null(core.desk().read_back_of(message))},
          {"acknowledge_by_ms", acknowledge ? json(acknowledge->value) : json(nullptr)},
          {"stages", stages}};
}

}  // namespace sw::station
