#pragma once
// Which bytes of a message: sorted, disjoint, non-touching half-open ranges.
#include <cstdint>
#include <vector>

namespace sw::line {

struct Range {
  std::uint32_t begin{};
  std::uint32_t end{};
  [[nodiscard]] std::uint32_t size() const { return end - begin; }
  bool operator==(const Range&) const = default;
};

class Ranges {
 public:
  void add(Range range);
  void remove(Range range);
  void clear() { x_ranges.clear(); }

  [[nodiscard]] bool empty() const { return x_ranges.empty(); }
  [[nodiscard]] const std::vector<Range>& all() const { return x_ranges; }
  [[nodiscard]] bool covers(Range range) const;
  /// Number of bytes.
  [[nodiscard]] std::uint32_t bytes() const;
  /// Length of the run that begins at 0.
  [[nodiscard]] std::uint32_t prefix() const;

 private:
  std::vector<Range> x_ranges;
};

}  // namespace sw::line
