// Messages and their stages.
#include "crypto/base64.hpp"
#include "station/routes/calls.hpp"
#include "station/shown.hpp"

namespace sw::station {

using nlohmann::json;

namespace {

/// {"name", "base64"} in the place of a text.
Result<void> read_file(const json& body, desk::Draft& draft) {
  Fields in(body);
  draft.file_name = in.get<std::string>("name");
  const auto base64 = in.get<std::string>("base64");
  if (auto good = in.done(); !good) return good;
  if (draft.file_name.empty()) return fail(Errc::usage, "a file needs a name");
  const auto bytes = crypto::from_base64(base64);
  if (!bytes) return std::unexpected(bytes.error());
  draft.text = as_text(bytes->view());
  return {};
}

Answer search_messages(const Call& call, std::optional<LineId> line, const std::string& text) {
  const auto from = call.request.query.find("before");
  const auto before = optional_id(from == call.request.query.end() ? std::string() : from->second);
  if (!before) return std::unexpected(before.error());
  const auto found =
      call.core.search(line, text, *before, [&](const auto& message) { return call.request.caller.reads(message); });
  if (!found) return std::unexpected(found.error());
  json messages = json::array();
  for (const auto* message : found->messages) messages.push_back(shown(*message, call.core));
  return json{{"messages", messages}, {"more", found->more ? json(found->more->hex()) : json(nullptr)}};
}

}  // namespace

Answer send_message(Call& call) {
  Fields in(call.request.body);
  const auto line = in.get<std::string>("line");
  desk::Draft draft;
  const bool file = call.request.body.contains("file");
  const auto body = in.get<json>("file", json::object());
  if (!file) draft.text = in.get<std::string>("text");
  draft.mark = in.get<bool>("exercise", false) ? desk::Mark::exercise : desk::Mark::none;
  draft.initials = in.get<std::string>("initials", "");
  if (const auto good = finish(in, draft); !good) return std::unexpected(good.error());
  if (file) {
    if (const auto good = read_file(body, draft); !good) return std::unexpected(good.error());
  }
  if (const LineEntry* const entry = call.core.by_name(line)) {
    const auto may = call.request.caller.may_send(entry->id, draft.grade, draft.precedence);
    if (!may) return std::unexpected(may.error());
  }
  const auto id = call.core.send(line, draft, call.now);
  if (!id) return std::unexpected(id.error());
  return json{{"id", id->hex()}};
}

Answer list_messages(Call& call) {
  if (const auto good = only_query(call.request, {"line", "search", "before"}); !good) {
    return std::unexpected(good.error());
  }
  const auto of = line_of_query(call);
  if (!of) return std::unexpected(of.error());
  const auto search = call.request.query.find("search");
  if (search != call.request.query.end()) return search_messages(call, *of, search->second);
  if (call.request.query.contains("before")) return fail(Errc::usage, "before goes on with a search");
  json messages = json::array();
  for (const auto* message : call.core.desk().messages(*of)) {
    if (call.request.caller.reads(*message)) messages.push_back(shown(*message, call.core));
  }
  return json{{"messages", messages}, {"more", nullptr}};
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
  if (const auto may = call.request.caller.may_set(*stage); !may) return std::unexpected(may.error());
  const auto id = message_id(call.names[0]);
  if (!id) return std::unexpected(id.error());
  return empty(call.core.stage(*id, *stage, initials, post, call.now));
}

}  // namespace sw::station
