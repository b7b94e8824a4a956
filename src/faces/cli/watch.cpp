// watch take, hand-over, answer, status.
#include <ostream>

#include "faces/cli/command.hpp"
#include "faces/codes.hpp"

namespace sw::faces {
namespace {

Outcome<int> print_watch(const Context& context, const Outcome<nlohmann::json>& answer) {
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << watch_text(*answer, context.look());
  }
  return kExitOk;
}

Outcome<int> take(const Context& context, const Args& args) {
  return print_watch(context, Client(context.home).post("watch/take", {{"initials", args.text("--initials")}}));
}

Outcome<int> hand_over(const Context& context, const Args& args) {
  return print_watch(context, Client(context.home).post("watch/hand-over", {{"initials", args.text("--initials")}}));
}

Outcome<int> answer_check(const Context& context, const Args&) {
  return print_watch(context, Client(context.home).post("watch/answer", nlohmann::json::object()));
}

Outcome<int> status(const Context& context, const Args&) {
  return print_watch(context, Client(context.home).get("watch"));
}

Outcome<int> exercise(const Context& context, const Args& args) {
  const nlohmann::json body{{"on", args.text("ACT") == "on"}, {"initials", args.text("--initials")}};
  return print_watch(context, Client(context.home).post("watch/exercise", body));
}

Outcome<int> sheet(const Context& context, const Args&) {
  const auto answer = Client(context.home).get("watch/sheet");
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << hand_over_text(*answer, context.look());
  }
  return kExitOk;
}

}  // namespace

void add_watch_commands(std::vector<Command>& table) {
  const Argument initials = option("--initials", "AB", "1 to 4 letters or digits").needed();
  table.push_back({"watch take", "Take the watch", {initials}, take});
  table.push_back({"watch hand-over", "Hand the watch over to somebody", {initials}, hand_over});
  table.push_back({"watch answer", "Answer a check or a drill: a person is here", {}, answer_check});
  table.push_back({"watch exercise",
                   "Mark everything made here EXERCISE, or no more",
                   {positional("ACT", "on or off").needed().one_of({"on", "off"}), initials},
                   exercise});
  table.push_back({"watch sheet", "What a watch hands over: what is open, and notes", {}, sheet});
  table.push_back({"watch status", "Show who has the watch", {}, status});
}

}  // namespace sw::faces
