#pragma once
// Cover circuits: D at every relay but the last, always D, of which 2X are singles and (D - 2X)/2 are pairs. X is drawn
// anew each epoch, so that the number of pairs at the last relay says nothing sharp about anybody. Protocol 8.5.
#include <span>
#include <string_view>
#include <vector>

#include "base/rng.hpp"
#include "mix/descriptor.hpp"

namespace sw::mix {

/// A venue's noise, by name. K is the number of disturbed epochs it answers for at (ln 2, 1e-6).
struct NoiseProfile {
  std::string_view name;
  std::uint32_t disturbed_epochs{};  ///< K
  std::uint32_t sigma_milli{};
  std::uint32_t centre{};  ///< c; D = 4c
  [[nodiscard]] NoiseTerms terms() const { return {4 * centre, sigma_milli}; }
};
[[nodiscard]] std::span<const NoiseProfile> noise_profiles();

/// X in [0, 2c] from the discrete Gaussian with centre c and scale sigma, by an integer table of 2^-64 steps: the
/// probability of every X is exact to 2^-64, and no floating point happens while sampling.
class CoverTable {
 public:
  /// terms.circuits is a multiple of 4; sigma_milli > 0 or circuits = 0.
  explicit CoverTable(const NoiseTerms& terms);
  [[nodiscard]] std::uint32_t draw(Rng& rng) const;
  /// P(X <= x) as a fraction of 2^64; the last one is 2^64 - 1 and means 1.
  [[nodiscard]] const std::vector<std::uint64_t>& cumulative() const { return x_cumulative; }

 private:
  std::vector<std::uint64_t> x_cumulative;
};

/// The drop ids of the cover circuits of one relay and epoch: D of them, pairs and singles in a random order.
[[nodiscard]] std::vector<ByteArray<32>> cover_drops(const CoverTable& table, const NoiseTerms& terms, Rng& rng);

}  // namespace sw::mix
