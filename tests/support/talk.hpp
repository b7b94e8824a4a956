#pragma once
// What two parties say to each other in a world, and whether it all came to be: once, unchanged, and never said to be
// stored before the far disk had it.
#include <string>
#include <utility>
#include <vector>

#include "support/world.hpp"

namespace sw::test {

class Talk {
 public:
  explicit Talk(World& world) : x_world(world) {
    for (std::size_t i = 0; i < 2; ++i) {
      world.host(i).after_station = [this, i](Host&) { observe(i); };
    }
  }
  ~Talk() {
    for (std::size_t i = 0; i < 2; ++i) x_world.host(i).after_station = nullptr;
  }
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  /// A message of this size; refused ones (paused, full) were never said.
  bool say(std::size_t from, std::size_t size, Precedence precedence, Rng& rng) {
    std::string text(size, ' ');
    for (std::size_t at = 0; at < size; at += 16) {
      const auto word = to_hex(rng.array<8>());
      std::copy_n(word.begin(), std::min<std::size_t>(16, size - at), text.begin() + static_cast<std::ptrdiff_t>(at));
    }
    const auto sent = x_world.call(from, [&](station::Core& core, UtcMs utc) {
      return core.send("Line", {text, desk::Grade::talk, precedence, desk::Mark::none}, utc);
    });
    if (sent) x_said[from].push_back({*sent, std::move(text)});
    return sent.has_value();
  }
  /// A file of bytes that are no text.
  bool file(std::size_t from, std::size_t size, Rng& rng) {
    desk::Draft draft{std::string(size, '\xff'), desk::Grade::talk, Precedence::routine, desk::Mark::none};
    for (std::size_t at = 0; at < size; at += 7) draft.text[at] = static_cast<char>(rng.below(256));
    draft.file_name = "план.bin";
    const auto sent = x_world.call(from, [&](station::Core& core, UtcMs utc) { return core.send("Line", draft, utc); });
    if (sent) x_said[from].push_back({*sent, std::move(draft.text)});
    return sent.has_value();
  }
  /// An answer to one of the last received texts; one of them is read back.
  void answer(std::size_t from, Rng& rng) {
    const auto meant = some_text(from, rng);
    if (!meant) return;
    desk::Draft draft{to_hex(rng.array<8>()), desk::Grade::talk, Precedence::priority, desk::Mark::none};
    draft.answers = *meant;
    draft.initials = "AB";
    const auto sent = x_world.call(from, [&](station::Core& core, UtcMs utc) { return core.send("Line", draft, utc); });
    if (sent) x_said[from].push_back({*sent, std::move(draft.text)});
  }
  void read_back(std::size_t from, Rng& rng) {
    const auto meant = some_text(from, rng);
    if (!meant) return;
    std::string text = to_hex(rng.array<8>());
    const auto sent = x_world.call(
        from, [&](station::Core& core, UtcMs utc) { return core.read_back(*meant, text, "AB", std::nullopt, utc); });
    if (sent) x_said[from].push_back({*sent, std::move(text)});
  }
  /// What was read back of the texts from here is settled, each once.
  void settle(std::size_t at, bool good) {
    x_world.call(at, [&](station::Core& core, UtcMs utc) {
      for (const auto* message : core.desk().messages(std::nullopt)) {
        if (message->direction != desk::Direction::out) continue;
        if (core.desk().read_back_of(*message) != desk::ReadBack::given) continue;
        (void)core.settle_read_back(message->handle, good, "CD", utc);
      }
      return 0;
    });
  }
  void translate(std::size_t at, Rng& rng) {
    const auto meant = some_text(at, rng);
    if (!meant) return;
    const std::string text = to_hex(rng.array<8>());
    const auto done =
        x_world.call(at, [&](station::Core& core, UtcMs utc) { return core.translate(*meant, "fr", text, "AB", utc); });
    if (!done) return;
    for (const auto sign : {desk::Desk::Sign::review, desk::Desk::Sign::certify}) {
      const char* who = sign == desk::Desk::Sign::review ? "CD" : "EF";
      (void)x_world.call(at, [&](station::Core& core, UtcMs utc) {
        return core.sign_translation(*meant, sign, who, std::nullopt, utc);
      });
    }
  }
  /// A note is drafted, changed and offered.
  void draft(std::size_t from, std::size_t size, Rng& rng) {
    desk::Draft draft{std::string(size, 'd'), desk::Grade::note, Precedence::immediate, desk::Mark::none};
    draft.initials = "AB";
    const auto kept =
        x_world.call(from, [&](station::Core& core, UtcMs utc) { return core.keep_draft("Line", draft, utc); });
    if (!kept) return;
    x_world.call(from, [&](station::Core& core, UtcMs utc) {
      (void)core.change_draft(*kept, {"AB", to_hex(rng.array<8>()) + draft.text}, utc);
      return core.offer_draft(*kept, "AB", utc);
    });
  }
  /// Two release each draft at once; one of them is told that the other did.
  void release(std::size_t from) {
    x_world.call(from, [&](station::Core& core, UtcMs utc) {
      for (const auto* draft : core.desk().drafts()) {
        const MessageId id = draft->id;
        const auto text = core.draft_text(*draft);
        const auto first = core.release_draft(id, "CD", std::nullopt, utc);
        const auto second = core.release_draft(id, "EF", std::nullopt, utc);
        if (first && second) x_world.guard.fault("a draft was released twice");
        if (!first || std::ranges::find(x_said[from], id, &Said::id) != x_said[from].end()) continue;
        if (text) x_said[from].push_back({id, *text});
      }
      return 0;
    });
  }
  bool drill(std::size_t from) {
    const auto sent = x_world.call(from, [](station::Core& core, UtcMs utc) { return core.drill("Line", utc); });
    if (sent) x_said[from].push_back({*sent, {}});
    return sent.has_value();
  }
  /// A person marks one of the last received messages.
  void stage(std::size_t at, desk::Stage stage, Rng& rng) {
    x_world.call(at, [&](station::Core& core, UtcMs utc) {
      auto all = core.desk().messages(std::nullopt);
      std::erase_if(all, [](const auto* m) { return m->direction != desk::Direction::in; });
      if (!all.empty())
        (void)core.stage(all[all.size() - 1 - rng.below(std::min<std::size_t>(all.size(), 8))]->handle, stage, "AB", "",
                         utc);
      return 0;
    });
  }
  void watch(std::size_t at, station::Core::WatchAct act, std::string_view initials) {
    (void)x_world.call(at, [&](station::Core& core, UtcMs utc) { return core.watch(act, initials, utc); });
  }

  /// Every accepted message is stored there, as the sender's desk shows it, and every stage that people set.
  [[nodiscard]] bool finished() const { return unfinished().empty(); }
  /// The far desk shows who has the watch here.
  [[nodiscard]] bool watch_known(std::size_t at) const {
    const auto far = x_world.host(1 - at).station.core().line("Line", UtcMs{})->far_watch;
    return far.initials == x_world.host(at).station.core().desk().watch().initials;
  }
  /// Messages of this side that the far disk has.
  [[nodiscard]] std::ptrdiff_t stored(std::size_t from) const {
    return std::ranges::count(x_said[from], State::stored, &Said::state);
  }
  [[nodiscard]] std::size_t accepted() const {
    std::size_t out = 0;
    for (const auto& side : x_said) out += side.size();
    return out;
  }

  /// What is not finished, in words, for the report of a failure.
  [[nodiscard]] std::string unfinished() const {
    std::string out;
    for (std::size_t i = 0; i < 2; ++i) {
      const auto name = "side " + std::to_string(i) + ": ";
      const auto left = std::ssize(x_said[i]) - stored(i);
      if (left != 0) out += name + std::to_string(left) + " messages are not stored there; ";
      if (!marks_reported(i)) out += name + "a stage is not reported; ";
    }
    return out;
  }

  /// Both desks hold the same: to be called when all is finished.
  void check_desks() {
    for (std::size_t from = 0; from < 2; ++from) {
      const auto& near = x_world.host(from).station.core();
      const auto& far = x_world.host(1 - from).station.core();
      const auto received = std::ranges::count_if(far.desk().messages(std::nullopt), [](const auto* message) {
        return message->direction == desk::Direction::in && message->header.kind != desk::Kind::drill;
      });
      std::ptrdiff_t texts = 0;
      for (const Said& said : x_said[from]) {
        const bool text = !said.text.empty();
        texts += text ? 1 : 0;
        const auto* there = far.desk().find(said.id);
        const auto* here = near.desk().find(said.id);
        if (there != nullptr && here != nullptr) {
          check_pair(*here, *there);
          if (text && far.content(*there) != said.text) x_world.guard.fault("a message came with another text");
        } else if (text) {  // answered drills go after 7 days, and a clock may have jumped
          x_world.guard.fault("a message is lost");
        }
      }
      if (received != texts) x_world.guard.fault("a desk has more or less than was said to it");
    }
  }

 private:
  /// One of the last texts that came; its handle.
  [[nodiscard]] std::optional<MessageId> some_text(std::size_t at, Rng& rng) {
    return x_world.call(at, [&](station::Core& core, UtcMs) -> std::optional<MessageId> {
      auto all = core.desk().messages(std::nullopt);
      std::erase_if(
          all, [](const auto* m) { return m->direction != desk::Direction::in || m->header.kind != desk::Kind::text; });
      if (all.empty()) return std::nullopt;
      return all[all.size() - 1 - rng.below(std::min<std::size_t>(all.size(), 8))]->handle;
    });
  }
  [[nodiscard]] bool marks_reported(std::size_t at) const {
    return std::ranges::all_of(x_world.host(at).station.core().desk().messages(std::nullopt), [](const auto* message) {
      return message->direction == desk::Direction::out ||
             std::ranges::all_of(message->marks, &desk::StageMark::reported);
    });
  }
  enum class State : std::uint8_t { asked, accepted, stored };
  struct Said {
    MessageId id;
    std::string text;
    State state = State::asked;
  };

  void check_pair(const desk::MessageRecord& here, const desk::MessageRecord& there) {
    const auto same = [](const desk::StageMark& a, const desk::StageMark& b) {
      return a.stage == b.stage && a.initials == b.initials && a.post == b.post;
    };
    bool right = there.direction == desk::Direction::in && here.marks.size() == there.marks.size();
    for (const auto& mark : there.marks) {
      right = right && std::ranges::count_if(here.marks, [&](const auto& m) { return same(m, mark); }) == 1;
    }
    if (!right) x_world.guard.fault("the stages of a message differ");
  }

  /// At the instant of each change: what became durable here, what is said to be stored there.
  void observe(std::size_t from) {
    if (!x_world.host(from).station.running()) return;
    const auto& desk = x_world.host(from).station.core().desk();
    auto& said = x_said[from];
    for (std::size_t n = x_first[from]; n < said.size(); ++n) {
      const auto* record = desk.find(said[n].id);
      if (record == nullptr && said[n].state == State::stored) continue;  // a drill that was swept
      if (record == nullptr) {  // the crash was before its commit: it was never accepted
        if (said[n].state == State::accepted) x_world.guard.fault("an accepted message vanished");
        said.erase(said.begin() + static_cast<std::ptrdiff_t>(n--));
        continue;
      }
      if (said[n].state == State::asked && record->durable) said[n].state = State::accepted;
      if (said[n].state != State::stored && record->stored_there) {
        said[n].state = State::stored;
        const desk::RecordKey key{desk::RecordKind::message, said[n].id.bytes};
        if (!x_world.host(1 - from).station.disk().is_durable(key)) {
          x_world.guard.fault("said to be stored, and the far disk does not have it");
        }
      }
    }
    while (x_first[from] < said.size() && said[x_first[from]].state == State::stored) ++x_first[from];
  }

  World& x_world;
  std::array<std::vector<Said>, 2> x_said;
  std::array<std::size_t, 2> x_first{};  ///< everything before it is stored
};

}  // namespace sw::test
