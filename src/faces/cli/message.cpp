// inbox, show, stage.
#include <algorithm>
#include <ostream>

#include "crypto/base64.hpp"
#include "faces/api/request.hpp"
#include "faces/cli/command.hpp"
#include "faces/cli/fields.hpp"
#include "faces/cli/message_id.hpp"
#include "faces/cli/terminal.hpp"
#include "faces/codes.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kIdDigits = 32;
constexpr std::size_t kPrefixLeast = 4;

Outcome<int> inbox(const Context& context, const Args& args) {
  const std::string path = args.has("LINE") ? "messages?line=" + percent_encoded(args.text("LINE")) : "messages";
  const auto answer = Client(context.home).get(path);
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << messages_text(field(*answer, "messages"), context.look());
  }
  return kExitOk;
}

/// The bytes of a file, into a new one of the name that the user chose: theirs is only shown.
Outcome<int> save(const Context& context, Client& client, const std::string& id, const std::string& to) {
  const auto answer = client.get("messages/" + id + "/file");
  if (!answer) return std::unexpected(answer.error());
  const auto bytes = crypto::from_base64(text_of(*answer, "base64"));
  if (!bytes) return std::unexpected<Failure>(bytes.error());
  if (const auto written = write_new_file(to, bytes->view()); !written) {
    return std::unexpected<Failure>(written.error());
  }
  if (context.json) {
    context.print(nlohmann::json{{"name", text_of(*answer, "name")}, {"bytes", bytes->size()}});
  } else {
    context.out << "saved " << bytes->size() << " bytes\n";
  }
  return kExitOk;
}

Outcome<int> show(const Context& context, const Args& args) {
  Client client(context.home);
  const auto id = full_id(client, args.text("ID"));
  if (!id) return std::unexpected(id.error());
  if (args.has("--save")) return save(context, client, *id, args.text("--save"));
  const auto answer = client.get("messages/" + *id);
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << message_text(*answer, context.look());
  }
  return kExitOk;
}

Outcome<int> stage(const Context& context, const Args& args) {
  Client client(context.home);
  const auto id = full_id(client, args.text("ID"));
  if (!id) return std::unexpected(id.error());
  Json body{{"stage", args.text("STAGE")}, {"initials", args.text("--initials")}};
  if (args.has("--post")) body["post"] = args.text("--post");
  const auto answer = client.post("messages/" + *id + "/stage", body);
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << args.text("STAGE") << "\n";
  }
  return kExitOk;
}

}  // namespace

Outcome<std::string> full_id(Client& client, const std::string& typed, const std::string& list) {
  std::string prefix = typed;
  std::ranges::transform(prefix, prefix.begin(),
                         [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  if (prefix.size() < kPrefixLeast || prefix.size() > kIdDigits ||
      prefix.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return give_up(kExitUsage, "an id is 4 to 32 hexadecimal digits");
  }
  if (prefix.size() == kIdDigits) return prefix;
  const auto answer = client.get(list);
  if (!answer) return std::unexpected(answer.error());
  std::string found;
  for (const Json& message : field(*answer, list)) {
    const std::string id = text_of(message, "id");
    if (!id.starts_with(prefix)) continue;
    if (!found.empty())
      return give_up(kExitUsage, "more than one of the " + list + " begins with " + prefix + ": give more digits");
    found = id;
  }
  if (found.empty())
    return std::unexpected<Failure>(Error{Errc::not_found, "none of the " + list + " begins with " + prefix});
  return found;
}

void add_message_commands(std::vector<Command>& table) {
  const Argument id = positional("ID", "The message; the first digits are enough").needed();
  table.push_back(
      {"inbox", "List messages, both ways, oldest first", {positional("LINE", "Of this line only")}, inbox});
  table.push_back({"show",
                   "Show a message with its text and stages",
                   {id, option("--save", "FILE", "Save the file that came into a new one")},
                   show});
  table.push_back(
      {"stage",
       "Say what became of a message; the other side sees it",
       {id,
        positional("STAGE", "What became of it")
            .needed()
            .one_of({"read", "translated", "passed", "seen", "answered", "declined", "not-now"}),
        option("--initials", "AB", "Who says so").needed(), option("--post", "NAME", "Passed to this post")},
       stage});
}

}  // namespace sw::faces
