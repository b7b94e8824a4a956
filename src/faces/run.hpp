#pragma once
// The whole command line: parses, runs one command, gives the exit code of docs/api.md.
#include <iosfwd>
#include <string>
#include <vector>

#include "faces/cli/command.hpp"

namespace sw::faces {

/// For main().
[[nodiscard]] int run(int argc, char** argv);
/// The same with its surroundings given, for tests. `context.home` and `context.json` are what holds where the
/// arguments say nothing.
[[nodiscard]] int run(std::vector<std::string> arguments, const Context& context);

}  // namespace sw::faces
