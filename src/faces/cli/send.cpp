// send.
#include <algorithm>
#include <chrono>
#include <ostream>
#include <thread>

#include "desk/text.hpp"
#include "faces/cli/command.hpp"
#include "faces/cli/fields.hpp"
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

Outcome<std::string> text_to_send(const Context& context, const Args& args) {
  const std::string file = args.has("--file") ? args.text("--file") : "-";
  if (file == "-" && at_a_terminal()) context.err << "Type the message; end it with Ctrl-D.\n";
  auto text = read_text(file, wire::kMessageLimit);
  if (!text) return text;
  if (const auto fits = desk::check_text(*text); !fits) return std::unexpected<Failure>(fits.error());
  return text;
}

Outcome<int> send(const Context& context, const Args& args) {
  if (args.has("--file") && args.has("FROM")) return give_up(kExitUsage, "choose one: --file FILE or -");
  const auto text = text_to_send(context, args);
  if (!text) return std::unexpected(text.error());
  Json body{{"line", args.text("LINE")}, {"text", *text}};
  if (args.has("--precedence")) body["precedence"] = args.text("--precedence");
  if (args.has("--grade")) body["grade"] = args.text("--grade");
  if (args.has("--exercise")) body["exercise"] = true;
  Client client(context.home);
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
       "Send a text; prints its id",
       {positional("LINE", "The line").needed(),
        positional("FROM", "- : standard input, which is the default").one_of({"-"}),
        option("--file", "FILE", "The text, in UTF-8; - for standard input"),
        option("--precedence", "WORD", "How urgent (default: routine)")
            .one_of({"flash", "immediate", "priority", "routine"}),
        option("--grade", "WORD", "How formal (default: talk)").one_of({"service", "talk", "note"}),
        flag("--exercise", "Mark it EXERCISE"),
        option("--wait", "STAGE", "Return only once it has this stage").one_of({"released", "sent", "stored"})},
       send});
}

}  // namespace sw::faces
