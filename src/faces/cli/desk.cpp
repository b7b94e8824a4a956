// desk.
#include <ostream>

#include "faces/cli/command.hpp"
#include "faces/cli/fields.hpp"
#include "faces/codes.hpp"

namespace sw::faces {
namespace {

Outcome<int> desk(const Context& context, const Args&) {
  const auto answer = Client(context.home).post("desk/link", nlohmann::json::object());
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << text_of(*answer, "link") << "\n";
  }
  return kExitOk;
}

}  // namespace

void add_desk_commands(std::vector<Command>& table) {
  table.push_back({"desk", "Print a one-time link to the desk's page", {}, desk});
}

}  // namespace sw::faces
