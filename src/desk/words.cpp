#include "desk/words.hpp"

#include <array>
#include <span>

#include "base/assert.hpp"

namespace sw::desk {
namespace {

template <class Value>
struct Entry {
  Value value;
  std::string_view text;
};

constexpr std::array<Entry<Kind>, 7> kKinds{{{Kind::text, "text"},
                                             {Kind::stage, "stage"},
                                             {Kind::drill, "drill"},
                                             {Kind::drill_answer, "drill answer"},
                                             {Kind::watch, "watch"},
                                             {Kind::file, "file"},
                                             {Kind::read_back, "read-back"}}};
constexpr std::array<Entry<Grade>, 4> kGrades{
    {{Grade::service, "service"}, {Grade::talk, "talk"}, {Grade::note, "note"}, {Grade::notice, "notice"}}};
constexpr std::array<Entry<Mark>, 3> kMarks{{{Mark::none, ""}, {Mark::exercise, "EXERCISE"}, {Mark::test, "TEST"}}};
constexpr std::array<Entry<Stage>, 13> kStages{{{Stage::read, "read"},
                                                {Stage::translated, "translated"},
                                                {Stage::passed, "passed"},
                                                {Stage::seen, "seen"},
                                                {Stage::answered, "answered"},
                                                {Stage::declined, "declined"},
                                                {Stage::not_now, "not-now"},
                                                {Stage::confirmed, "confirmed"},
                                                {Stage::wrong, "wrong"},
                                                {Stage::draft, "draft"},
                                                {Stage::released, "released"},
                                                {Stage::sent, "sent"},
                                                {Stage::stored, "stored"}}};
constexpr std::array<Entry<Precedence>, 4> kPrecedenceWords{{{Precedence::flash, "flash"},
                                                             {Precedence::immediate, "immediate"},
                                                             {Precedence::priority, "priority"},
                                                             {Precedence::routine, "routine"}}};
constexpr std::array<Entry<Direction>, 2> kDirections{{{Direction::in, "in"}, {Direction::out, "out"}}};
constexpr std::array<Entry<Side>, 2> kSides{{{Side::here, "here"}, {Side::there, "there"}}};

constexpr std::uint8_t kLastReportedStage = 9;

template <class Value, std::size_t N>
std::string_view text_of(const std::array<Entry<Value>, N>& table, Value value) {
  for (const auto& entry : table) {
    if (entry.value == value) return entry.text;
  }
  SW_ASSERT(false);
  return {};
}

template <class Value, std::size_t N>
std::optional<Value> value_of(const std::array<Entry<Value>, N>& table, std::string_view text) {
  for (const auto& entry : table) {
    if (entry.text == text) return entry.value;
  }
  return std::nullopt;
}

template <class Value, std::size_t N>
std::optional<Value> value_of(const std::array<Entry<Value>, N>& table, std::uint8_t wire) {
  for (const auto& entry : table) {
    if (static_cast<std::uint8_t>(entry.value) == wire) return entry.value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view word(Kind kind) {
  return text_of(kKinds, kind);
}
std::string_view word(Grade grade) {
  return text_of(kGrades, grade);
}
std::string_view word(Mark mark) {
  return text_of(kMarks, mark);
}
std::string_view word(Stage stage) {
  return text_of(kStages, stage);
}
std::string_view word(Precedence precedence) {
  return text_of(kPrecedenceWords, precedence);
}
std::string_view word(Direction direction) {
  return text_of(kDirections, direction);
}
std::string_view word(Side side) {
  return text_of(kSides, side);
}

std::optional<Grade> grade_from(std::string_view text) {
  return value_of(kGrades, text);
}
std::optional<Stage> stage_from(std::string_view text) {
  return value_of(kStages, text);
}
std::optional<Precedence> precedence_from(std::string_view text) {
  return value_of(kPrecedenceWords, text);
}

std::optional<Kind> kind_of(std::uint8_t value) {
  return value_of(kKinds, value);
}
std::optional<Grade> grade_of(std::uint8_t value) {
  return value_of(kGrades, value);
}
std::optional<Mark> mark_of(std::uint8_t value) {
  return value_of(kMarks, value);
}
std::optional<Precedence> precedence_of(std::uint8_t value) {
  return value_of(kPrecedenceWords, value);
}
std::optional<Stage> reported_stage_of(std::uint8_t value) {
  return value > kLastReportedStage ? std::nullopt : value_of(kStages, value);
}

}  // namespace sw::desk
