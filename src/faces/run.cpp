#include "faces/run.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "faces/cli/layout.hpp"
#include "faces/cli/parse.hpp"
#include "faces/cli/terminal.hpp"
#include "faces/codes.hpp"

namespace sw::faces {
namespace {

std::filesystem::path default_home() {
  if (const char* home = std::getenv("STILLWIRE_HOME"); home != nullptr && *home != '\0') return home;
  const char* user = std::getenv("HOME");
  return std::filesystem::path(user != nullptr && *user != '\0' ? user : ".") / ".stillwire";
}

/// Errors speak twice with --json: an object for programs, the API's own where it came from there, and the sentence
/// for people.
int report(const Context& context, const Failure& failure) {
  if (context.json) {
    const std::string_view word = word_of_exit(failure.exit);
    context.print(
        failure.problem.is_object()
            ? failure.problem
            : nlohmann::json{{"title", word}, {"status", nullptr}, {"code", word}, {"detail", shown(failure.what)}});
  }
  context.err << "stillwire: " << shown(failure.what) << "\n";
  return failure.exit;
}

int execute(const Parsed& parsed, const Context& context) {
  try {
    const Outcome<int> outcome = parsed.command->run(context, parsed.args);
    const int exit = outcome ? *outcome : report(context, outcome.error());
    context.out.flush();
    return context.out ? exit : code_of(Errc::io).exit;
  } catch (const nlohmann::json::exception&) {
    return report(context, {kExitSoftware, "the station's answer is not of the shape that this version knows"});
  } catch (const std::exception& error) {
    return report(context, {kExitSoftware, error.what()});
  }
}

}  // namespace

int run(std::vector<std::string> arguments, const Context& context) {
  const bool json = std::ranges::find(arguments, "--json") != arguments.end();
  const Parsed parsed = parse_command_line(commands(), std::move(arguments));
  if (parsed.command == nullptr) {
    if (json && parsed.exit != kExitOk) {
      const std::string_view word = word_of_exit(parsed.exit);
      context.print({{"title", word}, {"status", nullptr}, {"code", word}, {"detail", shown_text(parsed.text)}});
    }
    (parsed.exit == kExitOk ? context.out : context.err) << parsed.text << std::flush;
    return parsed.exit;
  }
  std::error_code error;
  const std::filesystem::path home =
      std::filesystem::absolute(parsed.home.empty() ? context.home : std::filesystem::path(parsed.home), error);
  const Context inner{home, parsed.json, context.terminal, context.colour, context.out, context.err, context.width};
  return execute(parsed, inner);
}

int run(int argc, char** argv) {
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  const char* plain = std::getenv("NO_COLOR");
  const bool colour = terminal && (plain == nullptr || *plain == '\0');
  return run(std::vector<std::string>(argv + 1, argv + argc),
             Context{default_home(), false, terminal, colour, std::cout, std::cerr, terminal_size().columns});
}

}  // namespace sw::faces
