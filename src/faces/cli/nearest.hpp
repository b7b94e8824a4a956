#pragma once
// What somebody who mistyped a word probably meant.
#include <string>
#include <string_view>
#include <vector>

namespace sw::faces {

/// "; did you mean \"listen\"?", or nothing when no known word is near.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace sw::faces
