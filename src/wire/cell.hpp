#pragma once
// What one station says to another in one round on one path: protocol 1.2, 4.2.
#include "base/bytes.hpp"
#include "wire/sizes.hpp"

namespace sw::wire {

using Cell = ByteArray<kCellBytes>;

}  // namespace sw::wire
