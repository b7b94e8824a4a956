#pragma once
// The stations of a venue as arrays of circuits: their onions, what each cell said, and whether what comes back is the
// partner's. Protocol 8.
#include <gtest/gtest.h>

#include <map>

#include "crypto/rng.hpp"
#include "mix/relay/core.hpp"
#include "wire/sizes.hpp"

namespace sw::mix::relay::test {

constexpr std::size_t kCell = wire::kCellBytes;

/// The stations' side of one epoch: circuit i and circuit partner[i] share a drop.
struct StationsEpoch {
  std::vector<Onion> onions;
  Order partner;
  std::map<Round, Bytes> said;

  void stream(std::size_t row, Round round, bool forward, MutableBytes cell) const {
    crypto::StreamIv iv{};
    for (std::size_t k = 0; k < 4; ++k) iv[k] = static_cast<std::uint8_t>(round.value >> (8 * k));
    for (const CircuitKeys& keys : onions[row].keys) {
      EXPECT_TRUE(crypto::aes256_ctr_xor(forward ? keys.forward : keys.backward, iv, cell));
    }
  }
};

/// Whose circuits meet. Circuits 2k and 2k + 1 are station k's.
enum class Meet : std::uint8_t {
  anybody,  ///< in an order of each epoch's own, and the last two meet nobody
  own,      ///< every station is idle
  a_line,   ///< the first two stations are paired, all others idle
};

class Stations {
 public:
  Stations(const VenueTerms& terms, Meet meet, Rng& rng) : x_terms(terms), x_meet(meet), x_rng(rng) {}

  /// Takes a descriptor as a station does, and makes the onions of all circuits.
  void publish(const Actions::Published& each) {
    DescriptorRules rules = x_terms.rules();
    rules.newest = x_newest;
    const auto accepted = accept_descriptor(each.body, each.signatures, rules);
    ASSERT_TRUE(accepted) << accepted.error().what;
    x_newest = each.epoch;
    StationsEpoch& of = x_epochs[each.epoch];
    const std::size_t circuits = accepted->descriptor.circuits;
    Order order = shuffled(static_cast<std::uint32_t>(circuits), x_rng);
    if (x_meet != Meet::anybody) std::ranges::sort(order);
    if (x_meet == Meet::a_line) std::swap(order[1], order[2]);
    of.partner.resize(circuits);
    std::vector<DropId> drops(circuits);
    for (std::size_t k = 0; k + 1 < circuits; k += 2) {
      const bool alone = x_meet == Meet::anybody && k + 2 >= circuits;
      of.partner[order[k]] = alone ? order[k] : order[k + 1];
      of.partner[order[k + 1]] = alone ? order[k + 1] : order[k];
      x_rng.fill(drops[order[k]]);
      drops[order[k + 1]] = drops[order[k]];
      if (alone) x_rng.fill(drops[order[k + 1]]);
    }
    for (const DropId& drop : drops) of.onions.push_back(*make_onion(*accepted, 0, drop, x_rng));
  }
  /// R1's batch; the first `bad` of them are random bytes.
  [[nodiscard]] Bytes onions(Epoch epoch, std::size_t bad) {
    Bytes batch;
    for (std::size_t i = 0; i < x_epochs.at(epoch).onions.size(); ++i) {
      Bytes onion = x_epochs.at(epoch).onions[i].bytes;
      if (i < bad) x_rng.fill(onion);
      batch.insert(batch.end(), onion.begin(), onion.end());
    }
    return batch;
  }
  /// Random cells, as the stations wrap them.
  [[nodiscard]] Bytes cells(RoundId at) {
    StationsEpoch& of = x_epochs.at(at.epoch);
    Bytes cells(of.onions.size() * kCell);
    x_rng.fill(cells);
    EXPECT_TRUE(of.said.emplace(at.round, cells).second);
    for (std::size_t i = 0; i < of.onions.size(); ++i) {
      of.stream(i, at.round, true, MutableBytes(cells).subspan(i * kCell, kCell));
    }
    return cells;
  }
  /// Did every circuit get its partner's cell of the round?
  [[nodiscard]] bool right(Actions::Returned& each) const {
    const StationsEpoch& of = x_epochs.at(each.at.epoch);
    const Bytes& said = of.said.at(each.at.round);
    EXPECT_EQ(each.cells.size(), said.size());
    bool right = each.cells.size() == said.size();
    for (std::size_t i = 0; i < of.partner.size() && right; ++i) {
      const MutableBytes cell = MutableBytes(each.cells).subspan(i * kCell, kCell);
      of.stream(i, each.at.round, false, cell);
      right = std::ranges::equal(cell, ByteView(said).subspan(of.partner[i] * kCell, kCell));
    }
    return right;
  }
  [[nodiscard]] const std::map<Epoch, StationsEpoch>& epochs() const { return x_epochs; }

 private:
  const VenueTerms& x_terms;
  Meet x_meet;
  Rng& x_rng;
  std::map<Epoch, StationsEpoch> x_epochs;
  std::optional<Epoch> x_newest;
};

}  // namespace sw::mix::relay::test
