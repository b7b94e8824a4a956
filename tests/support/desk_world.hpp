#pragma once
// A desk with a store in memory, and what it asked of delivery. Two of them make both ends of a line.
#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/rng.hpp"
#include "desk/desk.hpp"
#include "support/memory_store.hpp"

namespace sw::test {

inline constexpr UtcMs kNoon{1'772'627'696'000};
constexpr UtcMs after(std::int64_t ms, UtcMs from = kNoon) {
  return {from.value + ms};
}
inline LineId line_id(std::uint8_t n) {
  return {{n}};
}
inline MessageId id_of(std::uint8_t n) {
  return {{n}};
}

inline desk::Draft draft(std::string text) {
  desk::Draft out;
  out.text = std::move(text);
  return out;
}

class DeskWorld {
 public:
  explicit DeskWorld(std::uint64_t seed = 1) : rng(seed) {}

  desk::Desk desk;
  MemoryStore store;
  crypto::SeededRng rng;
  std::vector<desk::Submit> submitted;
  std::vector<desk::SayStored> stored;
  std::vector<desk::SayDone> done;

  /// Opens a line and carries out what that asks; what delivery needs.
  desk::Opening open(LineId line) {
    auto opening = desk.open_line(line);
    perform(std::move(opening.effects));
    return opening;
  }
  void perform(desk::Effects effects) {
    for (auto& put : effects.puts) {
      const auto ticket = store.put(put.key, std::move(put.head), put.body, put.urgency);
      ASSERT_TRUE(ticket.has_value());
      x_waiting[ticket->value] = {put.key, std::move(put.then)};
    }
    for (const auto& key : effects.erases) (void)store.erase(key);
    for (const auto& step : effects.steps) run(step);
  }
  void perform(Result<desk::Effects> effects) {
    ASSERT_TRUE(effects.has_value()) << effects.error().what;
    perform(std::move(*effects));
  }
  /// The disk has everything: the desk hears of it, then what waited is done.
  void commit(UtcMs now = kNoon) {
    for (const auto ticket : store.commit()) {
      const auto found = x_waiting.extract(ticket.value);
      if (found.empty()) continue;
      desk.durable(found.mapped().first, now);
      for (const auto& step : found.mapped().second) run(step);
    }
  }
  MessageId send(LineId line, std::string text, UtcMs now = kNoon) {
    auto sent = desk.send(line, draft(std::move(text)), now, rng);
    EXPECT_TRUE(sent.has_value());
    perform(std::move(sent->effects));
    return sent->id;
  }
  MessageId drill(LineId line, UtcMs now = kNoon) {
    auto sent = desk.drill(line, now, rng);
    EXPECT_TRUE(sent.has_value());
    perform(std::move(sent->effects));
    return sent->id;
  }
  /// A power cut: the desk begins again from the disk.
  Result<void> restart() {
    desk = {};
    x_waiting.clear();
    submitted.clear();
    stored.clear();
    done.clear();
    return desk.load(*store.load());
  }
  [[nodiscard]] std::vector<desk::StageMark> stages(MessageId handle) const {
    const auto* record = desk.find(handle);
    return record == nullptr ? std::vector<desk::StageMark>() : desk::stages_of(*record);
  }
  [[nodiscard]] bool has(MessageId handle, desk::Stage stage) const {
    return std::ranges::any_of(stages(handle), [&](const desk::StageMark& mark) { return mark.stage == stage; });
  }

 private:
  void run(const desk::Step& step) {
    if (const auto* drop = std::get_if<desk::Drop>(&step)) (void)store.erase(drop->key);
    if (const auto* submit = std::get_if<desk::Submit>(&step)) submitted.push_back(*submit);
    if (const auto* say = std::get_if<desk::SayStored>(&step)) stored.push_back(*say);
    if (const auto* say = std::get_if<desk::SayDone>(&step)) done.push_back(*say);
  }
  std::map<std::uint64_t, std::pair<desk::RecordKey, std::vector<desk::Step>>> x_waiting;
};

/// What a far desk would send, as it travels.
inline desk::Message text_message(std::string text, desk::Grade grade = desk::Grade::talk) {
  desk::Message message;
  message.header.grade = grade;
  message.header.created = kNoon;
  message.text = std::move(text);
  return message;
}
inline desk::Message drill_message() {
  desk::Message message;
  message.header.kind = desk::Kind::drill;
  message.header.mark = desk::Mark::test;
  message.header.precedence = Precedence::immediate;
  message.header.created = kNoon;
  return message;
}
inline desk::Message report_message(MessageId ref, desk::Stage stage, std::string initials, UtcMs created = kNoon) {
  desk::Message message;
  message.header.kind = desk::Kind::stage;
  message.header.created = created;
  message.header.ref = ref;
  message.header.stage = stage;
  message.header.initials = std::move(initials);
  return message;
}
inline desk::Message answer_message(MessageId ref, std::string initials, UtcMs created = kNoon) {
  desk::Message message = report_message(ref, desk::Stage::read, std::move(initials), created);
  message.header.kind = desk::Kind::drill_answer;
  message.header.stage.reset();
  return message;
}
inline desk::Message watch_message(std::string initials, UtcMs created = kNoon) {
  desk::Message message;
  message.header.kind = desk::Kind::watch;
  message.header.created = created;
  message.header.initials = std::move(initials);
  return message;
}
inline Bytes wire_bytes(const desk::Message& message) {
  auto bytes = desk::encode(message);
  EXPECT_TRUE(bytes.has_value());
  return bytes.value_or(Bytes());
}

}  // namespace sw::test
