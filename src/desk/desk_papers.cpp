// Protocol sheets, notes on lines, and what a watch hands over.
#include <algorithm>

#include "desk/desk_parts.hpp"
#include "desk/text.hpp"

namespace sw::desk {

LinePaper& Desk::new_paper(LineId line, PaperKind kind, std::string_view initials, UtcMs now) {
  LinePaper paper;
  paper.line = line;
  paper.kind = kind;
  if (const auto last = papers(line, kind); !last.empty()) paper.number = last.back()->number + 1;
  paper.initials = initials;
  paper.at = wire_time(now);
  const PaperName name{line, kind, paper.number};
  return x_papers[name] = std::move(paper);
}

Result<Effects> Desk::set_sheet(LineId line, const std::vector<SheetEntry>& sheet, std::string_view initials,
                                UtcMs now) {
  if (!is_open(line)) return fail(Errc::not_found, "There is no such open line.");
  if (auto checked = check_initials(initials); !checked) return std::unexpected(std::move(checked.error()));
  if (auto checked = check_sheet(sheet); !checked) return std::unexpected(std::move(checked.error()));
  const auto before = papers(line, PaperKind::sheet);
  std::vector<RecordKey> replaced;
  replaced.reserve(before.size());
  for (const LinePaper* each : before) replaced.push_back(each->key());
  LinePaper& paper = new_paper(line, PaperKind::sheet, initials, now);
  Bytes body = encode_sheet(sheet);
  paper.body_bytes = static_cast<std::uint32_t>(body.size());
  Effects effects;
  effects.puts.push_back({paper.key(), encode_head(paper), std::move(body), Urgency::routine, {}});
  for (const RecordKey& key : replaced) effects.puts.back().then.push_back(Drop{key});
  const std::uint32_t number = paper.number;
  std::erase_if(x_papers, [&](const auto& entry) {
    const LinePaper& each = entry.second;
    return each.line == line && each.kind == PaperKind::sheet && each.number != number;
  });
  return effects;
}

Result<Effects> Desk::add_line_note(LineId line, const std::string& text, std::string_view initials, UtcMs now) {
  if (!is_open(line)) return fail(Errc::not_found, "There is no such open line.");
  if (auto checked = check_initials(initials); !checked) return std::unexpected(std::move(checked.error()));
  if (auto checked = check_text(text); !checked) return std::unexpected(std::move(checked.error()));
  if (text.size() > kLineNoteLimit) {
    return fail(Errc::out_of_range, "A note has at most " + std::to_string(kLineNoteLimit) + " bytes.");
  }
  Effects effects;
  const auto before = papers(line, PaperKind::note);
  if (before.size() >= kLineNotes) {
    effects.erases.push_back(before.front()->key());
    x_papers.erase({line, PaperKind::note, before.front()->number});
  }
  LinePaper& paper = new_paper(line, PaperKind::note, initials, now);
  paper.body_bytes = static_cast<std::uint32_t>(text.size());
  effects.puts.push_back({paper.key(), encode_head(paper), to_bytes(as_bytes(text)), Urgency::routine, {}});
  return effects;
}

std::vector<const LinePaper*> Desk::papers(LineId line, PaperKind kind) const {
  std::vector<const LinePaper*> out;
  for (auto it = x_papers.lower_bound({line, kind, 0}); it != x_papers.end(); ++it) {
    if (it->second.line != line || it->second.kind != kind) break;
    out.push_back(&it->second);
  }
  return out;
}

Result<void> Desk::load_paper(const LoadedRecord& record) {
  auto paper = decode_paper(record.key, record.head.view());
  if (!paper) return std::unexpected(std::move(paper.error()));
  const PaperName name{paper->line, paper->kind, paper->number};
  x_papers.emplace(name, std::move(*paper));
  return {};
}

/// A new sheet was cut short of the end of the one before.
void Desk::drop_old_sheets() {
  std::erase_if(x_papers, [this](const auto& entry) {
    const LinePaper& paper = entry.second;
    const bool old = paper.kind == PaperKind::sheet && papers(paper.line, paper.kind).back()->number != paper.number;
    if (old) x_strays.push_back(paper.key());
    return old;
  });
}

bool Desk::needs_somebody(const MessageRecord& record) const {
  const ReadBack back = read_back_of(record);
  if (record.direction == Direction::in) {
    const bool put_off = !record.marks.empty() && record.marks.back().stage == Stage::not_now;
    return record.marks.empty() || put_off || back == ReadBack::asked || back == ReadBack::wrong;
  }
  return !record.stored_there || record.marks.empty() || back == ReadBack::given;
}

}  // namespace sw::desk
