// search, translation add, review, certify, read-back give, right, wrong.
#include <ostream>

#include "faces/api/request.hpp"
#include "faces/cli/command.hpp"
#include "faces/cli/fields.hpp"
#include "faces/cli/message_id.hpp"
#include "faces/cli/terminal.hpp"
#include "faces/codes.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

/// The station reads a part of its store at a time.
Outcome<int> search(const Context& context, const Args& args) {
  Client client(context.home);
  std::string query = "messages?search=" + percent_encoded(args.text("TEXT"));
  if (args.has("LINE")) query += "&line=" + percent_encoded(args.text("LINE"));
  Json found = Json::array();
  std::string before;
  do {
    const auto answer = client.get(before.empty() ? query : query + "&before=" + before);
    if (!answer) return std::unexpected(answer.error());
    for (const Json& message : field(*answer, "messages")) found.push_back(message);
    before = text_of(*answer, "more");
  } while (!before.empty());
  if (context.json) {
    context.print(Json{{"messages", found}, {"more", nullptr}});
  } else {
    context.out << messages_text(found, context.look());
  }
  return kExitOk;
}

/// A call about one message, by somebody; `word` is printed when it is done.
Outcome<int> act(const Context& context, const Args& args, const std::string& call, std::string_view word, Json body) {
  Client client(context.home);
  const auto id = full_id(client, args.text("ID"));
  if (!id) return std::unexpected(id.error());
  body["initials"] = args.text("--initials");
  const auto answer = client.post("messages/" + *id + "/" + call, body);
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << word << "\n";
  }
  return kExitOk;
}

Outcome<int> with_text(const Context& context, const Args& args, const std::string& call, std::string_view word,
                       Json body) {
  const auto text = read_message(context, args);
  if (!text) return std::unexpected(text.error());
  body["text"] = *text;
  return act(context, args, call, word, std::move(body));
}

Outcome<int> translate(const Context& context, const Args& args) {
  return with_text(context, args, "translation", "translated", {{"language", args.text("--language")}});
}

Outcome<int> review(const Context& context, const Args& args) {
  return act(context, args, "translation/review", "reviewed", Json::object());
}

Outcome<int> certify(const Context& context, const Args& args) {
  return act(context, args, "translation/certify", "certified", Json::object());
}

Outcome<int> read_back(const Context& context, const Args& args) {
  return with_text(context, args, "read-back", "read back", Json::object());
}

Outcome<int> right(const Context& context, const Args& args) {
  return act(context, args, "read-back/confirm", "confirmed", {{"good", true}});
}

Outcome<int> wrong(const Context& context, const Args& args) {
  return act(context, args, "read-back/confirm", "wrong", {{"good", false}});
}

}  // namespace

void add_paper_commands(std::vector<Command>& table) {
  const Argument id = positional("ID", "The message; the first digits are enough").needed();
  const Argument initials = option("--initials", "AB", "Who does it").needed();
  const Argument file = option("--file", "FILE", "The text, in UTF-8; - for standard input");
  table.push_back(
      {"search",
       "Find texts, translations and files, newest first",
       {positional("TEXT", "What to find, in either case").needed(), positional("LINE", "Of this line only")},
       search});
  table.push_back({"translation add",
                   "Keep a translation beside its message",
                   {id, option("--language", "TAG", "Such as fr or zh-Hans").needed(), file, initials},
                   translate});
  table.push_back({"translation review", "A second person read it", {id, initials}, review});
  table.push_back({"translation certify", "A third person stands for it", {id, initials}, certify});
  table.push_back({"read-back give", "Read a received message back", {id, file, initials}, read_back});
  table.push_back({"read-back right", "What was read back is right", {id, initials}, right});
  table.push_back({"read-back wrong", "What was read back is wrong", {id, initials}, wrong});
}

}  // namespace sw::faces
