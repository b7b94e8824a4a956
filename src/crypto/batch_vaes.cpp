// VAES and AVX-512: four circuits side by side, lane k of a register belongs to circuit k; their keys grow together,
// and four blocks of each are turned into whole cache lines before they are stored.
#include "base/assert.hpp"
#include "crypto/batch_kernels.hpp"

#if defined(__x86_64__)
#pragma GCC diagnostic push
// g++ 12 takes the deliberately undefined operands inside its own AVX-512 header for mistakes of its user.
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>

#include <algorithm>

#include "crypto/secret.hpp"

namespace sw::crypto::detail {
namespace {

struct Schedule {
  __m512i key[kRoundKeys];
};

inline __m128i counter_block(std::uint64_t round, std::uint64_t block) {
  return _mm_set_epi64x(static_cast<long long>(__builtin_bswap64(block)), static_cast<long long>(round));
}

#define SW_VAES __attribute__((target("avx512f,avx512bw,vaes")))

constexpr std::size_t kLanes = 4;  // circuits side by side

SW_VAES inline __m512i grow(__m512i key, __m512i word) {
  key = _mm512_xor_si512(key, _mm512_bslli_epi128(key, 4));
  key = _mm512_xor_si512(key, _mm512_bslli_epi128(key, 8));
  return _mm512_xor_si512(key, word);
}

SW_VAES inline void expand(const std::uint8_t* key, Schedule& schedule) {
  __m512i* const out = schedule.key;
  const __m512i rotate = _mm512_set1_epi32(0x0c0f0e0d);
  const __m512i ab = _mm512_loadu_si512(key);
  const __m512i cd = _mm512_loadu_si512(key + 2 * kKeyBytes);
  out[0] = _mm512_shuffle_i64x2(ab, cd, 0x88);
  out[1] = _mm512_shuffle_i64x2(ab, cd, 0xdd);
  int constant = 1;
  SW_UNROLL for (std::size_t i = 2; i < kRoundKeys; ++i) {
    const bool even = i % 2 == 0;
    const __m512i word =
        even ? _mm512_shuffle_epi8(out[i - 1], rotate) : _mm512_shuffle_epi32(out[i - 1], _MM_PERM_DDDD);
    const __m512i add = even ? _mm512_set1_epi32(constant) : _mm512_setzero_si512();
    if (even) constant <<= 1;
    out[i] = grow(out[i - 2], _mm512_aesenclast_epi128(word, add));
  }
}

// Four registers of one block each, four circuits in their lanes, become four registers of one circuit each.
SW_VAES inline void turn(const __m512i* in, __m512i* out) {
  const __m512i a = _mm512_shuffle_i64x2(in[0], in[1], 0x44);
  const __m512i b = _mm512_shuffle_i64x2(in[0], in[1], 0xee);
  const __m512i c = _mm512_shuffle_i64x2(in[2], in[3], 0x44);
  const __m512i d = _mm512_shuffle_i64x2(in[2], in[3], 0xee);
  out[0] = _mm512_shuffle_i64x2(a, c, 0x88);
  out[1] = _mm512_shuffle_i64x2(a, c, 0xdd);
  out[2] = _mm512_shuffle_i64x2(b, d, 0x88);
  out[3] = _mm512_shuffle_i64x2(b, d, 0xdd);
}

/// `Blocks` blocks of four cells from block `first` on: 4 or 8, so that as many chains of rounds run side by side.
template <std::size_t Blocks>
SW_VAES inline void vaes_blocks(const BatchCipher::Job& job, std::size_t row, std::size_t first,
                                std::uint8_t* const* to, const __m512i* keys) {
  __m512i state[Blocks];
  SW_UNROLL for (std::size_t k = 0; k < Blocks; ++k) {
    state[k] = _mm512_xor_si512(_mm512_broadcast_i32x4(counter_block(job.round, first + k)), keys[0]);
  }
  SW_UNROLL for (std::size_t r = 1; r + 1 < kRoundKeys; ++r) {
    SW_UNROLL for (auto& s : state) s = _mm512_aesenc_epi128(s, keys[r]);
  }
  SW_UNROLL for (auto& s : state) s = _mm512_aesenclast_epi128(s, keys[kRoundKeys - 1]);
  SW_UNROLL for (std::size_t quarter = 0; quarter < Blocks; quarter += 4) {
    __m512i stream[4];
    turn(state + quarter, stream);
    const std::size_t at = (first + quarter) * 16;
    SW_UNROLL for (std::size_t k = 0; k < kLanes; ++k) {
      const __m512i cell = _mm512_loadu_si512(job.in + (row - job.first + k) * job.cell_bytes + at);
      _mm512_stream_si512(reinterpret_cast<__m512i*>(to[k] + at), _mm512_xor_si512(cell, stream[k]));
    }
  }
}

SW_VAES void vaes_cells(const BatchCipher::Job& job, std::size_t row, Schedule& schedule) {
  expand(job.keys + row * kKeyBytes, schedule);
  std::uint8_t* to[kLanes];
  for (std::size_t k = 0; k < kLanes; ++k) to[k] = job.out + job.order[row + k] * job.cell_bytes;
  const std::size_t blocks = job.cell_bytes / 16;
  std::size_t block = 0;
  for (; block + 8 <= blocks; block += 8) vaes_blocks<8>(job, row, block, to, schedule.key);
  for (; block < blocks; block += 4) vaes_blocks<4>(job, row, block, to, schedule.key);
}

}  // namespace

bool processor_has_vaes() {
  return processor_has_aesni() && __builtin_cpu_supports("vaes") != 0 && __builtin_cpu_supports("avx512bw") != 0;
}

SW_VAES void vaes_pass(const BatchCipher::Job& job) {
  Schedule schedule;
  std::size_t i = job.first;
  for (; i + kLanes <= job.last; i += kLanes) {
    vaes_cells(job, i, schedule);
  }
  wipe({reinterpret_cast<std::uint8_t*>(&schedule), sizeof schedule});
  BatchCipher::Job rest = job;
  rest.in += (i - job.first) * job.cell_bytes;
  rest.first = i;
  aesni_pass(rest);
}

}  // namespace sw::crypto::detail
#pragma GCC diagnostic pop

#else

namespace sw::crypto::detail {

bool processor_has_vaes() {
  return false;
}
void vaes_pass(const BatchCipher::Job&) {
  SW_ASSERT(false);
}

}  // namespace sw::crypto::detail

#endif
