// Operators and tokens, as far as no passphrase is derived: that is done beside the loop (station/doors.hpp).
#include "station/routes/calls.hpp"
#include "station/shown.hpp"

namespace sw::station {

using nlohmann::json;

namespace {

std::string line_name(const Core& core, LineId line) {
  const LineEntry* const entry = core.by_id(line);
  return entry == nullptr ? std::string() : entry->name;
}

/// status, read:LINE, send:LINE:PRECEDENCE, release, admin. The line's name may have a colon.
Result<void> take_scope(const Core& core, std::string_view scope, desk::Token& token) {
  if (scope == "status" || scope == "release" || scope == "admin") {
    token.rights.add(scope == "status"    ? desk::Right::status
                     : scope == "release" ? desk::Right::release
                                          : desk::Right::admin);
    return {};
  }
  const bool reads = scope.starts_with("read:");
  const std::size_t last = scope.rfind(':');
  if (!reads && (!scope.starts_with("send:") || last < 5)) {
    return fail(Errc::usage, "a scope is status, read:LINE, send:LINE:PRECEDENCE, release or admin");
  }
  const std::string_view name = reads ? scope.substr(5) : scope.substr(5, last - 5);
  const auto precedence = reads ? std::nullopt : desk::precedence_from(scope.substr(last + 1));
  if (!reads && !precedence) return fail(Errc::usage, "a precedence is flash, immediate, priority or routine");
  const LineEntry* const entry = core.by_name(name);
  if (entry == nullptr) return fail(Errc::not_found, "there is no line of this name");
  auto found = std::ranges::find(token.lines, entry->id, &desk::LineScope::line);
  if (found == token.lines.end()) found = token.lines.insert(found, {entry->id, false, std::nullopt});
  if (reads) {
    found->read = true;
  } else {
    found->send = precedence;
  }
  return {};
}

json scopes_of(const Core& core, const desk::Token& token) {
  json out = json::array();
  for (const auto& [right, word] :
       {std::pair{desk::Right::status, "status"}, {desk::Right::release, "release"}, {desk::Right::admin, "admin"}}) {
    if (token.rights.has(right)) out.push_back(word);
  }
  for (const desk::LineScope& scope : token.lines) {
    const std::string name = line_name(core, scope.line);
    if (name.empty()) continue;
    if (scope.read) out.push_back("read:" + name);
    if (scope.send) out.push_back("send:" + name + ":" + std::string(desk::word(*scope.send)));
  }
  return out;
}

}  // namespace

json shown(const desk::Operator& person, const Core& core) {
  json lines = nullptr;
  if (person.lines) {
    lines = json::array();
    for (const LineId& line : *person.lines) {
      if (auto name = line_name(core, line); !name.empty()) lines.push_back(std::move(name));
    }
  }
  return {{"name", person.name},
          {"initials", person.initials},
          {"role", desk::word(person.role)},
          {"language", person.language},
          {"lines", std::move(lines)}};
}

Answer list_operators(Call& call) {
  json out = json::array();
  for (const auto& [name, person] : call.core.office().operators()) out.push_back(shown(person, call.core));
  return json{{"operators", std::move(out)}};
}

Answer remove_operator(Call& call) {
  if (const auto good = no_fields(call.request); !good) return std::unexpected(good.error());
  const desk::Operator* const person = call.core.office().find(call.names[0]);
  const bool last = person != nullptr && person->role == desk::Role::admin && call.core.office().admins() == 1;
  if (last && !call.request.caller.who.empty()) {
    return fail(Errc::conflict, "this is the last admin; make another one first");
  }
  return empty(call.core.remove_operator(call.names[0]));
}

Answer list_tokens(Call& call) {
  json out = json::array();
  for (const auto& [name, token] : call.core.office().tokens()) {
    out.push_back({{"name", name}, {"scope", scopes_of(call.core, token)}});
  }
  return json{{"tokens", std::move(out)}};
}

Answer add_token(Call& call) {
  Fields in(call.request.body);
  desk::Token token;
  token.name = in.get<std::string>("name");
  const auto scopes = in.get<std::vector<std::string>>("scope");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  if (scopes.empty()) return fail(Errc::usage, "a token without a scope may nothing");
  for (const std::string& scope : scopes) {
    if (const auto good = take_scope(call.core, scope, token); !good) return std::unexpected(good.error());
  }
  const auto secret = call.core.add_token(std::move(token));
  if (!secret) return std::unexpected(secret.error());
  return json{{"token", as_text(secret->view())}};
}

Answer remove_token(Call& call) {
  if (const auto good = no_fields(call.request); !good) return std::unexpected(good.error());
  return empty(call.core.remove_token(call.names[0]));
}

}  // namespace sw::station
