#pragma once
// A secret permutation of one epoch's circuits, uniform over all of them. Protocol 8.3, step 3.
#include <cstdint>
#include <vector>

#include "base/rng.hpp"

namespace sw::mix {

/// Where each row goes: row i of the input is row order[i] of the output.
using Order = std::vector<std::uint32_t>;

/// Fisher-Yates with unbiased randomness; each of the n! orders is equally likely.
[[nodiscard]] Order shuffled(std::uint32_t rows, Rng& rng);

/// The way back: inverse(order)[order[i]] = i.
[[nodiscard]] Order inverse(const Order& order);

}  // namespace sw::mix
