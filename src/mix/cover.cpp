#include "mix/cover.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/assert.hpp"
#include "mix/shuffle.hpp"

namespace sw::mix {
namespace {

// Recomputed exactly in tests/unit/cover_test.cpp: delta at eps = ln 2 over K epochs, plus truncation, is below 1e-6.
constexpr std::array<NoiseProfile, 3> kProfiles{{
    {"small", 16, 24'600, 141},
    {"standard", 128, 69'500, 419},
    {"besieged", 17'520, 813'600, 5'502},
}};

constexpr long double kWhole = 18'446'744'073'709'551'616.0L;  // 2^64

}  // namespace

std::span<const NoiseProfile> noise_profiles() {
  return kProfiles;
}

CoverTable::CoverTable(const NoiseTerms& terms) {
  SW_ASSERT(terms.circuits % 4 == 0 && (terms.circuits == 0 || terms.sigma_milli > 0));
  const std::uint32_t centre = terms.circuits / 4;
  const long double sigma = static_cast<long double>(terms.sigma_milli) / 1'000.0L;
  std::vector<long double> weights(2 * std::size_t{centre} + 1, 1.0L);
  long double sum = 0;
  for (std::size_t x = 0; x < weights.size(); ++x) {
    const long double off = static_cast<long double>(x) - static_cast<long double>(centre);
    if (centre != 0) weights[x] = std::exp(-off * off / (2 * sigma * sigma));
    sum += weights[x];
  }
  long double below = 0;
  x_cumulative.reserve(weights.size());
  for (const long double weight : weights) {
    below += weight;
    const long double scaled = std::floor(below / sum * kWhole);
    x_cumulative.push_back(scaled >= kWhole ? std::numeric_limits<std::uint64_t>::max()
                                            : static_cast<std::uint64_t>(scaled));
  }
  x_cumulative.back() = std::numeric_limits<std::uint64_t>::max();
}

// Every entry is compared, whatever was drawn: the time tells nothing of X.
std::uint32_t CoverTable::draw(Rng& rng) const {
  const std::uint64_t drawn = rng.bits();
  std::uint32_t x = 0;
  for (std::size_t i = 0; i + 1 < x_cumulative.size(); ++i) x += drawn >= x_cumulative[i] ? 1U : 0U;
  return x;
}

std::vector<ByteArray<32>> cover_drops(const CoverTable& table, const NoiseTerms& terms, Rng& rng) {
  const std::uint32_t singles = table.draw(rng);  // X: so many couples stay two singles, the others become pairs
  SW_ASSERT(2 * singles <= terms.circuits);
  std::vector<ByteArray<32>> drops(terms.circuits);
  // Each couple costs two draws and one masked copy, whatever it becomes: the time tells nothing of X.
  for (std::uint32_t couple = 0; couple < terms.circuits / 2; ++couple) {
    ByteArray<32>& one = drops[std::size_t{2} * couple];
    ByteArray<32>& other = drops[std::size_t{2} * couple + 1];
    rng.fill(one);
    rng.fill(other);
    const auto pair = static_cast<std::uint8_t>(0U - ((singles - couple - 1U) >> 31U));  // 0xff from couple X on
    for (std::size_t i = 0; i < one.size(); ++i) other[i] ^= static_cast<std::uint8_t>(pair & (one[i] ^ other[i]));
  }
  const Order order = shuffled(static_cast<std::uint32_t>(drops.size()), rng);
  std::vector<ByteArray<32>> out(drops.size());
  for (std::size_t i = 0; i < drops.size(); ++i) out[order[i]] = drops[i];
  return out;
}

}  // namespace sw::mix
