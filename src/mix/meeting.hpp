#pragma once
// Who meets whom at the last relay. Protocol 8.3, step 4.
#include <span>

#include "mix/onion.hpp"
#include "mix/shuffle.hpp"

namespace sw::mix {

struct Meeting {
  Order partner;        ///< of each circuit; itself where it loops
  std::size_t pairs{};  ///< all that the last relay can count
};

/// Circuits whose drop id occurs exactly twice meet; any other loops to itself.
[[nodiscard]] Meeting meet(std::span<const DropId> drops);

}  // namespace sw::mix
