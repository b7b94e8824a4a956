// The start: from the store's records to what each line's delivery needs.
#include <algorithm>
#include <set>
#include <utility>

#include "desk/desk_parts.hpp"

namespace sw::desk {

Result<void> Desk::load(std::span<const LoadedRecord> records) {
  for (const LoadedRecord& record : records) {
    Result<void> loaded;
    if (record.key.kind == RecordKind::message) loaded = load_message(record);
    if (record.key.kind == RecordKind::ledger) loaded = load_state(record.head.view());
    if (record.key.kind == RecordKind::draft) loaded = load_draft(record);
    if (record.key.kind == RecordKind::translation) loaded = load_translation(record);
    if (record.key.kind == RecordKind::paper) loaded = load_paper(record);
    if (!loaded) return loaded;
  }
  drop_released();
  drop_old_sheets();
  return {};
}

Result<void> Desk::load_message(const LoadedRecord& record) {
  auto decoded = decode_head(MessageId{record.key.id}, record.head.view());
  if (!decoded) return std::unexpected(std::move(decoded.error()));
  const bool twice = x_messages.contains(decoded->handle) || x_by_order.contains(decoded->order) ||
                     by_wire(decoded->line, decoded->direction, decoded->id) != nullptr;
  if (twice) return fail(Errc::malformed, "Two message records of the store name the same message.");
  insert(std::move(*decoded));
  return {};
}

Result<void> Desk::load_state(ByteView head) {
  if (head.size() < 2 || head[0] != kStateVersion) {
    return fail(Errc::malformed, "A ledger record is of another version or damaged.");
  }
  const ByteView fields = head.subspan(2);
  switch (static_cast<StateRecord>(head[1])) {
    case StateRecord::ledger_entry: return x_ledger.load(fields);
    case StateRecord::watch: {
      auto watch = decode_watch(fields);
      if (!watch) return std::unexpected(std::move(watch.error()));
      x_watch = std::move(*watch);
      x_watch_kept = true;
      return {};
    }
    case StateRecord::exercise: {
      auto exercise = decode_exercise(fields);
      if (!exercise) return std::unexpected(std::move(exercise.error()));
      x_exercise = std::move(*exercise);
      return {};
    }
    case StateRecord::far_watch: {
      auto far = decode_far_watch(fields);
      if (!far) return std::unexpected(std::move(far.error()));
      x_lines[far->line].far = std::move(far->watch);
      return {};
    }
  }
  return fail(Errc::malformed, "A ledger record is of another version or damaged.");
}

Opening Desk::open_line(LineId line) {
  Opening opening;
  // The records of the watches are made now, so that a store that fills up later still has them.
  const auto [it, fresh] = x_lines.try_emplace(line);
  LineDesk& desk = it->second;
  desk.open = true;
  desk.watch_under_way.reset();
  if (!x_watch_kept) opening.effects.puts.push_back({watch_key(), encode_head(x_watch), {}, Urgency::state, {}});
  x_watch_kept = true;
  if (fresh) {
    opening.effects.puts.push_back({far_watch_key(line), encode_head(line, desk.far), {}, Urgency::state, {}});
  }
  for (const auto& [order, handle] : x_by_order) {
    const MessageRecord& r = x_messages.at(handle);
    if (r.line != line || !r.durable) continue;
    if (r.direction == Direction::out) {
      if (!r.stored_there) opening.unsent.push_back({r.key(), r.id, r.header.precedence});
      continue;
    }
    if (!r.done) opening.remembered.push_back(r.id);
    for (const StageMark& mark : r.marks) {
      if (mark.reported) continue;
      const MessageId id = report_id(r, mark);
      x_reports[{line, id}] = handle;
      opening.effects.steps.push_back(Submit{line, id, r.header.precedence, report_bytes(r, mark)});
    }
  }
  if (auto watch = next_watch_message(line, desk)) opening.effects.steps.push_back(std::move(*watch));
  return opening;
}

Effects Desk::remove_line(LineId line) {
  Effects effects;
  std::vector<MessageId> handles;
  for (const auto& [order, handle] : x_by_order) {
    if (x_messages.at(handle).line == line) handles.push_back(handle);
  }
  for (const MessageId& handle : handles) {
    effects.erases.push_back(x_messages.at(handle).key());
    forget(handle);
  }
  erase_papers(line, effects);
  for (const RecordKey& key : x_ledger.remove(line)) effects.erases.push_back(key);
  if (x_lines.erase(line) != 0) effects.erases.push_back(far_watch_key(line));
  return effects;
}

Effects Desk::remove_strays(std::span<const LineId> known) {
  std::set<LineId> strays = x_ledger.lines();
  for (const auto& [handle, record] : x_messages) strays.insert(record.line);
  for (const auto& [line, desk] : x_lines) strays.insert(line);
  for (const auto& [id, draft] : x_drafts) strays.insert(draft.line);
  for (const auto& [name, paper] : x_papers) strays.insert(paper.line);
  for (const auto& [handle, translation] : x_translations) strays.insert(translation.line);
  Effects effects;
  effects.erases = std::exchange(x_strays, {});
  for (const LineId& line : strays) {
    if (line == LineId{} || std::ranges::find(known, line) != known.end()) continue;
    auto erases = remove_line(line).erases;
    effects.erases.insert(effects.erases.end(), erases.begin(), erases.end());
  }
  return effects;
}

}  // namespace sw::desk
