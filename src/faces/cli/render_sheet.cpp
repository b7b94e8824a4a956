// What a watch hands over, notes on lines, protocol sheets.
#include "faces/cli/fields.hpp"
#include "faces/cli/layout.hpp"
#include "faces/cli/render.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

std::string signed_of(const Json& object) {
  const auto at = number_of(object, "at_ms");
  return (at ? utc_text(*at) : "-") + "   " + shown(text_of(object, "initials"));
}

}  // namespace

std::string notes_text(const Json& notes, Look look) {
  if (!notes.is_array() || notes.empty()) return "no notes\n";
  std::string out;
  for (const Json& note : notes) {
    out += signed_of(note) + "\n" + barred(shown_text(text_of(note, "text")), look);
  }
  return out;
}

std::string hand_over_text(const Json& sheet, Look look) {
  const auto at = number_of(sheet, "at_ms");
  std::string out = "watch sheet " + (at ? utc_text(*at) : "-") + "\n" + watch_text(field(sheet, "watch"), look);
  for (const Json& each : field(sheet, "lines")) {
    out += "\n" + lines_text(Json::array({field(each, "line")}), look) + "\n";
    const Json& open = field(each, "open");
    out += open.is_array() && !open.empty() ? messages_text(open, look) : "nothing is open\n";
    for (const Json& entry : field(each, "ledger")) {
      const auto when = number_of(entry, "at_ms");
      out += wrapped((when ? utc_text(*when) : "-") + "   " + shown(text_of(entry, "what")), 0, look.width);
    }
    if (const Json& notes = field(each, "notes"); notes.is_array() && !notes.empty()) out += notes_text(notes, look);
  }
  const Json& drafts = field(sheet, "drafts");
  if (drafts.is_array() && !drafts.empty()) out += "\noffered to be released\n" + drafts_text(drafts, look);
  return out;
}

std::string sheet_text(const Json& sheet, Look) {
  const auto at = number_of(sheet, "at_ms");
  if (!at) return "no protocol sheet\n";
  std::string out = "written by " + shown(text_of(sheet, "initials")) + " " + utc_text(*at) + "\n";
  for (const char* part : {"titles", "salutations", "phrases"}) {
    const Json& entries = field(sheet, part);
    if (!entries.is_array() || entries.empty()) continue;
    out += "\n" + std::string(part) + "\n";
    Table table;
    for (const Json& entry : entries) {
      std::vector<std::string> cells{shown_cell(text_of(entry, "ours")), shown_cell(text_of(entry, "theirs"))};
      const std::string code = text_of(entry, "code");
      if (!code.empty()) cells.insert(cells.begin(), shown_cell(code));
      table.row(std::move(cells));
    }
    for (const std::string& row : table.rows()) out += "  " + row + "\n";
  }
  return out;
}

}  // namespace sw::faces
