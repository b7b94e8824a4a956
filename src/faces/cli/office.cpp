// operator add, ls, change, rm; token add, ls, rm.
#include <ostream>

#include "faces/api/request.hpp"
#include "faces/cli/command.hpp"
#include "faces/cli/fields.hpp"
#include "faces/cli/layout.hpp"
#include "faces/cli/terminal.hpp"
#include "faces/codes.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

Outcome<int> done(const Context& context, const Outcome<Json>& answer, std::string_view words) {
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << words << "\n";
  }
  return kExitOk;
}

/// What is said of an operator on the command line, but the name and the passphrase.
Outcome<Json> said(const Args& args) {
  Json out = Json::object();
  for (const char* field : {"initials", "role", "language"}) {
    const std::string given = std::string("--") + field;
    if (args.has(given)) out[field] = args.text(given);
  }
  if (args.has("--line") && args.has("--all-lines")) return give_up(kExitUsage, "choose one: --line or --all-lines");
  if (args.has("--line")) out["lines"] = args.all("--line");
  if (args.has("--all-lines")) out["lines"] = nullptr;
  return out;
}

std::string operator_path(const Args& args, std::string_view what) {
  return "operators/" + percent_encoded(args.text("NAME")) + "/" + std::string(what);
}

Outcome<int> add_operator(const Context& context, const Args& args) {
  auto body = said(args);
  if (!body) return std::unexpected(body.error());
  (*body)["name"] = args.text("NAME");
  const auto passphrase = read_new_passphrase(args, "--passphrase-file", "A passphrase for this operator: ");
  if (!passphrase) return std::unexpected(passphrase.error());
  return done(context, Client(context.home).post_secrets("operators", {{"passphrase", &*passphrase}}, *body), "added");
}

Outcome<int> change_operator(const Context& context, const Args& args) {
  const auto body = said(args);
  if (!body) return std::unexpected(body.error());
  Client client(context.home);
  if (!args.has("--new-passphrase") && !args.has("--new-passphrase-file")) {
    if (body->empty()) return give_up(kExitUsage, "say what is to change");
    return done(context, client.post(operator_path(args, "change"), *body), "changed; their seats have ended");
  }
  const auto passphrase = read_new_passphrase(args, "--new-passphrase-file", "The operator's new passphrase: ");
  if (!passphrase) return std::unexpected(passphrase.error());
  return done(context, client.post_secrets(operator_path(args, "change"), {{"passphrase", &*passphrase}}, *body),
              "changed; their seats have ended");
}

Outcome<int> remove_operator(const Context& context, const Args& args) {
  return done(context, Client(context.home).post(operator_path(args, "remove"), Json::object()), "removed");
}

std::string names_text(const Json& list, std::string_view none) {
  if (list.is_null()) return "every line";
  std::string out;
  for (const Json& each : list) {
    if (each.is_string()) out += (out.empty() ? "" : ", ") + shown(each.get<std::string>());
  }
  return out.empty() ? std::string(none) : out;
}

Outcome<int> list_operators(const Context& context, const Args&) {
  const auto answer = Client(context.home).get("operators");
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
    return kExitOk;
  }
  Table table;
  for (const Json& each : field(*answer, "operators")) {
    table.row({shown_cell(text_of(each, "name")), text_of(each, "initials"), text_of(each, "role"),
               text_of(each, "language"), names_text(field(each, "lines"), "no line")});
  }
  for (const std::string& row : table.rows()) context.out << row << "\n";
  return kExitOk;
}

Outcome<int> add_token(const Context& context, const Args& args) {
  const auto answer =
      Client(context.home).post("tokens", {{"name", args.text("NAME")}, {"scope", args.all("--scope")}});
  return done(context, answer, answer ? text_of(*answer, "token") : std::string());
}

Outcome<int> list_tokens(const Context& context, const Args&) {
  const auto answer = Client(context.home).get("tokens");
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
    return kExitOk;
  }
  Table table;
  for (const Json& each : field(*answer, "tokens")) {
    table.row({shown_cell(text_of(each, "name")), names_text(field(each, "scope"), "nothing any more")});
  }
  for (const std::string& row : table.rows()) context.out << row << "\n";
  return kExitOk;
}

Outcome<int> remove_token(const Context& context, const Args& args) {
  const std::string path = "tokens/" + percent_encoded(args.text("NAME")) + "/remove";
  return done(context, Client(context.home).post(path, Json::object()), "removed");
}

}  // namespace

void add_office_commands(std::vector<Command>& table) {
  const Argument name = positional("NAME", "The operator").needed();
  const Argument initials = option("--initials", "AB", "1 to 4 letters or digits, which nobody else has");
  const Argument role = option("--role", "ROLE", "What they may")
                            .one_of({"officer", "releaser", "interpreter", "principal", "archivist", "admin"});
  const Argument language = option("--language", "CODE", "Of their desk").one_of({"en", "ar", "ru", "fr", "es", "zh"});
  const Argument line = option("--line", "NAME", "A line that they see, and no other").repeated();
  table.push_back({"operator add",
                   "Add somebody who signs in at the desk",
                   {name, initials.needed(), role.needed(), language, line, passphrase_option()},
                   add_operator});
  table.push_back({"operator ls", "List the operators", {}, list_operators});
  table.push_back({"operator change",
                   "Change what an operator may, or their passphrase",
                   {name, initials, role, language, line, flag("--all-lines", "They see every line"),
                    flag("--new-passphrase", "Ask for another passphrase"),
                    option("--new-passphrase-file", "FILE", "Read the new one from this file")},
                   change_operator});
  table.push_back({"operator rm", "Remove an operator; their seats end at once", {name}, remove_operator});
  const Argument program = positional("NAME", "The program").needed();
  table.push_back(
      {"token add",
       "Make a token for a program; printed once",
       {program, option("--scope", "SCOPE", "As in: status, read:LINE, send:LINE:flash").needed().repeated()},
       add_token});
  table.push_back({"token ls", "List the tokens", {}, list_tokens});
  table.push_back({"token rm", "Remove a token; it ends at once", {program}, remove_token});
}

}  // namespace sw::faces
