#include <chrono>
#include <ostream>

#include "faces/cli/command.hpp"

namespace sw::faces {

void Context::print(const nlohmann::json& answer) const {
  out << answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

Look Context::look() const {
  using std::chrono::milliseconds;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {colour, width, std::chrono::duration_cast<milliseconds>(now).count()};
}

const std::vector<Command>& commands() {
  static const std::vector<Command> table = [] {
    std::vector<Command> rows;
    add_setup_commands(rows);
    add_process_commands(rows);
    add_pair_commands(rows);
    add_line_commands(rows);
    add_send_commands(rows);
    add_message_commands(rows);
    add_draft_commands(rows);
    add_paper_commands(rows);
    add_watch_commands(rows);
    add_desk_commands(rows);
    add_office_commands(rows);
    add_store_commands(rows);
    add_status_commands(rows);
    add_venue_commands(rows);
    add_relay_commands(rows);
    add_about_commands(rows);
    return rows;
  }();
  return table;
}

}  // namespace sw::faces
