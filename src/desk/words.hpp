#pragma once
// The desk's enumerations with their wire values (protocol 6.1) and, for each, one table of the words that people,
// the API and the CLI use. Values above 15 stay on this machine.
#include <optional>
#include <string_view>

#include "base/precedence.hpp"

namespace sw::desk {

enum class Kind : std::uint8_t { text = 1, stage = 2, drill = 3, drill_answer = 4, watch = 5, file = 6, read_back = 7 };
enum class Grade : std::uint8_t { service = 1, talk = 2, note = 3, notice = 4 };
enum class Mark : std::uint8_t { none = 0, exercise = 1, test = 2 };
/// Where a message has got to. 1 to 9 are set by people and reported over the line, the last two of a read-back only;
/// the others follow from the disks.
enum class Stage : std::uint8_t {
  read = 1,
  translated = 2,
  passed = 3,
  seen = 4,
  answered = 5,
  declined = 6,
  not_now = 7,
  confirmed = 8,
  wrong = 9,
  draft = 16,
  released = 17,
  sent = 18,
  stored = 19,
};
enum class Direction : std::uint8_t { in = 0, out = 1 };
enum class Side : std::uint8_t { here = 0, there = 1 };

/// Milliseconds from storage at the receiver until a person there should have acknowledged the message.
[[nodiscard]] constexpr std::int64_t acknowledge_within_ms(Precedence precedence) {
  constexpr std::int64_t minute = 60'000;
  switch (precedence) {
    case Precedence::flash: return 10 * minute;
    case Precedence::immediate: return 30 * minute;
    case Precedence::priority: return 180 * minute;
    case Precedence::routine: break;
  }
  return 360 * minute;
}

[[nodiscard]] std::string_view word(Kind kind);
[[nodiscard]] std::string_view word(Grade grade);
[[nodiscard]] std::string_view word(Mark mark);  ///< "" for none
[[nodiscard]] std::string_view word(Stage stage);
[[nodiscard]] std::string_view word(Precedence precedence);
[[nodiscard]] std::string_view word(Direction direction);
[[nodiscard]] std::string_view word(Side side);

/// The value behind a word, exactly as word() spells it: grade_from("talk"), stage_from("not-now").
[[nodiscard]] std::optional<Grade> grade_from(std::string_view text);
[[nodiscard]] std::optional<Stage> stage_from(std::string_view text);
[[nodiscard]] std::optional<Precedence> precedence_from(std::string_view text);

/// The value behind a wire byte; nothing when no such value travels.
[[nodiscard]] std::optional<Kind> kind_of(std::uint8_t value);
[[nodiscard]] std::optional<Grade> grade_of(std::uint8_t value);
[[nodiscard]] std::optional<Mark> mark_of(std::uint8_t value);
[[nodiscard]] std::optional<Precedence> precedence_of(std::uint8_t value);
/// Only the stages that people set, 1 to 9.
[[nodiscard]] std::optional<Stage> reported_stage_of(std::uint8_t value);

}  // namespace sw::desk
