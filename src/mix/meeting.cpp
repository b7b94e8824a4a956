#include "mix/meeting.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace sw::mix {

Meeting meet(std::span<const DropId> drops) {
  std::vector<std::pair<DropId, std::uint32_t>> sorted;
  sorted.reserve(drops.size());
  for (std::uint32_t row = 0; row < drops.size(); ++row) sorted.emplace_back(drops[row], row);
  std::ranges::sort(sorted);
  Meeting out{Order(drops.size()), 0};
  for (std::size_t from = 0; from < sorted.size();) {
    std::size_t end = from + 1;
    while (end < sorted.size() && sorted[end].first == sorted[from].first) ++end;
    for (std::size_t i = from; i < end; ++i) out.partner[sorted[i].second] = sorted[i].second;
    if (end - from == 2) {
      std::swap(out.partner[sorted[from].second], out.partner[sorted[from + 1].second]);
      ++out.pairs;
    }
    from = end;
  }
  return out;
}

}  // namespace sw::mix
