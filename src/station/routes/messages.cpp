// Messages and their stages.
#include "station/routes/calls.hpp"
#include "station/shown.hpp"

namespace sw::station {

using nlohmann::json;

Answer send_message(Call& call) {
  Fields in(call.request.body);
  const auto line = in.get<std::string>("line");
  desk::Draft draft;
  draft.text = in.get<std::string>("text");
  const auto precedence = desk::precedence_from(in.get<std::string>("precedence", "routine"));
  const auto grade = desk::grade_from(in.get<std::string>("grade", "talk"));
  draft.mark = in.get<bool>("exercise", false) ? desk::Mark::exercise : desk::Mark::none;
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  if (!precedence || !grade) return fail(Errc::usage, "no such precedence or grade");
  draft.precedence = *precedence;
  draft.grade = *grade;
  const auto id = call.core.send(line, draft, call.now);
  if (!id) return std::unexpected(id.error());
  return json{{"id", id->hex()}};
}

Answer list_messages(Call& call) {
  if (const auto good = only_query(call.request, {"line"}); !good) return std::unexpected(good.error());
  std::optional<LineId> of;
  if (const auto name = call.request.query.find("line"); name != call.request.query.end()) {
    const auto view = call.core.line(name->second, call.now);
    if (!view) return std::unexpected(view.error());
    of = view->entry.id;
  }
  json messages = json::array();
  for (const auto* message : call.core.desk().messages(of)) messages.push_back(shown(*message, call.core));
  return json{{"messages", messages}};
}

Answer one_message(Call& call) {
  const auto id = message_id(call.names[0]);
  if (!id) return std::unexpected(id.error());
  const auto* message = call.core.desk().find(*id);
  if (message == nullptr) return fail(Errc::not_found, "there is no message with this id");
  return with_text(call.core, *message);
}

Answer set_stage(Call& call) {
  Fields in(call.request.body);
  const auto stage = desk::stage_from(in.get<std::string>("stage"));
  const auto initials = in.get<std::string>("initials");
  const auto post = in.get<std::string>("post", "");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  if (!stage) return fail(Errc::usage, "no such stage");
  const auto id = message_id(call.names[0]);
  if (!id) return std::unexpected(id.error());
  return empty(call.core.stage(*id, *stage, initials, post, call.now));
}

}  // namespace sw::station
