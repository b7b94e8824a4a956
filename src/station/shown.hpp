#pragma once
// Lines, messages and the watch as docs/api.md spells them.
#include <nlohmann/json_fwd.hpp>

#include "station/core.hpp"

namespace sw::station {

[[nodiscard]] nlohmann::json shown(const LineView& view, UtcMs now);
/// Without the text.
[[nodiscard]] nlohmann::json shown(const desk::MessageRecord& message, const Core& core);
[[nodiscard]] nlohmann::json shown(const desk::Watch& watch);
[[nodiscard]] nlohmann::json shown(const line::CheckNumber& check);

}  // namespace sw::station
