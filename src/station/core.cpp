#include "station/core.hpp"

#include <iterator>

#include "base/assert.hpp"

namespace sw::station {

Core::Core(Identity identity, desk::Store& store, Rng& rng)
    : x_identity(std::move(identity)), x_store(store), x_rng(rng) {}

Result<void> Core::load(UtcMs now, bool restored) {
  const auto records = x_store.load();
  if (!records) return std::unexpected(records.error());
  if (const auto loaded = x_desk.load(*records); !loaded) return loaded;
  if (const auto loaded = x_office.load(*records); !loaded) return loaded;
  x_restored = restored;
  // Microseconds: no process comes to a thousand changes a millisecond, so none reaches the numbers of the next.
  x_news = News(static_cast<std::uint64_t>(now.value) * 1'000);
  x_draft_changes = x_news.last();
  for (const auto* message : x_desk.messages(std::nullopt)) x_news.changed(message->handle);
  for (const auto& record : *records) {
    if (record.key.kind != desk::RecordKind::line) continue;
    auto stored = decode_line(record.head.view());
    if (!stored) return std::unexpected(stored.error());
    LineEntry& entry = x_lines[stored->name];
    entry.id = LineId{record.key.id};
    entry.name = stored->name;
    entry.paused = stored->paused;
    entry.offer = std::move(stored->offer);
    if (stored->keys) {
      if (restored) {
        // A backup may be older than the line: whatever the peer has, people compare before anything is said.
        for (auto& venue : stored->keys->venues) venue.psk = {line::Psk::random(x_rng), std::nullopt};
        stored->keys->change.reset();
      }
      if (const auto started = start_line(entry, std::move(*stored->keys), now); !started) return started;
      if (restored) {
        if (const auto saved = save(entry); !saved) return saved;
        if (const auto noted = perform(x_desk.note(entry.id, desk::LedgerEvent::restored, "", now)); !noted)
          return noted;
      }
    }
  }
  std::vector<LineId> known;
  known.reserve(x_lines.size());
  for (const auto& [name, entry] : x_lines) known.push_back(entry.id);
  return perform(x_desk.remove_strays(known));
}

Result<void> Core::start_line(LineEntry& entry, line::LineKeys keys, UtcMs now) {
  std::uint64_t incarnation = 0;
  while (incarnation == 0) incarnation = x_rng.bits();
  auto line = line::Line::make(std::move(keys), incarnation);
  if (!line) return std::unexpected(line.error());
  entry.line = std::move(*line);
  entry.life = ++x_lives;
  entry.saved_version = entry.line->durable_version();
  entry.line->set_paused(entry.paused);
  entry.queue.clear();
  auto opening = x_desk.open_line(entry.id);
  for (const auto& id : opening.remembered) entry.line->delivery().restore_received(id);
  for (const auto& unsent : opening.unsent) entry.queue.push_back({unsent.id, unsent.precedence, {}, unsent.key});
  (void)now;
  return perform(std::move(opening.effects));
}

Result<void> Core::save(LineEntry& entry) {
  auto ticket = x_store.put(entry.key(), entry.encode(), {}, desk::Urgency::state);
  if (!ticket) return std::unexpected(ticket.error());
  if (entry.line) entry.saved_version = entry.line->durable_version();
  x_pending.emplace(ticket->value, Pending{entry.key(), nullptr, entry.life, entry.saved_version});
  return {};
}

void Core::save_if_moved(LineEntry& entry) {
  if (!entry.line || entry.line->durable_version() == entry.saved_version) return;
  // Head updates of existing records always have room (store.hpp); a failure here is the disk's, and shows as such.
  if (!save(entry)) x_store_failing = true;
}

Result<LineEntry*> Core::find(std::string_view name) {
  const auto found = x_lines.find(name);
  if (found == x_lines.end()) return fail(Errc::not_found, "there is no line named " + std::string(name));
  return &found->second;
}

Result<LineEntry*> Core::confirmed(std::string_view name) {
  auto entry = find(name);
  if (entry && !(*entry)->line) return fail(Errc::conflict, "the pairing of this line is not confirmed yet");
  return entry;
}

const LineEntry* Core::by_name(std::string_view name) const {
  const auto found = x_lines.find(name);
  return found == x_lines.end() ? nullptr : &found->second;
}

const LineEntry* Core::by_id(LineId id) const {
  for (const auto& [name, entry] : x_lines) {
    if (entry.id == id) return &entry;
  }
  return nullptr;
}

void Core::on_durable(std::span<const desk::Ticket> tickets, UtcMs now) {
  for (const auto ticket : tickets) {
    auto node = x_pending.extract(ticket.value);
    if (node.empty()) continue;
    const Pending& pending = node.mapped();
    if (pending.key.kind == desk::RecordKind::line) {
      for (auto& [name, entry] : x_lines) {
        if (entry.key() == pending.key && entry.line && entry.life == pending.line_life) {
          entry.line->durable_committed(pending.line_version);
        }
      }
    } else {
      x_desk.durable(pending.key, now);
      if (pending.key.kind == desk::RecordKind::message) changed(MessageId{pending.key.id});
    }
    if (!pending.group || --pending.group->waiting != 0) continue;
    for (const auto& step : pending.group->then) run(step);
  }
}

bool Core::has_room(std::size_t message_bytes) const {
  constexpr std::size_t kKeptBack = 1024 * 1024;
  return x_store.has_room(message_bytes + kKeptBack);
}

Result<void> Core::perform(desk::Effects effects) {
  // A put that joins one which waits already is durable with it, so puts of one Effects come in any order.
  const auto group = std::make_shared<Group>(Group{effects.puts.size(), {}});
  for (auto put = effects.puts.begin(); put != effects.puts.end(); ++put) {
    auto ticket = x_store.put(put->key, std::move(put->head), put->body, put->urgency);
    if (!ticket) {
      x_desk.withdraw(put->key);
      x_office.withdraw(put->key);
      // What people did stands, also where the ledger finds no room to remember it.
      if (ticket.error().code == Errc::full && put->key.kind == desk::RecordKind::ledger && put->then.empty()) {
        --group->waiting;
        continue;
      }
      // Those behind it never come to be either, and the desk must not wait for them.
      for (++put; put != effects.puts.end(); ++put) x_desk.withdraw(put->key);
      return std::unexpected(ticket.error());
    }
    group->then.insert(group->then.end(), std::make_move_iterator(put->then.begin()),
                       std::make_move_iterator(put->then.end()));
    x_pending.emplace(ticket->value, Pending{put->key, group});
    if (put->key.kind == desk::RecordKind::message) changed(MessageId{put->key.id});
  }
  for (const auto& key : effects.erases) (void)x_store.erase(key);
  x_news.erased(effects.erases);
  for (const auto& step : effects.steps) run(step);
  return {};
}

/// What is read back shows on the message that is meant, too.
void Core::changed(const MessageId& handle) {
  x_news.changed(handle);
  const auto* message = x_desk.find(handle);
  if (message == nullptr || message->header.kind != desk::Kind::read_back) return;
  if (const auto* meant = x_desk.meant_by(*message)) x_news.changed(meant->handle);
}

void Core::run(const desk::Step& step) {
  if (const auto* drop = std::get_if<desk::Drop>(&step)) {
    (void)x_store.erase(drop->key);
    return;
  }
  const auto entry_of = [this](LineId id) -> LineEntry* {
    for (auto& [name, entry] : x_lines) {
      if (entry.id == id && entry.line) return &entry;
    }
    return nullptr;
  };
  std::visit(
      [&](const auto& act) {
        using Act = std::decay_t<decltype(act)>;
        if constexpr (!std::is_same_v<Act, desk::Drop>) {
          LineEntry* entry = entry_of(act.line);
          if (entry == nullptr) return;
          if constexpr (std::is_same_v<Act, desk::Submit>) {
            entry->queue.push_back({act.id, act.precedence, act.bytes, std::nullopt});
            feed(*entry);
          } else if constexpr (std::is_same_v<Act, desk::SayStored>) {
            entry->line->delivery().stored_here(act.id);
          } else {
            static_assert(std::is_same_v<Act, desk::SayDone>);
            entry->line->delivery().stored_there_committed(act.id);
          }
        }
      },
      step);
}

void Core::feed(LineEntry& entry) {
  auto& delivery = entry.line->delivery();
  for (auto it = entry.queue.begin(); it != entry.queue.end();) {
    if (!delivery.has_room(it->precedence)) {
      ++it;
      continue;
    }
    if (it->bytes.empty() && it->key) {
      auto body = x_store.body(*it->key);
      if (!body) {
        ++it;
        continue;
      }
      it->bytes = std::move(*body);
    }
    delivery.submit(it->id, it->precedence, std::move(it->bytes));
    it = entry.queue.erase(it);
  }
}

}  // namespace sw::station
