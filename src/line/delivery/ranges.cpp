#include "line/delivery/ranges.hpp"

#include <algorithm>

namespace sw::line {

void Ranges::add(Range range) {
  if (range.begin >= range.end) return;
  // The first that touches or follows `range`, and the first beyond it.
  const auto first = std::lower_bound(x_ranges.begin(), x_ranges.end(), range.begin,
                                      [](const Range& r, std::uint32_t begin) { return r.end < begin; });
  auto last = first;
  while (last != x_ranges.end() && last->begin <= range.end) {
    range.begin = std::min(range.begin, last->begin);
    range.end = std::max(range.end, last->end);
    ++last;
  }
  x_ranges.insert(x_ranges.erase(first, last), range);
}

void Ranges::remove(Range range) {
  if (range.begin >= range.end) return;
  std::vector<Range> left;
  left.reserve(x_ranges.size() + 1);
  for (const Range& r : x_ranges) {
    if (r.end <= range.begin || r.begin >= range.end) {
      left.push_back(r);
      continue;
    }
    if (r.begin < range.begin) left.push_back({r.begin, range.begin});
    if (r.end > range.end) left.push_back({range.end, r.end});
  }
  x_ranges = std::move(left);
}

bool Ranges::covers(Range range) const {
  return std::any_of(x_ranges.begin(), x_ranges.end(),
                     [&](const Range& r) { return r.begin <= range.begin && range.end <= r.end; });
}

std::uint32_t Ranges::bytes() const {
  std::uint32_t n = 0;
  for (const Range& r : x_ranges) n += r.size();
  return n;
}

std::uint32_t Ranges::prefix() const {
  return x_ranges.empty() || x_ranges.front().begin != 0 ? 0 : x_ranges.front().end;
}

}  // namespace sw::line
