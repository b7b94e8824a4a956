// status, with --watch and --wait.
#include <chrono>
#include <ostream>
#include <thread>

#include "faces/cli/columns.hpp"
#include "faces/cli/command.hpp"
#include "faces/cli/fields.hpp"
#include "faces/cli/terminal.hpp"
#include "faces/codes.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kGlance{100};
constexpr std::chrono::seconds kRedraw{1};

int status_exit(const Json& status) {
  return flag_of(status, "locked") ? kExitUnknown : lines_exit(field(status, "lines"));
}

void print_status(const Context& context, const Json& status) {
  if (context.json) {
    context.print(status);
  } else {
    context.out << status_text(status, context.look());
  }
}

/// Every line is in `state`, and there is one. A locked station's lines are all LOCKED.
bool all_in(const Json& status, const std::string& state) {
  if (flag_of(status, "locked")) return state == "LOCKED";
  const Json& lines = field(status, "lines");
  if (!lines.is_array() || lines.empty()) return false;
  for (const Json& line : lines) {
    if (text_of(line, "state") != state) return false;
  }
  return true;
}

/// A station that is not there yet is waited for, too.
Outcome<int> wait_for(const Context& context, const Args& args) {
  const std::string state = args.text("--wait");
  const bool limited = args.has("--timeout");
  const auto until = Clock::now() + std::chrono::seconds(args.number("--timeout", 0));
  for (;;) {
    const auto answer = Client(context.home).get("status");
    if (!answer && answer.error().exit != kExitNoStation) return std::unexpected(answer.error());
    const bool there = answer && all_in(*answer, state);
    if (there || (limited && Clock::now() >= until)) {
      if (!answer) return std::unexpected(answer.error());
      print_status(context, *answer);
      if (there) return kExitOk;
      const int exit = status_exit(*answer);
      return exit == kExitOk ? kExitLate : exit;  // not what was waited for
    }
    std::this_thread::sleep_for(kGlance);
  }
}

/// Redraws over the last picture: each line clears what it leaves, so nothing flickers. What is taller than the
/// screen is cut, so that the top, with the first line's state, never scrolls away.
void draw(const Context& context, const std::string& text, TerminalSize size) {
  if (!context.terminal) {
    context.out << text << std::endl;
    return;
  }
  std::string screen = "\x1b[H";
  std::size_t row = 1;
  for (const char c : text) {
    if (c == '\n' && ++row >= size.rows) {
      screen += "\x1b[K\r\nmore below: make the window taller\x1b[0m";
      break;
    }
    if (c == '\n') screen += "\x1b[K";
    screen.push_back(c);
  }
  context.out << screen << "\x1b[J" << std::flush;
}

/// Until Ctrl-C, or until nobody reads. A picture of a station that is silent for two seconds would be a lie.
Outcome<int> watch(const Context& context) {
  constexpr std::chrono::seconds kPatience{2};
  if (context.terminal && !context.json) context.out << "\x1b[2J";
  while (context.out) {
    const TerminalSize size = context.terminal ? terminal_size() : TerminalSize{};
    Look look = context.look();
    if (context.terminal) look.width = size.columns;
    const auto answer = Client(context.home, kPatience).get("status");
    if (answer && context.json) {
      context.print(*answer);
      context.out << std::flush;
    } else if (answer) {
      draw(context, status_text(*answer, look), size);
    } else {
      if (context.json) return std::unexpected(answer.error());
      draw(context, "SCREEN NOT LIVE\n" + wrapped(answer.error().what, 0, look.width), size);
    }
    std::this_thread::sleep_for(kRedraw);
  }
  return kExitOk;
}

Outcome<int> status(const Context& context, const Args& args) {
  if (args.has("--watch") && args.has("--wait")) return give_up(kExitUsage, "choose one: --watch or --wait");
  if (args.has("--timeout") && !args.has("--wait")) return give_up(kExitUsage, "--timeout goes with --wait");
  if (args.has("--watch")) return watch(context);
  if (args.has("--wait")) return wait_for(context, args);
  const auto answer = Client(context.home).get("status");
  if (!answer) return std::unexpected(answer.error());
  print_status(context, *answer);
  return status_exit(*answer);
}

}  // namespace

void add_status_commands(std::vector<Command>& table) {
  table.push_back({"status",
                   "Show the station and its lines",
                   {flag("--watch", "Redraw each second until Ctrl-C"),
                    option("--wait", "STATE", "Return once every line is in this state")
                        .one_of({"OPEN", "LATE", "DOWN", "PAUSED", "LOCKED", "UNKNOWN"}),
                    option("--timeout", "S", "Give up waiting after so many seconds").counted()},
                   status});
}

}  // namespace sw::faces
