#include "faces/cli/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <sstream>

#include "faces/cli/layout.hpp"
#include "faces/cli/nearest.hpp"
#include "faces/codes.hpp"

namespace sw::faces {
namespace {

constexpr const char* kAbout = "Stillwire: a line between two stations that is always open.";
const std::map<std::string, std::string> kGroups{
    {"pair", "Pair with another station, in person"},
    {"line", "See and change lines"},
    {"watch", "Take, hand over and answer the watch"},
    {"config", "The configuration"},
    {"draft", "Messages that others release"},
    {"translation", "Translations of messages"},
    {"read-back", "Read back, and say whether it is right"},
    {"venue", "Venue files: make, see, keep"},
    {"relay", "Run a relay; its keys, signature, invitations"},
    {"operator", "Who signs in at the desk"},
    {"token", "Programs and what they may"},
};

/// Where the second column of the help begins: all of it fits 80 columns.
constexpr std::size_t kHelpColumn = 26;

/// One option of the table while CLI11 fills it.
struct Slot {
  const Argument* argument;
  std::vector<std::string> values;
  bool set = false;
  CLI::Option* option = nullptr;
};

class Parser {
 public:
  explicit Parser(const std::vector<Command>& table) : x_app(kAbout, "stillwire") {
    add_common(x_app);
    x_app.require_subcommand(1);  // exactly one: a line may have the name of a command
    for (const Command& command : table) add(command);
  }

  Parsed run(std::vector<std::string>&& arguments) {
    Parsed out;
    if (auto complaint = unknown_command(arguments); !complaint.empty()) {
      out.exit = kExitUsage;
      out.text = std::move(complaint);
      return out;
    }
    try {
      std::ranges::reverse(arguments);
      x_app.parse(arguments);
    } catch (const CLI::ParseError& error) {
      std::ostringstream text;
      std::ostringstream complaint;
      const bool asked = x_app.exit(error, text, complaint) == 0;
      out.exit = asked ? kExitOk : kExitUsage;
      out.text = asked ? text.str() : "stillwire: " + complaint.str();
      return out;
    }
    out.home = x_home;
    out.json = x_json;
    for (const auto& [app, command] : x_leaves) {
      if (!app->parsed()) continue;
      out.command = command;
      for (const auto& slot : x_slots.at(command)) {
        if (slot->option->count() > 0) out.args.values.emplace(slot->argument->name, slot->values);
      }
    }
    return out;
  }

 private:
  void add_common(CLI::App& app) {
    app.add_option("--home", x_home, "The home's folder, else $STILLWIRE_HOME")->type_name("DIR");
    app.add_flag("--json", x_json, "Print the API's JSON as it is");
    app.set_help_flag("-h,--help", "Print this help");
    app.get_formatter()->column_width(kHelpColumn);
  }

  void add(const Command& command) {
    const std::size_t space = command.words.find(' ');
    CLI::App* parent = &x_app;
    if (space != std::string::npos) parent = group(command.words.substr(0, space));
    const std::string name = space == std::string::npos ? command.words : command.words.substr(space + 1);
    CLI::App* app = parent->add_subcommand(name, command.help);
    add_common(*app);
    auto& slots = x_slots[&command];
    for (const Argument& argument : command.arguments) {
      slots.push_back(std::make_unique<Slot>(Slot{&argument, {}}));
      add(*app, *slots.back());
    }
    x_leaves.emplace_back(app, &command);
  }

  static void add(CLI::App& app, Slot& slot) {
    const Argument& argument = *slot.argument;
    if (argument.kind == Argument::Kind::flag) {
      slot.option = app.add_flag(argument.name, slot.set, argument.help);
      return;
    }
    slot.option = app.add_option(argument.name, slot.values, argument.help);
    if (argument.many) {
      slot.option->expected(1, 4);
    } else {
      slot.option->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
    }
    slot.option->required(argument.required);
    slot.option->type_name(argument.value);
    if (!argument.choices.empty()) slot.option->check(CLI::IsMember(argument.choices));
    if (argument.number) {
      slot.option->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}).description(""));
    }
  }

  /// The parser would only say that a command is missing.
  std::string unknown_command(const std::vector<std::string>& arguments) const {
    const CLI::App* app = &x_app;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string& word = arguments[i];
      if (word == "--home") ++i;
      if (word.empty() || word.front() == '-') continue;
      std::vector<std::string_view> known;
      for (const CLI::App* each : app->get_subcommands(nullptr)) known.push_back(each->get_name());
      if (known.empty()) break;
      if (std::ranges::find(known, word) == known.end()) {
        return "stillwire: there is no command \"" + shown(word) + "\"" + did_you_mean(word, known) +
               "\nstillwire --help lists them all.\n";
      }
      app = app->get_subcommand(word);
    }
    return "";
  }

  CLI::App* group(const std::string& name) {
    const auto found = x_groups.find(name);
    if (found != x_groups.end()) return found->second;
    const auto about = kGroups.find(name);
    CLI::App* made = x_app.add_subcommand(name, about == kGroups.end() ? "" : about->second);
    add_common(*made);
    made->require_subcommand(1);
    x_groups.emplace(name, made);
    return made;
  }

  CLI::App x_app;
  std::string x_home;
  bool x_json = false;
  std::map<std::string, CLI::App*> x_groups;
  std::vector<std::pair<CLI::App*, const Command*>> x_leaves;
  std::map<const Command*, std::vector<std::unique_ptr<Slot>>> x_slots;
};

}  // namespace

Parsed parse_command_line(const std::vector<Command>& table, std::vector<std::string> arguments) {
  return Parser(table).run(std::move(arguments));
}

}  // namespace sw::faces
