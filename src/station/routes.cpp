#include "station/routes.hpp"

#include "crypto/kem.hpp"
#include "station/shown.hpp"

namespace sw::station {
namespace {

using nlohmann::json;
using Segments = std::vector<std::string>;

struct Call {
  Core& core;
  const Request& request;
  Segments names;  ///< what the `*` of the path matched
  UtcMs now;
};
using Answer = Result<json>;

/// The body's fields: each is read once by its name and type; what nobody read is an error.
class Fields {
 public:
  explicit Fields(const json& body) : x_body(body) {}

  template <class T>
  T get(const char* name, std::optional<T> otherwise = std::nullopt) {
    x_known.emplace_back(name);
    const auto found = x_body.find(name);
    if (found == x_body.end()) {
      if (!otherwise) x_problem = std::string("the field '") + name + "' is missing";
      return otherwise.value_or(T{});
    }
    try {
      if (!fits<T>(*found)) throw std::invalid_argument(name);
      return found->template get<T>();
    } catch (const std::exception&) {
      x_problem = std::string("the field '") + name + "' has the wrong type";
      return T{};
    }
  }

  /// After the last get(): nothing missing, nothing unknown.
  Result<void> done() const {
    if (!x_problem.empty()) return fail(Errc::usage, x_problem);
    for (const auto& [name, value] : x_body.items()) {
      if (std::ranges::find(x_known, name) == x_known.end()) return fail(Errc::usage, "unknown field in the body");
    }
    return {};
  }

 private:
  template <class T>
  static bool fits(const json& value) {
    if constexpr (std::is_same_v<T, bool>) return value.is_boolean();
    if constexpr (std::is_integral_v<T>) return value.is_number_unsigned() && value.get<std::uint64_t>() <= UINT32_MAX;
    return true;
  }
  const json& x_body;
  std::vector<std::string> x_known;
  std::string x_problem;
};

Answer empty(const Result<void>& done) {
  if (!done) return std::unexpected(done.error());
  return json::object();
}

Result<std::vector<wire::Endpoint>> endpoints(const std::vector<std::string>& texts) {
  std::vector<wire::Endpoint> out;
  for (const auto& text : texts) {
    const auto parsed = wire::parse_endpoint(text);
    if (!parsed) return std::unexpected(parsed.error());
    out.push_back(*parsed);
  }
  return out;
}

Result<MessageId> message_id(const std::string& hex) {
  const Bytes bytes = from_hex(hex);
  MessageId id;
  if (bytes.size() != id.bytes.size()) return fail(Errc::not_found, "an id is 32 hexadecimal digits");
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

Answer pair_offer(Call& call) {
  Fields in(call.request.body);
  Core::OfferTerms terms;
  terms.line = in.get<std::string>("line");
  const auto at = in.get<std::vector<std::string>>("at");
  terms.round_ms = in.get<std::uint32_t>("round_ms", 1000U);
  terms.replace = in.get<bool>("replace", false);
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  auto parsed = endpoints(at);
  if (!parsed) return std::unexpected(parsed.error());
  terms.at = std::move(*parsed);
  const auto card = call.core.pair_offer(terms, call.now);
  if (!card) return std::unexpected(card.error());
  return json{{"card", as_text(card->view())}};
}

Answer pair_accept(Call& call) {
  Fields in(call.request.body);
  const auto name = in.get<std::string>("line");
  const auto card = in.get<std::string>("card");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  const auto check = call.core.pair_accept(name, card, call.now);
  if (!check) return std::unexpected(check.error());
  return json{{"check", shown(*check)}};
}

Answer pair_check(Call& call) {
  const auto name = call.request.query.find("line");
  if (name == call.request.query.end()) return fail(Errc::usage, "say which line: ?line=NAME");
  const auto check = call.core.pair_check(name->second);
  if (!check) return std::unexpected(check.error());
  const auto view = call.core.line(name->second, call.now);
  return json{{"check", shown(*check)}, {"confirmed_here", view && !view->entry.offer}};
}

template <Result<void> (*Act)(Core&, const std::string&, UtcMs)>
Answer on_named_line(Call& call) {
  Fields in(call.request.body);
  const auto name = in.get<std::string>("line");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  return empty(Act(call.core, name, call.now));
}

Result<void> confirm(Core& core, const std::string& name, UtcMs now) {
  return core.pair_confirm(name, now);
}
Result<void> cancel(Core& core, const std::string& name, UtcMs) {
  return core.pair_cancel(name);
}

Answer list_lines(Call& call) {
  json lines = json::array();
  for (const auto& view : call.core.lines(call.now)) lines.push_back(shown(view, call.now));
  return json{{"lines", lines}};
}

Answer one_line(Call& call) {
  const auto view = call.core.line(call.names[0], call.now);
  if (!view) return std::unexpected(view.error());
  return shown(*view, call.now);
}

template <Result<void> (*Act)(Core&, const std::string&, UtcMs)>
Answer on_line(Call& call) {
  if (const auto good = Fields(call.request.body).done(); !good) return std::unexpected(good.error());
  return empty(Act(call.core, call.names[0], call.now));
}

Result<void> pause(Core& core, const std::string& name, UtcMs now) {
  return core.pause(name, true, now);
}
Result<void> resume(Core& core, const std::string& name, UtcMs now) {
  return core.pause(name, false, now);
}
Result<void> remove(Core& core, const std::string& name, UtcMs) {
  return core.remove(name);
}

Answer rename(Call& call) {
  Fields in(call.request.body);
  const auto to = in.get<std::string>("to");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  return empty(call.core.rename(call.names[0], to, call.now));
}

Answer address(Call& call) {
  Fields in(call.request.body);
  const auto at = in.get<std::vector<std::string>>("at");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  auto parsed = endpoints(at);
  if (!parsed) return std::unexpected(parsed.error());
  return empty(call.core.readdress(call.names[0], std::move(*parsed)));
}

Answer continuity(Call& call) {
  Fields in(call.request.body);
  const bool yes = in.get<bool>("confirm");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  return empty(call.core.settle_continuity(call.names[0], yes, call.now));
}

Answer drill(Call& call) {
  if (const auto good = Fields(call.request.body).done(); !good) return std::unexpected(good.error());
  const auto id = call.core.drill(call.names[0], call.now);
  if (!id) return std::unexpected(id.error());
  return json{{"id", id->hex()}};
}

Answer with_text(const Core& core, const desk::MessageRecord& message) {
  const auto text = core.text(message);
  if (!text) return std::unexpected(text.error());
  json out = shown(message, core);
  out["text"] = *text;
  return out;
}

Answer export_line(Call& call) {
  const auto view = call.core.line(call.names[0], call.now);
  if (!view) return std::unexpected(view.error());
  json messages = json::array();
  for (const auto* message : call.core.desk().messages(view->entry.id)) {
    auto one = with_text(call.core, *message);
    if (!one) return one;
    messages.push_back(std::move(*one));
  }
  json ledger = json::array();
  for (const auto& entry : call.core.desk().ledger(view->entry.id)) {
    ledger.push_back({{"at_ms", entry.at.value}, {"what", desk::sentence(entry)}});
  }
  return json{{"line", view->entry.name}, {"messages", messages}, {"ledger", ledger}};
}

Answer send(Call& call) {
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

Answer show_watch(Call& call) {
  return shown(call.core.desk().watch());
}

template <Core::WatchAct Act>
Answer set_watch(Call& call) {
  Fields in(call.request.body);
  const auto initials = Act == Core::WatchAct::answer ? std::string() : in.get<std::string>("initials");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  if (const auto done = call.core.watch(Act, initials, call.now); !done) return std::unexpected(done.error());
  return shown(call.core.desk().watch());
}

struct Route {
  std::string_view method;
  std::string_view path;  ///< segments; `*` matches one
  Answer (*run)(Call&);
};

constexpr Route kRoutes[] = {
    {"POST", "pair/offer", &pair_offer},
    {"POST", "pair/accept", &pair_accept},
    {"GET", "pair/check", &pair_check},
    {"POST", "pair/confirm", &on_named_line<&confirm>},
    {"POST", "pair/cancel", &on_named_line<&cancel>},
    {"GET", "lines", &list_lines},
    {"GET", "lines/*", &one_line},
    {"POST", "lines/*/pause", &on_line<&pause>},
    {"POST", "lines/*/resume", &on_line<&resume>},
    {"POST", "lines/*/remove", &on_line<&remove>},
    {"POST", "lines/*/rename", &rename},
    {"POST", "lines/*/address", &address},
    {"POST", "lines/*/continuity", &continuity},
    {"POST", "lines/*/drill", &drill},
    {"GET", "lines/*/export", &export_line},
    {"POST", "messages", &send},
    {"GET", "messages", &list_messages},
    {"GET", "messages/*", &one_message},
    {"POST", "messages/*/stage", &set_stage},
    {"GET", "watch", &show_watch},
    {"POST", "watch/take", &set_watch<Core::WatchAct::take>},
    {"POST", "watch/hand-over", &set_watch<Core::WatchAct::hand_over>},
    {"POST", "watch/answer", &set_watch<Core::WatchAct::answer>},
};

Segments split(std::string_view path) {
  Segments out;
  while (!path.empty()) {
    const auto slash = path.find('/');
    out.emplace_back(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return out;
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
    Call call{core, request, std::move(*names), now};
    auto answer = each.run(call);
    if (!answer) return problem(answer.error());
    return {200, std::move(*answer)};
  }
  return problem({Errc::not_found, "there is no such call; docs/api.md lists them"});
}

}  // namespace sw::station
