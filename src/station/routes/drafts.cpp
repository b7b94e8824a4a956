// Drafts and their release.
#include "station/routes/calls.hpp"
#include "station/shown.hpp"

namespace sw::station {

using nlohmann::json;

namespace {

Answer with_text(const Core& core, const desk::DraftRecord& draft) {
  const auto text = core.draft_text(draft);
  if (!text) return std::unexpected(text.error());
  json out = shown(draft, core);
  out["text"] = *text;
  return out;
}

}  // namespace

Answer keep_draft(Call& call) {
  Fields in(call.request.body);
  const auto line = in.get<std::string>("line");
  desk::Draft draft;
  draft.text = in.get<std::string>("text");
  draft.mark = in.get<bool>("exercise", false) ? desk::Mark::exercise : desk::Mark::none;
  draft.initials = in.get<std::string>("initials");
  const auto good = finish(in, draft);
  if (!good) return std::unexpected(good.error());
  const auto id = call.core.keep_draft(line, draft, call.now);
  if (!id) return std::unexpected(id.error());
  return json{{"id", id->hex()}};
}

/// Of the whole station, or as somebody sees them: their own, and those that are offered.
Answer list_drafts(Call& call) {
  if (const auto good = only_query(call.request, {"line", "initials"}); !good) return std::unexpected(good.error());
  const auto of = line_of_query(call);
  if (!of) return std::unexpected(of.error());
  const auto asked = call.request.query.find("initials");
  const std::string& initials = asked == call.request.query.end() ? call.request.caller.initials : asked->second;
  json drafts = json::array();
  for (const auto* draft : call.core.desk().drafts()) {
    if (*of && draft->line != **of) continue;
    if (!call.request.caller.reads(*draft)) continue;
    if (!initials.empty() && !draft->offered && !desk::same_person(draft->drafter, initials)) continue;
    auto one = with_text(call.core, *draft);
    if (!one) return one;
    drafts.push_back(std::move(*one));
  }
  return json{{"drafts", drafts}};
}

Answer change_draft(Call& call) {
  Fields in(call.request.body);
  Core::DraftChange change;
  change.initials = in.get<std::string>("initials");
  const auto has = [&](const char* name) { return call.request.body.contains(name); };
  const auto text = in.get<std::string>("text", "");
  const auto grade = in.get<std::string>("grade", "");
  const auto precedence = in.get<std::string>("precedence", "");
  const bool exercise = in.get<bool>("exercise", false);
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  if (has("text")) change.text = text;
  if (has("exercise")) change.mark = exercise ? desk::Mark::exercise : desk::Mark::none;
  change.grade = desk::grade_from(grade);
  change.precedence = desk::precedence_from(precedence);
  if (has("grade") != change.grade.has_value() || has("precedence") != change.precedence.has_value()) {
    return fail(Errc::usage, "no such precedence or grade");
  }
  const auto id = message_id(call.names[0]);
  if (!id) return std::unexpected(id.error());
  return empty(call.core.change_draft(*id, change, call.now));
}

Answer offer_draft(Call& call) {
  const auto signing = signed_call(call);
  if (!signing) return std::unexpected(signing.error());
  return empty(call.core.offer_draft(signing->id, signing->initials, call.now));
}

Answer discard_draft(Call& call) {
  const auto signing = signed_call(call);
  if (!signing) return std::unexpected(signing.error());
  return empty(call.core.discard_draft(signing->id, signing->initials));
}

Answer release_draft(Call& call) {
  const auto signing = signed_call(call, Versions::named);
  if (!signing) return std::unexpected(signing.error());
  const auto* const draft = call.core.desk().find_draft(signing->id);
  const bool second = draft != nullptr && desk::needs_second_person(draft->grade, draft->precedence);
  if (second && !call.request.caller.may(desk::Right::release)) {
    return fail(Errc::refused, "FLASH and what is formal are released by a releaser");
  }
  const auto id = call.core.release_draft(signing->id, signing->initials, signing->version, call.now);
  if (!id) return std::unexpected(id.error());
  return json{{"id", id->hex()}};
}

}  // namespace sw::station
