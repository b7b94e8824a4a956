#include "mix/shuffle.hpp"

#include <numeric>
#include <utility>

namespace sw::mix {

Order shuffled(std::uint32_t rows, Rng& rng) {
  Order order(rows);
  std::iota(order.begin(), order.end(), 0U);
  for (std::uint32_t left = rows; left > 1; --left) {
    std::swap(order[left - 1], order[static_cast<std::size_t>(rng.below(left))]);
  }
  return order;
}

Order inverse(const Order& order) {
  Order out(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) out[order[i]] = i;
  return out;
}

}  // namespace sw::mix
