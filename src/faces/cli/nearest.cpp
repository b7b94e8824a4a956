#include "faces/cli/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace sw::faces {
namespace {

constexpr std::size_t kFarthest = 3;

/// Changes of one letter between two words (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string_view capped = word.substr(0, 64);
  const auto best = std::ranges::min_element(known, {}, [&](std::string_view k) { return distance(capped, k); });
  // Half the word at most: what shares one letter was not meant.
  if (best == known.end() || distance(capped, *best) > std::min(kFarthest, capped.size() / 2)) return "";
  return "; did you mean \"" + std::string(*best) + "\"?";
}

}  // namespace sw::faces
