#pragma once
// openapi.json, as the station serves it: every call of docs/api.md, what it takes and what it answers.
#include <string_view>

namespace sw::faces {

[[nodiscard]] std::string_view openapi();

}  // namespace sw::faces
