#pragma once
// The API's JSON as people read it: word first, then numbers; colour only where a person is needed. Pure: no clock,
// no terminal. Text from the far side is shown in its visible form, never raw.
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace sw::faces {

struct Look {
  bool colour = false;
  std::size_t width = 80;   ///< columns of the terminal
  std::int64_t now_ms = 0;  ///< UTC, for ages and clocks
};

/// "0 s", "59 s", "12 min", "5 h", "3 d".
[[nodiscard]] std::string age_text(std::int64_t ms);
/// "8 min left", "OVERDUE by 3 min".
[[nodiscard]] std::string clock_text(std::int64_t until_ms, std::int64_t now_ms);
/// "2026-03-04 12:34:56 UTC"; only "12:34:56 UTC" where `beside_ms` is on the same day.
[[nodiscard]] std::string utc_text(std::int64_t ms);
[[nodiscard]] std::string utc_text(std::int64_t ms, std::int64_t beside_ms);
/// "12345 67890 ..." of the API's list of groups.
[[nodiscard]] std::string groups_text(const nlohmann::json& groups);

/// A line's state first, then its machine and its watch with their ages, then what needs a person, in plain words.
/// `lines` is a list of LINE.
[[nodiscard]] std::string lines_text(const nlohmann::json& lines, Look look);
/// Everything about one LINE.
[[nodiscard]] std::string line_text(const nlohmann::json& line, Look look);
/// The whole status answer, by the station's own clock.
[[nodiscard]] std::string status_text(const nlohmann::json& status, Look look);
/// WATCH.
[[nodiscard]] std::string watch_text(const nlohmann::json& watch, Look look);
/// Two rows a MESSAGE, a third where one waits for somebody.
[[nodiscard]] std::string messages_text(const nlohmann::json& messages, Look look);
/// Everything about one MESSAGE; its text last, behind a bar, so that no text can pass for a row of ours.
[[nodiscard]] std::string message_text(const nlohmann::json& message, Look look);

/// Two rows a DRAFT; and everything about one, its text last as of a MESSAGE.
[[nodiscard]] std::string drafts_text(const nlohmann::json& drafts, Look look);
[[nodiscard]] std::string draft_text(const nlohmann::json& draft, Look look);

/// What a watch hands over; notes behind a bar as texts are.
[[nodiscard]] std::string hand_over_text(const nlohmann::json& sheet, Look look);
/// NOTEs, and a SHEET.
[[nodiscard]] std::string notes_text(const nlohmann::json& notes, Look look);
[[nodiscard]] std::string sheet_text(const nlohmann::json& sheet, Look look);

/// 0 all OPEN or PAUSED, 1 one LATE, 2 one DOWN, 3 one LOCKED or UNKNOWN; the worst wins.
[[nodiscard]] int lines_exit(const nlohmann::json& lines);
[[nodiscard]] int state_exit(std::string_view state);

}  // namespace sw::faces
