#pragma once
// The kernels of batch.hpp for processors with AES instructions. On others they say so and are never called.
#include "crypto/batch.hpp"

// The loops over registers must be straight code: an array that is indexed in a loop lives in memory.
#if defined(__clang__)
#define SW_UNROLL _Pragma("clang loop unroll(full)")
#else
#define SW_UNROLL _Pragma("GCC unroll 16")
#endif

namespace sw::crypto::detail {

inline constexpr std::size_t kRoundKeys = 15;
inline constexpr std::size_t kKeyBytes = 32;

[[nodiscard]] bool processor_has_aesni();
[[nodiscard]] bool processor_has_vaes();  ///< VAES and AVX-512 (F, BW)
void aesni_pass(const BatchCipher::Job& job);
void vaes_pass(const BatchCipher::Job& job);

}  // namespace sw::crypto::detail
