#include "crypto/batch.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "base/assert.hpp"
#include "crypto/batch_kernels.hpp"
#include "crypto/hash.hpp"

namespace sw::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

constexpr std::size_t kAhead = 4;

void prefetch(const std::uint8_t* row, std::size_t bytes) {
  for (std::size_t at = 0; at < bytes; at += 64) __builtin_prefetch(row + at, 1);
}

Result<void> portable_pass(const BatchCipher::Job& job) {
  const auto refused = [] { return fail(Errc::unsupported, "libcrypto has no AES-256-CTR"); };
  const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context(EVP_CIPHER_CTX_new());
  if (!context || EVP_EncryptInit_ex(context.get(), EVP_aes_256_ctr(), nullptr, nullptr, nullptr) != 1)
    return refused();
  StreamIv iv{};
  std::ranges::copy(le(job.round), iv.begin());
  const int length = static_cast<int>(job.cell_bytes);
  for (std::size_t i = job.first; i < job.last; ++i) {
    int written = 0;
    std::uint8_t* const to = job.out + job.order[i] * job.cell_bytes;
    // Each row goes to a place that no cache has: the next one's is on its way while this one is encrypted.
    if (i + kAhead < job.last) prefetch(job.out + job.order[i + kAhead] * job.cell_bytes, job.cell_bytes);
    if (EVP_EncryptInit_ex(context.get(), nullptr, nullptr, job.keys + i * CircuitKey::kSize, iv.data()) != 1 ||
        EVP_EncryptUpdate(context.get(), to, &written, job.in + (i - job.first) * job.cell_bytes, length) != 1 ||
        written != length) {
      return refused();
    }
  }
  return {};
}

}  // namespace

bool has_kernel(Kernel kernel) {
  switch (kernel) {
    case Kernel::portable: return true;
    case Kernel::aesni: return detail::processor_has_aesni();
    case Kernel::vaes: return detail::processor_has_vaes();
  }
  return false;
}

Kernel best_kernel() {
  if (has_kernel(Kernel::vaes)) return Kernel::vaes;
  return has_kernel(Kernel::aesni) ? Kernel::aesni : Kernel::portable;
}

BatchCipher::BatchCipher(Kernel kernel, std::size_t cell_bytes) : x_kernel(kernel), x_cell_bytes(cell_bytes) {
  SW_ASSERT(has_kernel(kernel) && cell_bytes > 0 && cell_bytes % 64 == 0 && cell_bytes <= 65'536);
}

Result<void> BatchCipher::pass(const KeyTable& keys, std::uint64_t round, ByteView in,
                               std::span<const std::uint32_t> order, MutableBytes out, Rows rows) const {
  SW_ASSERT(rows.first <= rows.last && rows.last <= keys.size() && order.size() == keys.size());
  SW_ASSERT(in.size() == (rows.last - rows.first) * x_cell_bytes && out.size() == keys.size() * x_cell_bytes);
  SW_ASSERT(reinterpret_cast<std::uintptr_t>(out.data()) % 64 == 0);
  const Job job{keys.x_arena.get(), round, in.data(), order.data(), out.data(), x_cell_bytes, rows.first, rows.last};
  switch (x_kernel) {
    case Kernel::portable: return portable_pass(job);
    case Kernel::aesni: detail::aesni_pass(job); return {};
    case Kernel::vaes: detail::vaes_pass(job); return {};
  }
  return fail(Errc::unsupported, "no such kernel");
}

}  // namespace sw::crypto
