// send.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <ostream>
#include <thread>

#include "crypto/base64.hpp"
#include "desk/message.hpp"
#include "faces/cli/command.hpp"
#include "faces/cli/fields.hpp"
#include "faces/cli/message_id.hpp"
#include "faces/cli/terminal.hpp"
#include "faces/codes.hpp"
#include "wire/sizes.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::milliseconds kGlance{100};

bool reached(const Json& message, const std::string& stage) {
  const Json& stages = field(message, "stages");
  return std::any_of(stages.begin(), stages.end(), [&](const Json& s) { return text_of(s, "stage") == stage; });
}

Outcome<Json> wait_for(Client& client, const std::string& id, const std::string& stage) {
  for (;;) {
    auto message = client.get("messages/" + id);
    if (!message || reached(*message, stage)) return message;
    std::this_thread::sleep_for(kGlance);
  }
}

/// The name of a file, without the folders before it.
std::string name_in_folder(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

/// What goes: a text, or a file in its place.
Outcome<Json> content(const Context& context, const Args& args) {
  if (!args.has("--attach")) {
    auto text = read_message(context, args);
    if (!text) return std::unexpected(text.error());
    return Json{{"text", *text}};
  }
  const auto bytes = read_text(args.text("--attach"), wire::kFileLimit);
  if (!bytes) return std::unexpected(bytes.error());
  const std::string name = name_in_folder(args.text("--attach"));
  if (const auto good = desk::check_file_name(name); !good) return std::unexpected<Failure>(good.error());
  const auto base64 = crypto::to_base64(as_bytes(*bytes));
  return Json{{"file", {{"name", name}, {"base64", as_text(base64.view())}}}};
}

Outcome<int> send(const Context& context, const Args& args) {
  if (args.has("--file") && args.has("FROM")) return give_up(kExitUsage, "choose one: --file FILE or -");
  if (args.has("--attach") && (args.has("--file") || args.has("FROM"))) {
    return give_up(kExitUsage, "choose one: a text, or --attach FILE");
  }
  const auto what = content(context, args);
  if (!what) return std::unexpected(what.error());
  Json body = *what;
  body["line"] = args.text("LINE");
  if (args.has("--precedence")) body["precedence"] = args.text("--precedence");
  if (args.has("--grade")) body["grade"] = args.text("--grade");
  if (args.has("--exercise")) body["exercise"] = true;
  Client client(context.home);
  if (args.has("--initials")) body["initials"] = args.text("--initials");
  if (args.has("--ref")) {
    const auto id = full_id(client, args.text("--ref"));
    if (!id) return std::unexpected(id.error());
    body["ref"] = *id;
  }
  const auto answer = client.post("messages", body);
  if (!answer) return std::unexpected(answer.error());
  const std::string id = text_of(*answer, "id");
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << id << std::endl;  // at once: whoever waits below already has the id
  }
  if (args.has("--wait")) {
    const auto message = wait_for(client, id, args.text("--wait"));
    if (!message) return std::unexpected(message.error());
  }
  return kExitOk;
}

}  // namespace

void add_send_commands(std::vector<Command>& table) {
  table.push_back(
      {"send",
       "Send a text or a file; prints its id",
       {positional("LINE", "The line").needed(),
        positional("FROM", "- : standard input, which is the default").one_of({"-"}),
        option("--file", "FILE", "The text, in UTF-8; - for standard input"),
        option("--attach", "FILE", "A file of up to 1 MB, in the place of a text"),
        option("--ref", "ID", "The message that it answers; needs --initials"),
        option("--initials", "AB", "Who answers"),
        option("--precedence", "WORD", "How urgent (default: routine)")
            .one_of({"flash", "immediate", "priority", "routine"}),
        option("--grade", "WORD", "How formal (default: talk)").one_of({"service", "talk", "note"}),
        flag("--exercise", "Mark it EXERCISE"),
        option("--wait", "STAGE", "Return only once it has this stage").one_of({"released", "sent", "stored"})},
       send});
}

}  // namespace sw::faces
