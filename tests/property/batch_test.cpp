// needs: crypto
// The kernels of the relay's pass give the bytes of the library, cell by cell: protocol 8.4.
#include "crypto/batch.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <numeric>

#include "crypto/rng.hpp"

namespace sw::crypto {
namespace {

constexpr std::size_t kAlign = 64;

/// Rows that begin at a multiple of 64.
class Batch {
 public:
  explicit Batch(std::size_t bytes) : x_room(bytes + kAlign) {
    const auto at = reinterpret_cast<std::uintptr_t>(x_room.data());
    x_rows = MutableBytes(x_room).subspan((kAlign - at % kAlign) % kAlign, bytes);
  }
  [[nodiscard]] MutableBytes rows() const { return x_rows; }

 private:
  Bytes x_room;
  MutableBytes x_rows;
};

struct Case {
  std::size_t circuits;
  std::size_t cell_bytes;
};

/// What protocol 8.4 says, one cell at a time through stream.hpp.
Bytes expected(const std::vector<CircuitKey>& keys, std::uint64_t round, ByteView in,
               const std::vector<std::uint32_t>& order, std::size_t cell_bytes) {
  Bytes out(in.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const MutableBytes to = MutableBytes(out).subspan(order[i] * cell_bytes, cell_bytes);
    std::ranges::copy(in.subspan(i * cell_bytes, cell_bytes), to.begin());
    StreamIv iv{};
    for (std::size_t k = 0; k < 8; ++k) iv[k] = static_cast<std::uint8_t>(round >> (8 * k));
    EXPECT_TRUE(aes256_ctr_xor(keys[i], iv, to));
  }
  return out;
}

void check(Kernel kernel, const Case& c, Rng& rng) {
  std::vector<CircuitKey> keys;
  auto table = KeyTable::make(c.circuits);
  ASSERT_TRUE(table);
  for (std::size_t i = 0; i < c.circuits; ++i) {
    keys.push_back(CircuitKey::random(rng));
    table->set(i, keys.back());
  }
  std::vector<std::uint32_t> order(c.circuits);
  std::iota(order.begin(), order.end(), 0U);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  const std::uint64_t round = rng.bits();
  const Batch in(c.circuits * c.cell_bytes);
  const Batch out(c.circuits * c.cell_bytes);
  rng.fill(in.rows());
  // Two calls share the batch, as two threads do.
  const std::size_t middle = rng.below(c.circuits + 1);
  const BatchCipher cipher(kernel, c.cell_bytes);
  ASSERT_TRUE(cipher.pass(*table, round, in.rows().first(middle * c.cell_bytes), order, out.rows(), {0, middle}));
  ASSERT_TRUE(
      cipher.pass(*table, round, in.rows().subspan(middle * c.cell_bytes), order, out.rows(), {middle, c.circuits}));
  EXPECT_EQ(to_bytes(out.rows()), expected(keys, round, in.rows(), order, c.cell_bytes));
}

class BatchKernels : public testing::TestWithParam<Kernel> {};

TEST_P(BatchKernels, GiveTheBytesOfTheLibrary) {
  if (!has_kernel(GetParam())) {
    EXPECT_NE(GetParam(), Kernel::portable);
    EXPECT_NE(best_kernel(), GetParam());
    return;
  }
  ASSERT_TRUE(start());
  constexpr std::uint64_t kSeed = 0x5174;
  SeededRng rng(kSeed);
  for (const std::size_t cell_bytes : {64U, 256U, 512U, 1024U}) {
    for (std::size_t circuits = 1; circuits <= 19; ++circuits) check(GetParam(), {circuits, cell_bytes}, rng);
    check(GetParam(), {1 + rng.below(300), cell_bytes}, rng);
  }
}

std::string kernel_name(const testing::TestParamInfo<Kernel>& kernel) {
  switch (kernel.param) {
    case Kernel::portable: return "Portable";
    case Kernel::aesni: return "AesNi";
    case Kernel::vaes: return "Vaes";
  }
  return {};
}

INSTANTIATE_TEST_SUITE_P(Every, BatchKernels, testing::Values(Kernel::portable, Kernel::aesni, Kernel::vaes),
                         kernel_name);

}  // namespace
}  // namespace sw::crypto
