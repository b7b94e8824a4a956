#pragma once
// The calls of docs/api.md on an unlocked station: a table from method and path to a function of the core.
#include "station/core.hpp"
#include "station/service.hpp"

namespace sw::station {

/// The answer, problems included. `path` as in Request.
[[nodiscard]] Response route(Core& core, const Request& request, UtcMs now);
/// Why a caller is refused what they have no right to.
[[nodiscard]] std::string refusal(const Caller& caller);
/// application/problem+json of an error.
[[nodiscard]] Response problem(const Error& error);

}  // namespace sw::station
