// line ls, show, pause, resume, rename, rm, address, continuity, venue, notes, note, sheet; drill; export.
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

std::string path_of(const Args& args, std::string_view call) {
  return "lines/" + percent_encoded(args.text("NAME")) + std::string(call);
}

Outcome<int> ls(const Context& context, const Args&) {
  const auto answer = Client(context.home).get("lines");
  if (!answer) return std::unexpected(answer.error());
  const Json& lines = field(*answer, "lines");
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << lines_text(lines, context.look());
  }
  return lines_exit(lines);
}

Outcome<int> show(const Context& context, const Args& args) {
  const auto answer = Client(context.home).get(path_of(args, ""));
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << line_text(*answer, context.look());
  }
  return state_exit(text_of(*answer, "state"));
}

Outcome<int> post(const Context& context, const Args& args, std::string_view call, const Json& body,
                  std::string_view done) {
  const auto answer = Client(context.home).post(path_of(args, call), body);
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << done << "\n";
  }
  return kExitOk;
}

Outcome<int> pause(const Context& context, const Args& args) {
  return post(context, args, "/pause", Json::object(), "paused; the wire does not change");
}

Outcome<int> resume(const Context& context, const Args& args) {
  return post(context, args, "/resume", Json::object(), "resumed");
}

Outcome<int> rm(const Context& context, const Args& args) {
  return post(context, args, "/remove", Json::object(), "removed, with its messages");
}

Outcome<int> rename(const Context& context, const Args& args) {
  return post(context, args, "/rename", {{"to", args.text("TO")}}, "renamed");
}

Outcome<int> address(const Context& context, const Args& args) {
  return post(context, args, "/address", {{"at", args.all("ADDRESS")}},
              "the carrier tries these addresses from now on");
}

Outcome<int> continuity(const Context& context, const Args& args) {
  const bool yes = args.has("--confirm");
  const bool no = args.has("--refuse");
  if (yes && no) return give_up(kExitUsage, "choose one: --confirm or --refuse");
  if (yes || no) {
    return post(context, args, "/continuity", {{"confirm", yes}},
                yes ? "confirmed here; the line opens once they have confirmed too"
                    : "refused; the line is down until both pair again");
  }
  const auto answer = Client(context.home).get(path_of(args, ""));
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
    return kExitOk;
  }
  const std::string state = text_of(*answer, "continuity");
  const std::string groups = groups_text(field(*answer, "continuity_check"));
  context.out << "continuity " << shown(state) << "\n";
  if (!groups.empty()) {
    context.out << groups
                << "\nAsk them, by another way, what their screen shows. The same: --confirm. Else: --refuse.\n";
  } else if (state == "broken") {
    context.out << "the groups to compare appear once their station answers\n";
  }
  return kExitOk;
}

Outcome<int> venue(const Context& context, const Args& args) {
  const std::string act = args.text("ACT");
  Json body = {{"act", act}};
  if (args.has("VENUE")) body["venue"] = args.text("VENUE");
  const std::string_view done = act == "propose"  ? "proposed; the line is in it some epochs after they accept"
                                : act == "accept" ? "accepted; line show says from which epoch on"
                                : act == "decline"
                                    ? "declined"
                                    : "the line leaves it at an epoch that line show says; until then it stays warm";
  return post(context, args, "/venue", body, done);
}

Outcome<int> drill(const Context& context, const Args& args) {
  const auto answer = Client(context.home).post(path_of(args, "/drill"), Json::object());
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << text_of(*answer, "id") << "\n";
  }
  return kExitOk;
}

Outcome<int> export_line(const Context& context, const Args& args) {
  const auto answer = Client(context.home).get(path_of(args, "/export"));
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << answer->dump(2, ' ', true, Json::error_handler_t::replace) << "\n";
  }
  return kExitOk;
}

Outcome<int> notes(const Context& context, const Args& args) {
  const auto answer = Client(context.home).get(path_of(args, "/notes"));
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << notes_text(field(*answer, "notes"), context.look());
  }
  return kExitOk;
}

Outcome<int> add_note(const Context& context, const Args& args) {
  const auto text = read_message(context, args);
  if (!text) return std::unexpected(text.error());
  const auto answer =
      Client(context.home).post(path_of(args, "/notes"), {{"text", *text}, {"initials", args.text("--initials")}});
  if (!answer) return std::unexpected(answer.error());
  if (context.json) context.print(*answer);
  return kExitOk;
}

Outcome<int> sheet(const Context& context, const Args& args) {
  const auto answer = Client(context.home).get(path_of(args, "/sheet"));
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << sheet_text(*answer, context.look());
  }
  return kExitOk;
}

}  // namespace

void add_line_commands(std::vector<Command>& table) {
  const Argument name = positional("NAME", "The line").needed();
  const Argument where =
      positional("ADDRESS", "Where their carrier is now, as HOST:PORT (up to 4)").needed().repeated();
  table.push_back({"line ls", "List the lines", {}, ls});
  table.push_back({"line show", "Show everything about a line", {name}, show});
  table.push_back({"line pause", "Pause a line; the other side sees it", {name}, pause});
  table.push_back({"line resume", "End the pause", {name}, resume});
  table.push_back(
      {"line rename", "Give a line another name here", {name, positional("TO", "The new name").needed()}, rename});
  table.push_back({"line rm", "Remove a line and all its messages", {name}, rm});
  table.push_back({"line address", "Tell the carrier where theirs is now", {name, where}, address});
  table.push_back({"line continuity",
                   "Show, confirm or refuse a broken continuity",
                   {name, flag("--confirm", "Both screens show the same groups"), flag("--refuse", "They do not")},
                   continuity});
  table.push_back({"line venue",
                   "Propose, accept, decline or leave a venue of a line",
                   {name,
                    positional("ACT", "propose VENUE, accept, decline, or rm VENUE")
                        .needed()
                        .one_of({"propose", "accept", "decline", "rm"}),
                    positional("VENUE", "Its id, or how it begins; rm takes direct, too")},
                   venue});
  table.push_back({"line notes", "Read the watches' notes on a line", {name}, notes});
  table.push_back({"line note",
                   "Leave a note for the next watch",
                   {name, option("--file", "FILE", "The note, in UTF-8; - for standard input"),
                    option("--initials", "AB", "Who leaves it").needed()},
                   add_note});
  table.push_back({"line sheet", "Show a line's protocol sheet", {name}, sheet});
  table.push_back({"drill", "Send a TEST that their watch must answer by hand", {name}, drill});
  table.push_back({"export", "Print a line's messages and ledger as JSON", {name}, export_line});
}

}  // namespace sw::faces
