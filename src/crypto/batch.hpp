#pragma once
// One relay's work of a round: each circuit's AES-256-CTR keystream XORed into its cell, and the cell moved to its
// secret place, in one pass over the batch. Three kernels give the same bytes; the portable one, through libcrypto, is
// the reference. Protocol 8.4.
//
//   out[order[i]] = in[i] XOR AES-256-CTR(key[i], IV = round u64 (little-endian) | block u64 (big-endian))
#include <span>

#include "crypto/key_table.hpp"

namespace sw::crypto {

enum class Kernel : std::uint8_t { portable, aesni, vaes };

/// The fastest one that this processor has.
[[nodiscard]] Kernel best_kernel();
[[nodiscard]] bool has_kernel(Kernel kernel);

/// Rows [first, last) of a batch.
struct Rows {
  std::size_t first = 0;
  std::size_t last = 0;
};

class BatchCipher {
 public:
  /// `cell_bytes`: a multiple of 64. The kernel must be one that has_kernel().
  BatchCipher(Kernel kernel, std::size_t cell_bytes);

  /// The given rows of a batch, so that threads can share one. in: these rows alone, cell_bytes each; out: all
  /// keys.size() rows, from a multiple of 64 on, not overlapping; order: a permutation of all rows.
  /// Errc::unsupported when libcrypto refuses the cipher (portable only).
  [[nodiscard]] Result<void> pass(const KeyTable& keys, std::uint64_t round, ByteView in,
                                  std::span<const std::uint32_t> order, MutableBytes out, Rows rows) const;

  /// A batch as a kernel sees it.
  struct Job {
    const std::uint8_t* keys;
    std::uint64_t round;
    const std::uint8_t* in;  ///< of row `first`
    const std::uint32_t* order;
    std::uint8_t* out;
    std::size_t cell_bytes;
    std::size_t first;
    std::size_t last;
  };

 private:
  Kernel x_kernel;
  std::size_t x_cell_bytes;
};

}  // namespace sw::crypto
