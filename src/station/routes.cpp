#include "station/routes.hpp"

#include "station/routes/calls.hpp"

namespace sw::station {
namespace {

using Segments = std::vector<std::string>;

using desk::Right;

/// Whose initials stand in the body: nobody's, or those of whoever makes the call.
enum class Signs : std::uint8_t { nobody, caller };

struct Route {
  std::string_view method;
  std::string_view path;  ///< segments; `*` matches one
  Right right;            ///< what it needs
  Answer (*run)(Call&);
  Signs signs = Signs::nobody;
};

constexpr Route kRoutes[] = {
    {"POST", "pair/offer", Right::admin, &pair_offer},
    {"POST", "pair/accept", Right::admin, &pair_accept},
    {"GET", "pair/check", Right::admin, &pair_check},
    {"POST", "pair/confirm", Right::admin, &pair_confirm},
    {"POST", "pair/cancel", Right::admin, &pair_cancel},
    {"GET", "lines", Right::status, &list_lines},
    {"GET", "lines/*", Right::status, &one_line},
    {"POST", "lines/*/pause", Right::watch, &pause_line},
    {"POST", "lines/*/resume", Right::watch, &resume_line},
    {"POST", "lines/*/remove", Right::admin, &remove_line},
    {"POST", "lines/*/rename", Right::admin, &rename_line},
    {"POST", "lines/*/address", Right::admin, &readdress_line},
    {"POST", "lines/*/continuity", Right::admin, &settle_continuity},
    {"POST", "lines/*/venue", Right::admin, &change_venue},
    {"POST", "lines/*/drill", Right::watch, &drill_line},
    {"GET", "lines/*/export", Right::archive, &export_line},
    {"GET", "lines/*/sheet", Right::read, &show_sheet},
    {"POST", "lines/*/sheet", Right::watch, &set_sheet, Signs::caller},
    {"GET", "lines/*/notes", Right::watch, &list_notes},
    {"POST", "lines/*/notes", Right::watch, &add_note, Signs::caller},
    {"POST", "messages", Right::send, &send_message, Signs::caller},
    {"GET", "messages", Right::read, &list_messages},
    {"GET", "messages/*", Right::read, &one_message},
    {"POST", "messages/*/stage", Right::mark, &set_stage, Signs::caller},
    {"POST", "messages/*/translation", Right::translate, &translate_message, Signs::caller},
    {"POST", "messages/*/translation/review", Right::translate, &review_translation, Signs::caller},
    {"POST", "messages/*/translation/certify", Right::translate, &certify_translation, Signs::caller},
    {"POST", "messages/*/read-back", Right::send, &read_message_back, Signs::caller},
    {"POST", "messages/*/read-back/confirm", Right::mark, &settle_read_back, Signs::caller},
    {"GET", "messages/*/file", Right::read, &file_of_message},
    {"POST", "drafts", Right::draft, &keep_draft, Signs::caller},
    {"GET", "drafts", Right::draft, &list_drafts},
    {"POST", "drafts/*/change", Right::draft, &change_draft, Signs::caller},
    {"POST", "drafts/*/offer", Right::draft, &offer_draft, Signs::caller},
    {"POST", "drafts/*/discard", Right::draft, &discard_draft, Signs::caller},
    {"POST", "drafts/*/release", Right::send, &release_draft, Signs::caller},
    {"GET", "watch", Right::status, &show_watch},
    {"GET", "watch/sheet", Right::watch, &hand_over_sheet},
    {"POST", "watch/exercise", Right::watch, &set_exercise, Signs::caller},
    {"POST", "watch/take", Right::watch, &take_watch, Signs::caller},
    {"POST", "watch/hand-over", Right::watch, &hand_over_watch},
    {"POST", "watch/answer", Right::watch, &answer_watch},
    {"GET", "operators", Right::admin, &list_operators},
    {"POST", "operators/*/remove", Right::admin, &remove_operator},
    {"GET", "tokens", Right::admin, &list_tokens},
    {"POST", "tokens", Right::admin, &add_token},
    {"POST", "tokens/*/remove", Right::admin, &remove_token},
};

/// An empty segment is one, too: `lines/` names a line without a name, which is not the list of lines.
Segments split(std::string_view path) {
  Segments out;
  for (;;) {
    const auto slash = path.find('/');
    out.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

std::optional<Segments> match(const Segments& pattern, const Segments& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  Segments names;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (pattern[i] == "*") {
      names.push_back(path[i]);
    } else if (pattern[i] != path[i]) {
      return std::nullopt;
    }
  }
  return names;
}

/// The lines that a call names, as far as there are such: in its path, its query and its body.
std::vector<const LineEntry*> lines_of(const Core& core, const Segments& pattern, const Segments& names,
                                       const Request& request) {
  std::vector<std::string> said;
  if (pattern.size() > 1 && pattern[0] == "lines") said.push_back(names[0]);
  if (const auto asked = request.query.find("line"); asked != request.query.end()) said.push_back(asked->second);
  if (const auto field = request.body.find("line"); field != request.body.end() && field->is_string()) {
    said.push_back(*field);
  }
  std::vector<const LineEntry*> out;
  for (const std::string& name : said) {
    if (const LineEntry* const entry = core.by_name(name)) out.push_back(entry);
  }
  return out;
}

/// What is of another compartment does not exist; what does, may still be another's to do.
Result<void> may(const Caller& caller, Right right, const Core& core, const Segments& pattern, const Segments& names,
                 const Request& request) {
  if (!caller.may(right)) return fail(Errc::refused, refusal(caller));
  for (const LineEntry* const line : lines_of(core, pattern, names, request)) {
    if (!caller.sees(line->id)) return fail(Errc::not_found, "there is no line named " + line->name);
    if (!caller.may(right, line->id)) return fail(Errc::refused, refusal(caller));
  }
  if (pattern.size() > 1 && pattern[0] == "messages") {
    const auto id = message_id(names[0]);
    const auto* const message = id ? core.desk().find(*id) : nullptr;
    if (message != nullptr && !caller.reads(*message)) {
      return fail(Errc::not_found, "there is no message with this id");
    }
    if (message != nullptr && !caller.may(right, message->line)) return fail(Errc::refused, refusal(caller));
  }
  if (pattern.size() > 1 && pattern[0] == "drafts") {
    const auto id = message_id(names[0]);
    const auto* const draft = id ? core.desk().find_draft(*id) : nullptr;
    if (draft != nullptr && !caller.reads(*draft)) return fail(Errc::not_found, "there is no draft with this id");
    // It was released: its message has its id.
    const auto* const released = id && draft == nullptr ? core.desk().find(*id) : nullptr;
    if (released != nullptr && !caller.reads(*released)) return fail(Errc::not_found, "there is no draft with this id");
  }
  return {};
}

/// An operator signs with their own initials, which they need not say.
Result<Request> signed_by(const Caller& caller, const Request& request) {
  Request out = request;
  if (caller.initials.empty()) return out;
  const auto said = out.body.find("initials");
  if (said != out.body.end() && *said != caller.initials) {
    return fail(Errc::refused, "what you do is signed with your own initials");
  }
  out.body["initials"] = caller.initials;
  return out;
}

struct Shown {
  Errc code;
  const char* word;
  int status;
};
constexpr Shown kShown[] = {
    {Errc::usage, "usage", 400},
    {Errc::malformed, "malformed", 422},
    {Errc::forged, "forged", 422},
    {Errc::out_of_range, "out_of_range", 422},
    {Errc::not_found, "not_found", 404},
    {Errc::full, "full", 507},
    {Errc::io, "io", 500},
    {Errc::conflict, "conflict", 409},
    {Errc::refused, "refused", 403},
    {Errc::unsupported, "unsupported", 403},
    {Errc::locked, "locked", 423},
};

}  // namespace

std::string refusal(const Caller& caller) {
  return caller.who.empty() ? "sign in first" : "this is not yours to do: it needs another role";
}

Response problem(const Error& error) {
  for (const auto& each : kShown) {
    if (each.code == error.code) {
      return {each.status,
              {{"title", each.word}, {"status", each.status}, {"code", each.word}, {"detail", error.what}}};
    }
  }
  return {500, {{"title", "io"}, {"status", 500}, {"code", "io"}, {"detail", error.what}}};
}

Response route(Core& core, const Request& request, UtcMs now) {
  const Segments path = split(request.path);
  for (const auto& each : kRoutes) {
    auto names = match(split(each.path), path);
    if (!names || each.method != request.method) continue;
    const Segments pattern = split(each.path);
    if (const auto good = may(request.caller, each.right, core, pattern, *names, request); !good) {
      return problem(good.error());
    }
    const auto by = each.signs == Signs::caller ? signed_by(request.caller, request) : Result<Request>(request);
    if (!by) return problem(by.error());
    Call call{core, *by, std::move(*names), now};
    auto answer = each.run(call);
    if (!answer) return problem(answer.error());
    return {200, std::move(*answer)};
  }
  return problem({Errc::not_found, "there is no such call; docs/api.md lists them"});
}

}  // namespace sw::station
