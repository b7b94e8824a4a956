#pragma once
// The batch of a relay's pass: rows on huge pages, and the least that moving them costs.
#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <optional>

#include "bench/figure.hpp"
#include "crypto/batch.hpp"
#include "crypto/rng.hpp"
#include "mix/shuffle.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sw::bench {

constexpr std::size_t kCell = 512;

/// Ends the program when a bench did not do what it measures.
inline void need(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "bench: %s\n", what);
  std::exit(2);
}

/// Rows on huge pages where the machine grants them.
class Rows {
 public:
  explicit Rows(std::size_t bytes) : x_bytes(bytes) {
    void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(at != MAP_FAILED, "no memory");
    (void)::madvise(at, bytes, MADV_HUGEPAGE);
    x_at = static_cast<std::uint8_t*>(at);
    std::fill_n(x_at, bytes, std::uint8_t{1});
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() { ::munmap(x_at, x_bytes); }
  [[nodiscard]] MutableBytes bytes() const { return {x_at, x_bytes}; }

 private:
  std::uint8_t* x_at;
  std::size_t x_bytes;
};

/// The least that moving a batch costs: whole rows to their places past the caches.
#if defined(__x86_64__)
__attribute__((target("avx512f"))) inline void scatter_wide(ByteView in, const mix::Order& order, MutableBytes out) {
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::uint8_t* from = in.data() + i * kCell;
    std::uint8_t* to = out.data() + order[i] * kCell;
    for (std::size_t k = 0; k < kCell; k += 64) {
      _mm512_stream_si512(reinterpret_cast<__m512i*>(to + k), _mm512_loadu_si512(from + k));
    }
  }
  _mm_sfence();
}
#endif

inline void scatter(ByteView in, const mix::Order& order, MutableBytes out) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return scatter_wide(in, order, out);
#endif
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::memcpy(out.data() + order[i] * kCell, in.data() + i * kCell, kCell);
  }
}

struct PassBatch {
  explicit PassBatch(std::size_t circuits) : in(circuits * kCell), out(circuits * kCell) {
    crypto::SeededRng rng(circuits);
    auto made = crypto::KeyTable::make(circuits);
    need(made.has_value(), "no memory for the keys");
    keys.emplace(std::move(*made));
    for (std::size_t i = 0; i < circuits; ++i) keys->set(i, crypto::CircuitKey::random(rng));
    order = mix::shuffled(static_cast<std::uint32_t>(circuits), rng);
  }
  void pass(crypto::Kernel kernel, crypto::Rows rows) const {
    const crypto::BatchCipher cipher(kernel, kCell);
    const ByteView part = in.bytes().subspan(rows.first * kCell, (rows.last - rows.first) * kCell);
    need(cipher.pass(*keys, 7, part, order, out.bytes(), rows).has_value(), "no AES");
  }
  [[nodiscard]] std::size_t rows() const { return order.size(); }
  std::optional<crypto::KeyTable> keys;
  mix::Order order;
  Rows in;
  Rows out;
};

/// Processor time of the best pass, a row.
inline double pass_cpu_ns(std::size_t circuits) {
  const PassBatch batch(circuits);
  const auto pass = [&] { batch.pass(crypto::best_kernel(), {0, circuits}); };
  return ns_each(CLOCK_PROCESS_CPUTIME_ID, 9, 1, pass) / static_cast<double>(circuits);
}

}  // namespace sw::bench
