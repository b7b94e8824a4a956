#pragma once
// The command line, from the table to a command with its arguments.
#include <span>
#include <string>

#include "faces/cli/command.hpp"

namespace sw::faces {

struct Parsed {
  const Command* command = nullptr;  ///< null: `exit` and `text` say all there is to say (help, usage errors)
  Args args;
  std::string home;  ///< empty: not given
  bool json = false;
  int exit = 0;
  std::string text;
};

/// `arguments` without the program's name.
[[nodiscard]] Parsed parse_command_line(const std::vector<Command>& table, std::vector<std::string> arguments);

}  // namespace sw::faces
