// draft new, ls, show, change, offer, discard, release.
#include <ostream>

#include "desk/text.hpp"
#include "faces/api/request.hpp"
#include "faces/cli/command.hpp"
#include "faces/cli/fields.hpp"
#include "faces/cli/message_id.hpp"
#include "faces/cli/terminal.hpp"
#include "faces/codes.hpp"
#include "wire/sizes.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

/// How a message goes, where it was said.
void add_terms(const Args& args, Json& body) {
  if (args.has("--precedence")) body["precedence"] = args.text("--precedence");
  if (args.has("--grade")) body["grade"] = args.text("--grade");
  if (args.has("--exercise")) body["exercise"] = true;
}

Outcome<int> keep(const Context& context, const Args& args) {
  const auto text = read_message(context, args);
  if (!text) return std::unexpected(text.error());
  Client client(context.home);
  Json body{{"line", args.text("LINE")}, {"text", *text}, {"initials", args.text("--initials")}};
  add_terms(args, body);
  if (args.has("--ref")) {
    const auto id = full_id(client, args.text("--ref"));
    if (!id) return std::unexpected(id.error());
    body["ref"] = *id;
  }
  const auto answer = client.post("drafts", body);
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << text_of(*answer, "id") << "\n";
  }
  return kExitOk;
}

std::string drafts_path(const Args& args) {
  std::string path = "drafts";
  if (args.has("LINE")) path += "?line=" + percent_encoded(args.text("LINE"));
  if (args.has("--initials")) {
    path += (args.has("LINE") ? "&" : "?") + std::string("initials=") + percent_encoded(args.text("--initials"));
  }
  return path;
}

Outcome<int> list(const Context& context, const Args& args) {
  const auto answer = Client(context.home).get(drafts_path(args));
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << drafts_text(field(*answer, "drafts"), context.look());
  }
  return kExitOk;
}

Outcome<int> show(const Context& context, const Args& args) {
  Client client(context.home);
  const auto id = full_id(client, args.text("ID"), "drafts");
  if (!id) return std::unexpected(id.error());
  const auto answer = client.get("drafts");
  if (!answer) return std::unexpected(answer.error());
  for (const Json& draft : field(*answer, "drafts")) {
    if (text_of(draft, "id") != *id) continue;
    if (context.json) {
      context.print(draft);
    } else {
      context.out << draft_text(draft, context.look());
    }
    return kExitOk;
  }
  return std::unexpected<Failure>(Error{Errc::not_found, "there is no draft with this id"});
}

/// One of the calls that take initials; `word` is printed when it is done.
Outcome<int> act(const Context& context, const Args& args, const std::string& call, std::string_view word, Json body) {
  Client client(context.home);
  const auto id = full_id(client, args.text("ID"), "drafts");
  if (!id) return std::unexpected(id.error());
  body["initials"] = args.text("--initials");
  const auto answer = client.post("drafts/" + *id + "/" + call, body);
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << word << "\n";
  }
  return kExitOk;
}

Outcome<int> change(const Context& context, const Args& args) {
  Json body = Json::object();
  add_terms(args, body);
  if (args.has("--file") || body.empty()) {
    const auto text = read_message(context, args);
    if (!text) return std::unexpected(text.error());
    body["text"] = *text;
  }
  return act(context, args, "change", "changed; private again", body);
}

Outcome<int> offer(const Context& context, const Args& args) {
  return act(context, args, "offer", "offered", Json::object());
}

Outcome<int> discard(const Context& context, const Args& args) {
  return act(context, args, "discard", "discarded", Json::object());
}

Outcome<int> release(const Context& context, const Args& args) {
  return act(context, args, "release", "released", Json::object());
}

}  // namespace

void add_draft_commands(std::vector<Command>& table) {
  const Argument id = positional("ID", "The draft; the first digits are enough").needed();
  const Argument line = positional("LINE", "Of this line only");
  const Argument initials = option("--initials", "AB", "Who does it").needed();
  const Argument file = option("--file", "FILE", "The text, in UTF-8; - for standard input");
  const Argument precedence =
      option("--precedence", "WORD", "How urgent").one_of({"flash", "immediate", "priority", "routine"});
  const Argument grade = option("--grade", "WORD", "How formal").one_of({"service", "talk", "note"});
  const Argument exercise = flag("--exercise", "Mark it EXERCISE");
  table.push_back({"draft new",
                   "Draft a message for others to release; prints its id",
                   {positional("LINE", "The line").needed(), file, precedence, grade, exercise,
                    option("--ref", "ID", "The message that it answers"), initials},
                   keep});
  table.push_back({"draft ls",
                   "List drafts, oldest first",
                   {line, option("--initials", "AB", "As these initials see them")},
                   list});
  table.push_back({"draft show", "Show a draft with its text", {id}, show});
  table.push_back({"draft change",
                   "Another text or other terms; private again",
                   {id, file, precedence, grade, exercise, initials},
                   change});
  table.push_back({"draft offer", "Let others see and release it", {id, initials}, offer});
  table.push_back({"draft release", "Send it; FLASH and notes need a second person", {id, initials}, release});
  table.push_back({"draft discard", "Erase it", {id, initials}, discard});
}

}  // namespace sw::faces
