#pragma once
// Lines, messages and the watch as docs/api.md spells them.
#include <nlohmann/json_fwd.hpp>

#include "station/core.hpp"

namespace sw::station {

[[nodiscard]] nlohmann::json shown(const LineView& view, UtcMs now);
/// Without the text.
[[nodiscard]] nlohmann::json shown(const desk::MessageRecord& message, const Core& core);
/// Both without the text.
[[nodiscard]] nlohmann::json shown(const desk::DraftRecord& draft, const Core& core);
[[nodiscard]] nlohmann::json shown(const desk::Translation& translation);
/// WATCH: who has it, and whether there is an exercise.
[[nodiscard]] nlohmann::json shown_watch(const desk::Desk& desk);
[[nodiscard]] nlohmann::json shown(const desk::Operator& person, const Core& core);
[[nodiscard]] nlohmann::json shown(const line::CheckNumber& check);

}  // namespace sw::station
