// needs: mix
// A chain of relays as a whole: paired circuits meet, all others loop, and nothing bad, repeated or out of turn gets
// through. Protocol 8.2 to 8.4.
#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>

#include "crypto/hash.hpp"
#include "support/mix_world.hpp"

namespace sw::mix::test {
namespace {

constexpr std::size_t kCell = 512;

/// The station's side of some circuits: row i of R1's batch is circuit i.
struct Stations {
  std::vector<Onion> onions;
  std::vector<Bytes> batch;

  Stations(const AcceptedDescriptor& epoch, const std::vector<DropId>& drops, Rng& rng) {
    for (const DropId& drop : drops) {
      auto onion = make_onion(epoch, 0, drop, rng);
      EXPECT_TRUE(onion);
      batch.push_back(onion->bytes);
      onions.push_back(std::move(*onion));
    }
  }
  /// XORs the keystreams of every relay, forward or backward, into the cell of circuit `row`.
  void stream(std::size_t row, Round round, bool forward, MutableBytes cell) const {
    crypto::StreamIv iv{};
    for (std::size_t k = 0; k < 4; ++k) iv[k] = static_cast<std::uint8_t>(round.value >> (8 * k));
    for (const CircuitKeys& keys : onions[row].keys) {
      EXPECT_TRUE(crypto::aes256_ctr_xor(forward ? keys.forward : keys.backward, iv, cell));
    }
  }
};

Bytes random_cells(std::size_t circuits, Rng& rng) {
  Bytes cells(circuits * kCell);
  rng.fill(cells);
  return cells;
}

/// What each circuit gets back of `said` in one round.
std::vector<Bytes> exchange(Chain& chain, const Stations& stations, Round round, const Bytes& said, Rng& rng) {
  Bytes wire = said;
  const std::size_t circuits = said.size() / kCell;
  for (std::size_t i = 0; i < circuits; ++i) {
    stations.stream(i, round, true, MutableBytes(wire).subspan(i * kCell, kCell));
  }
  Bytes back = run_round(chain, round, wire, rng);
  std::vector<Bytes> heard;
  for (std::size_t i = 0; i < circuits && back.size() == said.size(); ++i) {
    const MutableBytes cell = MutableBytes(back).subspan(i * kCell, kCell);
    stations.stream(i, round, false, cell);
    heard.push_back(to_bytes(cell));
  }
  return heard;
}

Bytes cell_of(const Bytes& cells, std::size_t row) {
  return to_bytes(ByteView(cells).subspan(row * kCell, kCell));
}

/// Drops of circuits 0..n-1 where partner[i] is i's partner, or i itself.
std::vector<DropId> drops_of(const std::vector<std::size_t>& partner, Rng& rng) {
  std::vector<DropId> drops(partner.size());
  for (std::size_t i = 0; i < partner.size(); ++i) {
    if (partner[i] >= i) drops[i] = rng.array<32>();
    if (partner[i] < i) drops[i] = drops[partner[i]];
  }
  return drops;
}

class Mix : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(crypto::start()); }
  crypto::SeededRng x_rng{0x6d6978};
};

TEST_F(Mix, PairedCircuitsMeetAndOthersLoop) {
  const std::vector<std::size_t> partner{3, 1, 5, 0, 4, 2, 7, 6};
  for (std::size_t hops = 1; hops <= 3; ++hops) {
    auto epoch = make_epoch({.hops = hops}, x_rng);
    const Stations stations(epoch.accepted, drops_of(partner, x_rng), x_rng);
    Chain chain = set_up(epoch, stations.batch, x_rng);
    for (const std::uint32_t round : {0U, 1U, 2U, 40U}) {
      const Bytes said = random_cells(partner.size(), x_rng);
      const auto heard = exchange(chain, stations, Round{round}, said, x_rng);
      ASSERT_EQ(heard.size(), partner.size());
      for (std::size_t i = 0; i < partner.size(); ++i)
        EXPECT_EQ(heard[i], cell_of(said, partner[i])) << hops << ' ' << i;
    }
    EXPECT_EQ(chain.replaced, std::vector<std::size_t>(hops, 0));
  }
}

TEST_F(Mix, ThreeOfOneDropLoop) {
  auto epoch = make_epoch({.circuits = 4}, x_rng);
  const DropId drop = x_rng.array<32>();
  const Stations stations(epoch.accepted, {drop, drop, drop, x_rng.array<32>()}, x_rng);
  Chain chain = set_up(epoch, stations.batch, x_rng);
  const Bytes said = random_cells(4, x_rng);
  const auto heard = exchange(chain, stations, Round{3}, said, x_rng);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(heard[i], cell_of(said, i));
}

TEST_F(Mix, EveryOnionIsInTheReceiptsOfItsRelays) {
  auto epoch = make_epoch({.circuits = 6}, x_rng);
  const Stations stations(epoch.accepted, drops_of({0, 1, 2, 3, 4, 5}, x_rng), x_rng);
  const Chain chain = set_up(epoch, stations.batch, x_rng);
  for (const Onion& onion : stations.onions) {
    for (std::size_t hop = 0; hop < 3; ++hop) {
      EXPECT_TRUE(std::ranges::binary_search(chain.receipts[hop], onion.tags[hop]));
    }
  }
  for (std::size_t hop = 0; hop < 2; ++hop) {
    ASSERT_EQ(chain.cover_tags[hop].size(), 2 - hop);
    for (std::size_t later = 0; later < chain.cover_tags[hop].size(); ++later) {
      EXPECT_EQ(chain.cover_tags[hop][later].size(), 8U);
      EXPECT_TRUE(std::ranges::includes(chain.receipts[hop + 1 + later], chain.cover_tags[hop][later]));
    }
  }
  EXPECT_EQ(chain.receipts[0].size(), 6U);
  EXPECT_EQ(chain.receipts[1].size(), 14U);
  EXPECT_EQ(chain.receipts[2].size(), 22U);
}

// Whatever stands in one place of the batch, the circuits of all others work and the count never moves.
void expect_absorbed(EpochOfTest& epoch, const Stations& stations, std::vector<Bytes> batch, std::size_t bad,
                     Rng& rng) {
  Chain chain = set_up(epoch, batch, rng);
  EXPECT_EQ(chain.replaced[0], 1U);
  const Bytes said = random_cells(batch.size(), rng);
  const auto heard = exchange(chain, stations, Round{9}, said, rng);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (i != bad) {
      EXPECT_EQ(heard[i], cell_of(said, i)) << i;
    }
  }
}

TEST_F(Mix, ABadOnionIsReplacedAndDisturbsNobody) {
  enum class Kind { top_bit, not_reduced, low_order, flipped, shorter, empty, repeated, same_e };
  using enum Kind;
  for (const Kind kind : {top_bit, not_reduced, low_order, flipped, shorter, empty, repeated, same_e}) {
    auto epoch = make_epoch({.hops = 2, .circuits = 4}, x_rng);
    const Stations stations(epoch.accepted, drops_of({0, 1, 2, 3}, x_rng), x_rng);
    std::vector<Bytes> batch = stations.batch;
    constexpr std::size_t kBad = 2;
    Bytes& bad = batch[kBad];
    switch (kind) {
      case top_bit: bad[31] |= 0x80; break;
      case not_reduced:
        std::fill_n(bad.begin(), 32, std::uint8_t{0xff});
        bad[31] = 0x7f;
        break;
      case low_order: std::fill_n(bad.begin(), 32, std::uint8_t{0}); break;
      case flipped: bad[40] ^= 1; break;
      case shorter: bad.pop_back(); break;
      case empty: bad.clear(); break;
      case repeated: bad = batch[0]; break;
      case same_e: std::copy_n(batch[0].begin(), 32, bad.begin()); break;
    }
    expect_absorbed(epoch, stations, batch, kBad, x_rng);
  }
}

TEST_F(Mix, ASecondNameOfOnePointGivesNoSecondOnion) {
  // Binding E's bytes changes K, so no other encoding opens.
  auto epoch = make_epoch({.hops = 1, .circuits = 2}, x_rng);
  const Stations stations(epoch.accepted, drops_of({0, 1}, x_rng), x_rng);
  const Bytes& whole = stations.batch[0];
  for (std::size_t byte = 0; byte < 32; ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes other = whole;
      other[byte] = static_cast<std::uint8_t>(other[byte] ^ (1U << bit));
      EXPECT_FALSE(peel(epoch.accepted, 0, epoch.hosts[0].keys, other));
    }
  }
  EXPECT_TRUE(peel(epoch.accepted, 0, epoch.hosts[0].keys, whole));
}

/// u of the curve point with the point (0, 0) of order 2 added to it: 1 / u mod 2^255 - 19 (RFC 7748's curve).
Bytes with_torsion(ByteView u) {
  using boost::multiprecision::cpp_int;
  const cpp_int p = (cpp_int(1) << 255) - 19;
  cpp_int value = 0;
  for (std::size_t i = u.size(); i-- > 0;) value = (value << 8) + u[i];
  value = boost::multiprecision::powm(value, cpp_int(p - 2), p);
  Bytes out(u.size());
  for (auto& byte : out) {
    byte = static_cast<std::uint8_t>(value & 0xff);
    value >>= 8;
  }
  return out;
}

TEST_F(Mix, APointOfSmallOrderAddedToEGivesNoSecondOnion) {
  auto epoch = make_epoch({.hops = 2, .circuits = 2}, x_rng);
  const Stations stations(epoch.accepted, drops_of({0, 1}, x_rng), x_rng);
  std::vector<Bytes> batch = stations.batch;
  const Bytes other_e = with_torsion(ByteView(batch[0]).first(32));
  // Both names give one secret: without E's bytes in K this would be the same circuit twice.
  const auto secret = [&](ByteView e) {
    PublicKey point{};
    std::ranges::copy(e, point.begin());
    return crypto::kdf_public<32>(crypto::dh(epoch.hosts[0].keys.kx.secret, point).value(), "secret", {});
  };
  ASSERT_EQ(secret(ByteView(batch[0]).first(32)), secret(other_e));
  batch[1] = batch[0];
  std::ranges::copy(other_e, batch[1].begin());
  ASSERT_NE(batch[0], batch[1]);
  EXPECT_FALSE(peel(epoch.accepted, 0, epoch.hosts[0].keys, batch[1]));
  expect_absorbed(epoch, stations, batch, 1, x_rng);
}

TEST_F(Mix, EveryFlippedBitAndEveryLengthIsRefused) {
  auto epoch = make_epoch({.hops = 3, .circuits = 2}, x_rng);
  const auto onion = make_onion(epoch.accepted, 0, x_rng.array<32>(), x_rng);
  ASSERT_TRUE(onion);
  EXPECT_EQ(onion->bytes.size(), 32U + 48U * 3U);
  for (std::size_t at = 0; at < onion->bytes.size(); ++at) {
    Bytes other = onion->bytes;
    other[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    EXPECT_FALSE(peel(epoch.accepted, 0, epoch.hosts[0].keys, other)) << at;
    EXPECT_FALSE(peel(epoch.accepted, 0, epoch.hosts[0].keys, ByteView(onion->bytes).first(at))) << at;
  }
}

TEST_F(Mix, AnOnionIsOfOneEpochAndOnePlace) {
  auto epoch = make_epoch({.hops = 2, .circuits = 2}, x_rng);
  const auto onion = make_onion(epoch.accepted, 0, x_rng.array<32>(), x_rng);
  ASSERT_TRUE(onion);
  auto other = epoch.accepted;
  other.hash[0] ^= 1;
  EXPECT_FALSE(peel(other, 0, epoch.hosts[0].keys, onion->bytes));
  const auto peeled = peel(epoch.accepted, 0, epoch.hosts[0].keys, onion->bytes);
  ASSERT_TRUE(peeled);
  EXPECT_TRUE(peel(epoch.accepted, 1, epoch.hosts[1].keys, peeled->inner));
}

TEST_F(Mix, ALaterRelayAbsorbsWhatADishonestOneSends) {
  // R1 puts in one onion twice and breaks another: R2 replaces one of the two and the broken one.
  auto epoch = make_epoch({.hops = 3, .circuits = 4}, x_rng);
  const Stations stations(epoch.accepted, drops_of({0, 1, 2, 3}, x_rng), x_rng);
  const Chain chain = set_up(epoch, stations.batch, x_rng, [](std::size_t hop, std::vector<Bytes>& batch) {
    if (hop != 1) return;
    batch[1] = batch[0];
    batch[2][50] ^= 4;
  });
  EXPECT_EQ(chain.replaced, (std::vector<std::size_t>{0, 2, 0}));
  // Somebody's tag is missing at R2: a station or R1 itself sees a disturbed epoch.
  std::size_t missing = 0;
  for (const Onion& onion : stations.onions)
    missing += std::ranges::binary_search(chain.receipts[1], onion.tags[1]) ? 0U : 1U;
  for (const Tag& tag : chain.cover_tags[0][0]) missing += std::ranges::binary_search(chain.receipts[1], tag) ? 0U : 1U;
  EXPECT_EQ(missing, 2U);
}

TEST_F(Mix, BatchesOutOfTurnAreRefused) {
  auto epoch = make_epoch({.hops = 2, .circuits = 2}, x_rng);
  const Stations stations(epoch.accepted, drops_of({0, 1}, x_rng), x_rng);
  Chain chain = set_up(epoch, stations.batch, x_rng);
  Rounds& relay = chain.relays[0];
  const auto forward = [&](std::uint32_t round, std::size_t came) {
    return relay.open_forward(Round{round}, came).has_value();
  };
  const auto backward = [&](std::uint32_t round, std::size_t came) {
    return relay.open_backward(Round{round}, came).has_value();
  };
  EXPECT_FALSE(backward(0, relay.all()));
  EXPECT_FALSE(forward(5, relay.taken() - kCell));
  EXPECT_FALSE(forward(5, relay.taken() + kCell));
  EXPECT_TRUE(forward(5, relay.taken()));
  EXPECT_FALSE(forward(5, relay.taken()));
  EXPECT_FALSE(forward(4, relay.taken()));
  EXPECT_TRUE(forward(9, relay.taken()));
  EXPECT_FALSE(backward(10, relay.all()));
  EXPECT_FALSE(backward(5, relay.all() - 1));
  EXPECT_TRUE(backward(5, relay.all()));
  EXPECT_FALSE(backward(5, relay.all()));
  EXPECT_TRUE(backward(8, relay.all()));
  EXPECT_FALSE(backward(7, relay.all()));
  EXPECT_TRUE(forward(3'599, relay.taken()));
  EXPECT_FALSE(forward(3'600, relay.taken()));
}

}  // namespace
}  // namespace sw::mix::test
