#pragma once
// A venue in plain words: who runs it, what it hides from whom, and what it does not. Protocol 8.
#include <string>
#include <vector>

#include "mix/venue.hpp"

namespace sw::mix {

/// One sentence or row each, in the order in which they are read. Operators' texts stand in them as they are; they are
/// names as wire::check_name has them.
[[nodiscard]] std::vector<std::string> describe(const Venue& venue);

}  // namespace sw::mix
