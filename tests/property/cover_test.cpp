// needs: mix
// The noise of protocol 8.5: the table recomputed exactly, the sampler and the shuffle against their distributions.
#include "mix/cover.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <map>
#include <numbers>

#include "crypto/rng.hpp"
#include "mix/shuffle.hpp"

namespace sw::mix {
namespace {

using Complex = std::complex<double>;

void fourier(std::vector<Complex>& a, double sign) {
  const std::size_t n = a.size();
  for (std::size_t i = 1, j = 0; i < n; ++i) {
    std::size_t bit = n >> 1;
    for (; (j & bit) != 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(a[i], a[j]);
  }
  for (std::size_t length = 2; length <= n; length <<= 1) {
    std::vector<Complex> turns(length / 2);
    for (std::size_t k = 0; k < turns.size(); ++k) {
      turns[k] = std::polar(1.0, sign * 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(length));
    }
    for (std::size_t from = 0; from < n; from += length) {
      for (std::size_t k = 0; k < length / 2; ++k) {
        const Complex x = a[from + k];
        const Complex y = a[from + k + length / 2] * turns[k];
        a[from + k] = x + y;
        a[from + k + length / 2] = x - y;
      }
    }
  }
}

double probability(const CoverTable& table, std::size_t x) {
  const auto& all = table.cumulative();
  const std::uint64_t below = x == 0 ? 0 : all[x - 1];
  return std::ldexp(static_cast<double>(all[x] - below), -64);
}

/// Distribution of the sum of K draws less their centre; index 0 is sum 0, negative sums stand at the end.
std::vector<double> sum_of(const CoverTable& table, std::uint32_t draws, std::size_t points) {
  std::vector<Complex> a(points);
  const std::size_t centre = table.cumulative().size() / 2;
  for (std::size_t x = 0; x < table.cumulative().size(); ++x) {
    a[(x + points - centre) % points] += probability(table, x);
  }
  fourier(a, -1);
  for (auto& value : a) value = std::pow(value, static_cast<int>(draws));
  fourier(a, 1);
  std::vector<double> out(points);
  for (std::size_t i = 0; i < points; ++i) out[i] = std::max(0.0, a[i].real() / static_cast<double>(points));
  return out;
}

/// delta at eps = ln 2 of K disturbed epochs. Adjacent worlds differ by one pair in each of them; the log-likelihood
/// ratio is linear in the sum of the draws, so the sum's distribution by convolution is all there is. What truncation
/// adds: an outcome that only one world can have.
double delta_of(const NoiseProfile& profile) {
  const CoverTable table(profile.terms());
  const double sigma = profile.sigma_milli / 1'000.0;
  const double spread = sigma * std::sqrt(static_cast<double>(profile.disturbed_epochs));
  std::size_t points = 1;
  while (static_cast<double>(points) < 40 * spread + 4.0 * profile.disturbed_epochs) points <<= 1;
  const auto sums = sum_of(table, profile.disturbed_epochs, points);
  const auto at = [&](std::int64_t s) {
    const auto n = static_cast<std::int64_t>(points);
    return sums[static_cast<std::size_t>((s % n + n) % n)];
  };
  const auto k = static_cast<std::int64_t>(profile.disturbed_epochs);
  const auto range = static_cast<std::int64_t>(19 * spread);
  double delta = 0;
  for (std::int64_t s = -range; s <= range; ++s) {
    const double loss = static_cast<double>(k - 2 * s) / (2 * sigma * sigma);
    if (loss > std::numbers::ln2) delta += at(s) - 2 * at(s - k);
  }
  return delta + static_cast<double>(k) * probability(table, 0);
}

TEST(Cover, EveryProfileHoldsItsPromise) {
  for (const NoiseProfile& profile : noise_profiles()) {
    const double delta = delta_of(profile);
    const double m = std::sqrt(static_cast<double>(profile.disturbed_epochs)) / (profile.sigma_milli / 1'000.0);
    const auto phi = [](double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; };
    const double continuous = phi(-std::numbers::ln2 / m + m / 2) - 2 * phi(-std::numbers::ln2 / m - m / 2);
    RecordProperty(std::string(profile.name), std::to_string(delta * 1e9) + "e-9");
    EXPECT_LT(delta, 1e-6) << profile.name;
    EXPECT_GT(delta, continuous / 2) << profile.name;  // the computation has not lost the tail
    EXPECT_EQ(profile.terms().circuits, 4 * profile.centre);
  }
  // One epoch more than a third above the promised number, and the promise is gone: the table has little to spare.
  for (NoiseProfile profile : noise_profiles()) {
    profile.disturbed_epochs = profile.disturbed_epochs * 3 / 2;
    EXPECT_GT(delta_of(profile), 1e-6) << profile.name;
  }
}

TEST(Cover, TheTableIsAGaussianOfItsScale) {
  for (const NoiseProfile& profile : noise_profiles()) {
    const CoverTable table(profile.terms());
    ASSERT_EQ(table.cumulative().size(), 2 * profile.centre + 1);
    double mean = 0;
    double square = 0;
    for (std::size_t x = 0; x < table.cumulative().size(); ++x) {
      const double off = static_cast<double>(x) - profile.centre;
      mean += probability(table, x) * off;
      square += probability(table, x) * off * off;
    }
    EXPECT_NEAR(mean, 0, 1e-6);
    EXPECT_NEAR(std::sqrt(square), profile.sigma_milli / 1'000.0, 1e-3 * profile.sigma_milli / 1'000.0);
  }
}

TEST(Cover, TheSamplerFollowsTheTable) {
  constexpr std::uint64_t kSeed = 20'261'124;
  crypto::SeededRng rng(kSeed);
  const CoverTable table({48, 2'500});
  constexpr int kDraws = 40'000;
  std::vector<int> counts(table.cumulative().size());
  for (int i = 0; i < kDraws; ++i) ++counts[table.draw(rng)];
  double chi = 0;
  int bins = 0;
  for (std::size_t x = 0; x < counts.size(); ++x) {
    const double expected = probability(table, x) * kDraws;
    if (expected < 5) continue;
    chi += (counts[x] - expected) * (counts[x] - expected) / expected;
    ++bins;
  }
  EXPECT_GT(bins, 12);
  EXPECT_LT(chi, bins + 5 * std::sqrt(2.0 * bins)) << "seed " << kSeed;
}

TEST(Cover, TheTotalNeverVariesAndSinglesAreEven) {
  crypto::SeededRng rng(3);
  const NoiseTerms terms{48, 2'500};
  const CoverTable table(terms);
  std::map<std::size_t, int> seen;
  for (int i = 0; i < 500; ++i) {
    std::map<ByteArray<32>, int> drops;
    const auto all = cover_drops(table, terms, rng);
    ASSERT_EQ(all.size(), terms.circuits);
    for (const auto& drop : all) ++drops[drop];
    std::size_t pairs = 0;
    for (const auto& [drop, count] : drops) {
      ASSERT_LE(count, 2);
      pairs += count == 2 ? 1U : 0U;
    }
    EXPECT_EQ((terms.circuits - 2 * pairs) % 2, 0U);
    ++seen[pairs];
  }
  EXPECT_GT(seen.size(), 8U);
}

/// Counts what is drawn.
class CountingRng final : public Rng {
 public:
  explicit CountingRng(std::uint64_t seed) : x_rng(seed) {}
  void fill(MutableBytes out) override {
    drawn += out.size();
    x_rng.fill(out);
  }
  std::size_t drawn = 0;

 private:
  crypto::SeededRng x_rng;
};

TEST(Cover, WhatIsDrawnDoesNotDependOnX) {
  const NoiseTerms terms{400, 20'000};
  const CoverTable table(terms);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CountingRng rng(seed);
    (void)cover_drops(table, terms, rng);
    // X, two drops a couple, and the shuffle.
    EXPECT_EQ(rng.drawn, 8U + 32U * 400U + 8U * 399U) << "seed " << seed;
  }
}

TEST(Cover, NoNoiseIsNoCircuits) {
  crypto::SeededRng rng(4);
  const NoiseTerms none{0, 0};
  EXPECT_TRUE(cover_drops(CoverTable(none), none, rng).empty());
}

TEST(Shuffle, EveryOrderIsEquallyLikely) {
  constexpr std::uint64_t kSeed = 99;
  crypto::SeededRng rng(kSeed);
  constexpr int kDraws = 60'000;
  std::map<Order, int> counts;
  for (int i = 0; i < kDraws; ++i) ++counts[shuffled(5, rng)];
  ASSERT_EQ(counts.size(), 120U);
  double chi = 0;
  for (const auto& [order, count] : counts) {
    const double expected = kDraws / 120.0;
    chi += (count - expected) * (count - expected) / expected;
  }
  EXPECT_LT(chi, 119 + 5 * std::sqrt(2.0 * 119)) << "seed " << kSeed;
}

TEST(Shuffle, TheInverseLeadsBack) {
  crypto::SeededRng rng(5);
  for (const std::uint32_t rows : {0U, 1U, 2U, 1'000U}) {
    const Order order = shuffled(rows, rng);
    const Order back = inverse(order);
    for (std::uint32_t i = 0; i < rows; ++i) EXPECT_EQ(back[order[i]], i);
  }
}

}  // namespace
}  // namespace sw::mix
