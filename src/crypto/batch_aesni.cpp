// AES-NI: eight blocks of a circuit side by side, the keys of two circuits.
#include "base/assert.hpp"
#include "crypto/batch_kernels.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>

#include "crypto/secret.hpp"

namespace sw::crypto::detail {
namespace {

struct Schedule {
  __m128i key[kRoundKeys];
};
constexpr std::size_t kAtOnce = 2;  // circuits whose keys grow side by side

inline __m128i counter_block(std::uint64_t round, std::uint64_t block) {
  return _mm_set_epi64x(static_cast<long long>(__builtin_bswap64(block)), static_cast<long long>(round));
}

// FIPS 197, 5.2. AESENCLAST is SubBytes and ShiftRows; on four equal columns ShiftRows moves nothing, so it gives
// SubWord of a word that stands in each of them, and XORs the round constant in.
#define SW_AESNI __attribute__((target("aes,ssse3,sse4.1")))

SW_AESNI inline __m128i grow(__m128i key, __m128i word) {
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
  return _mm_xor_si128(key, word);
}

/// Of two circuits side by side: one alone would wait for each of its own steps.
SW_AESNI inline void expand(const std::uint8_t* key, Schedule* schedules) {
  const __m128i rotate = _mm_set1_epi32(0x0c0f0e0d);
  SW_UNROLL for (std::size_t k = 0; k < kAtOnce; ++k) {
    const auto* from = reinterpret_cast<const __m128i*>(key + k * kKeyBytes);
    schedules[k].key[0] = _mm_loadu_si128(from);
    schedules[k].key[1] = _mm_loadu_si128(from + 1);
  }
  int constant = 1;
  SW_UNROLL for (std::size_t i = 2; i < kRoundKeys; ++i) {
    const bool even = i % 2 == 0;
    const __m128i add = even ? _mm_set1_epi32(constant) : _mm_setzero_si128();
    SW_UNROLL for (std::size_t k = 0; k < kAtOnce; ++k) {
      __m128i* const out = schedules[k].key;
      const __m128i word = even ? _mm_shuffle_epi8(out[i - 1], rotate) : _mm_shuffle_epi32(out[i - 1], 0xff);
      out[i] = grow(out[i - 2], _mm_aesenclast_si128(word, add));
    }
    if (even) constant <<= 1;
  }
}

/// `Blocks` blocks of a cell from block `first` on: 4 or 8, so that as many chains of rounds run side by side.
template <std::size_t Blocks>
SW_AESNI inline void aesni_blocks(std::uint64_t round, std::size_t first, const __m128i* from, __m128i* to,
                                  const __m128i* keys) {
  __m128i state[Blocks];
  SW_UNROLL for (std::size_t k = 0; k < Blocks; ++k) {
    state[k] = _mm_xor_si128(counter_block(round, first + k), keys[0]);
  }
  SW_UNROLL for (std::size_t r = 1; r + 1 < kRoundKeys; ++r) {
    SW_UNROLL for (auto& s : state) s = _mm_aesenc_si128(s, keys[r]);
  }
  SW_UNROLL for (std::size_t k = 0; k < Blocks; ++k) {
    const __m128i stream = _mm_aesenclast_si128(state[k], keys[kRoundKeys - 1]);
    _mm_stream_si128(to + first + k, _mm_xor_si128(stream, _mm_loadu_si128(from + first + k)));
  }
}

SW_AESNI void aesni_cell(const BatchCipher::Job& job, std::size_t row, const Schedule& schedule) {
  const auto* from = reinterpret_cast<const __m128i*>(job.in + (row - job.first) * job.cell_bytes);
  auto* to = reinterpret_cast<__m128i*>(job.out + job.order[row] * job.cell_bytes);
  const std::size_t blocks = job.cell_bytes / 16;
  std::size_t block = 0;
  for (; block + 8 <= blocks; block += 8) aesni_blocks<8>(job.round, block, from, to, schedule.key);
  for (; block < blocks; block += 4) aesni_blocks<4>(job.round, block, from, to, schedule.key);
}

}  // namespace

bool processor_has_aesni() {
  return __builtin_cpu_supports("aes") != 0 && __builtin_cpu_supports("sse4.1") != 0;
}

SW_AESNI void aesni_pass(const BatchCipher::Job& job) {
  Schedule schedules[kAtOnce];
  std::size_t i = job.first;
  for (; i + kAtOnce <= job.last; i += kAtOnce) {
    expand(job.keys + i * kKeyBytes, schedules);
    for (std::size_t k = 0; k < kAtOnce; ++k) aesni_cell(job, i + k, schedules[k]);
  }
  if (i < job.last) {
    ByteArray<kAtOnce * kKeyBytes> last{};
    std::copy_n(job.keys + i * kKeyBytes, kKeyBytes, last.begin());
    expand(last.data(), schedules);
    aesni_cell(job, i, schedules[0]);
    wipe(last);
  }
  _mm_sfence();
  wipe({reinterpret_cast<std::uint8_t*>(schedules), sizeof schedules});
}

}  // namespace sw::crypto::detail

#else

namespace sw::crypto::detail {

bool processor_has_aesni() {
  return false;
}
void aesni_pass(const BatchCipher::Job&) {
  SW_ASSERT(false);
}

}  // namespace sw::crypto::detail

#endif
