// Protocol sheets, notes on lines, and the sheet that a watch hands over.
#include <algorithm>
#include <array>
#include <iterator>

#include "station/routes/calls.hpp"
#include "station/shown.hpp"

namespace sw::station {

using nlohmann::json;

namespace {

/// Of a line's ledger and of its notes, on the sheet of a watch.
constexpr std::ptrdiff_t kNewest = 20;

using Part = std::pair<const char*, desk::SheetPart>;
constexpr std::array<Part, 3> kParts{{{"titles", desk::SheetPart::title},
                                      {"salutations", desk::SheetPart::salutation},
                                      {"phrases", desk::SheetPart::phrase}}};

Answer notes_of(const Core& core, LineId line, std::ptrdiff_t newest) {
  const auto all = core.desk().papers(line, desk::PaperKind::note);
  json out = json::array();
  for (auto note = all.end() - std::min(newest, std::ssize(all)); note != all.end(); ++note) {
    const auto text = core.note_text(**note);
    if (!text) return std::unexpected(text.error());
    out.push_back({{"at_ms", (*note)->at.value}, {"initials", (*note)->initials}, {"text", *text}});
  }
  return out;
}

Answer handed_over(const Core& core, const Caller& caller, const LineView& view, UtcMs now) {
  json open = json::array();
  for (const auto* message : core.desk().messages(view.entry.id)) {
    if (core.desk().needs_somebody(*message) && caller.reads(*message)) open.push_back(shown(*message, core));
  }
  const auto entries = core.desk().ledger(view.entry.id);
  json ledger = json::array();
  for (auto entry = entries.end() - std::min(kNewest, std::ssize(entries)); entry != entries.end(); ++entry) {
    ledger.push_back({{"at_ms", entry->at.value}, {"what", desk::sentence(*entry)}});
  }
  auto notes = notes_of(core, view.entry.id, kNewest);
  if (!notes) return notes;
  return json{{"line", shown(view, now)}, {"open", open}, {"ledger", ledger}, {"notes", *notes}};
}

}  // namespace

Answer show_sheet(Call& call) {
  const auto view = call.core.line(call.names[0], call.now);
  if (!view) return std::unexpected(view.error());
  const auto sheet = call.core.sheet(view->entry.id);
  if (!sheet) return std::unexpected(sheet.error());
  const auto papers = call.core.desk().papers(view->entry.id, desk::PaperKind::sheet);
  json out{{"initials", nullptr}, {"at_ms", nullptr}};
  if (!papers.empty()) out = {{"initials", papers.back()->initials}, {"at_ms", papers.back()->at.value}};
  for (const auto& [name, part] : kParts) {
    out[name] = json::array();
    for (const desk::SheetEntry& entry : *sheet) {
      if (entry.part != part) continue;
      json one{{"ours", entry.ours}, {"theirs", entry.theirs}};
      if (part == desk::SheetPart::phrase) one["code"] = entry.code;
      out[name].push_back(std::move(one));
    }
  }
  return out;
}

Answer set_sheet(Call& call) {
  Fields in(call.request.body);
  const auto initials = in.get<std::string>("initials");
  std::vector<desk::SheetEntry> sheet;
  Result<void> good;
  for (const auto& [name, part] : kParts) {
    for (const json& each : in.get<std::vector<json>>(name)) {
      Fields entry(each);
      desk::SheetEntry one{part, {}, entry.get<std::string>("ours"), entry.get<std::string>("theirs")};
      if (part == desk::SheetPart::phrase) one.code = entry.get<std::string>("code");
      if (const auto done = entry.done(); !done && good) good = done;
      sheet.push_back(std::move(one));
    }
  }
  if (const auto done = in.done(); !done) return std::unexpected(done.error());
  if (!good) return std::unexpected(good.error());
  return empty(call.core.set_sheet(call.names[0], sheet, initials, call.now));
}

Answer list_notes(Call& call) {
  const auto view = call.core.line(call.names[0], call.now);
  if (!view) return std::unexpected(view.error());
  auto notes = notes_of(call.core, view->entry.id, desk::kLineNotes);
  if (!notes) return notes;
  return json{{"notes", *notes}};
}

Answer add_note(Call& call) {
  Fields in(call.request.body);
  const auto text = in.get<std::string>("text");
  const auto initials = in.get<std::string>("initials");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  return empty(call.core.add_line_note(call.names[0], text, initials, call.now));
}

Answer hand_over_sheet(Call& call) {
  json lines = json::array();
  for (const auto& view : call.core.lines(call.now)) {
    if (!call.request.caller.sees(view.entry.id)) continue;
    auto line = handed_over(call.core, call.request.caller, view, call.now);
    if (!line) return line;
    lines.push_back(std::move(*line));
  }
  json drafts = json::array();
  for (const auto* draft : call.core.desk().drafts()) {
    if (draft->offered && call.request.caller.reads(*draft)) drafts.push_back(shown(*draft, call.core));
  }
  return json{
      {"at_ms", call.now.value}, {"watch", shown_watch(call.core.desk())}, {"lines", lines}, {"drafts", drafts}};
}

}  // namespace sw::station
