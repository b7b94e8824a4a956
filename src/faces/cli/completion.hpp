#pragma once
// Shell completions, made from the table of commands.
#include <string>

#include "faces/cli/command.hpp"

namespace sw::faces {

/// `shell` is bash, zsh or fish.
[[nodiscard]] std::string completion_script(const std::vector<Command>& table, const std::string& shell);

}  // namespace sw::faces
